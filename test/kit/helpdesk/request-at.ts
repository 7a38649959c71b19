import { request } from "node:http";
import { text } from "node:stream/consumers";

export interface RequestAt {
	readonly method?: string;
	/** The value of `Host`, whatever the address is. */
	readonly host: string;
	/** An array is sent as several headers. */
	readonly headers?: Readonly<Record<string, string | string[]>>;
	/** Parameters are sent as a form. */
	readonly body?: URLSearchParams | string;
}

export interface AnswerAt {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
	/** All headers and the body, to look for text that must not be there. */
	readonly all: string;
}

/** Sends one request as a proxy does that chooses the `Host` header. `fetch` always sends the host of the address. */
export function requestAt(
	site: string,
	path: string,
	{ method = "GET", host, headers = {}, body }: RequestAt,
): Promise<AnswerAt> {
	const { hostname, port } = new URL(site);
	return new Promise((resolve, reject) => {
		const sent = request(
			{ hostname, port, path, method, headers: { ...headers, host } },
			async (answer) => {
				const received = new Headers();
				for (const [name, values] of Object.entries(answer.headersDistinct)) {
					for (const value of values ?? []) {
						received.append(name, value);
					}
				}
				const content = await text(answer);
				const all = `${JSON.stringify([...received])}\n${content}`;
				resolve({ status: answer.statusCode ?? 0, headers: received, body: content, all });
			},
		);
		sent.on("error", reject);
		if (body instanceof URLSearchParams) {
			sent.setHeader("content-type", "application/x-www-form-urlencoded");
		}
		sent.end(body === undefined ? undefined : String(body));
	});
}
