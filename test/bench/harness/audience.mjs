import { Pool } from "undici";
import { logIn } from "./log-in.mjs";
import { RelyingParty } from "./relying-party.mjs";
import { Visitor } from "./visitor.mjs";

/** Visitors who are logged in at a portal, and have agreed to what goes to its connected helpdesks. */
export class Audience {
	#parties = new Map();
	#visitors = [];

	/**
	 * @param task.clients the connected helpdesks.
	 * @param task.way how visitors log in at the portal, see contestants.mjs.
	 * @param task.accounts the first id (`first`).
	 */
	static async open({ origin, way, clients, accounts, count }) {
		const audience = new Audience();
		for (const client of clients) {
			audience.#parties.set(client.alg, await RelyingParty.at(`${origin}/oidc`, client));
		}
		const pool = new Pool(origin);
		for (let index = 0; index < count; index += 1) {
			const visitor = new Visitor(pool, origin);
			const id = String(accounts.first + index);
			await (way.account ? visitor.get(way.account + id) : logIn(visitor, way, id));
			const atPortal = visitor.copy(pool);
			for (const party of audience.#parties.values()) {
				await party.logIn(pool, visitor);
			}
			audience.#visitors.push({ atPortal, known: visitor });
		}
		await pool.close();
		return audience;
	}

	/**
	 * Logs one of the visitors in at the helpdesk that expects a signature.
	 *
	 * @param isKnown whether the browser has been at the provider since the visitor logged in at the portal.
	 * @returns how many pages the visitor's browser asked for.
	 */
	async logIn(pool, lane, { alg, isKnown }) {
		const visitor = this.#visitors[lane];
		const browser = (isKnown ? visitor.known : visitor.atPortal).copy(pool);
		const pages = await this.#parties.get(alg).logIn(pool, browser);
		if (isKnown) {
			visitor.known = browser;
		}
		return pages;
	}
}
