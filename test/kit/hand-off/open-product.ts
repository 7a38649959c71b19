// A helpdesk of somebody else, as far as its documentation says what it answers. It shares no code with the product.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { type TokenRules, TokenVerifier, type Verdict } from "./token-verifier.ts";

/** How each helpdesk hears of a user: the path, the parameter with the token, and the one for the way on. */
const WAYS: Readonly<Record<string, readonly [path: string, token: string, wayOn: string]>> = {
	email: ["/simpleauth/login", "token", "redirect"],
	"email-posted": ["/access/jwt", "jwt", "return_to"],
	sub: ["/authcallback", "token", "returnTo"],
};

interface Arrival {
	readonly path: string;
	readonly method: string;
	readonly cookies: string;
	readonly parameters: URLSearchParams;
	readonly verdict: Verdict;
}

/** A user as the REST API of SupportPal has them. */
type RemoteUser = Readonly<Record<string, unknown>>;

export interface Product {
	/** On another host than portals are. */
	readonly address: string;
	readonly arrivals: readonly Arrival[];
	readonly users: RemoteUser[];
	/** The calls of the REST API: method, path and query, body. */
	readonly calls: readonly (readonly [string, string, string])[];
	/** What the REST API answers instead, by method. */
	readonly faults: Map<string, (answer: ServerResponse) => void>;
	/** Where it leads people after a log-in. Undefined: to where they want to go on to. */
	leadsTo: string | undefined;
}

export interface ProductOptions {
	readonly rules: TokenRules;

	readonly key: string;
	readonly way: keyof typeof WAYS;
	readonly apiToken?: string;
	readonly now?: () => number;
}

export async function openProduct(options: ProductOptions): Promise<Product> {
	const arrivals: Arrival[] = [];
	const users: RemoteUser[] = [];
	const calls: (readonly [string, string, string])[] = [];
	const faults: Product["faults"] = new Map();
	const server = createServer((request, answer) => {
		void handle(request, answer).catch((error) => answer.writeHead(500).end(String(error)));
	});
	server.listen(0, "localhost");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = `http://localhost:${(server.address() as AddressInfo).port}`;
	const { rules, key, way, now = Date.now } = options;
	const verifier = new TokenVerifier(rules, key, [address], now);
	const [login = "", tokenField = "", wayOnField = ""] = WAYS[way] ?? [];
	const product: Product = { address, arrivals, users, calls, faults, leadsTo: undefined };

	async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
		const { pathname, search, searchParams } = new URL(request.url ?? "/", address);
		const body = await text(request);
		if (pathname === "/api/user/user" && options.apiToken !== undefined) {
			calls.push([request.method ?? "", search, body]);
			answerApi(request, answer, searchParams, body);
			return;
		}
		if (pathname !== login && pathname !== "/simpleauth/logout") {
			answer.writeHead(200, { "content-type": "text/html" }).end("<title>a page there</title>");
			return;
		}
		const { method = "", headers } = request;
		const parameters = method === "POST" ? new URLSearchParams(body) : searchParams;
		const wayOn = parameters.get(wayOnField) ?? undefined;
		const verdict = verifier.verify(parameters.get(tokenField) ?? "", wayOn);
		arrivals.push({ path: pathname, method, cookies: headers.cookie ?? "", parameters, verdict });
		const isKnown =
			options.apiToken === undefined ||
			(verdict.kind === "in" && users.some((user) => user["email"] === verdict.who));
		if (verdict.kind === "in" && isKnown) {
			const location = new URL(verdict.wayOn, product.leadsTo ?? address).href;
			answer.writeHead(302, { location }).end();
			return;
		}
		const why = verdict.kind === "in" ? "there is no such user" : verdict.why;
		answer.writeHead(403, { "content-type": "text/plain" }).end(why);
	}

	function answerApi(
		request: IncomingMessage,
		answer: ServerResponse,
		query: URLSearchParams,
		body: string,
	): void {
		const send = (status: number, value: object) =>
			answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
		const [scheme, pair = ""] = (request.headers.authorization ?? "").split(" ");
		const [token] = Buffer.from(pair, "base64").toString().split(":");
		const fault = faults.get(request.method ?? "");
		if (fault !== undefined) {
			fault(answer);
		} else if (scheme !== "Basic" || token !== options.apiToken) {
			send(401, { status: "error", message: "Unauthorised." });
		} else if (request.method === "GET") {
			const email = query.get("email");
			const found = users.filter((user) => email === null || user["email"] === email);
			send(200, { status: "success", message: null, count: found.length, data: found.slice(0, 1) });
		} else {
			const user = JSON.parse(body) as RemoteUser;
			if (users.some(({ email }) => email === user["email"])) {
				send(422, { status: "error", message: "The email has already been taken." });
				return;
			}
			users.push(user);
			send(200, { status: "success", message: null, data: { id: users.length, ...user } });
		}
	}

	return product;
}
