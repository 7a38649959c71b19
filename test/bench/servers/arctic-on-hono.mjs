// arctic on Hono, as arctic's guide "OAuth 2.0 with PKCE" and its page about X show it: state and verifier in cookies, then
// an account and a session, both in a map.
import { randomBytes } from "node:crypto";
import { getRequestListener } from "@hono/node-server";
import { generateCodeVerifier, generateState, Twitter } from "arctic";
import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { detourFetch } from "./detour.mjs";
import { OAUTH2_KEYS } from "./keys.mjs";
import { listen } from "./listen.mjs";

const SCOPES = ["users.read", "tweet.read", "users.email"];
const PROFILE = "https://api.twitter.com/2/users/me?user.fields=confirmed_email";
const COOKIE = { path: "/", httpOnly: true, sameSite: "Lax" };
const TEN_MINUTES = { ...COOKIE, maxAge: 600 };

const users = new Map();
const sessions = new Map();

await detourFetch();

async function userAtX(accessToken) {
	const answer = await fetch(PROFILE, { headers: { Authorization: `Bearer ${accessToken}` } });
	const { data } = await answer.json();
	return { id: data.id, handle: data.username, email: data.confirmed_email };
}

await listen((url) => {
	const { clientId, clientSecret } = OAUTH2_KEYS;
	const twitter = new Twitter(clientId, clientSecret, `${url}/callback`);
	const app = new Hono();
	app.get("/start", (c) => {
		const state = generateState();
		const verifier = generateCodeVerifier();
		setCookie(c, "state", state, TEN_MINUTES);
		setCookie(c, "code_verifier", verifier, TEN_MINUTES);
		return c.redirect(twitter.createAuthorizationURL(state, verifier, SCOPES).href);
	});
	app.get("/callback", async (c) => {
		const { code, state } = c.req.query();
		const { state: kept, code_verifier: verifier } = getCookie(c);
		if (code === undefined || verifier === undefined || state === undefined || state !== kept) {
			return c.body(null, 400);
		}
		const tokens = await twitter.validateAuthorizationCode(code, verifier);
		const seen = await userAtX(tokens.accessToken());
		if (!users.has(seen.id)) {
			users.set(seen.id, seen);
		}
		const session = randomBytes(32).toString("base64url");
		sessions.set(session, seen.id);
		deleteCookie(c, "state", COOKIE);
		deleteCookie(c, "code_verifier", COOKIE);
		setCookie(c, "session", session, COOKIE);
		return c.redirect("/");
	});
	app.get("/session", (c) => c.json(users.get(sessions.get(getCookie(c, "session"))) ?? null));
	return getRequestListener(app.fetch);
});
