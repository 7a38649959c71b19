import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { NO_PROBLEMS, type Problems, problemSummary } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, integrationPaths, socialLoginPaths } from "../paths.ts";
import { anywayOf, type BrandSwitch, SHOWN_BRANDS } from "./brand-switches.ts";

export interface ShownSwitch extends BrandSwitch {
	/** Whether the toggle is on, where that differs from `enabled`. */
	readonly wanted?: boolean;
}

/** What became of a form that was sent. */
export interface ShownResult {
	readonly message?: Markup;
	/** By the id of the switch. */
	readonly problems?: Problems;
}

/** The id of the switch of a brand on its page. */
export function switchOf({ id }: Brand): string {
	return `switch-${id}`;
}

/** @param offered the integrations that are active and set up. */
export function socialLoginPage(offered: readonly AddOn[]): Markup {
	const rows = offered.map(
		({ loaded: { manifest, icon } }) =>
			html`<li class="card"><span class="mark" aria-hidden="true">${raw(icon)}</span><strong>${manifest.name}</strong><a class="button" href="${socialLoginPaths(manifest.id).manage}">Manage</a></li>`,
	);
	const list =
		rows.length > 0
			? html`<ul class="boxes">${rows}</ul>`
			: html`<p>No integration is active and set up.</p>`;
	return html`${pageHead("Social Login", "Which log-in buttons visitors see, brand by brand.")}${list}
<p class="help">To add or set up an integration, go to <a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a>.</p>`;
}

function logInPageOf({ name, baseUrl, loginPath }: Brand): Markup {
	return html`<p class="help"><a href="${baseUrl}${loginPath}" rel="noreferrer">Open the log-in page of ${name}</a> in a private window, and log in as a visitor.</p>`;
}

export function manageLoginPage(
	plugin: PluginHooks,
	switches: readonly ShownSwitch[],
	csrf: string,
	{ message = html``, problems = NO_PROBLEMS }: ShownResult,
): Markup {
	const { id, name } = plugin.loaded.manifest;
	const { manage } = socialLoginPaths(id);
	const { settings, tryLogin } = integrationPaths(id);
	const toggles = switches.map(({ brand, enabled, wanted = enabled, readable, complete, test }) => {
		const id = switchOf(brand);
		const isFailing = complete && !enabled && hasFailed(test);
		const tied = complete && !isFailing ? "" : html` aria-describedby="${id}-problem"`;
		const refused = problems.has(id) ? html` aria-invalid="true"` : "";
		const state = complete ? (wanted ? html` checked` : "") : html` disabled`;
		const reason = readable
			? html`${brand.name} has no keys yet, so it cannot be switched on. <a href="${atBrand(settings, brand.id)}">Enter its keys</a>.`
			: html`The settings of ${brand.name} cannot be read. The helpdesk's log says why.`;
		const why = complete ? "" : html`<p class="help" id="${id}-problem">${reason}</p>`;
		const failed = isFailing
			? html`<div><p class="problem" id="${id}-problem">The last test failed: <a href="${atBrand(settings, brand.id)}#test">see what to fix</a>.</p><label class="toggle"><input type="checkbox" name="${anywayOf(brand.id)}">Switch ${brand.name} on anyway</label></div>`
			: "";
		return html`<div class="choice"><label class="toggle"><input type="checkbox" id="${id}" role="switch" name="${brand.id}"${state}${tied}${refused}>${brand.name}<span class="state" aria-hidden="true"></span></label>${why}${failed}${enabled ? logInPageOf(brand) : ""}</div>`;
	});
	const trial =
		plugin.loaded.canTry === true
			? html`<p class="help">You can <a href="${tryLogin}">try it as a visitor</a> before you switch it on.</p>`
			: "";
	const shown = switches.map(({ brand }) => brand.id).join(",");
	return html`${pageHead(`${name}: brands`, "Brands that are on show the button on their log-in and registration pages.")}${message}${problemSummary(problems)}
<div class="card"><form method="post" action="${manage}">${csrfField(csrf)}<input type="hidden" name="${SHOWN_BRANDS}" value="${shown}">${toggles}<div class="actions"><button type="submit">Submit</button></div></form></div>${trial}`;
}
