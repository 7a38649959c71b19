import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * No script and style but the helpdesk's own files, and forms that lead here or where the manifest of a plugin says:
 * Chromium applies `form-action` to the redirect after a POST as well.
 *
 * @param formTargets asked once the page is made, which may have met a plugin that was installed a moment ago.
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
		// Given to Node as they are, they cost a tenth of what they do worked out for each answer.
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
				// Each page says its own.
				referrerPolicy: false,
				xFrameOptions: "DENY",
			}),
		)
		.get("/", (c) => c.body(null));
	return (await one.request("/")).headers;
}
