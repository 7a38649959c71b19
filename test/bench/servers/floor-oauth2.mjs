// The barest log-in with X under OAuth 2.0 on node:http, with kept-alive connections. Any time above it is overhead.
import { createHash, randomBytes } from "node:crypto";
import { Agent, request } from "node:https";
import { OAUTH2_KEYS } from "./keys.mjs";
import { listen, X_URL } from "./listen.mjs";
import { SmallSessions } from "./small-sessions.mjs";

const { clientId, clientSecret } = OAUTH2_KEYS;
const BASIC = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
const FORM = "application/x-www-form-urlencoded";

const agent = new Agent({ keepAlive: true });
const pending = new SmallSessions();
const sessions = new SmallSessions();

const random = () => randomBytes(32).toString("base64url");

function call(method, path, headers, body = "") {
	return new Promise((resolve, reject) => {
		const sent = request(`${X_URL}${path}`, { agent, method, headers }, (answer) => {
			let text = "";
			answer.setEncoding("utf8");
			answer.on("data", (chunk) => {
				text += chunk;
			});
			answer.on("end", () => resolve(JSON.parse(text)));
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

function start(url, response) {
	const [state, verifier] = [random(), random()];
	const query = new URLSearchParams({
		response_type: "code",
		client_id: clientId,
		redirect_uri: `${url}/callback`,
		scope: "users.read tweet.read users.email",
		state,
		code_challenge: createHash("sha256").update(verifier).digest("base64url"),
		code_challenge_method: "S256",
	});
	const cookie = pending.open("pending", { state, verifier });
	const location = `${X_URL}/i/oauth2/authorize?${query}`;
	response.writeHead(303, { location, "set-cookie": cookie }).end();
}

async function finish(url, incoming, response) {
	const query = new URLSearchParams(incoming.url.slice(incoming.url.indexOf("?")));
	const { state, verifier } = pending.take("pending", incoming) ?? {};
	if (state === undefined || state !== query.get("state")) {
		response.writeHead(400).end();
		return;
	}
	const body = new URLSearchParams({
		grant_type: "authorization_code",
		code: query.get("code"),
		redirect_uri: `${url}/callback`,
		code_verifier: verifier,
	}).toString();
	const { access_token: token } = await call(
		"POST",
		"/2/oauth2/token",
		{ authorization: BASIC, "content-type": FORM, "content-length": Buffer.byteLength(body) },
		body,
	);
	const { data } = await call("GET", "/2/users/me?user.fields=confirmed_email", {
		authorization: `Bearer ${token}`,
	});
	const user = { id: data.id, handle: data.username, email: data.confirmed_email };
	response.writeHead(303, { location: "/", "set-cookie": sessions.open("session", user) }).end();
}

await listen((url) => (incoming, response) => {
	if (incoming.url === "/start" && incoming.method === "POST") {
		return start(url, response);
	}
	if (incoming.url.startsWith("/callback?")) {
		return finish(url, incoming, response);
	}
	response.end(JSON.stringify(sessions.of("session", incoming) ?? null));
});
