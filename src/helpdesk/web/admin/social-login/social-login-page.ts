import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { MarkupTags } from "../../../locale/markup-message.ts";
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
export function socialLoginPage(offered: readonly AddOn[], { text, markup }: Locale): Markup {
	const rows = offered.map(
		({ loaded: { manifest, icon } }) =>
			html`<li class="card"><span class="mark" aria-hidden="true">${raw(icon)}</span><strong>${manifest.name}</strong><a class="button" href="${socialLoginPaths(manifest.id).manage}">${text("social-login.manage")}</a></li>`,
	);
	const list =
		rows.length > 0
			? html`<ul class="boxes">${rows}</ul>`
			: html`<p>${text("social-login.none")}</p>`;
	const help = markup("social-login.help", {}, linkTo(ADMIN_PATHS.integrations));
	return html`${pageHead(text("social-login.title"), text("social-login.lead"))}${list}
<p class="help">${help}</p>`;
}

function linkTo(path: string): MarkupTags {
	return { link: (content) => html`<a href="${path}">${content}</a>` };
}

function logInPageOf({ name, baseUrl, loginPath }: Brand, { markup }: Locale): Markup {
	const link = (content: Markup): Markup =>
		html`<a href="${baseUrl}${loginPath}" rel="noreferrer">${content}</a>`;
	return html`<p class="help">${markup("switches.log-in-page", { brand: name }, { link })}</p>`;
}

export function manageLoginPage(
	plugin: PluginHooks,
	switches: readonly ShownSwitch[],
	csrf: string,
	{ message = html``, problems = NO_PROBLEMS }: ShownResult,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const { id, name } = plugin.loaded.manifest;
	const { manage } = socialLoginPaths(id);
	const { settings, tryLogin } = integrationPaths(id);
	const toggles = switches.map((each) =>
		brandToggle(each, atBrand(settings, each.brand.id), problems, locale),
	);
	const trial =
		plugin.loaded.canTry === true
			? html`<p class="help">${markup("switches.try", {}, linkTo(tryLogin))}</p>`
			: "";
	const shown = switches.map(({ brand }) => brand.id).join(",");
	return html`${pageHead(text("switches.title", { name }), text("switches.lead"))}${message}${problemSummary(problems)}
<div class="card"><form method="post" action="${manage}">${csrfField(csrf)}<input type="hidden" name="${SHOWN_BRANDS}" value="${shown}">${toggles}<div class="actions"><button type="submit">${text("switches.submit")}</button></div></form></div>${trial}`;
}

/** @param keys the address of the brand's settings. */
function brandToggle(
	{ brand, enabled, wanted = enabled, readable, complete, test }: ShownSwitch,
	keys: string,
	problems: Problems,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const id = switchOf(brand);
	const named = { brand: brand.name };
	const isFailing = complete && !enabled && hasFailed(test);
	const tied = complete && !isFailing ? "" : html` aria-describedby="${id}-problem"`;
	const refused = problems.has(id) ? html` aria-invalid="true"` : "";
	const state = complete ? (wanted ? html` checked` : "") : html` disabled`;
	const reason = markup(readable ? "switches.no-keys" : "switches.unreadable", named, linkTo(keys));
	const why = complete ? "" : html`<p class="help" id="${id}-problem">${reason}</p>`;
	const failed = isFailing
		? html`<div><p class="problem" id="${id}-problem">${markup("switches.failed", {}, linkTo(`${keys}#test`))}</p><label class="toggle"><input type="checkbox" name="${anywayOf(brand.id)}">${text("switches.anyway", named)}</label></div>`
		: "";
	return html`<div class="choice"><label class="toggle"><input type="checkbox" id="${id}" role="switch" name="${brand.id}"${state}${tied}${refused}>${brand.name}<span class="state" data-on="${text("switches.on")}" data-off="${text("switches.off")}" aria-hidden="true"></span></label>${why}${failed}${enabled ? logInPageOf(brand, locale) : ""}</div>`;
}
