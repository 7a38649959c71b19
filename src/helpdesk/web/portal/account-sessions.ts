import type { Accounts } from "../../people/accounts.ts";
import type { Account } from "../../people/stored-account.ts";
import { SESSION_FIELD } from "../session-list.ts";
import { goOn, signOut } from "../signing-in.ts";
import { field, type Place } from "../visit.ts";
import { type PortalContext, toLogin } from "./portal-visit.ts";

interface SessionParts {
	readonly place: Place;
	readonly accounts: Pick<Accounts, "endSessions">;
	readonly logOut: (c: PortalContext) => Promise<Response>;
}

/** Ends one session of a user, in whatever browser it is. */
export async function endSession(
	c: PortalContext,
	{ place, logOut }: SessionParts,
	{ id: userId }: Account,
): Promise<Response> {
	const { form, sessionId } = c.var.visit;
	const id = field(form, SESSION_FIELD) ?? "";
	if (id === sessionId) {
		return logOut(c);
	}
	if ((await place.sessions.findById(id))?.subjectId === userId) {
		await place.onEnd(id);
		await place.sessions.end(userId, id);
	}
	return c.redirect("/account?done=session-ended", 303);
}

/**
 * Ends all sessions of a user but that of this browser, which gets a new one, with the proof of the old one.
 *
 * @param user as the request found them. Where others have ended all sessions since then, this one gets no new one, so that a
 * stranger who is put out cannot stay by a request that was under way.
 */
export async function endOtherSessions(
	c: PortalContext,
	{ place, accounts }: SessionParts,
	user: Account,
): Promise<Response> {
	const account = await accounts.endSessions(user.id);
	const isIn = account?.sessionEpoch === user.sessionEpoch + 1 && (await goOn(c, place, account));
	return isIn ? c.redirect("/account?done=others-ended", 303) : toLogin(c);
}

export async function logOutEverywhere(
	c: PortalContext,
	{ place, accounts }: SessionParts,
	account: Account,
): Promise<Response> {
	await accounts.endSessions(account.id);
	await signOut(c, place);
	return c.redirect("/login?done=everywhere", 303);
}
