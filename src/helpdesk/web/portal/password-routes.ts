import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { linkedAccountsOf } from "../../add-ons/linked-accounts.ts";
import { accountToReset, mayBeStrangers } from "../../add-ons/reset-password.ts";
import type { TextKey } from "../../locale/locale.ts";
import type { Outbox } from "../../mail/outbox.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { PasswordLetters } from "../../people/password-letters.ts";
import type { PasswordResets } from "../../people/password-resets.ts";
import type { RequestLimits } from "../../people/request-limits.ts";
import type { Account } from "../../people/stored-account.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { Markup } from "../layout.ts";
import type { AttemptPassword } from "../password-attempts.ts";
import { knowDevice } from "../signing-in.ts";
import { field, typedAddress, type VisitEnv } from "../visit.ts";
import { disconnectFields, linksToDisconnect } from "./account-pages.ts";
import { type AuditedPasswordParts, auditedReset, signInByPassword } from "./audited-passwords.ts";
import { isByPasskey, type PasskeyParts, proveByPasskey, proveForm } from "./passkey-answers.ts";
import { endPasskeysField, endsPasskeys } from "./passkey-pages.ts";
import {
	confirmPage,
	forgotPage,
	forgotSentPage,
	resetGonePage,
	resetPage,
} from "./password-pages.ts";
import { portalNotice } from "./portal-page.ts";
import {
	linkToken,
	type PortalContent,
	type PortalContext,
	type ShowPortalPage,
	toLogin,
	visitorNetwork,
	visitorOf,
} from "./portal-visit.ts";
import { showTooMany } from "./register-routes.ts";

export interface PasswordRouteParts extends AuditedPasswordParts, PasskeyParts {
	readonly brand: Brand;
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly resets: PasswordResets;
	readonly letters: PasswordLetters;
	/** Asked before an answer that promises a letter. */
	readonly outbox: Pick<Outbox, "expectRoom">;
	readonly requestLimits: Pick<RequestLimits, "secondsToWait">;
	/** See `doLettersReachVisitors`. */
	readonly doLettersReachVisitors: () => Promise<boolean>;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly logError: (error: unknown) => void;
	readonly attemptPassword: AttemptPassword;
	readonly show: ShowPortalPage;
	/** The path that the visitor goes to after the confirmation. */
	readonly returnPathOf: (c: PortalContext) => string;
}

/** Asks users for their password again, and lets them set another one by a link in an e-mail. */
export function passwordRoutes(app: Hono<VisitEnv>, parts: PasswordRouteParts): void {
	const { accounts, returnPathOf, show } = parts;
	app.get("/login/confirm", async (c) => {
		const account = await visitorOf(c, accounts);
		return account === undefined
			? c.redirect(`/login?returnTo=${encodeURIComponent(returnPathOf(c))}`, 303)
			: showConfirm(c, parts, account, html``);
	});
	app.post("/login/confirm", async (c) => {
		const account = await visitorOf(c, accounts);
		return account === undefined ? toLogin(c) : confirm(c, parts, account);
	});
	app.get("/forgot", async (c) => show(c, forgotPage(c.var.visit, "", html``)));
	app.post("/forgot", async (c) => {
		const { form, locale } = c.var.visit;
		const network = visitorNetwork(c, parts.trustedProxies);
		const wait = await parts.requestLimits.secondsToWait("forgot", network);
		const email = typedAddress(form);
		if (wait > 0) {
			askToWait(c, wait);
			const problem = portalNotice(locale, "error.too-many.network", true);
			return show(c, forgotPage(c.var.visit, email, problem), 429);
		}
		await parts.outbox.expectRoom(0);
		// The look-up starts after the answer, so that the time of the answer says nothing about the address.
		setImmediate(() => void writeLetter(parts, email, { network, locale: locale.tag }));
		return show(c, forgotSentPage(c.var.visit, await parts.doLettersReachVisitors()));
	});
	app.get("/reset", async (c) => showReset(c, parts, linkToken(c), html``));
	app.post("/reset", async (c) => reset(c, parts));
}

async function confirm(
	c: PortalContext,
	parts: PasswordRouteParts,
	account: Account,
): Promise<Response> {
	const { form, locale } = c.var.visit;
	if (isByPasskey(c)) {
		const refuse = (sentence: TextKey, status: number) =>
			showConfirm(c, parts, account, portalNotice(locale, sentence, true), status);
		const proven = await proveByPasskey(c, parts, account, refuse);
		return proven instanceof Response ? proven : c.redirect(parts.returnPathOf(c), 303);
	}
	const password = field(form, "password") ?? "";
	const isRight = await parts.attemptPassword(
		c,
		account.email ?? account.id,
		async () => account.hasPassword && parts.accounts.isPassword(account.id, password),
	);
	if (isRight === "too-many") {
		return showConfirm(c, parts, account, portalNotice(locale, "error.too-many.text", true), 429);
	}
	if (!isRight) {
		return showConfirm(c, parts, account, portalNotice(locale, "confirm.wrong", true), 400);
	}
	await signInByPassword(c, parts, account);
	return c.redirect(parts.returnPathOf(c), 303);
}

async function showConfirm(
	c: PortalContext,
	parts: PasswordRouteParts,
	account: Account,
	problem: Markup,
	status = 200,
): Promise<Response> {
	const { locale, csrf } = c.var.visit;
	const returnPath = parts.returnPathOf(c);
	const passkey = await proveForm(c, parts, account, returnPath);
	const view = { locale, csrf, returnPath, problem, passkey };
	return parts.show(c, confirmPage(view, account), status);
}

async function writeLetter(
	{ brand, accounts, letters, logError }: PasswordRouteParts,
	email: string,
	asked: Parameters<PasswordLetters["writeAsked"]>[1],
): Promise<void> {
	try {
		const account = await accounts.byEmail(brand.id, email);
		await (account && letters.writeAsked(account, asked));
	} catch (error) {
		logError(error);
	}
}

async function reset(c: PortalContext, parts: PasswordRouteParts): Promise<Response> {
	const { form, locale, subjectId } = c.var.visit;
	const token = field(form, "token") ?? "";
	const password = field(form, "password") ?? "";
	const network = visitorNetwork(c, parts.trustedProxies);
	const wait = await parts.requestLimits.secondsToWait("reset", network);
	if (wait > 0) {
		return showTooMany(c, parts, wait);
	}
	const end = await auditedReset(c, parts, {
		brand: parts.brand,
		token,
		password,
		signedInAs: subjectId,
		disconnected: linksToDisconnect(form),
		endsPasskeys: endsPasskeys(form),
	});
	switch (end.kind) {
		case "refused": {
			const problem = portalNotice(locale, `password.${end.problem}`, true);
			return showReset(c, parts, token, problem, 400);
		}
		case "gone":
			return showReset(c, parts, token, html``);
		case "set":
			// From here the owner can log in even while strangers guess at the password.
			knowDevice(c, parts.place, end.account);
			return c.redirect(`/login?done=${end.isStillLinked ? "still-linked" : "password"}`, 303);
	}
}

async function showReset(
	c: PortalContext,
	parts: PasswordRouteParts,
	token: string,
	problem: Markup,
	status = 200,
): Promise<Response> {
	const account = await accountToReset(parts, parts.brand.id, token);
	// The address of this page holds the token.
	const showPage = (page: PortalContent, status: number): Promise<Response> =>
		parts.show(c, page, status, "no-referrer");
	if (account === undefined) {
		await parts.refusals.note(c, "user.link-failed", "gone");
		return showPage(resetGonePage(c.var.visit), 400);
	}
	const { locale, subjectId } = c.var.visit;
	const linked = await linkedAccountsOf(await parts.addOns.all(), account.id);
	const allGo = mayBeStrangers(account, subjectId);
	// Those of an account that passes to another person go in any case.
	const passkeys = endPasskeysField(c.var.visit, allGo ? 0 : account.passkeys.length);
	const more = html`${disconnectFields(linked, locale, allGo)}${passkeys}`;
	return showPage(resetPage(c.var.visit, token, problem, more), status);
}
