import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Secret } from "../../../../contract/secret.ts";
import type { Locale, Message, TextKey } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
import type { LastTest } from "../../../openid/kept-helpdesks.ts";
import type { Untold } from "../../../openid/log-out-messages.ts";
import { type PasteRow, pasteTable } from "../../../openid/presets/paste-table.ts";
import { nameOf, type Preset, type SentenceWithPlace } from "../../../openid/presets/preset.ts";
import { untoldSentence } from "../../../openid/untold-sentence.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, helpdeskPaths, recipePath } from "../paths.ts";
import { helpdeskForm, type ShownForm } from "./helpdesk-form.ts";
import {
	agreedSentence,
	type ListedHelpdesk,
	sinceSentence,
	testLink,
	usedSentence,
} from "./helpdesks-list-page.ts";

export interface HelpdeskPage extends ListedHelpdesk {
	readonly brand: Brand;
	readonly issuer: string;
	/** Undefined: a version of this program that knew the preset connected it. */
	readonly preset: Preset | undefined;
	readonly form: ShownForm;
	/** How the last test went; undefined: there was none since it was changed. */
	readonly lastTest: LastTest | undefined;
	/** The messages about log-outs that it has not taken. */
	readonly untold: Untold | undefined;
	/** The new client secret, which this page alone shows. */
	readonly secret: Secret | undefined;
	readonly csrf: string;
	readonly message: Markup;
	readonly locale: Locale;
}

/** A connected helpdesk: what to paste there, the test, and its settings. */
export function helpdeskPage(page: HelpdeskPage): Markup {
	const { brand, helpdesk, preset, message, lastUsed, locale } = page;
	const { text, say } = locale;
	const { id, name, createdAt } = helpdesk;
	const lead = [
		usedSentence(lastUsed, brand, locale),
		...(page.isConfigured ? [] : [sinceSentence(createdAt, brand, locale)]),
	];
	const waits =
		page.untold === undefined ? "" : notice(say(untoldSentence(page.untold, name, brand)), true);
	return html`${pageHead(name, lead.join(" "))}${message}${waits}
${preset === undefined ? "" : pasteSection(page, preset)}
<h2>${text("helpdesk.test.title")}</h2><div class="card">${testResult(page)}<p>${testLink(id, brand.id, locale)}</p><p class="help">${text("helpdesk.test.help", { brand: brand.name, helpdesk: name })}</p></div>
<h2>${text("helpdesk.settings.title")}</h2><div class="card">${settings(page)}</div>
${page.isConfigured ? "" : changeSections(page)}`;
}

function testResult({ lastTest, helpdesk, brand, locale: { text } }: HelpdeskPage): Markup {
	if (lastTest === undefined) {
		return html`<p class="soft">${text("helpdesk.test.none")}</p>`;
	}
	const when = sortableTime(lastTest.at, "minute", brand);
	return lastTest.problem === null
		? html`<p>${text("helpdesk.test.passed", { when })}</p>`
		: html`<p class="problem">${text("helpdesk.test.failed", { when, helpdesk: helpdesk.name, problem: lastTest.problem || text("helpdesk.test.no-error") })}</p>`;
}

function pasteSection(page: HelpdeskPage, preset: Preset): Markup {
	const { helpdesk, issuer, secret, locale } = page;
	const { text, say, markup } = locale;
	const rows = pasteTable(preset, { ...helpdesk, secret }, issuer);
	const name = say(nameOf(preset));
	const tried = markup(
		preset.tried === "in CI" ? "helpdesk.paste.tried-in-tests" : "helpdesk.paste.tried-on-paper",
		{ helpdesk: name },
		{ link: recipeLink(preset, page.brand) },
	);
	return html`<h2>${text("helpdesk.paste.title", { helpdesk: name })}</h2><div class="card"><p>${whereSentence(preset.where, locale)}</p>${rows.map((row, index) => pasteRow(row, index, locale))}
<p class="help">${tried}</p><p class="help">${say(toldSentence(helpdesk, preset))}</p></div>`;
}

/** Leads to a page of the other helpdesk. */
export function whereSentence(where: string | SentenceWithPlace, { markup }: Locale): Markup {
	const { key, values = {} } =
		typeof where === "string"
			? ({ key: "helpdesk.paste.where", values: { place: where } } as const)
			: where;
	return markup(key, values, { strong: (place) => html`<strong>${place}</strong>` });
}

/** The tag that leads from the words of a sentence to a recipe. */
export function recipeLink({ id }: Pick<Preset, "id">, brand: Brand): (content: Markup) => Markup {
	return (content) => html`<a href="${atBrand(recipePath(id), brand.id)}">${content}</a>`;
}

/** Whether a helpdesk hears of the end of a session here. */
function toldSentence({ backChannelLogoutUri }: ConnectedHelpdesk, preset: Preset): Message {
	const about = { helpdesk: nameOf(preset), session: preset.ownSession };
	if (backChannelLogoutUri !== null) {
		return { key: "helpdesk.paste.told", values: about };
	}
	const field: Message = { key: "helpdesk.form.back-channel" };
	return preset.logOutEntered?.includes("backChannelLogoutUri")
		? { key: "helpdesk.paste.told-if-entered", values: { ...about, field } }
		: { key: "helpdesk.paste.not-told", values: about };
}

function pasteRow(row: PasteRow, index: number, { text }: Locale): Markup {
	const id = `paste-${index}`;
	const value = row.isSecret ? row.value?.reveal() : row.value;
	if (value === undefined) {
		return html`<p><strong>${row.label}</strong><br><span class="help">${text("helpdesk.paste.secret-gone")}</span></p>`;
	}
	return html`<label for="${id}">${row.label}</label><div class="copy"><input id="${id}" value="${value}" readonly><button class="secondary" type="button" data-copy="${value}" hidden>${text("helpdesk.paste.copy")}</button></div>${row.isSecret ? html`<p class="help">${text("helpdesk.paste.secret-now")}</p>` : ""}`;
}

function settings(page: HelpdeskPage): Markup {
	const { brand, helpdesk, preset, form, isConfigured, csrf, locale } = page;
	const { text } = locale;
	if (isConfigured) {
		return html`<p>${configuredSentence(locale)}</p>${facts(helpdesk, locale)}`;
	}
	if (preset === undefined) {
		return html`<p class="problem">${text("helpdesk.settings.unknown", { kind: helpdesk.preset })}</p>${facts(helpdesk, locale)}`;
	}
	const action = atBrand(helpdeskPaths(helpdesk.id).helpdesk, brand.id);
	const addressNote = hasSecret(helpdesk)
		? text("helpdesk.form.address-new-secret", { helpdesk: helpdesk.name })
		: "";
	const button = text("helpdesk.form.save");
	return helpdeskForm(preset, form, { action, button, addressNote, csrf, locale });
}

/** Says where the settings of a helpdesk that the start configures come from. */
export function configuredSentence({ markup }: Locale): Markup {
	const flag = html`<code>--connected-helpdesks-file</code>`;
	return markup("helpdesk.settings.configured", { flag });
}

function facts(
	{ address, redirectUris, neverAsserted, ...rest }: ConnectedHelpdesk,
	{ text, list }: Locale,
): Markup {
	const yesOrNo = (is: boolean) => text(is ? "helpdesk.facts.yes" : "helpdesk.facts.no");
	const rows: readonly (readonly [TextKey, string])[] = [
		["helpdesk.facts.address", address],
		["helpdesk.form.redirect-uris", list(redirectUris)],
		[
			"helpdesk.form.post-logout",
			list(rest.postLogoutRedirectUris) || text("helpdesk.facts.no-post-logout"),
		],
		[
			"helpdesk.form.back-channel",
			rest.backChannelLogoutUri ?? text("helpdesk.facts.no-back-channel"),
		],
		["helpdesk.form.never", list(neverAsserted) || text("helpdesk.facts.never-nothing")],
		["helpdesk.form.needs-email", yesOrNo(rest.needsEmail)],
		["helpdesk.form.straight", yesOrNo(rest.straightToX)],
	];
	return factList(rows, text);
}

export function factList(
	rows: readonly (readonly [TextKey, string | number])[],
	text: Locale["text"],
): Markup {
	return html`<dl>${rows.map(([key, value]) => html`<dt>${text(key)}</dt><dd>${value}</dd>`)}</dl>`;
}

function changeSections({ brand, helpdesk, csrf, locale: { text } }: HelpdeskPage): Markup {
	const { id, name } = helpdesk;
	const paths = helpdeskPaths(id);
	const renew = hasSecret(helpdesk)
		? html`<h2>${text("helpdesk.secret.title")}</h2><div class="card"><p>${text("helpdesk.secret.help", { helpdesk: name })}</p>
<form method="post" action="${atBrand(paths.secret, brand.id)}">${csrfField(csrf)}<button class="secondary danger" type="submit">${text("helpdesk.secret.submit")}</button></form></div>`
		: "";
	return html`${renew}<p class="actions"><a class="danger" href="${atBrand(paths.remove, brand.id)}">${text("helpdesk.remove.link", { helpdesk: name })}</a></p>`;
}

function hasSecret({ clientAuth }: ConnectedHelpdesk): boolean {
	return clientAuth !== "none";
}

/** Who is affected by a removal, and how. */
export function removalPage(page: {
	readonly brand: Brand;
	readonly helpdesk: ConnectedHelpdesk;
	readonly lastUsed: ListedHelpdesk["lastUsed"];
	readonly users: AgreedUsers;
	/** The title of the page that the log-in button there leads to afterwards. */
	readonly errorTitle: string;
	readonly csrf: string;
	readonly locale: Locale;
}): Markup {
	const { brand, helpdesk, lastUsed, users, errorTitle, csrf, locale } = page;
	const { text } = locale;
	const { id, name, createdAt } = helpdesk;
	const paths = helpdeskPaths(id);
	const about = { helpdesk: name };
	const since = sinceSentence(createdAt, brand, locale);
	return html`${pageHead(text("helpdesk.remove.title", about), text("helpdesk.remove.lead", about))}<div class="card"><ul class="impact"><li>${agreedSentence(users, brand, locale)}</li><li>${since} ${usedSentence(lastUsed, brand, locale)}</li></ul>
<p>${text("helpdesk.remove.error", { ...about, brand: brand.name, error: errorTitle })}</p>
<p>${text("helpdesk.remove.stays", about)}</p>
<form method="post" action="${atBrand(paths.remove, brand.id)}">${csrfField(csrf)}<div class="actions answer"><button class="danger" type="submit">${text("helpdesk.remove.submit")}</button><a href="${atBrand(paths.helpdesk, brand.id)}">${text("helpdesk.remove.cancel")}</a></div></form></div>`;
}
