// The barest log-in with X on node:http, with kept-alive connections. Any time above it is overhead. It makes three
// calls (it reads the profile) or two.
import { createHmac, randomBytes } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { KEYS } from "./keys.mjs";
import { listen, X_URL } from "./listen.mjs";
import { SmallSessions } from "./small-sessions.mjs";

const READS_PROFILE = process.argv[2] === "3";
const PROFILE = "/1.1/account/verify_credentials.json";

const { request } = X_URL.startsWith("https:") ? https : http;
const { Agent } = X_URL.startsWith("https:") ? https : http;
const agent = new Agent({ keepAlive: true });

const pending = new SmallSessions();
const sessions = new SmallSessions();

function encode(text) {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function authorization(method, path, parameters, query, tokenSecret) {
	const own = {
		oauth_consumer_key: KEYS.apiKey,
		oauth_nonce: randomBytes(16).toString("hex"),
		oauth_signature_method: "HMAC-SHA1",
		oauth_timestamp: String(Math.floor(Date.now() / 1000)),
		oauth_version: "1.0",
		...parameters,
	};
	const signed = Object.entries({ ...own, ...query })
		.map(([name, value]) => `${name}=${encode(value)}`)
		.sort()
		.join("&");
	const base = `${method}&${encode(X_URL + path)}&${encode(signed)}`;
	const signature = createHmac("sha1", `${KEYS.apiKeySecret}&${tokenSecret}`)
		.update(base)
		.digest("base64");
	const fields = Object.entries({ ...own, oauth_signature: signature }).map(
		([name, value]) => `${name}="${encode(value)}"`,
	);
	return `OAuth ${fields.join(", ")}`;
}

function call(method, path, parameters, { query = {}, tokenSecret = "" } = {}) {
	const search = new URLSearchParams(query).toString();
	const options = {
		agent,
		method,
		headers: {
			authorization: authorization(method, path, parameters, query, tokenSecret),
			...(method === "POST" && { "content-length": 0 }),
		},
	};
	return new Promise((resolve, reject) => {
		const sent = request(`${X_URL}${path}${search && `?${search}`}`, options, (answer) => {
			let body = "";
			answer.setEncoding("utf8");
			answer.on("data", (chunk) => {
				body += chunk;
			});
			answer.on("end", () => resolve(body));
		});
		sent.on("error", reject);
		sent.end();
	});
}

async function start(url, response) {
	const answer = await call("POST", "/oauth/request_token", { oauth_callback: `${url}/callback` });
	const form = new URLSearchParams(answer);
	const token = form.get("oauth_token");
	const cookie = pending.open("pending", { token, secret: form.get("oauth_token_secret") });
	const location = `${X_URL}/oauth/authenticate?oauth_token=${token}`;
	response.writeHead(303, { location, "set-cookie": cookie }).end();
}

async function finish(incoming, response) {
	const query = new URLSearchParams(incoming.url.slice(incoming.url.indexOf("?")));
	const { token, secret } = pending.take("pending", incoming) ?? {};
	if (token === undefined || token !== query.get("oauth_token")) {
		response.writeHead(400).end();
		return;
	}
	const answer = await call(
		"POST",
		"/oauth/access_token",
		{ oauth_token: token, oauth_verifier: query.get("oauth_verifier") },
		{ tokenSecret: secret },
	);
	const form = new URLSearchParams(answer);
	const profile = READS_PROFILE
		? JSON.parse(
				await call(
					"GET",
					PROFILE,
					{ oauth_token: form.get("oauth_token") },
					{ query: { include_email: "true" }, tokenSecret: form.get("oauth_token_secret") },
				),
			)
		: { id_str: form.get("user_id"), screen_name: form.get("screen_name") };
	const user = { id: profile.id_str, handle: profile.screen_name, email: profile.email };
	response.writeHead(303, { location: "/", "set-cookie": sessions.open("session", user) }).end();
}

await listen((url) => (incoming, response) => {
	if (incoming.url === "/start" && incoming.method === "POST") {
		return start(url, response);
	}
	if (incoming.url.startsWith("/callback?")) {
		return finish(incoming, response);
	}
	response.end(JSON.stringify(sessions.of("session", incoming) ?? null));
});
