import { parse, serialize } from "hono/utils/cookie";
import { cookieTraits } from "../../routes/plugin-cookies.ts";
import type { PortalSession } from "../openid/portal-sessions.ts";
import { isSessionToken } from "../people/sessions.ts";
import { expiredCookies } from "./signing-in.ts";
import { type Place, sessionCookie } from "./visit.ts";

/**
 * The portal session of a request that no page answers.
 *
 * @param cookies the `Cookie` header. Undefined: there is none.
 * @returns undefined when nobody is logged in, or the account lacks details.
 */
export async function portalSessionIn(
	cookies: string | undefined,
	place: Place,
): Promise<PortalSession | undefined> {
	const token = parse(cookies ?? "")[sessionCookie(place)];
	if (!isSessionToken(token)) {
		return undefined;
	}
	const session = await place.sessions.find(token);
	if (session === undefined || (await place.standingOf(session)) !== "good") {
		return undefined;
	}
	const { id, subjectId: userId, provenAt, epoch } = session;
	return { id, userId, provenAt, epoch };
}

/**
 * Logs a browser out by a request that no page answers.
 *
 * @returns the cookies to set (RFC 6265).
 */
export async function signOutIn(
	cookies: string | undefined,
	place: Place,
): Promise<readonly string[]> {
	const sent = parse(cookies ?? "");
	const token = sent[sessionCookie(place)];
	const session = isSessionToken(token) ? await place.sessions.find(token) : undefined;
	if (isSessionToken(token) && session !== undefined) {
		await place.onEnd(session.id);
		await place.sessions.close(token, session);
	}
	const { options } = cookieTraits(place);
	return [
		serialize(sessionCookie(place), place.sessions.newToken(), options),
		...expiredCookies(cookies, place),
	];
}
