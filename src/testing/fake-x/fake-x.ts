import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, jsonError } from "./answer.ts";
import { CallCounts, type FakeXStats } from "./call-counts.ts";
import { ConsentScreens } from "./consent-screens.ts";
import type { FakeXOptions } from "./fake-x-options.ts";
import { type ReceivedRequest, receiveRequest } from "./received-request.ts";
import { RequestVerifier } from "./request-verifier.ts";
import { type FakeXScenario, parseScenario, Scenarios, type SignedCall } from "./scenarios.ts";
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
	close(): Promise<void>;
}

type Handler = (request: ReceivedRequest) => Answer;

// As recorded from X.
const OAUTH_CACHE_CONTROL = "no-cache, no-store, must-revalidate, pre-check=0, post-check=0";

/** Starts X's OAuth 1.0a sign-in on the loopback interface. */
export async function startFakeX(options: FakeXOptions): Promise<FakeX> {
	requireNumericIds(options);
	const clock = options.clock ?? { now: () => Date.now() };
	const counts = new CallCounts();
	const scenarios = new Scenarios();
	const handlers = handlersOf(options, clock, counts, scenarios);
	const server = createServer((message, response) => {
		void respond(handlers, clock, message, response);
	});
	server.on("connection", () => counts.countConnection());
	const port = await listen(server, options.port ?? 0);
	return {
		url: `http://localhost:${port}`,
		stats: () => counts.read(),
		resetStats: () => counts.reset(),
		answerNext: (scenario) => scenarios.add(scenario),
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
	clock: { now(): number },
	counts: CallCounts,
	scenarios: Scenarios,
): ReadonlyMap<string, Handler> {
	const tokens = new TokenStore(clock);
	const calls = new SignedCalls(new RequestVerifier(options.apps, clock), tokens);
	const screens = new ConsentScreens(options.accounts, tokens);
	const signed =
		(call: SignedCall, handler: Handler): Handler =>
		(request) => {
			counts.countCall(call);
			return scenarios.take(call) ?? handler(request);
		};
	const show: Handler = (request) => screens.show(request);
	const decide: Handler = (request) => screens.decide(request);
	return new Map<string, Handler>([
		["POST /oauth/request_token", signed("request_token", (one) => calls.requestToken(one))],
		["POST /oauth/access_token", signed("access_token", (one) => calls.accessToken(one))],
		[
			"GET /1.1/account/verify_credentials.json",
			signed("verify_credentials", (one) => calls.verifyCredentials(one)),
		],
		["GET /oauth/authenticate", show],
		["GET /oauth/authorize", show],
		["POST /oauth/authenticate", decide],
		["POST /oauth/authorize", decide],
		["GET /_fake/stats", () => json(200, counts.read())],
		["POST /_fake/scenario", (request) => addScenario(scenarios, request)],
	]);
}

function addScenario(scenarios: Scenarios, request: ReceivedRequest): Answer {
	const scenario = parseScenario(request.body);
	if (scenario === undefined) {
		return json(400, { error: "not a scenario: call, status, body, contentType?, times?" });
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

async function respond(
	handlers: ReadonlyMap<string, Handler>,
	clock: { now(): number },
	message: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	try {
		const request = await receiveRequest(message);
		send(response, clock, request === undefined ? tooLarge() : route(handlers, request));
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
		? { ...answer, headers: { "cache-control": OAUTH_CACHE_CONTROL, ...answer.headers } }
		: answer;
}

function tooLarge(): Answer {
	return json(413, { error: "the body is too large" });
}

function send(response: ServerResponse, clock: { now(): number }, answer: Answer): void {
	response.statusCode = answer.status;
	// By the injected clock, because a client reads X's time from here.
	response.setHeader("date", new Date(clock.now()).toUTCString());
	response.setHeader("content-type", answer.contentType);
	for (const [name, value] of Object.entries(answer.headers ?? {})) {
		response.setHeader(name, value);
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
