import { html, raw } from "hono/html";
import type { LoadedSettingsPage } from "../../../../artifact/load/read-settings-page.ts";
import type { GuideDrawing, GuideStep } from "../../../../contract/settings-page.ts";
import { isInUse } from "../../../../contract/settings-schema.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import type { SettingsPage } from "./settings-page.ts";

/** What to do at the provider. Empty for all brands: each has its own callback URL and log-in page. */
export function setUpGuide(page: SettingsPage): Markup {
	const { plugin, place } = page;
	const { manifest, settingsPage } = plugin.loaded;
	const text = textsOf(plugin, page.locale.tag);
	const { callbackUrl } = place;
	if (callbackUrl === undefined) {
		return html``;
	}
	const guide =
		settingsPage?.guide === undefined
			? html`<ol>${manifest.texts.steps.map((key) => html`<li>${withCallback(text(key), callbackUrl)}</li>`)}</ol>`
			: illustrated(page, settingsPage, settingsPage.guide, callbackUrl);
	const title = plugin.can("handleCallback") ? "settings.guide.keys" : "settings.guide.no-keys";
	const logIn = { brand: place.name };
	const last = page.locale.markup("settings.guide.last", logIn, {
		link: (content) => html`<a href="${place.baseUrl}${place.loginPath}">${content}</a>`,
	});
	return html`<h2>${page.locale.text(title)}</h2><ul class="plain">${manifest.texts.prerequisites.map((key) => html`<li>${linked(text(key))}</li>`)}</ul>
${guide}
<p>${last}</p>`;
}

/** Steps with drawings, of which the first is open until the brand has its keys. */
function illustrated(
	page: SettingsPage,
	{ drawings }: LoadedSettingsPage,
	guide: readonly GuideStep[],
	callbackUrl: string,
): Markup {
	const text = textsOf(page.plugin, page.locale.tag);
	const begins = isIncomplete(page);
	const steps = guide.map((step, index) => {
		const [first, ...others] = step.drawings ?? [];
		return html`<li><details${begins && index === 0 ? html` open` : ""}><summary>${text(step.title)}</summary><p>${withCallback(text(step.text), callbackUrl)}</p>${first === undefined ? "" : figure(first)}${others.map(folded)}</details></li>`;
	});
	return html`<ol class="steps">${steps}</ol>`;

	function figure({ file, caption, description }: GuideDrawing): Markup {
		return html`<figure class="drawing"><div aria-hidden="true">${raw(drawings.get(file) ?? "")}</div><p class="unseen">${text(description)}</p><figcaption class="help">${text(caption)}</figcaption></figure>`;
	}

	function folded({ file, caption, description }: GuideDrawing): Markup {
		return html`<details class="drawing"><summary class="help">${text(caption)}</summary><div aria-hidden="true">${raw(drawings.get(file) ?? "")}</div><p class="unseen">${text(description)}</p></details>`;
	}
}

/** Whether the brand lacks a setting that the plugin needs. */
function isIncomplete({ plugin, stored, secrets }: SettingsPage): boolean {
	const { properties, required = [] } = plugin.loaded.settingsSchema;
	return required.some((name) => {
		const setting = properties[name];
		const isSet = setting?.writeOnly
			? secrets.get(name)?.readable === true
			: stored.values[name] !== undefined;
		return setting !== undefined && isInUse(setting, stored.values) && !isSet;
	});
}

/** A step of the guide. The callback URL is marked, to be copied. */
function withCallback(step: string, callbackUrl: string): Markup[] {
	return step
		.split("{callbackUrl}")
		.map(
			(part, index) => html`${index === 0 ? "" : html`<code>${callbackUrl}</code>`}${linked(part)}`,
		);
}
