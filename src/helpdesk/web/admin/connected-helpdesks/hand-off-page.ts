import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { HandOffHelpdesk } from "../../../hand-off/hand-off-helpdesk.ts";
import { handOffPaths } from "../../../hand-off/hand-off-paths.ts";
import type { HandOffPreset } from "../../../hand-off/presets/hand-off-preset.ts";
import { handOffPresetOf } from "../../../hand-off/presets/hand-off-presets.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { AgreedUsers } from "../../../openid/consents.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { atBrand, handOffAdminPaths, recipePath } from "../paths.ts";
import { handOffForm, type ShownHandOff } from "./hand-off-form.ts";
import { agreedSentence, type ListedHelpdesk, usedOn } from "./helpdesks-list-page.ts";

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
}

/** Its row in the list of connected helpdesks. */
export function handOffRow(
	{ helpdesk, isConfigured, lastUsed }: ListedHandOff,
	brand: Brand,
): Markup {
	const { id, name, preset, address, secret } = helpdesk;
	const paths = handOffAdminPaths(id);
	const remove = isConfigured ? "" : html`<a href="${atBrand(paths.remove, brand.id)}">Remove</a>`;
	const kind = handOffPresetOf(preset)?.name ?? preset;
	const shownKind = kind === name ? "" : html` <span class="soft">${kind}</span>`;
	const notes = [
		...(isConfigured ? ["From the configuration"] : []),
		...(secret === null ? ["Its key is missing: nobody gets there"] : []),
	].map((note) => html`<p class="help">${note}</p>`);
	return html`<tr><td><strong>${name}</strong>${shownKind}${notes}</td><td><code>${address}</code></td><td>${lastUsed === undefined ? "Never used" : usedOn(lastUsed, brand)}</td>
<td><div class="row-actions"><a href="${atBrand(paths.helpdesk, brand.id)}">Open</a> ${testLink(helpdesk, brand)} ${remove}</div></td></tr>`;
}

/** A helpdesk that takes a signed token: what to paste there, the test, and its settings. */
export function handOffPage(page: HandOffPage): Markup {
	const { brand, helpdesk, preset, message, lastUsed, isConfigured } = page;
	const { id, name, createdAt } = helpdesk;
	const since = isConfigured ? "" : ` Connected since ${sortableTime(createdAt, "day", brand)}.`;
	const remove = isConfigured
		? ""
		: html`<p class="actions"><a class="danger" href="${atBrand(handOffAdminPaths(id).remove, brand.id)}">Remove ${name}</a></p>`;
	return html`${pageHead(name, html`Last used: ${usedOn(lastUsed, brand)}.${since}`)}${message}${keyNotice(page)}
${preset === undefined ? "" : pasteSection(page, preset)}
<h2>Test</h2><div class="card"><p>${testLink(helpdesk, brand)}</p><p class="help">Opens the log-in of ${brand.name} in a new tab, and shows what ${name} would receive about you. ${name} itself receives nothing. Only a real log-in shows whether it takes the token.</p>${apiCheck(page)}</div>
<h2>Settings</h2><div class="card">${settings(page)}</div>${remove}`;
}

/** Says what is missing before anybody gets there. */
function keyNotice({ helpdesk: { name, secret }, preset }: HandOffPage): Markup {
	return secret === null && preset !== undefined
		? notice(
				`There is no ${preset.secretLabel} yet, so nobody gets to ${name}. Copy it from ${preset.secretWhere}, and enter it below.`,
				true,
			)
		: html``;
}

function pasteSection({ brand, helpdesk }: HandOffPage, preset: HandOffPreset): Markup {
	const paths = handOffPaths(helpdesk.id);
	const rows = preset.fields.map(({ label, value }, index) => {
		const address = `${brand.baseUrl}${value === "hand-off" ? paths.handOff : paths.logOut}`;
		const id = `paste-${index}`;
		return html`<label for="${id}">${label}</label><div class="copy"><input id="${id}" value="${address}" readonly><button class="secondary" type="button" data-copy="${address}" hidden>Copy</button></div>`;
	});
	return html`<h2>What to paste into ${preset.name}</h2><div class="card"><p>There, open <strong>${preset.where}</strong>.</p>${rows}
<p class="help">How far this was tried: against the documentation, not with a running ${preset.name}. Every step is in <a href="${atBrand(recipePath(preset.id), brand.id)}">the recipe for ${preset.name}</a>, which says how to report one that works.</p><p class="help">${preset.name} cannot be told when a user is suspended, deleted or logged out here. Its own session lives on: ${preset.ownSession}</p></div>`;
}

function apiCheck({ brand, helpdesk, preset, csrf }: HandOffPage): Markup {
	return helpdesk.apiToken === null || preset?.hasApi !== true
		? html``
		: html`<form method="post" action="${atBrand(handOffAdminPaths(helpdesk.id).check, brand.id)}">${csrfField(csrf)}<button class="secondary" type="submit">Check the API token</button></form>`;
}

function settings({ brand, helpdesk, preset, form, isConfigured, csrf }: HandOffPage): Markup {
	if (isConfigured) {
		return html`<p>The configuration of the helpdesk fixes these. Change them in the file of <code>--connected-helpdesks-file</code>, and start again.</p>${facts(helpdesk)}`;
	}
	if (preset === undefined) {
		return html`<p class="problem">This version does not know the kind of helpdesk “${helpdesk.preset}”, so it cannot be changed here, and nobody gets there.</p>${facts(helpdesk)}`;
	}
	const action = atBrand(handOffAdminPaths(helpdesk.id).helpdesk, brand.id);
	return handOffForm(preset, form, { action, button: "Save", csrf });
}

function facts({ address, otherSites, neverAsserted, ...rest }: HandOffHelpdesk): Markup {
	return html`<dl><dt>Address</dt><dd>${address}</dd><dt>Other sites</dt><dd>${otherSites.join(", ") || "There are none."}</dd><dt>Brand ID</dt><dd>${rest.remoteBrandId ?? "There is none."}</dd><dt>Never passed on</dt><dd>${neverAsserted.join(", ") || "Nothing is on the list."}</dd><dt>Straight to X</dt><dd>${rest.straightToX ? "Yes" : "No"}</dd></dl>`;
}

/** Opens the way of a log-in, in a tab of its own. */
function testLink({ id }: HandOffHelpdesk, { baseUrl }: Brand): Markup {
	return html`<a href="${baseUrl}${handOffPaths(id).test}" target="_blank" rel="noopener">Test</a>`;
}

/** Who is affected by a removal, and how. */
export function handOffRemovalPage(page: {
	readonly brand: Brand;
	readonly listed: ListedHandOff;
	readonly users: AgreedUsers;
	/** The title of the page that the log-in button there leads to afterwards. */
	readonly errorText: string;
	readonly csrf: string;
}): Markup {
	const { brand, listed, users, errorText, csrf } = page;
	const { id, name, createdAt } = listed.helpdesk;
	const paths = handOffAdminPaths(id);
	return html`${pageHead(`Remove ${name}?`, `Nobody can log in at ${name} from here afterwards.`)}<div class="card"><ul class="impact"><li>${agreedSentence(users, brand)}</li><li>Connected since ${sortableTime(createdAt, "day", brand)}. Last used: ${usedOn(listed.lastUsed, brand)}.</li></ul>
<p>Nobody can log in at ${name} from here afterwards. Its log-in button leads to a page of ${brand.name} that says: “${errorText}” Switch it off there first.</p>
<p>Users who are logged in at ${name} stay so until its own session ends. Accounts here stay. ${listed.helpdesk.apiToken === null ? "The stored key is" : "The stored key and API token are"} deleted. To connect ${name} again, you paste new values there.</p>
<form method="post" action="${atBrand(paths.remove, brand.id)}">${csrfField(csrf)}<div class="actions answer"><button class="danger" type="submit">Remove</button><a href="${atBrand(paths.helpdesk, brand.id)}">Cancel</a></div></form></div>`;
}
