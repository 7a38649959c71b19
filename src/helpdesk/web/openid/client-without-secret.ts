import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { OPENID_PATH } from "../../openid/make-provider.ts";

/** A request for a token holds a code, a verifier and a redirect URI. */
const MOST_BYTES = 16 * 1024;

/** A client id and an empty secret. */
const WITHOUT_SECRET = /^([a-z0-9-]{1,64}):$/;

/**
 * Some client libraries name a client that has no secret in the way that is for clients with one: HTTP Basic with an empty
 * password (RFC 6749, section 2.3.1). Zammad does. The provider refuses that, so such a request gets the client id as the
 * field that is meant for it (section 4.1.3).
 *
 * @param hasNoSecret whether a client proves itself by nothing but its PKCE verifier.
 * @returns the request itself in all other cases.
 */
export async function withClientId(
	request: IncomingMessage,
	hasNoSecret: (clientId: string) => Promise<boolean>,
): Promise<IncomingMessage> {
	const { authorization = "", ...headers } = request.headers;
	const [scheme = "", credentials = ""] = authorization.split(" ");
	const isToken = request.method === "POST" && request.url === `${OPENID_PATH}/token`;
	if (!isToken || scheme.toLowerCase() !== "basic") {
		return request;
	}
	const [, clientId] = WITHOUT_SECRET.exec(Buffer.from(credentials, "base64").toString()) ?? [];
	const type = headers["content-type"] ?? "";
	const isForm = type.startsWith("application/x-www-form-urlencoded");
	const isShort = Number(headers["content-length"] ?? MOST_BYTES) < MOST_BYTES;
	if (clientId === undefined || !isForm || !isShort || !(await hasNoSecret(clientId))) {
		return request;
	}
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk);
	}
	const form = new URLSearchParams(Buffer.concat(chunks).toString());
	form.set("client_id", clientId);
	const body = Buffer.from(form.toString());
	const { method, url, socket, httpVersion, rawHeaders } = request;
	return Object.assign(Readable.from([body]), {
		...{ method, url, socket, httpVersion, rawHeaders },
		headers: { ...headers, "content-length": String(body.length) },
	}) as unknown as IncomingMessage;
}
