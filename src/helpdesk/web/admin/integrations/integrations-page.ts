import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Explanation } from "../../../../contract/explanation.ts";
import type { AddOnState } from "../../../add-ons/add-on-states.ts";
import type { BrokenAddOn } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { type Texts, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Locale } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { MissingSetting } from "../../../settings/plugin-settings.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, integrationPaths } from "../paths.ts";
import { privacyPath } from "../privacy/privacy-page.ts";

export interface IntegrationRow {
	readonly plugin: PluginHooks;
	readonly state: AddOnState;
	readonly unready: readonly UnreadyBrand[];
	/** Some of the brands at which log-ins fail. */
	readonly failing: readonly BrandFailure[];
	/** Whether the plugin can work at one brand at least. */
	readonly isAnyReady: boolean;
}

/** A brand at which an active plugin cannot work yet. */
interface UnreadyBrand {
	readonly brand: Brand;
	/** Undefined: its settings cannot be read. */
	readonly missing: readonly MissingSetting[] | undefined;
}

/** A brand at which log-ins with an active plugin fail. */
export interface BrandFailure {
	readonly brand: Brand;
	/** Milliseconds since the epoch. */
	readonly since: number;
	/** Why, in a few words, and what to do. */
	readonly words: Pick<Explanation, "title" | "text">;
}

const LEAD =
	"What your visitors can log in with. Activate one, enter its keys under Settings, and then switch it on under Social Login.";

export function integrationsPage(page: {
	readonly rows: readonly IntegrationRow[];
	readonly broken: readonly BrokenAddOn[];
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { rows, broken, csrf, message, locale } = page;
	const unusable = broken.map(({ id }) =>
		notice(`${id} cannot be used. The page Add-ons says why.`, true),
	);
	return html`${pageHead("Third-Party Integrations", LEAD)}${message}${unusable}
<table><thead><tr><th scope="col">Actions</th><th scope="col">Integration</th><th scope="col">Status</th></tr></thead><tbody>${rows.map((row) => integrationRow(row, locale, csrf))}</tbody></table>
<p class="help">Find more integrations and other versions under <a href="${ADMIN_PATHS.addOns}">Add-ons</a>.</p>`;
}

function integrationRow(row: IntegrationRow, { tag }: Locale, csrf: string): Markup {
	const { plugin } = row;
	const { manifest } = plugin.loaded;
	const text = textsOf(plugin, tag);
	const policy = privacyPath(plugin);
	const privacy =
		policy === undefined ? "" : html` <a href="${policy}">Text for your privacy policy</a>`;
	return html`<tr><td><div class="row-actions">${actionsOf(row, csrf)}</div></td>
<td><div class="with-mark"><span class="mark" aria-hidden="true">${raw(plugin.loaded.icon)}</span><div><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${text(manifest.texts.description)}</p><p class="help">${text(manifest.texts.privacy)}${privacy}</p></div></div></td>
<td>${statusOf(row, tag)}</td></tr>`;
}

function actionsOf({ plugin, state }: IntegrationRow, csrf: string): readonly (Markup | string)[] {
	const paths = integrationPaths(plugin.loaded.manifest.id);
	const button = (label: string, path: string, looks = "link"): Markup =>
		html`<form method="post" action="${path}">${csrfField(csrf)}<button class="${looks}" type="submit">${label}</button></form>`;
	const link = (label: string, path: string): Markup => html`<a href="${path}">${label}</a>`;
	const activate = button("Activate", paths.activate);
	const uninstall = button("Uninstall", paths.uninstall, "link danger");
	const simulator = plugin.can("simulate") ? link("Simulator", paths.simulator) : "";
	const exported = plugin.can("exportLinks") ? link("Export links", paths.linksExport) : "";
	switch (state.kind) {
		case "active": {
			const links = plugin.can("importLinks") ? link("Links", paths.links) : "";
			const settings = link("Settings", paths.settings);
			const trial = plugin.loaded.canTry === true ? link("Try it", paths.tryLogin) : "";
			const deactivate = button("Deactivate", paths.deactivate);
			return [deactivate, settings, trial, simulator, links, uninstall];
		}
		case "disabled":
		case "failed":
			return [activate, simulator, exported, uninstall];
		case "not-installed": {
			const deleteKept = button("Delete what was kept", paths.deleteKept, "link danger");
			const install = button("Install", paths.install);
			if (state.emptying) {
				return [deleteKept];
			}
			return state.kept ? [install, exported, deleteKept] : [install];
		}
	}
}

function statusOf(
	{ plugin, state, unready, failing, isAnyReady }: IntegrationRow,
	tag: string,
): Markup {
	switch (state.kind) {
		case "active":
			return html`${failing.length > 0 ? failures(plugin, failing) : isAnyReady ? "Active" : "Needs set-up"}${unready.map((each) => setUpNote(plugin, each, tag))}`;
		case "disabled":
			return html`Disabled`;
		case "not-installed":
			return html`Not installed<p class="help">${keptNote(state)}</p>`;
		case "failed": {
			const { reason, since } = state.failure;
			const when = since === undefined ? "" : `Since ${sortableTime(since, "minute", {})}. `;
			const { id } = plugin.loaded.manifest;
			return html`Failed<p class="problem">${reason === "" ? "It gave no reason." : reason}</p>
<p class="help">${when}Fix the problem, then press Activate again. For details, find “the hook onActivate of ${id} failed” in the helpdesk's log.</p>`;
		}
	}
}

/** Says since when log-ins fail, at which brands, why and what to do. */
function failures(plugin: PluginHooks, failing: readonly BrandFailure[]): Markup {
	const { settings } = integrationPaths(plugin.loaded.manifest.id);
	const since = Math.min(...failing.map((each) => each.since));
	const notes = failing.map(
		({ brand, since: from, words }) =>
			html`<p class="problem">${brand.name}, since ${shownSince(from, brand)}: ${words.title}.</p><p class="help">${words.text} <a href="${atBrand(settings, brand.id)}">Settings of ${brand.name}</a></p>`,
	);
	return html`Failing since ${shownSince(since, failing[0]?.brand)}${notes}`;
}

function shownSince(time: number, brand: Pick<Brand, "timeZone"> = {}): string {
	return sortableTime(time, "minute", brand);
}

function keptNote({ kept, emptying }: Extract<AddOnState, { kind: "not-installed" }>): string {
	if (kept) {
		return "Its data is kept for when you install it again.";
	}
	return emptying
		? "Its data is being deleted, and some of it is still there. Jobs shows how far that is. If no job does it, press “Delete what was kept”, or restart the helpdesk."
		: "None of its data is stored.";
}

function setUpNote(plugin: PluginHooks, { brand, missing }: UnreadyBrand, tag: string): Markup {
	if (missing === undefined) {
		return html`<p class="problem">The settings of ${brand.name} cannot be read. The helpdesk's log says why.</p>`;
	}
	const text = textsOf(plugin, tag);
	const absent = missing.filter(({ isSealed }) => !isSealed);
	const sealed = missing.filter(({ isSealed }) => isSealed);
	const reasons = [
		...(absent.length === 0
			? []
			: [`${labels(absent, text)} ${absent.length === 1 ? "is" : "are"} missing`]),
		...(sealed.length === 0
			? []
			: [`${labels(sealed, text)} cannot be read, because the key file has changed`]),
	];
	const path = atBrand(integrationPaths(plugin.loaded.manifest.id).settings, brand.id);
	return html`<p class="help">Needs set-up for ${brand.name}: ${reasons.join("; ")}. <a href="${path}">Set up ${brand.name}</a></p>`;
}

function labels(missing: readonly MissingSetting[], text: Texts): string {
	return missing.map(({ name }) => `“${text(`settings.${name}.label`)}”`).join(" and ");
}
