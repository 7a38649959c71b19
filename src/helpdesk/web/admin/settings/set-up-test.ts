import { html } from "hono/html";
import type { SetUpCheck } from "../../../../contract/set-up-check.ts";
import { setUpSentence, textsOf } from "../../../add-ons/plugin-texts.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { atBrand, integrationPaths } from "../paths.ts";
import type { SettingsPage } from "./settings-page.ts";

const STATES = {
	ok: "OK",
	failed: "Fix this",
	likely: "Likely",
	unknown: "Not known yet",
} as const satisfies Record<SetUpCheck["state"], string>;

/** What the last test of a brand found, and the button for the next one. */
export function testSection({ plugin, place, test, csrf, locale }: SettingsPage): Markup {
	const { id, name } = plugin.loaded.manifest;
	const text = textsOf(plugin, locale.tag);
	const rows = test?.checks.map(
		(check) =>
			html`<li class="check ${check.state}"><strong>${STATES[check.state]}</strong> <span>${setUpSentence(text, check)}</span></li>`,
	);
	const when = test === undefined ? "" : sortableTime(test.at, "minute", place);
	const found =
		rows === undefined
			? html`<p class="soft">Not tested since the settings were saved.</p>`
			: html`<ul class="plain checks">${rows}</ul><p class="help">Tested ${when}.</p>`;
	return html`<h2 id="test">Test</h2><div class="card">${found}<form method="post" action="${atBrand(integrationPaths(id).test, place.id)}">${csrfField(csrf)}<button class="secondary" type="submit">Test connection</button></form>
<p class="help">Asks ${name}, with the saved keys and this callback URL. Unsaved changes are not tested. Visitors do not notice the test.</p></div>`;
}
