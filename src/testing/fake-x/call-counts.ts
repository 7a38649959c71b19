import type { SignedCall } from "./scenarios.ts";

/** How often X was called. */
export interface FakeXStats {
	/** The signed calls of servers, refused ones included; pages in the browser do not count. */
	readonly calls: Readonly<Record<SignedCall, number>>;
	readonly total: number;
	/** The TCP connections that were opened, by servers and browsers. */
	readonly connections: number;
}

/** Counts what reaches the fake X. */
export class CallCounts {
	private calls: Record<SignedCall, number> = noCalls();
	private connections = 0;

	countCall(call: SignedCall): void {
		this.calls[call] += 1;
	}

	countConnection(): void {
		this.connections += 1;
	}

	read(): FakeXStats {
		const total = Object.values(this.calls).reduce((sum, count) => sum + count, 0);
		return { calls: { ...this.calls }, total, connections: this.connections };
	}

	reset(): void {
		this.calls = noCalls();
		this.connections = 0;
	}
}

function noCalls(): Record<SignedCall, number> {
	return { request_token: 0, access_token: 0, verify_credentials: 0 };
}
