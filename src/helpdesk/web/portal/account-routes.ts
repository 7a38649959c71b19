import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import { buttonsOf } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { disconnect } from "../../add-ons/disconnect.ts";
import { linkedAccountsOf } from "../../add-ons/linked-accounts.ts";
import { asciiDigits } from "../../ascii-digits.ts";
import type { DeedObject } from "../../audit/audit-entry.ts";
import type { HandOffs } from "../../hand-off/hand-offs.ts";
import type { TextKey } from "../../locale/locale.ts";
import { agreementsOf } from "../../openid/agreements.ts";
import type { LogOuts } from "../../openid/log-outs.ts";
import type { BrandConnections } from "../../openid/open-openid.ts";
import { subjectOf } from "../../openid/subject.ts";
import { pastedText } from "../../pasted-text.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { PasswordLetters } from "../../people/password-letters.ts";
import type { Account } from "../../people/stored-account.ts";
import { addressAskedFor } from "../canonical-host.ts";
import type { Markup } from "../layout.ts";
import { goOn } from "../signing-in.ts";
import { field, type Place, type VisitEnv } from "../visit.ts";
import { accountPage, completePage } from "./account-pages.ts";
import { endOtherSessions, endSession, logOutEverywhere } from "./account-sessions.ts";
import { type AuditedAccountParts, audited } from "./audited-account.ts";
import { addPasskey, type OwnPasskeyParts, passkeysOf, removePasskey } from "./passkey-answers.ts";
import { NO_LETTERS } from "./password-pages.ts";
import { LANGUAGE, portalNotice } from "./portal-page.ts";
import {
	hasRecentProof,
	type PortalContext,
	type ShowPortalPage,
	toLogin,
	visitorNetwork,
	visitorOf,
} from "./portal-visit.ts";

const PHONE = /^\+?[0-9 ()/-]{5,30}$/;

/** The pages for a user whose account is incomplete. */
const WHILE_INCOMPLETE: readonly string[] = [
	...["/complete", "/logout", "/privacy", "/terms"],
	LANGUAGE,
];

const NOTICES: ReadonlyMap<string, TextKey> = new Map([
	["unlinked", "account.unlinked"],
	["still-linked", "account.still-linked"],
	["password-link", "account.password-link"],
	["password-link-limit", "account.password-link-limit"],
	["no-letters", NO_LETTERS],
	["email", "account.email-done"],
	["withdrawn", "account.withdrawn"],
	["session-ended", "sessions.ended"],
	["others-ended", "sessions.others-ended"],
	["passkey-added", "passkey.done"],
	["passkey-removed", "passkey.removed"],
]);

const PROBLEMS: readonly TextKey[] = [
	NO_LETTERS,
	"account.password-link-limit",
	"account.still-linked",
];

export interface AccountRouteParts extends AuditedAccountParts, OwnPasskeyParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly letters: PasswordLetters;
	readonly connections: BrandConnections;
	readonly handOffs: HandOffs;
	readonly logOuts: LogOuts;
	/** See `doLettersReachVisitors`. */
	readonly doLettersReachVisitors: () => Promise<boolean>;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPortalPage;
	/** See `logOutOfPortal`. */
	readonly logOut: (c: PortalContext) => Promise<Response>;
	/** The path that the visitor goes to once the account is complete. */
	readonly returnPathOf: (c: PortalContext) => string;
}

/** A user's account: links, the way to the password, and missing details, which come before every other page. */
export function accountRoutes(app: Hono<VisitEnv>, parts: AccountRouteParts): void {
	app.use(async (c, next) => {
		if (c.var.visit.standing !== "incomplete") {
			return next();
		}
		const { pathname, search } = addressAskedFor(c);
		return WHILE_INCOMPLETE.includes(pathname)
			? next()
			: c.redirect(`/complete?returnTo=${encodeURIComponent(pathname + search)}`, 303);
	});
	const ofUser =
		(answer: (c: PortalContext, parts: AccountRouteParts, account: Account) => Promise<Response>) =>
		async (c: PortalContext): Promise<Response> => {
			const account = await visitorOf(c, parts.accounts);
			return account === undefined ? toLogin(c) : answer(c, parts, account);
		};
	const afterProof: typeof ofUser = (answer) =>
		ofUser(async (c, parts, account) =>
			hasRecentProof(c, parts.now())
				? answer(c, parts, account)
				: c.redirect("/login/confirm?returnTo=/account", 303),
		);
	app.get("/account", ofUser(showDone));
	app.post("/account/disconnect", afterProof(audited("user.disconnect", disconnectOne, addOnIn)));
	app.post(
		"/account/log-out-everywhere",
		afterProof(audited("user.log-out-everywhere", logOutEverywhere)),
	);
	app.post("/account/sessions/end", afterProof(audited("user.end-session", endSession)));
	app.post(
		"/account/sessions/end-others",
		afterProof(audited("user.end-sessions", endOtherSessions)),
	);
	app.post(
		"/account/passkeys/add",
		afterProof(audited("user.add-passkey", withRefusal(addPasskey))),
	);
	app.post(
		"/account/passkeys/remove",
		afterProof(audited("user.remove-passkey", withRefusal(removePasskey))),
	);
	app.post("/account/withdraw", ofUser(audited("user.withdraw", withdraw, helpdeskIn)));
	app.post("/account/password-link", ofUser(sendPasswordLink));
	app.get(
		"/complete",
		ofUser((c) => showComplete(c, parts, html``)),
	);
	app.post("/complete", ofUser(complete));
}

async function showDone(
	c: PortalContext,
	parts: AccountRouteParts,
	account: Account,
): Promise<Response> {
	const done = NOTICES.get(c.req.query("done") ?? "");
	const isProblem = done !== undefined && PROBLEMS.includes(done);
	const message = done === undefined ? html`` : portalNotice(c.var.visit.locale, done, isProblem);
	return showAccount(c, parts, account, message);
}

async function disconnectOne(
	c: PortalContext,
	parts: AccountRouteParts,
	user: Account,
): Promise<Response> {
	const { form, locale } = c.var.visit;
	const all = await parts.addOns.all();
	const asked = field(form, "add-on");
	const addOn =
		asked === undefined ? all[0] : all.find(({ loaded: { manifest } }) => manifest.id === asked);
	const refuse = (account: Account, sentence: TextKey, status: number): Promise<Response> =>
		showAccount(c, parts, account, portalNotice(locale, sentence, true), status);
	if (addOn === undefined) {
		return refuse(user, "account.not-linked", 404);
	}
	const addOnId = addOn.loaded.manifest.id;
	const identityId = field(form, "identity") ?? "";
	const { ends, account } = await disconnect(parts, user, [{ addOnId, identityId }]);
	// If all sessions have ended, this browser goes on with its own.
	if (account === undefined || !(await goOn(c, parts.place, account))) {
		return toLogin(c);
	}
	switch (ends[0]) {
		case "not-linked":
			return refuse(account, "account.not-linked", 404);
		case "last-way-in":
			return refuse(account, "account.last-way-in", 409);
		case "failed":
			return refuse(account, "error.unexpected.text", 502);
		default:
			return c.redirect("/account?done=unlinked", 303);
	}
}

/** The same answer, which shows the account page where it refuses. */
function withRefusal(answer: typeof addPasskey) {
	return (c: PortalContext, parts: AccountRouteParts, account: Account): Promise<Response> =>
		answer(c, parts, account, (sentence, status) =>
			showAccount(c, parts, account, portalNotice(c.var.visit.locale, sentence, true), status),
		);
}

/** The ids in the forms are typed by a browser. */
function idIn(c: PortalContext, name: string): string | undefined {
	const [id] = /^[\w-]{1,100}$/.exec(field(c.var.visit.form, name) ?? "") ?? [];
	return id;
}

function addOnIn(c: PortalContext): DeedObject | undefined {
	const id = idIn(c, "add-on");
	return id === undefined ? undefined : { kind: "add-on", id };
}

function helpdeskIn(c: PortalContext): DeedObject | undefined {
	const id = idIn(c, "helpdesk");
	return id === undefined ? undefined : { kind: "connected-helpdesk", id };
}

async function withdraw(
	c: PortalContext,
	{ brand, connections, handOffs, logOuts }: AccountRouteParts,
	{ id }: Account,
): Promise<Response> {
	const asked = field(c.var.visit.form, "helpdesk") ?? "";
	const helpdesk =
		(await connections.helpdesks.find(asked)) ?? (await handOffs.helpdesks.find(asked));
	if (helpdesk === undefined) {
		return c.redirect("/account", 303);
	}
	await logOuts.withdraw(brand, id, helpdesk.id);
	return c.redirect("/account?done=withdrawn", 303);
}

async function sendPasswordLink(
	c: PortalContext,
	{ letters, trustedProxies, doLettersReachVisitors }: AccountRouteParts,
	account: Account,
): Promise<Response> {
	const isWritten = await letters.writeAsked(account, {
		network: visitorNetwork(c, trustedProxies),
		locale: c.var.visit.locale.tag,
	});
	const sent = isWritten ? "password-link" : "password-link-limit";
	const done = (await doLettersReachVisitors()) ? sent : "no-letters";
	return c.redirect(`/account?done=${done}`, 303);
}

async function complete(
	c: PortalContext,
	parts: AccountRouteParts,
	account: Account,
): Promise<Response> {
	const { form, locale } = c.var.visit;
	const phone = asciiDigits(pastedText(field(form, "phone") ?? ""));
	if (!PHONE.test(phone)) {
		return showComplete(c, parts, portalNotice(locale, "complete.phone-invalid", true), 400);
	}
	await parts.accounts.completeProfile(account.id, phone);
	return c.redirect(parts.returnPathOf(c), 303);
}

async function showAccount(
	c: PortalContext,
	parts: AccountRouteParts,
	account: Account,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { brand, place, addOns, connections, handOffs, doLettersReachVisitors } = parts;
	const { locale, csrf, session, sessionId: ownId } = c.var.visit;
	const all = await addOns.all();
	const linked = await linkedAccountsOf(all, account.id);
	const buttons = await buttonsOf(all, {
		brandId: brand.id,
		page: "account",
		locale: locale.tag,
		returnPath: "/account",
		userId: account.id,
	});
	const { consents } = connections;
	const helpdesks = [connections.helpdesks, handOffs.helpdesks];
	const agreements = await agreementsOf({ helpdesks, consents }, subjectOf(account));
	const sessions = session === undefined ? [] : await place.sessions.listOf(session);
	const passkeys = await passkeysOf(c, parts, account, hasRecentProof(c, parts.now()));
	const view = {
		...{
			passkeys,
			locale,
			csrf,
			brand,
			account,
			linked,
			buttons,
			agreements,
			message,
			sessions,
			ownId,
		},
	};
	return parts.show(c, accountPage({ ...view, mayProve: await doLettersReachVisitors() }), status);
}

async function showComplete(
	c: PortalContext,
	{ show, returnPathOf }: AccountRouteParts,
	problem: Markup,
	status = 200,
): Promise<Response> {
	const phone = field(c.var.visit.form, "phone") ?? "";
	return show(c, completePage(c.var.visit, returnPathOf(c), phone, problem), status);
}
