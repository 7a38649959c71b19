import { html, raw } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Explanation } from "../../../../contract/explanation.ts";
import type { AddOnState } from "../../../add-ons/add-on-states.ts";
import type { BrokenAddOn } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { MissingSetting } from "../../../settings/plugin-settings.ts";
import { csrfField, type Markup, notice, saidMarkup } from "../../layout.ts";
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

export function integrationsPage(page: {
	readonly rows: readonly IntegrationRow[];
	readonly broken: readonly BrokenAddOn[];
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
}): Markup {
	const { rows, broken, csrf, message, locale } = page;
	const { text } = locale;
	const unusable = broken.map(({ id }) => notice(text("integrations.unusable", { id }), true));
	const more = locale.markup(
		"integrations.more",
		{},
		{ link: (content) => html`<a href="${ADMIN_PATHS.addOns}">${content}</a>` },
	);
	return html`${pageHead(text("integrations.title"), text("integrations.lead"))}${message}${unusable}
<table><thead><tr><th scope="col">${text("integrations.column.actions")}</th><th scope="col">${text("integrations.column.integration")}</th><th scope="col">${text("integrations.column.status")}</th></tr></thead><tbody>${rows.map((row) => integrationRow(row, locale, csrf))}</tbody></table>
<p class="help">${more}</p>`;
}

function integrationRow(row: IntegrationRow, locale: Locale, csrf: string): Markup {
	const { plugin } = row;
	const { manifest } = plugin.loaded;
	const ofPlugin = textsOf(plugin, locale.tag);
	const policy = privacyPath(plugin);
	const privacy =
		policy === undefined
			? ""
			: html` <a href="${policy}">${locale.text("integrations.privacy-text")}</a>`;
	return html`<tr><td><div class="row-actions">${actionsOf(row, locale, csrf)}</div></td>
<td><div class="with-mark"><span class="mark" aria-hidden="true">${raw(plugin.loaded.icon)}</span><div><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${ofPlugin(manifest.texts.description)}</p><p class="help">${ofPlugin(manifest.texts.privacy)}${privacy}</p></div></div></td>
<td>${statusOf(row, locale)}</td></tr>`;
}

function actionsOf(
	{ plugin, state }: IntegrationRow,
	{ text }: Locale,
	csrf: string,
): readonly (Markup | string)[] {
	const paths = integrationPaths(plugin.loaded.manifest.id);
	const button = (label: TextKey, path: string, looks = "link"): Markup =>
		html`<form method="post" action="${path}">${csrfField(csrf)}<button class="${looks}" type="submit">${text(label)}</button></form>`;
	const link = (label: TextKey, path: string): Markup => html`<a href="${path}">${text(label)}</a>`;
	const activate = button("integrations.activate", paths.activate);
	const uninstall = button("integrations.uninstall", paths.uninstall, "link danger");
	const simulator = plugin.can("simulate") ? link("integrations.simulator", paths.simulator) : "";
	const exported = plugin.can("exportLinks")
		? link("integrations.export-links", paths.linksExport)
		: "";
	switch (state.kind) {
		case "active": {
			const links = plugin.can("importLinks") ? link("integrations.links", paths.links) : "";
			const settings = link("integrations.settings", paths.settings);
			const trial = plugin.loaded.canTry === true ? link("integrations.try", paths.tryLogin) : "";
			const deactivate = button("integrations.deactivate", paths.deactivate);
			return [deactivate, settings, trial, simulator, links, uninstall];
		}
		case "disabled":
		case "failed":
			return [activate, simulator, exported, uninstall];
		case "not-installed": {
			const deleteKept = button("integrations.delete-kept", paths.deleteKept, "link danger");
			const install = button("integrations.install", paths.install);
			if (state.emptying) {
				return [deleteKept];
			}
			return state.kept ? [install, exported, deleteKept] : [install];
		}
	}
}

function statusOf(row: IntegrationRow, locale: Locale): Markup {
	const { plugin, state, unready, failing, isAnyReady } = row;
	const { text } = locale;
	switch (state.kind) {
		case "active": {
			const works = text(
				isAnyReady ? "integrations.state.active" : "integrations.state.needs-set-up",
			);
			return html`${failing.length > 0 ? failures(plugin, failing, locale) : works}${unready.map((each) => setUpNote(plugin, each, locale))}`;
		}
		case "disabled":
			return html`${text("integrations.state.disabled")}`;
		case "not-installed":
			return html`${text("integrations.state.not-installed")}<p class="help">${text(keptNote(state))}</p>`;
		case "failed": {
			const { reason, since } = state.failure;
			const time = since === undefined ? "" : sortableTime(since, "minute", {});
			const when = since === undefined ? "" : `${text("integrations.failed-since", { time })} `;
			// The log is in English.
			const logged = `the hook onActivate of ${plugin.loaded.manifest.id} failed`;
			return html`${text("integrations.state.failed")}<p class="problem">${reason === "" ? text("integrations.no-reason") : saidMarkup(reason, locale)}</p>
<p class="help">${when}${text("integrations.activate-again", { logged })}</p>`;
		}
	}
}

/** Says since when log-ins fail, at which brands, why and what to do. */
function failures(plugin: PluginHooks, failing: readonly BrandFailure[], { text }: Locale): Markup {
	const { settings } = integrationPaths(plugin.loaded.manifest.id);
	const since = Math.min(...failing.map((each) => each.since));
	const notes = failing.map(({ brand, since: from, words }) => {
		const values = { brand: brand.name, time: shownSince(from, brand), problem: words.title };
		return html`<p class="problem">${text("integrations.failing-at", values)}</p><p class="help">${words.text} <a href="${atBrand(settings, brand.id)}">${text("integrations.settings-of", { brand: brand.name })}</a></p>`;
	});
	const time = shownSince(since, failing[0]?.brand);
	return html`${text("integrations.state.failing", { time })}${notes}`;
}

function shownSince(time: number, brand: Pick<Brand, "timeZone"> = {}): string {
	return sortableTime(time, "minute", brand);
}

function keptNote({ kept, emptying }: Extract<AddOnState, { kind: "not-installed" }>): TextKey {
	if (kept) {
		return "integrations.kept";
	}
	return emptying ? "integrations.emptying" : "integrations.nothing-kept";
}

function setUpNote(plugin: PluginHooks, { brand, missing }: UnreadyBrand, locale: Locale): Markup {
	const { text } = locale;
	if (missing === undefined) {
		return html`<p class="problem">${text("integrations.settings-unreadable", { brand: brand.name })}</p>`;
	}
	const path = atBrand(integrationPaths(plugin.loaded.manifest.id).settings, brand.id);
	const link = html`<a href="${path}">${text("integrations.set-up", { brand: brand.name })}</a>`;
	return html`<p class="help">${needs(plugin, brand, missing, locale)} ${link}</p>`;
}

function needs(
	plugin: PluginHooks,
	brand: Brand,
	missing: readonly MissingSetting[],
	locale: Locale,
): string {
	const { text } = locale;
	const ofPlugin = textsOf(plugin, locale.tag);
	const labels = (settings: readonly MissingSetting[]): string =>
		locale.list(
			settings.map(({ name }) =>
				text("integrations.quoted-setting", { setting: ofPlugin(`settings.${name}.label`) }),
			),
		);
	const absent = missing.filter(({ isSealed }) => !isSealed);
	const sealed = missing.filter(({ isSealed }) => isSealed);
	const [count, values] = [absent.length, { brand: brand.name, settings: labels(absent) }];
	if (count === 0) {
		const settings = labels(sealed);
		return text("integrations.sealed", { ...values, settings, count: sealed.length });
	}
	return sealed.length === 0
		? text("integrations.missing", { ...values, count })
		: text("integrations.missing-and-sealed", { ...values, count, sealed: labels(sealed) });
}
