import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { type Parameter, parseForm } from "./oauth1-signature.ts";

const BODY_LIMIT_BYTES = 64 * 1024;

/** A request as the fake X reads it. */
export interface ReceivedRequest {
	readonly method: string;
	/** Absolute, with the authority of the Host header as sent, because clients sign that. */
	readonly url: string;
	/** Scheme and authority of the address that clients call. */
	readonly origin: string;
	readonly path: string;
	readonly query: readonly Parameter[];
	/** The parameters of a form body. Empty for a body of any other type. */
	readonly form: readonly Parameter[];
	readonly body: string;
	readonly authorization: string | undefined;
	readonly accept: string;
	readonly cookie: string;
}

/** Undefined if the body is too large. */
export async function receiveRequest(
	message: IncomingMessage,
	publicUrl: string | undefined,
): Promise<ReceivedRequest | undefined> {
	const body = await readBody(message);
	if (body === undefined) {
		return undefined;
	}
	const target = message.url ?? "/";
	const host = message.headers.host ?? "localhost";
	const scheme = message.socket instanceof TLSSocket ? "https" : "http";
	const origin = publicUrl ?? `${scheme}://${host}`;
	const url = target.startsWith("/") ? `${origin}${target}` : target;
	const [, path = "/", query = ""] = /^[^:/?#]+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
	const contentType = message.headers["content-type"] ?? "";
	const isForm = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
	return {
		method: message.method ?? "GET",
		url,
		origin,
		path,
		query: parseForm(query),
		form: isForm ? parseForm(body) : [],
		body,
		authorization: message.headers.authorization,
		accept: message.headers.accept ?? "",
		cookie: message.headers.cookie ?? "",
	};
}

function readBody(message: IncomingMessage): Promise<string | undefined> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		message.on("data", (chunk: Buffer) => {
			size += chunk.length;
			// Too large a body is read to its end, so that the sender sees the refusal.
			if (size <= BODY_LIMIT_BYTES) {
				chunks.push(chunk);
			}
		});
		message.on("end", () => {
			resolve(size > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks).toString("utf8"));
		});
		message.on("error", reject);
	});
}
