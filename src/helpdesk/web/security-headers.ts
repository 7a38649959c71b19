import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono, type MiddlewareHandler } from "hono";
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

/** How many sets of targets are remembered. Each connected helpdesk adds one. */
const MOST_SETS = 500;

const made = new Map<string, Promise<Headers>>();

/**
 * The security headers of an answer. Scripts and styles come from the helpdesk alone. They are computed once for each set
 * of targets: computing them for each answer takes ten times as long.
 *
 * @param formTargets the origins that forms may lead to besides the site: Chromium applies `form-action` to the redirect
 * after a POST as well.
 */
export function pageHeaders(formTargets: readonly string[]): Promise<Headers> {
	const targets = [...new Set(formTargets)];
	const key = targets.join(" ");
	const headers = made.get(key) ?? headersWith(targets);
	if (made.size >= MOST_SETS) {
		made.clear();
	}
	made.set(key, headers);
	return headers;
}

/**
 * Sets the {@link pageHeaders} of every answer.
 *
 * @param formTargets called after each page is made, because making it may load a plugin.
 */
export function securityHeaders(
	formTargets: (c: Context) => readonly string[],
): MiddlewareHandler<{ Bindings: HttpBindings }> {
	return async (c, next) => {
		await next();
		for (const [name, value] of await pageHeaders(formTargets(c))) {
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
