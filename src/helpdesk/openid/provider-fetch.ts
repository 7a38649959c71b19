import type { HttpFailure } from "../../contract/http.ts";
import type { PublicHttp, Refusal } from "../../ports/public-http.ts";

/** A body makes the constructor of `Response` throw for these (Fetch Standard, null body status). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const REFUSED: Readonly<Record<Refusal["reason"], string>> = {
	"private-address":
		"its address is private or reserved; if it is in your own network, start with --allow-private and its host",
	"https-needed":
		"its address needs https; if it is in your own network, start with --allow-private and its host",
	credentials: "its address has a user name or a password; leave them out",
	"invalid-url": "its address is not a URL",
};

/**
 * The `fetch` that `oidc-provider` calls other servers with, for back-channel log-outs. A call rejects with a `TypeError`
 * when it is refused or fails, and its `cause` says why. The library's own time limit, redirect mode and dispatcher do not
 * count, because the port has its own.
 */
export function providerFetch(
	http: Pick<PublicHttp, "send">,
): (url: string | URL, options?: RequestInit) => Promise<Response> {
	return async (url, options) => {
		// The URL is left to the port: an error of this constructor would repeat a password in it.
		const request = new Request("https://helpdesk.invalid", options);
		const { method } = request;
		if (method !== "GET" && method !== "POST") {
			throw new TypeError(`the provider makes no calls with the method ${method}`);
		}
		const result = await http.send({
			method,
			url: String(url),
			headers: Object.fromEntries(request.headers),
			...(method === "POST" && { body: await request.text() }),
		});
		if (result.kind !== "answer") {
			throw new TypeError(sentenceOf(result), { cause: result });
		}
		const { status, headers, body } = result;
		return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
	};
}

function sentenceOf(result: HttpFailure | Refusal): string {
	return result.kind === "failure"
		? `the connected helpdesk did not answer: ${result.reason} (${result.detail})`
		: `the connected helpdesk was not called: ${REFUSED[result.reason]}`;
}
