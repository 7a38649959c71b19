import type { Hono } from "hono";
import { canonicalEmail } from "../../../contract/email-address.ts";
import type { Outbox } from "../../mail/outbox.ts";
import { connectPath } from "../../openid/make-provider.ts";
import type { Accounts } from "../../people/accounts.ts";
import { type AddressProofs, hasProvenAddress, type Visitor } from "../../people/address-proofs.ts";
import type { Account } from "../../people/stored-account.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { RefusalNotes } from "../refusal-notes.ts";
import { goOn } from "../signing-in.ts";
import { field, type Place, typedAddress, type VisitEnv } from "../visit.ts";
import { type AuditedAccountParts, audited } from "./audited-account.ts";
import {
	addressPage,
	codePage,
	EMAIL,
	type EmailProblem,
	emailPath,
	noCodesPage,
	type WantedAddress,
} from "./email-pages.ts";
import { leadingTo } from "./portal-page.ts";
import {
	hasRecentProof,
	type PortalContext,
	type ShowPortalPage,
	visitorNetwork,
	visitorOf,
} from "./portal-visit.ts";

export interface EmailRouteParts extends AuditedAccountParts {
	readonly refusals: RefusalNotes;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly addressProofs: AddressProofs;
	/** Asked before an answer that promises a letter. */
	readonly outbox: Pick<Outbox, "expectRoom">;
	/** See `doLettersReachVisitors`. */
	readonly doLettersReachVisitors: () => Promise<boolean>;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly logError: (error: unknown) => void;
	readonly show: ShowPortalPage;
	/** The path that the user goes to once the address is proven. */
	readonly returnPathOf: (c: PortalContext) => string;
}

/** Lets users add or confirm an e-mail address by a code, on the way to a page that needs one or from their account. */
export function emailRoutes(app: Hono<VisitEnv>, parts: EmailRouteParts): void {
	const ofUser =
		(answer: (c: PortalContext, parts: EmailRouteParts, account: Account) => Promise<Response>) =>
		async (c: PortalContext): Promise<Response> => {
			const account = await visitorOf(c, parts.accounts);
			if (account === undefined) {
				return toLogin(c, parts);
			}
			if (hasProvenAddress(account)) {
				return c.redirect(pathAfter(c, parts), 303);
			}
			return (await parts.doLettersReachVisitors())
				? answer(c, parts, account)
				: parts.show(c, noCodesPage({ ...c.var.visit, account, wanted: wanted(c, parts) }), 403);
		};
	app.get(EMAIL, ofUser(showCurrent));
	app.post(EMAIL, ofUser(askForCode));
	app.post(`${EMAIL}/code`, ofUser(audited("user.prove-address", enterCode)));
}

async function showCurrent(
	c: PortalContext,
	parts: EmailRouteParts,
	account: Account,
): Promise<Response> {
	const sent = await parts.addressProofs.sentTo({ account, browserToken: c.var.visit.token });
	if (sent !== undefined) {
		return show(c, parts, account);
	}
	// Asked before the user types an address in vain.
	return mayName(c, parts, account, account.email ?? "")
		? show(c, parts, account, c.req.query("done") === "none" ? "proof.none" : undefined)
		: toConfirm(c, parts);
}

async function askForCode(
	c: PortalContext,
	parts: EmailRouteParts,
	account: Account,
): Promise<Response> {
	const { form, locale } = c.var.visit;
	const email = typedAddress(form);
	if (!mayName(c, parts, account, email)) {
		return toConfirm(c, parts);
	}
	await parts.outbox.expectRoom(0);
	const letters = Number(field(form, "letters") ?? Number.NaN);
	const asked = await parts.addressProofs.ask(visitorAt(c, parts, account), {
		...{ email, letters },
		locale: locale.tag,
	});
	switch (asked.kind) {
		case "asked":
			// The look-up starts after the answer, so that the time of the answer says nothing about the address.
			setImmediate(() => void asked.write().catch(parts.logError));
			return c.redirect(emailPath(parts.returnPathOf(c)), 303);
		case "proven":
			return c.redirect(pathAfter(c, parts), 303);
		case "limit":
			return show(c, parts, account, asked.limit);
		case "invalid":
			return show(c, parts, account, "proof.invalid");
		case "fixed":
			return show(c, parts, account, "proof.address-fixed");
	}
}

async function enterCode(
	c: PortalContext,
	parts: EmailRouteParts,
	account: Account,
): Promise<Response> {
	const { form } = c.var.visit;
	const typed = field(form, "code") ?? "";
	const entered = await parts.addressProofs.enter(visitorAt(c, parts, account), typed);
	switch (entered.kind) {
		case "proven":
			setImmediate(() => void entered.write().catch(parts.logError));
			// All sessions have ended. This browser goes on with its own.
			return (await goOn(c, parts.place, entered.account))
				? c.redirect(pathAfter(c, parts), 303)
				: toLogin(c, parts);
		case "limit":
			return show(c, parts, account, entered.limit);
		case "wrong":
		case "spent":
			await noteFailure(c, parts, `code-${entered.kind}`);
			return show(c, parts, account, `proof.${entered.kind}`);
		case "taken":
			await noteFailure(c, parts, entered.kind);
			return show(c, parts, account, "proof.taken");
		case "none": {
			await noteFailure(c, parts, "code-none");
			// Looks again who is logged in: a second click may come after the code was taken.
			const query = new URLSearchParams({ done: "none", returnTo: parts.returnPathOf(c) });
			return c.redirect(`${EMAIL}?${query}`, 303);
		}
		case "over":
			return toLogin(c, parts);
	}
}

function noteFailure(
	c: PortalContext,
	{ refusals }: EmailRouteParts,
	reason: string,
): Promise<void> {
	return refusals.note(c, "user.address-code-failed", reason);
}

/** Shows the form that the user is at. */
async function show(
	c: PortalContext,
	parts: EmailRouteParts,
	account: Account,
	problem?: EmailProblem,
): Promise<Response> {
	const { locale, csrf, form, token } = c.var.visit;
	const returnPath = parts.returnPathOf(c);
	const view = { locale, csrf, account, returnPath, problem, wanted: wanted(c, parts) };
	const sent = await parts.addressProofs.sentTo({ account, browserToken: token });
	const email = field(form, "email") ?? account.email ?? "";
	const page = sent === undefined ? addressPage(view, email) : codePage(view, sent);
	if (typeof problem === "object") {
		askToWait(c, Math.ceil(problem.waitMs / 1000));
		return parts.show(c, page, 429);
	}
	return parts.show(c, page, c.req.method === "POST" ? 400 : 200);
}

/**
 * Whether the user may name this address. Another address than that of the account will open it by a link to set a password,
 * so that naming one takes a recent proof, as linking an account does.
 */
function mayName(
	c: PortalContext,
	{ now }: EmailRouteParts,
	account: Account,
	email: string,
): boolean {
	const isOwn = account.email !== null && canonicalEmail(email) === canonicalEmail(account.email);
	return isOwn || hasRecentProof(c, now());
}

function visitorAt(
	c: PortalContext,
	{ trustedProxies }: EmailRouteParts,
	account: Account,
): Visitor {
	const { token: browserToken } = c.var.visit;
	return { account, browserToken, network: visitorNetwork(c, trustedProxies) };
}

function pathAfter(c: PortalContext, { returnPathOf }: EmailRouteParts): string {
	const path = returnPathOf(c);
	return path === "/" ? "/account?done=email" : path;
}

/** The helpdesk that the user goes on to, and not one that they wanted to go to before. */
function wanted(c: PortalContext, { returnPathOf }: EmailRouteParts): WantedAddress | undefined {
	const { waiting } = c.var;
	const path = waiting && connectPath(waiting.id);
	return waiting !== undefined && path !== undefined && path === returnPathOf(c)
		? { helpdesk: waiting.helpdesk.name, path }
		: undefined;
}

function toConfirm(c: PortalContext, { returnPathOf }: EmailRouteParts): Response {
	return c.redirect(leadingTo("/login/confirm", emailPath(returnPathOf(c))), 303);
}

function toLogin(c: PortalContext, { returnPathOf }: EmailRouteParts): Response {
	return c.redirect(leadingTo("/login", emailPath(returnPathOf(c))), 303);
}
