import type { HttpAnswer, HttpClient, HttpFailure } from "../../../src/contract/http.ts";
import { UndiciHttp } from "../../../src/ports/undici-http.ts";
import type { PortMutant, PortMutants } from "./port-mutant.ts";

const broken = (
	promise: string,
	change: (http: HttpClient) => Partial<HttpClient>,
): PortMutant => ({
	breaks: [promise],
	ports: ({ http }) => ({
		http: {
			originOf: (name) => http.originOf(name),
			send: (request) => http.send(request),
			...change(http),
		},
	}),
});

const answering = (
	promise: string,
	change: (answer: HttpAnswer) => Partial<HttpAnswer>,
): PortMutant =>
	broken(promise, (http) => ({
		send: async (request) => {
			const sent = await http.send(request);
			return sent.kind === "answer" ? { ...sent, ...change(sent) } : sent;
		},
	}));

const mistaking = (
	promise: string,
	mistaken: HttpFailure["reason"],
	reason: HttpFailure["reason"],
): PortMutant =>
	broken(promise, (http) => ({
		send: async (request) => {
			const sent = await http.send(request);
			return sent.kind === "failure" && sent.reason === mistaken ? { ...sent, reason } : sent;
		},
	}));

export const HTTP_MUTANTS: PortMutants = {
	"calls hosts without TLS": broken(
		"originOf returns the operator's address of a declared host, or else its own",
		(http) => ({
			originOf: (name) => (name === "second.example" ? `http://${name}` : http.originOf(name)),
		}),
	),

	"sends a body in ASCII": broken("A request carries its method, headers and body", (http) => ({
		send: ({ body = "", ...request }) =>
			http.send({ ...request, ...(body !== "" && { body: body.replace(/[^ -~]/g, "?") }) }),
	})),

	"joins headers that were sent twice": answering(
		"An answer carries its status, headers and body, whatever the status is",
		({ headers }) => ({
			headers: { ...headers, ...("x-twice" in headers && { "x-twice": "one, two" }) },
		}),
	),

	"follows redirects": broken("A redirect is not followed", (http) => ({
		send: async (request) => {
			const sent = await http.send(request);
			const location = sent.kind === "answer" ? sent.headers["location"] : undefined;
			return location === undefined
				? sent
				: http.send({ ...request, url: new URL(location, request.url).href });
		},
	})),

	"tries again": broken("A request is sent once, even if it fails", (http) => ({
		send: async (request) => {
			const sent = await http.send(request);
			return sent.kind === "failure" && sent.reason === "reset" ? http.send(request) : sent;
		},
	})),

	"opens a connection for every call": broken("Requests share a connection", () => ({
		send: async (request): Promise<HttpAnswer | HttpFailure> => {
			const once = new UndiciHttp();
			const sent = await once.send(request);
			void once.close();
			return sent;
		},
	})),

	"reports a broken connection as a timeout": mistaking(
		"A broken or refused connection fails with the reason reset",
		"reset",
		"timeout",
	),

	"reports silence as a broken connection": mistaking(
		"An answer that does not come or end within its time limit fails with the reason timeout",
		"timeout",
		"reset",
	),

	"gives a request less time than it asks for": broken(
		"An answer that does not come or end within its time limit fails with the reason timeout",
		(http) => ({
			// Only this request gets less time, because a busy machine needs the full time for the others.
			send: ({ timeoutMs, ...request }) =>
				http.send({ ...request, timeoutMs: request.url.endsWith("/late") ? 100 : timeoutMs }),
		}),
	),

	"reports an unknown name as a broken connection": mistaking(
		"An unknown host name fails with the reason dns",
		"dns",
		"reset",
	),

	"reports plain http as a broken connection": mistaking(
		"A server without TLS fails with the reason tls",
		"tls",
		"reset",
	),

	"accepts one byte more": broken(
		"A body above the size limit fails with the reason too-large",
		(http) => ({
			send: (request) => http.send({ ...request, maxBytes: request.maxBytes + 1 }),
		}),
	),

	"names the request in a failure": broken(
		"A failure reveals nothing about the request",
		(http) => ({
			send: async (request) => {
				const sent = await http.send(request);
				return sent.kind === "failure" ? { ...sent, detail: `no answer: ${request.url}` } : sent;
			},
		}),
	),
};
