import { html } from "hono/html";
import type { HandOffHelpdesk } from "../../hand-off/hand-off-helpdesk.ts";
import { passedTo } from "../../hand-off/hand-off-step.ts";
import type { Delivery, Preview, Remains } from "../../hand-off/hand-offs.ts";
import type { HandOffPreset } from "../../hand-off/presets/hand-off-preset.ts";
import { languageInSentence } from "../../locale/language-name.ts";
import type { Locale } from "../../locale/locale.ts";
import { textOf } from "../../openid/passed-data.ts";
import type { Account } from "../../people/stored-account.ts";
import { csrfField, type Markup } from "../layout.ts";
import { cardPage, leadingTo, type PageView, portalNotice } from "../portal/portal-page.ts";
import type { PortalContent } from "../portal/portal-visit.ts";

/** Shows which data goes to a helpdesk, and asks whether it may. */
export function consentPage(
	{ locale: { tag, text }, csrf }: PageView,
	here: string,
	helpdesk: HandOffHelpdesk,
	receives: HandOffPreset["receives"],
	{ email, name, locale }: Pick<Account, "email" | "name" | "locale">,
): PortalContent {
	const items: Readonly<Record<HandOffPreset["receives"][number], Markup>> = {
		email: item(text("connect.consent.email"), email ?? ""),
		name: item(text("connect.consent.name"), name),
		language: item(text("connect.consent.language"), languageInSentence(locale, tag)),
		id: html`<li>${text("connect.consent.id")}</li>`,
	};
	const about = wordsFor(helpdesk);
	return cardPage(
		text("connect.consent.title", about),
		html`<p>${text("connect.consent.text", about)}</p><ul>${receives.map((each) => items[each])}</ul><p class="help">${text("connect.consent.later")}</p>
<form method="post" action="${here}">${csrfField(csrf)}<input type="hidden" name="shown" value="${textOf(passedTo(helpdesk))}"><button type="submit" name="answer" value="go">${text("connect.consent.submit")}</button><p class="actions"><button class="link" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></p></form>`,
	);
}

/** The page for a visitor who has no address that they have proven. */
export function addressMissingPage(
	{ locale: { text } }: PageView,
	here: string,
	helpdesk: HandOffHelpdesk,
): PortalContent {
	const about = wordsFor(helpdesk);
	return cardPage(
		text("hand-off.address.title", about),
		html`<p>${text("hand-off.address.text", about)}</p><p class="actions"><a href="${leadingTo("/account/email", here)}">${text("hand-off.address.submit")}</a></p>`,
	);
}

/** The page for a visitor whose address the helpdesk must not hear. */
export function addressRefusedPage(
	{ locale: { text } }: PageView,
	helpdesk: HandOffHelpdesk,
	email: string,
): PortalContent {
	const about = { ...wordsFor(helpdesk), email };
	return cardPage(
		text("connect.address.title", about),
		html`<p>${text("connect.address.text", about)}</p><p class="actions"><a href="/account">${text("nav.account")}</a></p>`,
	);
}

/** The page whose form takes the token to the helpdesk. A browser with scripts sends it at once. */
export function goPage(
	{ locale: { text } }: PageView,
	here: string,
	helpdesk: HandOffHelpdesk,
	delivery: Delivery,
	email: string,
): PortalContent {
	const about = { ...wordsFor(helpdesk), email };
	const page = cardPage(
		text("hand-off.go.title", about),
		html`<p>${text("hand-off.go.text", about)}</p><form method="post" action="${delivery.url}">${hiddenFields(delivery)}<button type="submit">${text("hand-off.go.submit", about)}</button></form>
<p class="help">${text("hand-off.minute")} <a href="${here}">${text("hand-off.go.again")}</a></p>`,
	);
	return { ...page, submits: true };
}

/** The page for a helpdesk that nobody can be handed over to now. @param trace what the visitor can quote. */
export function failedPage(
	{ locale: { text } }: PageView,
	here: string,
	helpdesk: HandOffHelpdesk,
	trace: string,
): PortalContent {
	const about = wordsFor(helpdesk);
	return cardPage(
		text("hand-off.failed.title", about),
		html`<p>${text("hand-off.failed.text")}</p><p><code>${trace}</code></p><p class="actions"><a href="${here}">${text("hand-off.failed.again")}</a></p>`,
	);
}

/** The page for an error that the helpdesk reports. */
export function errorPage(
	{ locale: { text } }: PageView,
	helpdesk: HandOffHelpdesk,
	trace: string,
): PortalContent {
	return cardPage(
		text("hand-off.error.title", wordsFor(helpdesk)),
		html`<p>${text("hand-off.error.text")}</p><p><code>${trace}</code></p>`,
	);
}

/** Shows an administrator what the helpdesk would receive about them. */
export function previewPage(
	{ locale: { text } }: PageView,
	helpdesk: HandOffHelpdesk,
	{ url, method, claims }: Preview,
): PortalContent {
	const about = wordsFor(helpdesk);
	return cardPage(
		text("hand-off.preview.title", about),
		html`<p>${text("hand-off.preview.text")}</p><p><code>${method.toUpperCase()} ${url}</code></p><dl>${Object.entries(claims).map(([claim, value]) => html`<dt><code>${claim}</code></dt><dd>${value}</dd>`)}</dl>`,
	);
}

/** Says in place of the preview that a version that knew the kind of the helpdesk connected it. */
export function unknownKindPage(
	{ locale: { text } }: PageView,
	helpdesk: HandOffHelpdesk,
): PortalContent {
	const about = { ...wordsFor(helpdesk), kind: helpdesk.preset };
	return cardPage(
		text("hand-off.preview.title", about),
		html`<p>${text("hand-off.preview.unknown", about)}</p>`,
	);
}

/** The page that a helpdesk leads to after a log-out there. */
export function loggedOutTherePage({ locale, csrf }: PageView, isLoggedIn: boolean): PortalContent {
	const { text } = locale;
	return isLoggedIn
		? cardPage(
				text("openid.log-out.title"),
				html`<p>${text("openid.log-out.text")}</p><form method="post" action="/logout">${csrfField(csrf)}<button type="submit">${text("nav.logout")}</button></form><p class="actions"><a href="/account">${text("openid.log-out.stay")}</a></p>`,
			)
		: cardPage(text("openid.logged-out.title"), portalNotice(locale, "openid.logged-out.text"));
}

/** A helpdesk at which a user who has logged out here may still be logged in. */
export interface Remaining {
	readonly helpdesk: HandOffHelpdesk;
	/** Undefined: nothing more can be done from here. */
	readonly remains: Remains | undefined;
}

/** The page after a log-out here, if it does not end everything. */
export function remainingPage(
	{ locale: { text } }: PageView,
	remaining: readonly Remaining[],
): PortalContent {
	const items = remaining.map(
		({ helpdesk, remains }) =>
			html`<li class="linked">${remainingItem(text, helpdesk, remains)}</li>`,
	);
	const hasToken = remaining.some(({ remains }) => remains?.kind === "token");
	return cardPage(
		text("hand-off.left.title"),
		html`<p>${text("hand-off.left.text")}</p><ul class="plain">${items}</ul>${hasToken ? html`<p class="help">${text("hand-off.minute")}</p>` : ""}<p><a href="/">${text("nav.home")}</a></p>`,
	);
}

function remainingItem(
	text: Locale["text"],
	helpdesk: HandOffHelpdesk,
	remains: Remains | undefined,
): Markup {
	const about = wordsFor(helpdesk);
	switch (remains?.kind) {
		case "token":
			return html`<form method="post" action="${remains.delivery.url}">${hiddenFields(remains.delivery)}<button class="secondary" type="submit">${text("hand-off.left.submit", about)}</button></form>`;
		case "link":
			return html`<a href="${remains.url}" rel="noreferrer">${text("hand-off.left.submit", about)}</a>`;
		case "expires":
			return html`${text("hand-off.left.expires", about)}`;
		case undefined:
			return html`${text("hand-off.left.there", about)}`;
	}
}

function hiddenFields({ fields }: Delivery): Markup[] {
	return [...fields].map(
		([name, value]) =>
			html`<input type="hidden" name="${name}" value="${typeof value === "string" ? value : value.reveal()}">`,
	);
}

function item(label: string, value: string): Markup {
	return html`<li>${label}: <bdi><strong>${value}</strong></bdi></li>`;
}

function wordsFor({ name, address }: HandOffHelpdesk): Readonly<Record<string, string>> {
	return { helpdesk: name, address: new URL(address).host };
}
