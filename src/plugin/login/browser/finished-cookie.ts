import type { PluginCookie } from "../../../contract/login-response.ts";

const COOKIE = "finished";
const MAX_AGE_SECONDS = 600;

/** The last log-in that went on in a browser. */
interface FinishedLogin {
	/** Of the request token, see `digest`; empty once forms have ended. */
	readonly print: string;
	/** The path that it led to. Untrusted. Undefined in a browser without such a log-in. */
	readonly path: string | undefined;
}

/**
 * A cookie that remembers that a callback was used, and where it led. It distinguishes a reload, the back button or
 * another tab from a stranger's callback, without a stored record. It proves nothing and opens nothing.
 */
export function finishedCookie(print: string, path: string): PluginCookie {
	const value = `${print}.${Buffer.from(path).toString("base64url")}`;
	return { name: COOKIE, value, maxAgeSeconds: MAX_AGE_SECONDS };
}

export function finishedLogin(cookies: Readonly<Record<string, string>>): FinishedLogin {
	const [print = "", path] = cookies[COOKIE]?.split(".") ?? [];
	return { print, path: path && Buffer.from(path, "base64url").toString() };
}
