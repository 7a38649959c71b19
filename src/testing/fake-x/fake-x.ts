import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Answer, jsonError } from "./answer.ts";
import { CallCounts, type FakeXStats } from "./call-counts.ts";
import { ConsentScreens, signedInAs } from "./consent-screens.ts";
import { developerPage, scenarioIn } from "./developer-page.ts";
import type { FakeXOptions } from "./fake-x-options.ts";
import type { Fault } from "./faults.ts";
import { OAuth2Calls } from "./oauth2-calls.ts";
import { RateLimits } from "./rate-limits.ts";
import { type ReceivedRequest, receiveRequest } from "./received-request.ts";
import { RequestVerifier } from "./request-verifier.ts";
import {
	type CallSubject,
	type FakeXScenario,
	parseScenario,
	Scenarios,
	type SignedCall,
} from "./scenarios.ts";
import { SignedCalls } from "./signed-calls.ts";
import { TokenStore } from "./token-store.ts";

/** A running fake X. */
export interface FakeX {
	/** The base URL of every call and page, without a slash at the end. */
	readonly url: string;
	stats(): FakeXStats;
	resetStats(): void;
	/** Answers the next calls of one kind as told, whether or not they are signed well. */
	answerNext(scenario: FakeXScenario): void;
	/** Gives an account another handle, as people do at X. */
	renameAccount(id: string, screenName: string): void;
	/** Lets everything go right again. */
	clearScenarios(): void;
	close(): Promise<void>;
}

const HANDLE = /^[A-Za-z0-9_]{1,15}$/;

type Handler = (request: ReceivedRequest) => Answer;

// As recorded from X. There are no x-rate-limit headers on /oauth/*.
const OAUTH_HEADERS: Readonly<Record<string, string>> = {
	"cache-control": "no-cache, no-store, must-revalidate, pre-check=0, post-check=0",
	expires: "Tue, 31 Mar 1981 05:00:00 GMT",
	pragma: "no-cache",
	"strict-transport-security": "max-age=631138519",
	"x-connection-hash": "0",
	"x-response-time": "1",
	"x-frame-options": "SAMEORIGIN",
	"x-xss-protection": "0",
};

/** Starts X's sign-in, by OAuth 1.0a and 2.0, on the loopback interface. */
export async function startFakeX(options: FakeXOptions): Promise<FakeX> {
	requireNumericIds(options);
	const clock = options.clock ?? { now: () => Date.now() };
	const counts = new CallCounts();
	const scenarios = new Scenarios();
	const accounts = options.accounts.map((account) => ({ ...account }));
	const rename = (id: string, screenName: string): boolean => {
		const account = accounts.find((each) => each.id === id);
		if (account === undefined || !HANDLE.test(screenName)) {
			return false;
		}
		account.screenName = screenName;
		return true;
	};
	const handlers = handlersOf({ ...options, accounts }, { clock, counts, scenarios, rename });
	const listener: RequestListener = (message, response) => {
		void respond({ handlers, clock, publicUrl: options.publicUrl }, message, response);
	};
	const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
	server.on("connection", (socket) => counts.countConnection(socket));
	const port = await listen(server, options.port ?? 0);
	return {
		url: `${options.tls ? "https" : "http"}://localhost:${port}`,
		stats: () => counts.read(),
		resetStats: () => counts.reset(),
		answerNext: (scenario) => scenarios.add(scenario),
		renameAccount: (id, screenName) => {
			if (!rename(id, screenName)) {
				throw new TypeError(`there is no account ${id}, or "${screenName}" is no handle`);
			}
		},
		clearScenarios: () => scenarios.clear(),
		close: () => close(server),
	};
}

function requireNumericIds({ accounts }: FakeXOptions): void {
	const wrong = accounts.find(({ id }) => !/^[1-9]\d{0,19}$/.test(id));
	if (wrong !== undefined) {
		throw new TypeError(`the id of an account at X is a decimal number, not "${wrong.id}"`);
	}
}

function handlersOf(
	options: FakeXOptions,
	parts: {
		readonly clock: { now(): number };
		readonly counts: CallCounts;
		readonly scenarios: Scenarios;
		readonly rename: (id: string, screenName: string) => boolean;
	},
): ReadonlyMap<string, Handler> {
	const { clock, counts, scenarios, rename } = parts;
	const tokens = new TokenStore(clock);
	const oauth2 = new OAuth2Calls(options.apps, clock);
	const verifier = new RequestVerifier(options.apps, clock);
	const calls = new SignedCalls(verifier, tokens, new RateLimits(clock), oauth2);
	const screens = new ConsentScreens(options.accounts, tokens, oauth2, scenarios);
	const signed =
		(call: SignedCall, handler: Handler): Handler =>
		(request) => {
			counts.countCall(call);
			return faulty(scenarios.take(call, subjectOf(request, tokens)), () => handler(request));
		};
	const show: Handler = (request) => screens.show(request);
	const decide: Handler = (request) => screens.decide(request);
	const developer = (request: ReceivedRequest, message: string): Answer =>
		developerPage({
			accounts: options.accounts,
			signedIn: screens.signedInAccount(request)?.id,
			apps: options.apps,
			scenarios: scenarios.list(),
			message,
		});
	return new Map<string, Handler>([
		["POST /oauth/request_token", signed("request_token", (one) => calls.requestToken(one))],
		["POST /oauth/access_token", signed("access_token", (one) => calls.accessToken(one))],
		[
			"GET /1.1/account/verify_credentials.json",
			signed("verify_credentials", (one) => calls.verifyCredentials(one)),
		],
		[
			"POST /1.1/oauth/invalidate_token.json",
			signed("invalidate_token", (one) => calls.invalidateToken(one)),
		],
		["GET /2/users/me", signed("users_me", (one) => calls.usersMe(one))],
		["POST /2/oauth2/token", signed("oauth2_token", (one) => oauth2.token(one))],
		["GET /oauth/authenticate", show],
		["GET /oauth/authorize", show],
		["POST /oauth/authenticate", decide],
		["POST /oauth/authorize", decide],
		["GET /i/oauth2/authorize", (request) => screens.showOAuth2(request)],
		["POST /i/oauth2/authorize", (request) => screens.decideOAuth2(request)],
		["GET /_fake", (request) => developer(request, "")],
		[
			"POST /_fake",
			(request) => {
				const form = new Map(request.form);
				const account = options.accounts.find(({ id }) => id === form.get("account"));
				if (form.get("do") === "account" && account !== undefined) {
					// Private windows come without the cookie, and are what a developer tries with.
					screens.freshAccount = account;
					const cookie = `fake_x_account=${account.id}`;
					const page = developer({ ...request, cookie }, `@${account.screenName} is signed in.`);
					return { ...page, headers: { ...page.headers, ...signedInAs(account) } };
				}
				if (form.get("do") === "rename") {
					const done = rename(form.get("account") ?? "", form.get("handle") ?? "");
					const message = done
						? "The account is renamed."
						: "A handle has 1 to 15 letters, digits or _.";
					return { ...developer(request, message), status: done ? 200 : 400 };
				}
				if (form.get("do") === "clear") {
					scenarios.clear();
					return developer(request, "Everything goes right.");
				}
				const scenario = scenarioIn(form);
				if (typeof scenario === "string") {
					return { ...developer(request, scenario), status: 400 };
				}
				scenarios.add(scenario);
				return developer(request, "It will go wrong.");
			},
		],
		["GET /_fake/stats", () => json(200, counts.read())],
		["GET /_fake/scenario", () => json(200, scenarios.list())],
		["POST /_fake/scenario", (request) => addScenario(scenarios, request)],
		[
			"DELETE /_fake/scenario",
			() => {
				scenarios.clear();
				return json(200, { accepted: true });
			},
		],
	]);
}

/** What the call is about, as far as it says: read before anything is checked. */
function subjectOf(request: ReceivedRequest, tokens: TokenStore): CallSubject {
	const header = request.authorization ?? "";
	const [, app] = /oauth_consumer_key="([^"]*)"/.exec(header) ?? [];
	const [, token = ""] = /oauth_token="([^"]*)"/.exec(header) ?? [];
	const account =
		tokens.findAccessToken(token)?.account ?? tokens.findRequestToken(token)?.approval?.account;
	return { app, account: account?.id };
}

function faulty(fault: Fault | undefined, own: () => Answer): Answer {
	switch (fault?.kind) {
		case "instead":
			return fault.answer;
		case "slow":
			return { ...own(), delayMs: fault.delayMs };
		case "swapped-token":
		case undefined:
			return own();
	}
}

function addScenario(scenarios: Scenarios, request: ReceivedRequest): Answer {
	const scenario = parseScenario(request.body);
	if (typeof scenario === "string") {
		return json(400, { error: scenario });
	}
	scenarios.add(scenario);
	return json(200, { accepted: true });
}

function json(status: number, value: unknown): Answer {
	return {
		status,
		contentType: "application/json; charset=utf-8",
		body: JSON.stringify(value),
	};
}

interface House {
	readonly handlers: ReadonlyMap<string, Handler>;
	readonly clock: { now(): number };
	readonly publicUrl: string | undefined;
}

async function respond(
	{ handlers, clock, publicUrl }: House,
	message: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	try {
		const request = await receiveRequest(message, publicUrl);
		const answer = request === undefined ? tooLarge() : route(handlers, request);
		if (answer.delayMs !== undefined) {
			setTimeout(() => send(response, clock, answer), answer.delayMs).unref();
			return;
		}
		send(response, clock, answer);
	} catch {
		// Either the sender has gone, and nobody reads this, or the fake X has a fault of its own.
		if (!response.headersSent) {
			send(response, clock, jsonError(500, 131, "Internal error"));
		}
	}
}

function route(handlers: ReadonlyMap<string, Handler>, request: ReceivedRequest): Answer {
	const handler = handlers.get(`${request.method} ${request.path}`);
	const answer = handler?.(request) ?? jsonError(404, 34, "Sorry, that page does not exist.");
	return request.path.startsWith("/oauth/")
		? { ...answer, headers: { ...OAUTH_HEADERS, ...answer.headers } }
		: answer;
}

function tooLarge(): Answer {
	return json(413, { error: "the body is too large" });
}

function send(response: ServerResponse, clock: { now(): number }, answer: Answer): void {
	if (answer.delivery === "hang") {
		return;
	}
	if (answer.delivery === "reset") {
		response.destroy();
		return;
	}
	response.statusCode = answer.status;
	// By the injected clock, because a client reads X's time from here.
	response.setHeader("date", new Date(clock.now()).toUTCString());
	response.setHeader("content-type", answer.contentType);
	for (const [name, value] of Object.entries(answer.headers ?? {})) {
		response.setHeader(name, value);
	}
	if (answer.delivery === "truncated") {
		response.setHeader("content-length", Buffer.byteLength(answer.body) + 100);
		response.write(answer.body, () => response.destroy());
		return;
	}
	response.end(answer.body);
}

function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", () => {
			server.off("error", reject);
			// An IP server that listens has an address of this kind.
			resolve((server.address() as AddressInfo).port);
		});
	});
}

function close(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error === undefined ? resolve() : reject(error)));
		server.closeAllConnections();
	});
}
