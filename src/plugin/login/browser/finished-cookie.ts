import { createHash } from "node:crypto";
import type { PluginCookie } from "../../../contract/login-response.ts";
import { returnPath } from "../../../contract/return-path.ts";
import { NO_BINDING } from "./browser-binding.ts";

const COOKIE = "finished";
const MAX_AGE_SECONDS = 600;

/** The last callback that a browser used. */
interface FinishedLogin {
	/** Of the request token, see {@link fingerprint}. */
	readonly print: string;
	/** The path that it led to. */
	readonly path: string;
}

/**
 * A cookie that remembers that a callback was used, and where it led. It distinguishes a reload, the back button or
 * another tab from a stranger's callback, without a stored record. It proves nothing and opens nothing.
 */
export function finishedCookie({ print, path }: FinishedLogin): PluginCookie {
	const value = `${print}.${Buffer.from(path).toString("base64url")}`;
	return { name: COOKIE, value, maxAgeSeconds: MAX_AGE_SECONDS };
}

/** Undefined for a browser that used none lately. */
export function finishedLogin(
	cookies: Readonly<Record<string, string>>,
	baseUrl: string,
): FinishedLogin | undefined {
	const [print = "", path] = cookies[COOKIE]?.split(".") ?? [];
	return path === undefined
		? undefined
		: { print, path: returnPath(Buffer.from(path, "base64url").toString(), baseUrl) };
}

/** The cookies for a visitor whom forms have let in. */
export function cookiesAfterForms(
	cookies: Readonly<Record<string, string>>,
	path: string,
): readonly PluginCookie[] {
	const [print = ""] = cookies[COOKIE]?.split(".") ?? [];
	return [finishedCookie({ print, path }), NO_BINDING];
}

export function fingerprint(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
