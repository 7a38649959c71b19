import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * Sets the security headers of every answer. Scripts and styles come from the helpdesk alone. Forms lead to the helpdesk
 * or to the targets in the manifests of plugins: Chromium applies `form-action` to the redirect after a POST as well.
 *
 * @param formTargets the origins that forms may lead to besides the site. Called after each page is made, because
 * making it may load a plugin.
 */
export function securityHeaders(
	formTargets: () => readonly string[],
	https: boolean,
): MiddlewareHandler<{ Bindings: HttpBindings }> {
	const made = new Map<string, Promise<Headers>>();
	const headersFor = (targets: readonly string[]): Promise<Headers> => {
		const key = targets.join(" ");
		const headers = made.get(key) ?? headersWith(targets, https);
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

async function headersWith(formTargets: readonly string[], https: boolean): Promise<Headers> {
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
				strictTransportSecurity: https ? "max-age=15552000" : false,
				// Each page sets its own.
				referrerPolicy: false,
				xFrameOptions: "DENY",
			}),
		)
		.get("/", (c) => c.body(null));
	return (await one.request("/")).headers;
}
