import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/**
 * No script and style but the helpdesk's own files, and forms that lead here or where a plugin's manifest says:
 * Chromium applies `form-action` to the redirect after a POST as well.
 */
export function securityHeaders(formTargets: readonly string[], https: boolean): MiddlewareHandler {
	return secureHeaders({
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
	});
}
