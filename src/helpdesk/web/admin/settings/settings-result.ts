import { html } from "hono/html";
import { CALLBACK_URL } from "../../../../artifact/load/read-settings-page.ts";
import type { SetUpCheck } from "../../../../contract/set-up-check.ts";
import { setUpSentence, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { SetUpResult } from "../../../add-ons/set-up-results.ts";
import type { TextKey } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { socialLoginPaths } from "../paths.ts";
import type { SettingsPage } from "./settings-page.ts";

/** The id of the banner, to which _Save and test_ leads. */
export const RESULT_ID = "result";

/** What came of a form that was sent, in one place above the page. */
export function settingsResult(page: SettingsPage): Markup {
	if (page.problems.size > 0) {
		return refusal(page);
	}
	return page.isJustTested && page.test !== undefined ? testResult(page, page.test) : page.message;
}

/** Leads to each field that was refused. Its sentence stands beside the field. */
function refusal({ plugin, problems, locale }: SettingsPage): Markup {
	const ofPlugin = textsOf(plugin, locale.tag);
	const fields = [...problems.keys()].map(
		(name) => html`<li><a href="#${name}">${ofPlugin(`settings.${name}.label`)}</a></li>`,
	);
	return html`<div class="notice bad" role="alert" tabindex="-1" autofocus><p>${locale.text("settings.refused")}</p><ul>${fields}</ul></div>`;
}

function testResult(page: SettingsPage, { checks }: SetUpResult): Markup {
	const { plugin, place, locale } = page;
	const failed = checks.filter(({ state }) => state === "failed");
	const likely = checks.filter(({ state }) => state === "likely");
	const [verdict, isBad] = verdictOn(failed.length > 0, likely.length > 0);
	const names = { name: plugin.loaded.manifest.name, brand: place.name };
	const rows = [...failed, ...likely].map((check) => html`<li>${remedy(page, check)}</li>`);
	const see = locale.markup(
		"settings.tested.see",
		{},
		{ link: (content) => html`<a href="#test">${content}</a>` },
	);
	const found = isBad ? html`<ul>${rows}</ul>` : html` ${see}`;
	return html`<div class="notice${isBad ? " bad" : ""}" role="${isBad ? "alert" : "status"}" id="${RESULT_ID}" tabindex="-1"><p><strong>${locale.text(verdict, names)}</strong>${isBad ? "" : found}</p>${isBad ? found : ""}${forVisitors(page, failed.length > 0)}</div>`;
}

function verdictOn(hasFailed: boolean, isLikelyWrong: boolean): readonly [TextKey, boolean] {
	if (hasFailed) {
		return ["settings.tested.not-connected", true];
	}
	return isLikelyWrong
		? ["settings.tested.likely-wrong", true]
		: ["settings.tested.connected", false];
}

/** What visitors see meanwhile, and the step that is left. */
function forVisitors({ plugin, place, isOn, locale }: SettingsPage, hasFailed: boolean): Markup {
	const { id, name } = plugin.loaded.manifest;
	if (hasFailed !== isOn) {
		return html``;
	}
	const sentence = locale.markup(
		isOn ? "settings.tested.broken-button" : "settings.tested.no-button",
		{ name, brand: place.name },
		{ link: (content) => html`<a href="${socialLoginPaths(id).manage}">${content}</a>` },
	);
	return html`<p>${sentence}</p>`;
}

/** What a check found, with the way to the field where it is put right. */
function remedy({ plugin, locale }: SettingsPage, check: SetUpCheck): Markup {
	const ofPlugin = textsOf(plugin, locale.tag);
	const place = plugin.loaded.settingsPage?.remedies?.[check.message];
	const setting =
		place === CALLBACK_URL ? locale.text("settings.callback") : ofPlugin(`settings.${place}.label`);
	const way =
		place === undefined
			? ""
			: html` <a href="#${place}">${locale.text("settings.tested.go-to", { setting })}</a>`;
	return html`${setUpSentence(ofPlugin, check)}${way}`;
}
