import { html } from "hono/html";
import type { PortalText } from "../../locale/portal-locale.ts";
import type { UserClaims } from "../../openid/claims.ts";
import type { ConnectedHelpdesk } from "../../openid/connected-helpdesk.ts";
import { connectPath } from "../../openid/make-provider.ts";
import { csrfField } from "../layout.ts";
import { cardPage, type PageView, portalNotice } from "../portal/portal-page.ts";
import type { PortalContent } from "../portal/portal-visit.ts";

/** Shows which data goes to a helpdesk, and asks whether it may. */
export function consentPage(
	{ locale: { tag, text }, csrf }: PageView,
	requestId: string,
	{ name, address }: ConnectedHelpdesk,
	{ name: userName, nickname, locale, email }: UserClaims,
): PortalContent {
	const about = { helpdesk: name, address: new URL(address).host };
	const items: readonly (readonly [PortalText, string])[] = [
		["connect.consent.name", userName],
		...(nickname === undefined ? [] : [["connect.consent.handle", `@${nickname}`] as const]),
		...(email === undefined ? [] : [["connect.consent.email", email] as const]),
		["connect.consent.language", languageIn(tag, locale)],
	];
	return cardPage(
		inWords(text("connect.consent.title"), about),
		html`<p>${inWords(text("connect.consent.text"), about)}</p><ul>${items.map(([key, value]) => html`<li>${text(key)}: <strong>${value}</strong></li>`)}<li>${text("connect.consent.id")}</li></ul><p class="help">${text("connect.consent.later")}</p>
<form method="post" action="${connectPath(requestId)}">${csrfField(csrf)}<button type="submit" name="answer" value="go">${text("connect.consent.submit")}</button><p class="actions"><button class="link" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></p></form>`,
	);
}

/** The page for a visitor whose address the helpdesk must not hear. */
export function addressRefusedPage(
	{ locale: { text }, csrf }: PageView,
	requestId: string,
	{ name }: ConnectedHelpdesk,
	email: string,
): PortalContent {
	const about = { helpdesk: name, email };
	return cardPage(
		inWords(text("connect.address.title"), about),
		html`<p>${inWords(text("connect.address.text"), about)}</p><form method="post" action="${connectPath(requestId)}">${csrfField(csrf)}<button class="secondary" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></form>`,
	);
}

/** The page for a request that is over, or that another browser made. */
export function requestOverPage({ locale }: Pick<PageView, "locale">): PortalContent {
	return cardPage(
		locale.text("connect.expired.title"),
		portalNotice(locale, "connect.expired.text", true),
	);
}

/** The name of a language in another one: "German" for `de`. */
export function languageIn(tag: string, language: string): string {
	return new Intl.DisplayNames([tag], { type: "language" }).of(language) ?? language;
}

/** A sentence with values in the place of their names. */
export function inWords(sentence: string, values: Readonly<Record<string, string>>): string {
	return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
