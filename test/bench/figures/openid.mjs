import { connectHelpdesks, setUpHelpdesk } from "../harness/set-up-helpdesk.mjs";
import { helpdeskFlags } from "../harness/stage.mjs";

const CONCURRENCY = 32;

/**
 * Log-ins of visitors who are logged in at the portal and have agreed. `isKnown`: in a browser that has been at the provider
 * since the visitor logged in at the portal.
 */
export const OPENID_KINDS = [
	{ name: "ES256, first", alg: "ES256", isKnown: false },
	{ name: "ES256, again", alg: "ES256", isKnown: true },
	{ name: "RS256, first", alg: "RS256", isKnown: false },
	{ name: "RS256, again", alg: "RS256", isKnown: true },
];

/** An OpenID Provider in a new process, and visitors who are logged in at its portal. */
export class OpenIdStage {
	#stage;
	#audience;

	/** The provider's process. */
	server;

	static async open(stage, contestant) {
		const opened = new OpenIdStage();
		opened.#stage = stage;
		const x = await stage.openX();
		const { storage } = contestant;
		const args = storage && [...helpdeskFlags(await stage.folder(), x.http), ...storage];
		opened.server = await stage.start({ ...contestant, args }, x);
		const { ready } = opened.server.child;
		if (storage !== undefined) {
			await setUpHelpdesk(ready);
		}
		opened.#audience = await stage.driver.ask("openAudience", {
			...{ origin: opened.server.origin, way: contestant.way },
			clients: ready.clients ?? (await connectHelpdesks(ready)),
			...{ accounts: stage.newAccounts(), count: CONCURRENCY },
		});
		return opened;
	}

	/** Logs visitors in at the connected helpdesks. @returns the driver's figures. */
	logIns(kind, task) {
		return this.#stage.driver.ask("helpdeskLogIns", {
			...{ origin: this.server.origin, audience: this.#audience, concurrency: CONCURRENCY },
			...{ ...kind, ...task },
		});
	}
}

/**
 * Measures an OpenID Provider in one round, in a new process.
 *
 * @returns for each kind of log-in the microseconds of CPU time, and the pages that a browser asks for.
 */
export async function measureOpenId(stage, contestant, { warmUp, seconds }) {
	const opened = await OpenIdStage.open(stage, contestant);
	for (const kind of OPENID_KINDS) {
		await opened.logIns(kind, { ...warmUp, count: warmUp.count / OPENID_KINDS.length });
	}
	const figures = {};
	for (const kind of OPENID_KINDS) {
		// The storage of oidc-provider forgets all but the last thousand records, those of known browsers as well.
		await opened.logIns(kind, { count: 2 * CONCURRENCY });
		const before = await opened.server.ask("cpu");
		const { count, pages } = await opened.logIns(kind, { seconds });
		const cpu = (await opened.server.ask("cpu")) - before;
		figures[kind.name] = { cpu: cpu / count, pages };
	}
	await opened.server.stop();
	return figures;
}
