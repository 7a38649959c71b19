import type { Socket } from "node:net";
import { SIGNED_CALLS, type SignedCall } from "./scenarios.ts";

/** Counts of the calls to X. */
export interface FakeXStats {
	/** The signed calls of servers, refused ones included. Pages in the browser do not count. */
	readonly calls: Readonly<Record<SignedCall, number>>;
	readonly total: number;
	/** The TCP connections that servers and browsers opened. */
	readonly connections: number;
	/** Bytes on all connections, headers included. */
	readonly bytes: { readonly received: number; readonly sent: number };
}

/** Counts calls, connections and bytes. */
export class CallCounts {
	private calls: Record<SignedCall, number> = noCalls();
	private connections = 0;
	private readonly open = new Set<Socket>();
	private received = 0;
	private sent = 0;

	countCall(call: SignedCall): void {
		this.calls[call] += 1;
	}

	countConnection(socket: Socket): void {
		this.connections += 1;
		this.open.add(socket);
		socket.once("close", () => {
			this.open.delete(socket);
			this.received += socket.bytesRead;
			this.sent += socket.bytesWritten;
		});
	}

	read(): FakeXStats {
		const total = Object.values(this.calls).reduce((sum, count) => sum + count, 0);
		const open = [...this.open];
		const received = open.reduce((sum, { bytesRead }) => sum + bytesRead, this.received);
		const sent = open.reduce((sum, { bytesWritten }) => sum + bytesWritten, this.sent);
		return {
			calls: { ...this.calls },
			total,
			connections: this.connections,
			bytes: { received, sent },
		};
	}

	reset(): void {
		this.calls = noCalls();
		this.connections = 0;
		const { received, sent } = this.read().bytes;
		this.received -= received;
		this.sent -= sent;
	}
}

function noCalls(): Record<SignedCall, number> {
	return Object.fromEntries(SIGNED_CALLS.map((call) => [call, 0])) as Record<SignedCall, number>;
}
