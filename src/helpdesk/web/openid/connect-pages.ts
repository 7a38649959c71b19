import { html } from "hono/html";
import { languageInSentence } from "../../locale/language-name.ts";
import type { Locale, TextKey } from "../../locale/locale.ts";
import type { UserClaims } from "../../openid/claims.ts";
import type { ConnectedHelpdesk } from "../../openid/connected-helpdesk.ts";
import { connectPath } from "../../openid/make-provider.ts";
import type { PassedData } from "../../openid/passed-data.ts";
import { csrfField, type Markup, notice } from "../layout.ts";
import { cardPage, type PageView, portalNotice } from "../portal/portal-page.ts";
import type { PortalContent } from "../portal/portal-visit.ts";

export interface ConsentView {
	readonly requestId: string;
	readonly helpdesk: Pick<ConnectedHelpdesk, "name">;
	readonly claims: UserClaims;
	/** See `PassedData`. */
	readonly hosts: readonly string[];
	/** What of it is new since the visitor agreed before; undefined: they have not. */
	readonly more: PassedData | undefined;
	/** Comes back with the answer. */
	readonly shown: string;
}

/** The claims that a page shows, in their order. The others are one id. */
const LABELS: ReadonlyMap<string, TextKey> = new Map([
	["name", "connect.consent.name"],
	["nickname", "connect.consent.handle"],
	["email", "connect.consent.email"],
	["locale", "connect.consent.language"],
]);

/** Shows which data goes to a helpdesk, and asks whether it may. */
export function consentPage(
	{ locale, csrf }: PageView,
	{ requestId, helpdesk: { name }, claims, hosts, more, shown }: ConsentView,
): PortalContent {
	const { tag, text } = locale;
	const about = { helpdesk: name, address: listOf(tag, hosts) };
	const { nickname } = claims;
	const values = {
		...claims,
		locale: languageInSentence(claims.locale, tag),
		nickname: nickname && `@${nickname}`,
	};
	const items = [...LABELS].flatMap(([claim, label]) => {
		const { [claim]: value } = values as UserClaims;
		return value === undefined ? [] : [[label, value] as const];
	});
	return cardPage(
		text("connect.consent.title", about),
		html`${more && newNotices(locale, name, more)}<p>${text("connect.consent.text", about)}</p><ul>${items.map(([key, value]) => html`<li>${text(key)}: <bdi><strong>${value}</strong></bdi></li>`)}<li>${text("connect.consent.id")}</li></ul><p class="help">${text("connect.consent.later")}</p>
<form method="post" action="${connectPath(requestId)}">${csrfField(csrf)}<input type="hidden" name="shown" value="${shown}"><button type="submit" name="answer" value="go">${text("connect.consent.submit")}</button><p class="actions"><button class="link" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></p></form>`,
	);
}

/** Says what a visitor who has agreed before has not agreed to yet. */
function newNotices(
	{ tag, text }: Locale,
	helpdesk: string,
	{ claims, hosts }: PassedData,
): Markup {
	const labels = [...LABELS].filter(([claim]) => claims.includes(claim));
	const items = listOf(
		tag,
		labels.map(([, label]) => text(label)),
	);
	const address = listOf(tag, hosts);
	return html`${hosts.length > 0 && notice(text("connect.consent.moved", { helpdesk, address }))}${labels.length > 0 && notice(text("connect.consent.also", { helpdesk, items }))}`;
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
		text("connect.address.title", about),
		html`<p>${text("connect.address.text", about)}</p><form method="post" action="${connectPath(requestId)}">${csrfField(csrf)}<button class="secondary" type="submit" name="answer" value="cancel">${text("connect.cancel")}</button></form>`,
	);
}

/** The page that a browser leaves by itself, for a helpdesk. @param location the address to go on to. */
export function leavePage(
	{ locale: { text } }: Pick<PageView, "locale">,
	{ name }: ConnectedHelpdesk,
	location: string,
): PortalContent {
	const about = { helpdesk: name };
	return cardPage(
		text("connect.leave.title", about),
		html`<p><a href="${location}">${text("connect.leave.link", about)}</a></p>`,
	);
}

/** The page for a request that is over, or that another browser made. */
export function requestOverPage({ locale }: Pick<PageView, "locale">): PortalContent {
	return cardPage(
		locale.text("connect.expired.title"),
		portalNotice(locale, "connect.expired.text", true),
	);
}

function listOf(tag: string, items: readonly string[]): string {
	return new Intl.ListFormat(tag).format(items);
}
