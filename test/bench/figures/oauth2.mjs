import { CONCURRENCY, observed } from "./log-ins.mjs";

/** Measures log-ins over TLS in one round, in a new process. */
export async function measureOAuth2(stage, contestant, { warmUp, seconds }) {
	const server = await stage.start(contestant, await stage.openX(), { scheme: "https" });
	await server.logIns({ concurrency: CONCURRENCY, ...warmUp });
	const newcomers = await observed(server, { concurrency: CONCURRENCY, seconds });
	const { accounts } = newcomers;
	const returning = await observed(server, { concurrency: CONCURRENCY, seconds, accounts });
	await server.stop();
	return { newcomers, returning };
}
