// A helpdesk whose visitors log in at an OpenID Provider (OpenID Connect Core, section 3.1).
import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { csrfIn } from "./log-in.mjs";

/** Where answers to a helpdesk go. Nothing listens there. */
export const REDIRECT_URI = "http://127.0.0.1:4/callback";

/** What a helpdesk hears of a visitor who has proven no e-mail address. */
const CLAIMS = ["locale", "name", "nickname", "preferred_username", "sub"];

const MOST_PAGES = 8;

const random = () => randomBytes(32).toString("base64url");

/** Checks all that a careful client library checks, so that no provider is fast because it leaves something out. */
export class RelyingParty {
	#client;
	#provider;
	#keys;

	/** Reads discovery and keys. @param client its `id`, its `secret`, and the signature that it expects (`alg`). */
	static async at(issuer, client) {
		const party = new RelyingParty();
		const read = async (url) => (await fetch(url)).json();
		party.#client = client;
		party.#provider = await read(`${issuer}/.well-known/openid-configuration`);
		party.#keys = createLocalJWKSet(await read(party.#provider.jwks_uri));
		return party;
	}

	/**
	 * Logs a visitor in who is logged in at the provider's portal. Agrees to what goes to the helpdesk when asked.
	 *
	 * @returns how many pages the visitor's browser asked for.
	 */
	async logIn(pool, visitor) {
		const [state, nonce, verifier] = [random(), random(), random()];
		const begun = new URL(this.#provider.authorization_endpoint);
		begun.search = new URLSearchParams({
			client_id: this.#client.id,
			redirect_uri: REDIRECT_URI,
			response_type: "code",
			scope: "openid profile email",
			code_challenge: createHash("sha256").update(verifier).digest("base64url"),
			code_challenge_method: "S256",
			...{ state, nonce },
		}).toString();
		const { answer, pages } = await answerTo(visitor, begun);
		const { code, iss, state: returned } = Object.fromEntries(answer.searchParams);
		check(code !== undefined && returned === state && iss === this.#provider.issuer, answer);
		const tokens = await this.#redeem(pool, code, verifier);
		const about = await this.#userInfo(pool, tokens.access_token);
		const { payload } = await jwtVerify(tokens.id_token, this.#keys, {
			...{ issuer: iss, audience: this.#client.id },
			algorithms: [this.#client.alg],
		});
		check(payload.nonce === nonce && payload.sub === about.sub, payload);
		check(Object.keys(about).sort().join() === CLAIMS.join(), about);
		return pages;
	}

	#redeem(pool, code, verifier) {
		const { id, secret } = this.#client;
		const form = { grant_type: "authorization_code", redirect_uri: REDIRECT_URI };
		return ask(pool, this.#provider.token_endpoint, {
			method: "POST",
			headers: {
				authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
				"content-type": "application/x-www-form-urlencoded",
			},
			body: new URLSearchParams({ ...form, code, code_verifier: verifier }).toString(),
		});
	}

	#userInfo(pool, token) {
		const headers = { authorization: `Bearer ${token}` };
		return ask(pool, this.#provider.userinfo_endpoint, { method: "GET", headers });
	}
}

/** Follows a visitor from the helpdesk's button to the answer. */
async function answerTo(visitor, begun) {
	let at = begun;
	let page = await visitor.get(at.pathname + at.search);
	for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
		if (page.location?.startsWith(REDIRECT_URI)) {
			return { answer: new URL(page.location), pages };
		}
		const csrf = csrfIn(page);
		check(page.location !== undefined || csrf !== undefined, page);
		at = new URL(page.location ?? at, at);
		page = page.location
			? await visitor.get(at.pathname + at.search)
			: await visitor.post(at.pathname, { ...shownIn(page), _csrf: csrf, answer: "go" }, "form");
	}
	throw new Error(`no answer after ${MOST_PAGES} pages, at ${at}`);
}

/** What the page of an agreement has shown, as it wants it back. */
function shownIn({ text = "" }) {
	const [, shown] = /name="shown" value="([^"]+)"/.exec(text) ?? [];
	return shown === undefined ? {} : { shown };
}

async function ask(pool, url, request) {
	const answer = await pool.request({ ...request, path: new URL(url).pathname });
	const body = await answer.body.json();
	check(answer.statusCode === 200, body);
	return body;
}

function check(isRight, seen) {
	if (!isRight) {
		throw new Error(`not logged in at the helpdesk: ${JSON.stringify(seen).slice(0, 500)}`);
	}
}
