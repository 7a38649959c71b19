import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * The headers of every answer of a server, with or without a page. Browsers that saw a brand over TLS never ask it in clear
 * text again (RFC 6797).
 *
 * @param baseUrl the public address of the brand. Undefined: it is on plain http, and the header must not be sent.
 */
export function transportHeaders(
	baseUrl: string | undefined,
	withSubdomains: boolean,
): Readonly<Record<string, string>> {
	const value = `max-age=${YEAR_SECONDS}${withSubdomains ? "; includeSubDomains" : ""}`;
	return baseUrl?.startsWith("https:") ? { "strict-transport-security": value } : {};
}

/**
 * Sets the security headers of every answer. Scripts and styles come from the helpdesk alone. Forms lead to the helpdesk
 * or to the targets in the manifests of plugins: Chromium applies `form-action` to the redirect after a POST as well.
 *
 * @param formTargets the origins that forms may lead to besides the site. Called after each page is made, because
 * making it may load a plugin.
 */
export function securityHeaders(
	formTargets: () => readonly string[],
): MiddlewareHandler<{ Bindings: HttpBindings }> {
	const made = new Map<string, Promise<Headers>>();
	const headersFor = (targets: readonly string[]): Promise<Headers> => {
		const key = targets.join(" ");
		const headers = made.get(key) ?? headersWith(targets);
		made.set(key, headers);
		return headers;
	};
	return async (c, next) => {
		await next();
		// The headers are computed once: computing them for each answer takes ten times as long.
		for (const [name, value] of await headersFor([...new Set(formTargets())])) {
			c.env.outgoing.setHeader(name, value);
		}
	};
}

async function headersWith(formTargets: readonly string[]): Promise<Headers> {
	const one = new Hono()
		.use(
			secureHeaders({
				contentSecurityPolicy: {
					defaultSrc: ["'none'"],
					scriptSrc: ["'self'"],
					styleSrc: ["'self'"],
					imgSrc: ["'self'", "data:"],
					formAction: ["'self'", ...formTargets],
					baseUri: ["'none'"],
					frameAncestors: ["'none'"],
				},
				// The server sets it, for the answers without a page as well.
				strictTransportSecurity: false,
				// Each page sets its own.
				referrerPolicy: false,
				xFrameOptions: "DENY",
			}),
		)
		.get("/", (c) => c.body(null));
	return (await one.request("/")).headers;
}
