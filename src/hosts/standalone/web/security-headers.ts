import type { MiddlewareHandler } from "hono";
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
): MiddlewareHandler {
	const headersFor = (targets: readonly string[]): MiddlewareHandler =>
		secureHeaders({
			contentSecurityPolicy: {
				defaultSrc: ["'none'"],
				scriptSrc: ["'self'"],
				styleSrc: ["'self'"],
				imgSrc: ["'self'", "data:"],
				formAction: ["'self'", ...targets],
				baseUri: ["'none'"],
				frameAncestors: ["'none'"],
			},
			strictTransportSecurity: https ? "max-age=15552000" : false,
			// Each page says its own.
			referrerPolicy: false,
			xFrameOptions: "DENY",
		});
	const made = new Map<string, MiddlewareHandler>();
	return async (c, next) => {
		await next();
		const targets = [...new Set(formTargets())];
		const key = targets.join(" ");
		const headers = made.get(key) ?? headersFor(targets);
		made.set(key, headers);
		return headers(c, async () => {});
	};
}
