import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** `before`: the message never arrives. `after`: it arrives, and the answer never comes back. */
export type Moment = "before" | "after";

/** A proxy that acts when a given number of messages has gone to its server. */
export interface Tripwire {
	/** The URL of the server through the proxy. */
	readonly url: string;
	/** Sets the action for message number `count`. Counting starts now, from 0. */
	set(count: number, moment: Moment, act: () => void): void;
	/** Removes the action. @returns whether it has happened. */
	clear(): boolean;
	/** Cuts every open connection. */
	cut(): void;
}

export async function startTripwire(serverUrl: string): Promise<Tripwire> {
	const target = new URL(serverUrl);
	const sockets = new Set<Socket>();
	let isSet = false;
	let left = -1;
	let moment: Moment = "before";
	let act = (): void => {};
	const server = createServer((client) => {
		const upstream = connect(Number(target.port), target.hostname);
		let isDeaf = false;
		const join = (from: Socket, pass: (data: Buffer) => void, to: Socket): void => {
			sockets.add(from);
			from.on("error", () => undefined);
			from.on("data", pass);
			from.on("close", () => {
				sockets.delete(from);
				to.destroy();
			});
		};
		join(
			client,
			(data) => {
				const trips = left === 0;
				left -= left >= 0 ? 1 : 0;
				if (trips && moment === "before") {
					act();
					client.destroy();
					return;
				}
				isDeaf ||= trips;
				upstream.write(data);
			},
			upstream,
		);
		join(
			upstream,
			(data) => {
				if (isDeaf) {
					act();
					client.destroy();
				} else {
					client.write(data);
				}
			},
			client,
		);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const cut = (): void => {
		for (const socket of sockets) {
			socket.destroy();
		}
	};
	onTestFinished(() => {
		server.close();
		cut();
	});
	const url = new URL(serverUrl);
	url.port = String((server.address() as AddressInfo).port);
	return {
		url: url.href.replace(/\/$/, ""),
		set: (count, when, what) => {
			isSet = true;
			left = count;
			moment = when;
			act = what;
		},
		clear: () => {
			const tripped = isSet && left < 0;
			isSet = false;
			left = -1;
			return tripped;
		},
		cut,
	};
}
