import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy in front of a server. It can cut the connections and pretend that the server is away. */
export interface CuttingProxy {
	/** The URL of the server through the proxy. */
	readonly url: string;
	/** Cuts every connection after a number of further bytes, in either direction. */
	cutAfter(bytes: number): void;
	/** Keeps connections open and forwards nothing. */
	silence(): void;
	/** Cuts every connection, and refuses new ones until the server comes back. */
	goAway(): Promise<void>;
	comeBack(): Promise<void>;
}

export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
	const target = new URL(serverUrl);
	const sockets = new Set<Socket>();
	let left = Number.POSITIVE_INFINITY;
	let isSilent = false;
	const cutAll = (): void => {
		for (const socket of sockets) {
			socket.destroy();
		}
	};
	const pass = (from: Socket, to: Socket): void => {
		sockets.add(from);
		from.on("error", () => undefined);
		from.on("close", () => {
			sockets.delete(from);
			to.destroy();
		});
		from.on("data", (data) => {
			if (isSilent) {
				return;
			}
			const passing = data.subarray(0, left);
			left -= passing.length;
			to.write(passing, () => {
				if (left === 0) {
					left = Number.POSITIVE_INFINITY;
					cutAll();
				}
			});
		});
	};
	const server = createServer((client) => {
		const upstream = connect(Number(target.port), target.hostname);
		pass(client, upstream);
		pass(upstream, client);
	});
	const listen = async (port: number): Promise<number> => {
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
		return (server.address() as AddressInfo).port;
	};
	const port = await listen(0);
	const url = new URL(serverUrl);
	url.host = `127.0.0.1:${port}`;
	return {
		url: url.href,
		cutAfter: (bytes) => {
			left = bytes;
			if (bytes === 0) {
				left = Number.POSITIVE_INFINITY;
				cutAll();
			}
		},
		silence: () => {
			isSilent = true;
		},
		goAway: async () => {
			const closed = once(server, "close");
			server.close();
			cutAll();
			await closed;
		},
		comeBack: async () => {
			isSilent = false;
			await listen(port);
		},
	};
}
