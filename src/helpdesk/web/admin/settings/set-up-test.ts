import { html } from "hono/html";
import type { SetUpCheck } from "../../../../contract/set-up-check.ts";
import { setUpSentence, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { TextKey } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { atBrand, integrationPaths } from "../paths.ts";
import type { SettingsPage } from "./settings-page.ts";

const STATES = {
	ok: "settings.test.ok",
	failed: "settings.test.failed",
	likely: "settings.test.likely",
	unknown: "settings.test.unknown",
} as const satisfies Record<SetUpCheck["state"], TextKey>;

/** What the last test of a brand found, and the button for the next one. */
export function testSection({ plugin, place, test, csrf, locale }: SettingsPage): Markup {
	const { id, name } = plugin.loaded.manifest;
	const ofPlugin = textsOf(plugin, locale.tag);
	const { text } = locale;
	const rows = test?.checks.map(
		(check) =>
			html`<li class="check ${check.state}"><strong>${text(STATES[check.state])}</strong> <span>${setUpSentence(ofPlugin, check)}</span></li>`,
	);
	const time = test === undefined ? "" : sortableTime(test.at, "minute", place);
	const found =
		rows === undefined
			? html`<p class="soft">${text("settings.test.none")}</p>`
			: html`<ul class="plain checks">${rows}</ul><p class="help">${text("settings.test.when", { time })}</p>`;
	return html`<h2 id="test">${text("settings.test.title")}</h2><div class="card">${found}<form method="post" action="${atBrand(integrationPaths(id).test, place.id)}">${csrfField(csrf)}<button class="secondary" type="submit">${text("settings.test.submit")}</button></form>
<p class="help">${text("settings.test.help", { name })}</p></div>`;
}
