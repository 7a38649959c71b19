import { readFile } from "node:fs/promises";
import { startFakeX } from "../../../dist/testing.mjs";
import { handleOf } from "../harness/account.mjs";
import { KEYS, OAUTH2_KEYS } from "../servers/keys.mjs";

const fixture = (name) =>
	readFile(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), "utf8");

/**
 * Logs each contestant in once at the project's own fake X. It refuses wrong signatures, keys, callbacks and PKCE
 * verifiers; the canned answers do not.
 */
export async function checkAtFakeX(stage, contestants) {
	const { first } = stage.newAccounts();
	const callbacks = [];
	const fakeX = await startFakeX({
		apps: [{ ...KEYS, ...OAUTH2_KEYS, callbacks }],
		accounts: [
			{
				id: String(first),
				screenName: handleOf(first),
				name: handleOf(first),
				email: `${handleOf(first)}@example.com`,
			},
		],
		tls: { key: await fixture("key"), cert: await fixture("cert") },
	});
	const x = { https: fakeX.url };
	const signing = contestants.filter(
		({ kind, signsPorts = true }) => kind !== "oauth2" && signsPorts,
	);
	for (const contestant of signing) {
		const server = await stage.start(contestant, x, { scheme: "https" });
		callbacks.push(`${server.origin}${contestant.way.callback}`);
		await server.logIns({ accounts: { first, count: 1 }, count: 1, atX: fakeX.url });
		await server.stop();
	}
	await fakeX.close();
}
