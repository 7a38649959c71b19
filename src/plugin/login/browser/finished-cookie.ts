import { createHash } from "node:crypto";
import type { PluginCookie } from "../../../contract/login-response.ts";
import { returnPath } from "../../../contract/return-path.ts";

const COOKIE = "finished";
const MAX_AGE_SECONDS = 600;

/**
 * A cookie that remembers that a callback was used, and where it led. It distinguishes a reload or the back button from
 * a stranger's callback, without a stored record. It proves nothing and opens nothing.
 */
export function finishedCookie(token: string, path: string): PluginCookie {
	const value = `${fingerprint(token)}.${Buffer.from(path).toString("base64url")}`;
	return { name: COOKIE, value, maxAgeSeconds: MAX_AGE_SECONDS };
}

/** The path that the log-in with this token led to; undefined if this browser did not finish it. */
export function finishedPath(
	cookies: Readonly<Record<string, string>>,
	token: string,
	baseUrl: string,
): string | undefined {
	const [print, path] = cookies[COOKIE]?.split(".") ?? [];
	if (print !== fingerprint(token) || path === undefined) {
		return undefined;
	}
	return returnPath(Buffer.from(path, "base64url").toString(), baseUrl);
}

function fingerprint(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
