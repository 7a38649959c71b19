import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import { cookieTraits, expiredPluginCookies } from "../../routes/plugin-cookies.ts";
import { KNOWN_FOR_SECONDS } from "../people/known-devices.ts";
import type { Account } from "../people/stored-account.ts";
import type { EndingSession } from "../people/stored-session.ts";
import { expiredHelpdeskCookies, forgetHanded } from "./helpdesk-cookies.ts";
import {
	deviceCookie,
	deviceOf,
	type Place,
	setSessionCookie,
	setVisit,
	type Visit,
	type VisitEnv,
} from "./visit.ts";

/** Who is logged in. */
type Person = Pick<Account, "id" | "email" | "sessionEpoch">;

/**
 * Logs a person in who has just proven who they are, under a new token, and makes the browser a known one. A page in the
 * same answer has the CSRF proof of the new session.
 */
export async function signIn(c: Context<VisitEnv>, place: Place, person: Person): Promise<void> {
	const { visit } = c.var;
	const { id, sessionEpoch: epoch } = person;
	const { sessions } = place;
	const device = deviceOf(c, place);
	const before = sessionBefore(visit);
	if (before?.subjectId === id) {
		const token = await sessions.goOn(visit.token, before, { epoch, device });
		if (token !== undefined) {
			return setSigned(c, place, person, { token, sessionId: before.id });
		}
	} else {
		await endSession(c, place);
		forgetHanded(c, place);
	}
	const token = await sessions.open(visit.token, id, epoch, undefined, { before, device });
	setSigned(c, place, person, { token, sessionId: sessions.idOf(token) });
}

/**
 * Goes on with the session of this browser where all sessions of its user have ended: under a new token, with the proof of
 * the old one.
 *
 * @param idBefore the id of the person in the session from before.
 * @returns false when this session was ended by itself meanwhile. Then nobody is logged in: a request that was under way does
 * not bring the session back.
 */
export async function goOn(
	c: Context<VisitEnv>,
	place: Place,
	person: Person,
	idBefore = person.id,
): Promise<boolean> {
	const { visit } = c.var;
	const { provenAt } = visit;
	const before = sessionBefore(visit);
	const { id: subjectId, sessionEpoch: epoch } = person;
	const known = { subjectId, epoch, provenAt, device: deviceOf(c, place) };
	const token =
		before?.subjectId === idBefore
			? await place.sessions.goOn(visit.token, before, known)
			: undefined;
	if (before === undefined || token === undefined) {
		// The cookie stays: another tab may go on with the session by now.
		setVisit(c, place, visit, undefined);
		return false;
	}
	setSigned(c, place, person, { token, sessionId: before.id });
	return true;
}

function setSigned(
	c: Context<VisitEnv>,
	place: Place,
	person: Person,
	{ token, sessionId }: Pick<Visit, "token"> & { readonly sessionId: string },
): void {
	const { visit } = c.var;
	setSessionCookie(c, place, token);
	const who = { id: sessionId, subjectId: person.id, provenAt: visit.provenAt };
	const standing = visit.standing === "over" ? "good" : visit.standing;
	setVisit(c, place, { ...visit, token, standing }, who);
	knowDevice(c, place, person);
}

/** The session that the browser has: the one that the request came with, unless the request has ended it. */
function sessionBefore({ session, sessionId }: Visit): EndingSession | undefined {
	return session?.id === sessionId ? session : undefined;
}

/**
 * Makes the browser a known one for an account, so that strangers' guesses do not block it. An account without an address
 * has no password to guess.
 */
export function knowDevice(
	c: Context,
	place: Place,
	{ email, sessionEpoch }: Pick<Account, "email" | "sessionEpoch">,
): void {
	if (email === null) {
		return;
	}
	const { options } = cookieTraits(place);
	const cookie = place.devices.cookieFor({ email, sessionEpoch });
	setCookie(c, deviceCookie(place), cookie, { ...options, maxAge: KNOWN_FOR_SECONDS });
}

/**
 * Logs a person out in this browser. The cookies of all plugins go as well, so that a log-in that was begun in another tab
 * logs nobody in, and so does what the browser remembers of helpdesks. A page in the same answer shows nobody logged in.
 */
export async function signOut(c: Context<VisitEnv>, place: Place): Promise<void> {
	const { visit } = c.var;
	await endSession(c, place);
	await place.sessions.close(visit.token, sessionBefore(visit));
	const token = place.sessions.newToken();
	setSessionCookie(c, place, token);
	setVisit(c, place, { ...visit, token }, undefined);
	if (place.role === "portal") {
		for (const gone of expiredCookies(c.req.header("cookie"), place)) {
			c.header("set-cookie", gone, { append: true });
		}
	}
}

/** The `Set-Cookie` values of a log-out, besides the session's. */
export function expiredCookies(cookies: string | undefined, place: Place): readonly string[] {
	return [...expiredPluginCookies(cookies, [place]), ...expiredHelpdeskCookies(cookies, place)];
}

async function endSession(c: Context<VisitEnv>, place: Place): Promise<void> {
	const { sessionId } = c.var.visit;
	await (sessionId === undefined ? undefined : place.onEnd(sessionId));
}
