import type { IncomingMessage } from "node:http";
import { OPENID_PATH } from "../../openid/make-provider.ts";
import { ENDPOINT_PATHS } from "../../openid/presets/paste-table.ts";

/** In bytes. What a form becomes has to fit into the head of a request, beside its cookies. */
const MOST_BYTES = 8 * 1024;

const FORM = "application/x-www-form-urlencoded";

/** The endpoints that browsers are sent to. */
const PATHS: ReadonlySet<string> = new Set(
	[ENDPOINT_PATHS.authorization, ENDPOINT_PATHS.endSession].map((path) => OPENID_PATH + path),
);

/** What to answer to a request that came as a form. */
export type FormAnswer =
	| { readonly kind: "go-on"; readonly location: string }
	| { readonly kind: "refused"; readonly status: 413 | 415; readonly why: string };

/**
 * Turns a request that a helpdesk has a browser send as a form into the same request as an address, which the browser opens
 * next (OpenID Connect Core, section 3.1.2.1; RP-Initiated Logout, section 2). The form itself decides nothing and stores
 * nothing: as another site's page sends it, it has none of the cookies of this one (SameSite=Lax). The GET request has them,
 * and passes the checks of all others.
 *
 * @param baseUrl that of the brand.
 * @returns undefined for any other request.
 */
export async function formAnswer(
	request: IncomingMessage,
	baseUrl: string,
): Promise<FormAnswer | undefined> {
	// As in all forms, parameters in the address count for nothing.
	const [path = ""] = (request.url ?? "").split("?");
	if (request.method !== "POST" || !PATHS.has(path)) {
		return undefined;
	}
	const [type = ""] = (request.headers["content-type"] ?? "").split(";");
	if (type.trim().toLowerCase() !== FORM) {
		return { kind: "refused", status: 415, why: `send the parameters as ${FORM}` };
	}
	const body = await bodyOf(request);
	const location = body && `${baseUrl}${path}?${new URLSearchParams(body)}`;
	return location === undefined || location.length > MOST_BYTES
		? { kind: "refused", status: 413, why: `send at most ${MOST_BYTES} bytes` }
		: { kind: "go-on", location };
}

/** @returns undefined for a body that is too long. The connection stays open for the answer. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request.iterator({ destroyOnReturn: false })) {
		bytes += chunk.length;
		if (bytes > MOST_BYTES) {
			return undefined;
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}
