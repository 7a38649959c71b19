// For clients that have X's address built in: what they send to it goes to the fake X.
import { Agent } from "node:https";
import { connect } from "node:net";
import { X_URL } from "./listen.mjs";

const { protocol, hostname: host, port } = new URL(X_URL);

/** As Node's own agent for https, but for where it connects to. */
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

/** Behind Node's own `fetch` stays Node's own agent; only the origin is another one. */
export async function detourFetch() {
	const dispatcher = Symbol.for("undici.globalDispatcher.1");
	// Node sets its dispatcher up at the first use.
	await fetch("data:,");
	const own = globalThis[dispatcher];
	globalThis[dispatcher] = {
		dispatch: (options, handler) =>
			own.dispatch(
				options.origin === "https://api.x.com" ? { ...options, origin: X_URL } : options,
				handler,
			),
	};
}
