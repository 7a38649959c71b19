import { html } from "hono/html";
import { CALLBACK_URL } from "../../../../artifact/load/read-settings-page.ts";
import type { SetUpCheck } from "../../../../contract/set-up-check.ts";
import { setUpSentence, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { SetUpResult } from "../../../add-ons/set-up-results.ts";
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
	const text = textsOf(plugin, locale.tag);
	const fields = [...problems.keys()].map(
		(name) => html`<li><a href="#${name}">${text(`settings.${name}.label`)}</a></li>`,
	);
	return html`<div class="notice bad" role="alert" tabindex="-1" autofocus><p>Not saved. Fix the fields marked below.</p><ul>${fields}</ul></div>`;
}

function testResult(page: SettingsPage, { checks }: SetUpResult): Markup {
	const { plugin, place } = page;
	const { name } = plugin.loaded.manifest;
	const failed = checks.filter(({ state }) => state === "failed");
	const likely = checks.filter(({ state }) => state === "likely");
	const [verdict, isBad] =
		failed.length > 0
			? [`The settings are saved, but ${name} is not connected to ${place.name}.`, true]
			: likely.length > 0
				? [`The settings are saved, and ${name} answers. Something is probably wrong.`, true]
				: [`The settings are saved, and ${name} is connected to ${place.name}.`, false];
	const rows = [...failed, ...likely].map((check) => html`<li>${remedy(page, check)}</li>`);
	const found = isBad ? html`<ul>${rows}</ul>` : html` <a href="#test">See what was tested</a>.`;
	return html`<div class="notice${isBad ? " bad" : ""}" role="${isBad ? "alert" : "status"}" id="${RESULT_ID}" tabindex="-1"><p><strong>${verdict}</strong>${isBad ? "" : found}</p>${isBad ? found : ""}${forVisitors(page, failed.length > 0)}</div>`;
}

/** What visitors see meanwhile, and the step that is left. */
function forVisitors({ plugin, place, isOn }: SettingsPage, hasFailed: boolean): Markup {
	const { id, name } = plugin.loaded.manifest;
	const manage = html`<a href="${socialLoginPaths(id).manage}">Social Login</a>`;
	if (hasFailed) {
		return isOn
			? html`<p>Visitors of ${place.name} see the button of ${name} and cannot log in with it until this is fixed. You can switch it off under ${manage}.</p>`
			: html``;
	}
	return isOn
		? html``
		: html`<p>Visitors do not see the button of ${name} yet. Next, switch it on under ${manage}.</p>`;
}

/** What a check found, with the way to the field where it is put right. */
function remedy({ plugin, locale }: SettingsPage, check: SetUpCheck): Markup {
	const text = textsOf(plugin, locale.tag);
	const place = plugin.loaded.settingsPage?.remedies?.[check.message];
	const label = place === CALLBACK_URL ? "Callback URL" : text(`settings.${place}.label`);
	const way = place === undefined ? "" : html` <a href="#${place}">Go to “${label}”</a>`;
	return html`${setUpSentence(text, check)}${way}`;
}
