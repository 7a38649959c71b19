import type { IncomingMessage, ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Brand } from "../../../contract/brands.ts";
import { isStorageError } from "../../../contract/storage.ts";
import { clientNetwork } from "../../../routes/client-network.ts";
import { OPENID_PATH } from "../../openid/make-provider.ts";
import type { BrandConnections } from "../../openid/open-openid.ts";
import type { AttemptLimit } from "../../people/attempt-limit.ts";
import type { BrandFace } from "../brand-face.ts";
import { ownAddress } from "../canonical-host.ts";
import { clientAddressIn } from "../client-address-of.ts";
import type { Fetch } from "../listen.ts";
import { pageHeaders } from "../security-headers.ts";
import { portalSessionIn, signOutIn } from "../session-in-cookies.ts";
import type { Place } from "../visit.ts";
import { withClientId } from "./client-without-secret.ts";
import { type FormAnswer, formAnswer } from "./form-requests.ts";
import { openIdPages } from "./openid-pages.ts";
import { isArrival, isStray } from "./stray-requests.ts";

export interface OpenIdSiteParts {
	readonly brand: Brand;
	readonly face: BrandFace;
	readonly place: Place;
	readonly connections: Pick<BrandConnections, "openid" | "helpdesks">;
	/** Counts what networks make the provider store. */
	readonly requestLimit: AttemptLimit;
	readonly trustedProxies: BlockList;
	/** See `CanonicalHostParts`. */
	readonly listening: string | undefined;
	readonly logError: (what: string, error: unknown) => void;
}

/** Answers the requests to a brand's OpenID Provider, and leaves all others to the brand's site. */
export function withOpenId(
	parts: OpenIdSiteParts,
	site: { readonly fetch: Fetch },
): { readonly fetch: Fetch } {
	const { brand, place, connections, requestLimit, trustedProxies, logError } = parts;
	const { openid, helpdesks } = connections;
	const pages = openIdPages(brand, parts.face, parts.place);
	const networkOf = (incoming: IncomingMessage) =>
		clientNetwork(clientAddressIn(incoming, trustedProxies));
	const hasNoSecret = async (clientId: string): Promise<boolean> =>
		(await helpdesks.find(clientId))?.clientAuth === "none";
	return {
		fetch: async (request, env) => {
			const { incoming, outgoing } = env as {
				readonly incoming: IncomingMessage;
				readonly outgoing: ServerResponse;
			};
			if (incoming.url?.startsWith(`${OPENID_PATH}/`) !== true) {
				return site.fetch(request, env);
			}
			const { cookie } = incoming.headers;
			try {
				for (const [name, value] of await pageHeaders([])) {
					outgoing.setHeader(name, value);
				}
				if (isStray(incoming)) {
					outgoing.writeHead(403, { "cache-control": "no-store" }).end();
					return RESPONSE_ALREADY_SENT;
				}
				const form = await formAnswer(incoming, brand.baseUrl);
				if (form !== undefined) {
					answerForm(outgoing, form);
					return RESPONSE_ALREADY_SENT;
				}
				const own = isArrival(incoming) ? ownAddress(incoming, parts) : undefined;
				if (own !== undefined) {
					outgoing.writeHead(302, { "cache-control": "no-store", location: own }).end();
					return RESPONSE_ALREADY_SENT;
				}
				const visit = {
					pages,
					portalSession: await portalSessionIn(cookie, place),
					logOut: () => signOutIn(cookie, place),
					mayStore: () => requestLimit.secondsToWait(brand.id, networkOf(incoming)) === 0,
				};
				// The library writes its answer itself. Hono must not write another one.
				await openid.answer(visit, await withClientId(incoming, hasNoSecret), outgoing);
			} catch (error) {
				logError("a request to the OpenID Provider failed", error);
				refuse(outgoing, isStorageError(error) ? 503 : 500);
			}
			return RESPONSE_ALREADY_SENT;
		},
	};
}

function answerForm(outgoing: ServerResponse, answer: FormAnswer): void {
	const headers = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
	if (answer.kind === "go-on") {
		outgoing.writeHead(303, { ...headers, location: answer.location }).end();
		return;
	}
	outgoing.writeHead(answer.status, {
		...headers,
		"content-type": "application/json; charset=utf-8",
		connection: "close",
	});
	outgoing.end(JSON.stringify({ error: "invalid_request", error_description: answer.why }));
}

/** Says in the protocol's own form that the provider cannot answer now (RFC 6749, section 4.1.2.1). */
function refuse(outgoing: ServerResponse, status: 500 | 503): void {
	if (outgoing.headersSent) {
		outgoing.end();
		return;
	}
	const error = status === 503 ? "temporarily_unavailable" : "server_error";
	outgoing.writeHead(status, {
		"content-type": "application/json; charset=utf-8",
		"cache-control": "no-store",
		...(status === 503 && { "retry-after": "5" }),
	});
	outgoing.end(JSON.stringify({ error }));
}
