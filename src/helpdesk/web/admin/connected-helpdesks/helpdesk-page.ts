import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Secret } from "../../../../contract/secret.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
import type { LastTest } from "../../../openid/kept-helpdesks.ts";
import type { Untold } from "../../../openid/log-out-messages.ts";
import { type PasteRow, pasteTable } from "../../../openid/presets/paste-table.ts";
import type { Preset } from "../../../openid/presets/preset.ts";
import { untoldSentence } from "../../../openid/untold-sentence.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, helpdeskPaths, recipePath } from "../paths.ts";
import { helpdeskForm, type ShownForm } from "./helpdesk-form.ts";
import { agreedSentence, type ListedHelpdesk, testLink, usedOn } from "./helpdesks-list-page.ts";

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
}

/** A connected helpdesk: what to paste there, the test, and its settings. */
export function helpdeskPage(page: HelpdeskPage): Markup {
	const { brand, helpdesk, preset, message, lastUsed } = page;
	const { id, name, createdAt } = helpdesk;
	const since = page.isConfigured
		? ""
		: html` Connected since ${sortableTime(createdAt, "day", brand)}.`;
	const waits =
		page.untold === undefined ? "" : notice(untoldSentence(page.untold, name, brand), true);
	return html`${pageHead(name, html`Last used: ${usedOn(lastUsed, brand)}.${since}`)}${message}${waits}
${preset === undefined ? "" : pasteSection(page, preset)}
<h2>Test</h2><div class="card">${testResult(page)}<p>${testLink(id, brand.id)}</p><p class="help">Opens the log-in of ${brand.name} in a new tab, as ${name} does it, and shows what ${name} would receive about you. ${name} itself receives nothing.</p></div>
<h2>Settings</h2><div class="card">${settings(page)}</div>
${page.isConfigured ? "" : changeSections(page)}`;
}

function testResult({ lastTest, helpdesk, brand }: HelpdeskPage): Markup {
	if (lastTest === undefined) {
		return html`<p class="soft">Not tested since it was connected or changed.</p>`;
	}
	const when = sortableTime(lastTest.at, "minute", brand);
	return lastTest.problem === null
		? html`<p>The last test passed, ${when}.</p>`
		: html`<p class="problem">The last test failed, ${when}. ${helpdesk.name} would be told: ${lastTest.problem}</p>`;
}

function pasteSection(page: HelpdeskPage, preset: Preset): Markup {
	const { helpdesk, issuer, secret } = page;
	const rows = pasteTable(preset, { ...helpdesk, secret }, issuer);
	const tried =
		preset.tried === "in CI"
			? `our automated tests log in at a real ${preset.name}`
			: `against the documentation, not with a running ${preset.name}`;
	return html`<h2>What to paste into ${preset.name}</h2><div class="card"><p>There, open <strong>${preset.where}</strong>.</p>${rows.map(pasteRow)}
<p class="help">How far this was tried: ${tried}. Every step is in <a href="${atBrand(recipePath(preset.id), page.brand.id)}">the recipe for ${preset.name}</a>.</p><p class="help">${toldSentence(helpdesk, preset)}</p></div>`;
}

/** Whether a helpdesk hears of the end of a session here. */
function toldSentence(
	{ backChannelLogoutUri }: ConnectedHelpdesk,
	{ name, ownSession, logOutEntered }: Preset,
): string {
	const when = "when a user logs out here, is suspended or deleted";
	if (backChannelLogoutUri !== null) {
		return `${name} is told ${when}. If it cannot be reached, its own session lives on: ${ownSession}`;
	}
	return logOutEntered?.includes("backChannelLogoutUri")
		? `${name} is not told ${when}, because the field Back-channel log-out URI below is empty. Its own session lives on: ${ownSession}`
		: `${name} cannot be told ${when}. Its own session lives on: ${ownSession}`;
}

function pasteRow(row: PasteRow, index: number): Markup {
	const id = `paste-${index}`;
	const value = row.isSecret ? row.value?.reveal() : row.value;
	if (value === undefined) {
		return html`<p><strong>${row.label}</strong></p><p class="help">It was shown once and is not shown again. If it is lost, make a new one below.</p>`;
	}
	return html`<label for="${id}">${row.label}</label><div class="copy"><input id="${id}" value="${value}" readonly><button class="secondary" type="button" data-copy="${value}" hidden>Copy</button></div>${row.isSecret ? html`<p class="help">It is shown now and never again.</p>` : ""}`;
}

function settings(page: HelpdeskPage): Markup {
	const { brand, helpdesk, preset, form, isConfigured, csrf } = page;
	if (isConfigured) {
		return html`<p>The configuration of the helpdesk fixes these. Change them in the file of <code>--connected-helpdesks-file</code>, and start again.</p>${facts(helpdesk)}`;
	}
	if (preset === undefined) {
		return html`<p class="problem">This version does not know the kind of helpdesk “${helpdesk.preset}”, so it cannot be changed here. It works as it is.</p>${facts(helpdesk)}`;
	}
	const action = atBrand(helpdeskPaths(helpdesk.id).helpdesk, brand.id);
	const addressNote = hasSecret(helpdesk)
		? `Another address makes a new client secret, and the old one ends at once: nobody can log in at ${helpdesk.name} until you paste the new one there.`
		: "";
	return helpdeskForm(preset, form, { action, button: "Save", addressNote, csrf });
}

function facts({ address, redirectUris, neverAsserted, ...rest }: ConnectedHelpdesk): Markup {
	return html`<dl><dt>Address</dt><dd>${address}</dd><dt>Redirect URIs</dt><dd>${redirectUris.join(", ")}</dd><dt>Post-logout redirect URIs</dt><dd>${rest.postLogoutRedirectUris.join(", ") || "There is none."}</dd><dt>Back-channel log-out URI</dt><dd>${rest.backChannelLogoutUri ?? "There is none."}</dd><dt>Never passed on</dt><dd>${neverAsserted.join(", ") || "Nothing is on the list."}</dd><dt>It needs an e-mail address</dt><dd>${rest.needsEmail ? "Yes" : "No"}</dd><dt>Straight to X</dt><dd>${rest.straightToX ? "Yes" : "No"}</dd></dl>`;
}

function changeSections({ brand, helpdesk, csrf }: HelpdeskPage): Markup {
	const { id, name } = helpdesk;
	const paths = helpdeskPaths(id);
	const renew = hasSecret(helpdesk)
		? html`<h2>Client secret</h2><div class="card"><p>A client secret is stored, encrypted. A new one ends it at once: nobody can log in at ${name} until you paste the new one there.</p>
<form method="post" action="${atBrand(paths.secret, brand.id)}">${csrfField(csrf)}<button class="secondary danger" type="submit">New secret</button></form></div>`
		: "";
	return html`${renew}<p class="actions"><a class="danger" href="${atBrand(paths.remove, brand.id)}">Remove ${name}</a></p>`;
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
	/** The sentences of the page that the log-in button there leads to afterwards. */
	readonly errorText: string;
	readonly csrf: string;
}): Markup {
	const { brand, helpdesk, lastUsed, users, errorText, csrf } = page;
	const { id, name, createdAt } = helpdesk;
	const paths = helpdeskPaths(id);
	return html`${pageHead(`Remove ${name}?`, `Nobody can log in at ${name} from here afterwards.`)}<div class="card"><ul class="impact"><li>${agreedSentence(users, brand)}</li><li>Connected since ${sortableTime(createdAt, "day", brand)}. Last used: ${usedOn(lastUsed, brand)}.</li></ul>
<p>Nobody can log in at ${name} from here afterwards. Its log-in button leads to a page of ${brand.name} that says: “${errorText}”</p>
<p>Users who are logged in at ${name} stay so until its own session ends. Accounts here stay. To connect ${name} again, you paste new values there.</p>
<form method="post" action="${atBrand(paths.remove, brand.id)}">${csrfField(csrf)}<div class="actions answer"><button class="danger" type="submit">Remove</button><a href="${atBrand(paths.helpdesk, brand.id)}">Cancel</a></div></form></div>`;
}
