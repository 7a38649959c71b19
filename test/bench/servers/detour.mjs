// Sends requests for X's address to the fake X, for clients with this address built in.
import { Agent } from "node:https";
import { connect } from "node:net";
import { X_URL } from "./listen.mjs";

const { protocol, hostname: host, port } = new URL(X_URL);

/** The addresses of X's API that clients have built in. */
const BUILT_IN = new Set(["https://api.x.com", "https://api.twitter.com"]);

/** Node's agent for https, except that it connects to the fake X. */
export class DetourAgent extends Agent {
	constructor() {
		super({ keepAlive: true, scheduling: "lifo", timeout: 5_000 });
	}

	createConnection(options, connected) {
		return protocol === "https:"
			? super.createConnection({ ...options, host, port, servername: options.host }, connected)
			: connect({ host, port });
	}
}

/** Changes only the origin of Node's `fetch`, which keeps Node's agent. */
export async function detourFetch() {
	const dispatcher = Symbol.for("undici.globalDispatcher.1");
	// Node creates its dispatcher at the first use.
	await fetch("data:,");
	const own = globalThis[dispatcher];
	globalThis[dispatcher] = {
		dispatch: (options, handler) =>
			own.dispatch(
				BUILT_IN.has(String(options.origin)) ? { ...options, origin: X_URL } : options,
				handler,
			),
	};
}
