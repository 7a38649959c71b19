import { html } from "hono/html";
import type { TextKey } from "../../locale/locale.ts";
import type { SentCode } from "../../people/address-codes.ts";
import type { ReachedLimit } from "../../people/address-proof-limits.ts";
import { MAX_TYPED_CODE } from "../../people/mailed-code.ts";
import type { Account } from "../../people/stored-account.ts";
import { csrfField, type Markup, notice } from "../layout.ts";
import { cardPage, leadingTo, type PageView, portalNotice } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

/** Where users add or confirm an e-mail address. */
export const EMAIL = "/account/email";

/** What is wrong with what a user typed. */
export type EmailProblem =
	| ReachedLimit
	| Extract<
			TextKey,
			| "proof.invalid"
			| "proof.wrong"
			| "proof.spent"
			| "proof.none"
			| "proof.taken"
			| "proof.address-fixed"
	  >;

interface EmailView extends PageView {
	readonly account: Account;
	/** The path that the user goes to once the address is proven. */
	readonly returnPath: string;
	readonly problem: EmailProblem | undefined;
	/** The connected helpdesk that needs the address; undefined for none. */
	readonly wanted: WantedAddress | undefined;
}

/** A connected helpdesk that a user is on the way to. */
export interface WantedAddress {
	readonly helpdesk: string;
	/** The path of the request, which takes a Cancel. */
	readonly path: string;
}

/** Asks for the address. @param email as it was typed before a problem, or that of the account. */
export function addressPage(view: EmailView, email: string): PortalContent {
	const { locale, account, problem } = view;
	const { text } = locale;
	const password = account.hasPassword ? html`<p>${text("proof.password-ends")}</p>` : "";
	return cardPage(
		titleOf(view),
		html`${whyNotice(view)}<p>${text("proof.text")}</p>${password}${problemNotice(view)}
<form method="post" action="${EMAIL}">${common(view, 0)}${addressField(view, email, problem === "proof.invalid")}<button type="submit">${text("proof.submit")}</button></form>${wayBack(view)}`,
	);
}

/** Asks for the code. It is the same for every address, so that nobody learns who has an account. */
export function codePage(
	view: EmailView,
	{ email, letters, isFixed, isUsable }: SentCode,
): PortalContent {
	const { locale, returnPath, csrf } = view;
	const { text } = locale;
	const shown = view.problem ?? (isUsable ? undefined : "proof.spent");
	const isInvalid = shown === "proof.wrong" || shown === "proof.spent";
	const other = isFixed
		? shown === "proof.address-fixed"
			? ""
			: html`<p class="help">${text("proof.address-fixed")}</p>`
		: html`<details><summary>${text("proof.other")}</summary><form method="post" action="${EMAIL}">${common(view, letters)}${addressField(view, "", false)}<button type="submit">${text("proof.submit")}</button></form></details>`;
	return cardPage(
		text("proof.code-title"),
		html`${whyNotice(view)}<p>${text("proof.code-text", { email })}</p>${problemNotice({ ...view, problem: shown })}
<form method="post" action="${EMAIL}/code">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="code">${text("proof.code")}</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="${MAX_TYPED_CODE}" required${invalid(isInvalid)}><button type="submit">${text("proof.code-submit")}</button></form>
${other}
<form method="post" action="${EMAIL}">${common(view, letters)}<input type="hidden" name="email" value="${email}"><button class="link" type="submit">${text("proof.again")}</button></form>${wayBack(view)}`,
	);
}

/** The page where no letter would reach the user. */
export function noCodesPage(
	view: Pick<EmailView, "locale" | "account" | "csrf" | "wanted">,
): PortalContent {
	const { locale } = view;
	return cardPage(
		titleOf(view),
		html`${whyNotice(view)}${portalNotice(locale, "proof.no-letters", true)}${wayBack(view)}<p><a href="/account">${locale.text("nav.account")}</a></p>`,
	);
}

/** A link to these pages for a user who has proven no address. */
export function emailLink({ locale }: PageView, { email }: Account): Markup {
	const sentence = email === null ? "account.email-add" : "account.email-confirm";
	return html`<a href="${EMAIL}">${locale.text(sentence)}</a>`;
}

/** The address of these pages. @param returnPath the path that they lead on to. */
export function emailPath(returnPath: string): string {
	return leadingTo(EMAIL, returnPath);
}

/** Says which helpdesk needs the address. */
function whyNotice({ locale: { text }, wanted }: Pick<EmailView, "locale" | "wanted">): Markup {
	return wanted === undefined
		? html``
		: html`<p>${text("connect.email", { helpdesk: wanted.helpdesk })}</p>`;
}

/** Leads back to the helpdesk without an address. */
function wayBack({
	locale: { text },
	csrf,
	wanted,
}: Pick<EmailView, "locale" | "csrf" | "wanted">): Markup {
	return wanted === undefined
		? html``
		: html`<form method="post" action="${wanted.path}">${csrfField(csrf)}<p class="actions"><button class="link" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></p></form>`;
}

function titleOf({ locale, account }: Pick<EmailView, "locale" | "account">): string {
	return locale.text(account.email === null ? "proof.add-title" : "proof.confirm-title");
}

/** @param letters the letters that were asked for when this page is shown. */
function common({ csrf, returnPath }: EmailView, letters: number): Markup {
	return html`${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}"><input type="hidden" name="letters" value="${letters}">`;
}

function addressField({ locale: { text } }: EmailView, email: string, isInvalid: boolean): Markup {
	return html`<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="email" maxlength="254" value="${email}" required${invalid(isInvalid)}>`;
}

function invalid(isInvalid: boolean): Markup {
	return isInvalid ? html` aria-invalid="true" aria-describedby="problem"` : html``;
}

function problemNotice({
	locale: { text },
	problem,
}: Pick<EmailView, "locale" | "problem">): Markup {
	if (problem === undefined) {
		return html``;
	}
	const sentence =
		typeof problem === "string"
			? text(problem)
			: text(`proof.${problem.what}-of-${problem.of}`, {
					minutes: Math.ceil(problem.waitMs / 60_000),
				});
	return html`<div id="problem">${notice(sentence, true)}</div>`;
}
