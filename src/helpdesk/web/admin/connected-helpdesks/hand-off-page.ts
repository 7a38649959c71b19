import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { HandOffHelpdesk } from "../../../hand-off/hand-off-helpdesk.ts";
import { handOffPaths } from "../../../hand-off/hand-off-paths.ts";
import type { HandOffPreset } from "../../../hand-off/presets/hand-off-preset.ts";
import { handOffPresetOf } from "../../../hand-off/presets/hand-off-presets.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, handOffAdminPaths } from "../paths.ts";
import { handOffForm, type ShownHandOff } from "./hand-off-form.ts";
import { configuredSentence, factList, recipeLink, whereSentence } from "./helpdesk-page.ts";
import {
	agreedSentence,
	type ListedHelpdesk,
	sinceSentence,
	usedIn,
	usedSentence,
} from "./helpdesks-list-page.ts";

/** A helpdesk that takes a signed token, in the list. */
export interface ListedHandOff extends Pick<ListedHelpdesk, "lastUsed" | "isConfigured"> {
	readonly helpdesk: HandOffHelpdesk;
}

export interface HandOffPage extends ListedHandOff {
	readonly brand: Brand;
	/** Undefined: a version of this program that knew the preset connected it. */
	readonly preset: HandOffPreset | undefined;
	readonly form: ShownHandOff;
	readonly csrf: string;
	readonly message: Markup;
	readonly locale: Locale;
}

/** Its row in the list of connected helpdesks. */
export function handOffRow(
	{ helpdesk, isConfigured, lastUsed }: ListedHandOff,
	brand: Brand,
	locale: Locale,
): Markup {
	const { text } = locale;
	const { id, name, preset, address, secret } = helpdesk;
	const paths = handOffAdminPaths(id);
	const remove = isConfigured
		? ""
		: html`<a href="${atBrand(paths.remove, brand.id)}">${text("helpdesks.remove")}</a>`;
	const kind = handOffPresetOf(preset)?.name ?? preset;
	const shownKind = kind === name ? "" : html` <span class="soft">${kind}</span>`;
	const notes = [
		...(isConfigured ? [text("helpdesks.configured")] : []),
		...(secret === null ? [text("helpdesks.key-missing")] : []),
	].map((note) => html`<p class="help">${note}</p>`);
	return html`<tr><td><strong>${name}</strong>${shownKind}${notes}</td><td><code>${address}</code></td><td>${usedIn(lastUsed, brand, locale)}</td>
<td><div class="row-actions"><a href="${atBrand(paths.helpdesk, brand.id)}">${text("helpdesks.open")}</a> ${testLink(helpdesk, brand, locale)} ${remove}</div></td></tr>`;
}

/** A helpdesk that takes a signed token: what to paste there, the test, and its settings. */
export function handOffPage(page: HandOffPage): Markup {
	const { brand, helpdesk, preset, message, lastUsed, isConfigured, locale } = page;
	const { text } = locale;
	const { id, name, createdAt } = helpdesk;
	const about = { brand: brand.name, helpdesk: name };
	const lead = [
		usedSentence(lastUsed, brand, locale),
		...(isConfigured ? [] : [sinceSentence(createdAt, brand, locale)]),
	];
	const remove = isConfigured
		? ""
		: html`<p class="actions"><a class="danger" href="${atBrand(handOffAdminPaths(id).remove, brand.id)}">${text("helpdesk.remove.link", about)}</a></p>`;
	return html`${pageHead(name, lead.join(" "))}${message}${keyNotice(page)}
${preset === undefined ? "" : pasteSection(page, preset)}
<h2>${text("helpdesk.test.title")}</h2><div class="card"><p>${testLink(helpdesk, brand, locale)}</p><p class="help">${text("helpdesk.test.help-signed", about)}</p>${apiCheck(page)}</div>
<h2>${text("helpdesk.settings.title")}</h2><div class="card">${settings(page)}</div>${remove}`;
}

/** Says what is missing before anybody gets there. */
function keyNotice({ helpdesk: { name, secret }, preset, locale }: HandOffPage): Markup {
	if (secret !== null || preset === undefined) {
		return html``;
	}
	const { name: product, secretLabel, secretWhere } = preset;
	const there = { product, place: locale.say(secretWhere) };
	const about = { ...there, secret: secretLabel, helpdesk: name };
	return notice(locale.text("helpdesk.secret-missing", about), true);
}

function pasteSection({ brand, helpdesk, locale }: HandOffPage, preset: HandOffPreset): Markup {
	const { text, say, markup } = locale;
	const paths = handOffPaths(helpdesk.id);
	const rows = preset.fields.map(({ label, value }, index) => {
		const address = `${brand.baseUrl}${value === "hand-off" ? paths.handOff : paths.logOut}`;
		const id = `paste-${index}`;
		return html`<label for="${id}">${say(label)}</label><div class="copy"><input id="${id}" value="${address}" readonly><button class="secondary" type="button" data-copy="${address}" hidden>${text("helpdesk.paste.copy")}</button></div>`;
	});
	const about = { helpdesk: preset.name };
	const tried = markup("helpdesk.paste.tried-signed", about, { link: recipeLink(preset, brand) });
	const session = say(preset.ownSession);
	return html`<h2>${text("helpdesk.paste.title", about)}</h2><div class="card"><p>${whereSentence(preset.where, locale)}</p>${rows}
<p class="help">${tried}</p><p class="help">${text("helpdesk.paste.not-told-signed", { ...about, session })}</p></div>`;
}

function apiCheck({ brand, helpdesk, preset, csrf, locale }: HandOffPage): Markup {
	return helpdesk.apiToken === null || preset?.hasApi !== true
		? html``
		: html`<form method="post" action="${atBrand(handOffAdminPaths(helpdesk.id).check, brand.id)}">${csrfField(csrf)}<button class="secondary" type="submit">${locale.text("helpdesk.test.check-token")}</button></form>`;
}

function settings(page: HandOffPage): Markup {
	const { brand, helpdesk, preset, form, isConfigured, csrf, locale } = page;
	const { text } = locale;
	if (isConfigured) {
		return html`<p>${configuredSentence(locale)}</p>${facts(helpdesk, locale)}`;
	}
	if (preset === undefined) {
		return html`<p class="problem">${text("helpdesk.settings.unknown-signed", { kind: helpdesk.preset })}</p>${facts(helpdesk, locale)}`;
	}
	const action = atBrand(handOffAdminPaths(helpdesk.id).helpdesk, brand.id);
	return handOffForm(preset, form, { action, button: text("helpdesk.form.save"), csrf, locale });
}

function facts(
	{ address, otherSites, neverAsserted, remoteBrandId, straightToX }: HandOffHelpdesk,
	{ text, list }: Locale,
): Markup {
	const rows: readonly (readonly [TextKey, string | number])[] = [
		["helpdesk.facts.address", address],
		["helpdesk.form.other-sites", list(otherSites) || text("helpdesk.facts.no-other-sites")],
		["helpdesk.form.brand-id", remoteBrandId ?? text("helpdesk.facts.no-brand-id")],
		["helpdesk.form.never", list(neverAsserted) || text("helpdesk.facts.never-nothing")],
		["helpdesk.form.straight", text(straightToX ? "helpdesk.facts.yes" : "helpdesk.facts.no")],
	];
	return factList(rows, text);
}

/** Opens the way of a log-in, in a tab of its own. */
function testLink({ id }: HandOffHelpdesk, { baseUrl }: Brand, { text }: Locale): Markup {
	return html`<a href="${baseUrl}${handOffPaths(id).test}" target="_blank" rel="noopener">${text("helpdesks.test")}</a>`;
}

/** Who is affected by a removal, and how. */
export function handOffRemovalPage(page: {
	readonly brand: Brand;
	readonly listed: ListedHandOff;
	readonly users: AgreedUsers;
	/** The title of the page that the log-in button there leads to afterwards. */
	readonly errorTitle: string;
	readonly csrf: string;
	readonly locale: Locale;
}): Markup {
	const { brand, listed, users, errorTitle, csrf, locale } = page;
	const { text } = locale;
	const { id, name, createdAt } = listed.helpdesk;
	const paths = handOffAdminPaths(id);
	const about = { helpdesk: name };
	const since = sinceSentence(createdAt, brand, locale);
	const stays =
		listed.helpdesk.apiToken === null ? "helpdesk.remove.stays-key" : "helpdesk.remove.stays-keys";
	return html`${pageHead(text("helpdesk.remove.title", about), text("helpdesk.remove.lead", about))}<div class="card"><ul class="impact"><li>${agreedSentence(users, brand, locale)}</li><li>${since} ${usedSentence(listed.lastUsed, brand, locale)}</li></ul>
<p>${text("helpdesk.remove.error-signed", { ...about, brand: brand.name, error: errorTitle })}</p>
<p>${text(stays, about)}</p>
<form method="post" action="${atBrand(paths.remove, brand.id)}">${csrfField(csrf)}<div class="actions answer"><button class="danger" type="submit">${text("helpdesk.remove.submit")}</button><a href="${atBrand(paths.helpdesk, brand.id)}">${text("helpdesk.remove.cancel")}</a></div></form></div>`;
}
