import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * No script and style but the helpdesk's own files, and forms that lead here or where a plugin's manifest says:
 * Chromium applies `form-action` to the redirect after a POST as well.
 */
export async function securityHeaders(
	formTargets: readonly string[],
	https: boolean,
): Promise<MiddlewareHandler<{ Bindings: HttpBindings }>> {
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
	const headers = [...(await one.request("/")).headers];
	// All answers have the same ones. Given to Node as they are, they cost a tenth of what they do on each answer.
	return async (c, next) => {
		for (const [name, value] of headers) {
			c.env.outgoing.setHeader(name, value);
		}
		return next();
	};
}
