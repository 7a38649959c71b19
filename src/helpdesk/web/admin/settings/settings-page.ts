import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { SetUpCheck } from "../../../../contract/set-up-check.ts";
import type { BrandSettings, SettingSource, SettingValue } from "../../../../contract/settings.ts";
import type { SettingSchema } from "../../../../contract/settings-schema.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { setUpSentence, type Texts, textsOf } from "../../../add-ons/plugin-texts.ts";
import type { SetUpResult } from "../../../add-ons/set-up-results.ts";
import { type InZone, sortableTime } from "../../../locale/shown-time.ts";
import { ALL_BRANDS, type SecretState } from "../../../settings/plugin-settings.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { ADMIN_PATHS, integrationPaths } from "../paths.ts";
import { privacyPath } from "../privacy/privacy-page.ts";
import { removalOf } from "./settings-form.ts";

const { integrations: INTEGRATIONS } = ADMIN_PATHS;

/** The action of the button beside Save. */
export const SAVE_AND_TEST = "test";

/** A brand, or all of them. */
export type SettingsPlace = Pick<Brand, "id" | "name"> &
	Partial<Pick<Brand, "callbackUrl" | "baseUrl" | "loginPath" | "timeZone">>;

export interface SettingsPage {
	readonly plugin: PluginHooks;
	readonly brands: readonly Brand[];
	readonly brand: SettingsPlace;
	readonly values: Readonly<Record<string, SettingValue>>;
	readonly sources: Readonly<Record<string, SettingSource>>;
	/** The values in force. They differ from the values above after a refused save. */
	readonly stored: Pick<BrandSettings, "values" | "sources">;
	/** The secrets that a refused save was to remove. */
	readonly removed: ReadonlySet<string>;
	/** The values for all brands. */
	readonly common: Readonly<Record<string, SettingValue>>;
	readonly secrets: ReadonlyMap<string, SecretState | undefined>;
	readonly problems: ReadonlyMap<string, string>;
	readonly test: SetUpResult | undefined;
	readonly csrf: string;
	readonly message: Markup;
}

const MOST_UNFOLDED = 5;

export function settingsPage(page: SettingsPage): Markup {
	const { plugin, brands, brand, csrf, message } = page;
	const { manifest, settingsSchema } = plugin.loaded;
	const path = `${INTEGRATIONS}/${manifest.id}`;
	const tabs = [...brands, { id: ALL_BRANDS, name: "All brands" }].map(
		({ id, name }) =>
			html`<li><a href="${path}?brand=${encodeURIComponent(id)}"${id === brand.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const fields = Object.entries(settingsSchema.properties).map(([name, setting]) =>
		settingField(page, name, setting),
	);
	const callback =
		brand.callbackUrl === undefined || !plugin.can("handleCallback")
			? ""
			: html`<label for="callback-url">Callback URL</label><div class="copy"><input id="callback-url" value="${brand.callbackUrl}" readonly><button class="secondary" type="button" data-copy="${brand.callbackUrl}" hidden>Copy</button></div>
<p class="help">Enter it at ${manifest.name} exactly as it is shown here.</p>`;
	return html`<h1>${manifest.name}: settings</h1>${message}<ul class="tabs">${tabs}</ul>${brand.id === ALL_BRANDS ? html`<p class="help lead">These settings apply to every brand without its own.</p>` : ""}
<div class="card"><form method="post" action="${path}?brand=${encodeURIComponent(brand.id)}">${csrfField(csrf)}${fields}${callback}
<div class="actions row-actions"><button type="submit">Save</button>${isTested(page) ? html`<button class="secondary" type="submit" name="action" value="${SAVE_AND_TEST}">Save and test</button>` : ""}</div></form></div>
${isTested(page) ? testSection(page) : ""}${toolsSection(page)}${setUpGuide(page)}`;
}

const STATES = {
	ok: "OK",
	failed: "Fix this",
	likely: "Likely",
	unknown: "Not known yet",
} as const satisfies Record<SetUpCheck["state"], string>;

function testSection({ plugin, brand, test, csrf }: SettingsPage): Markup {
	const { id, name } = plugin.loaded.manifest;
	const text = textsOf(plugin);
	const rows = test?.checks.map(
		(check) =>
			html`<li class="check ${check.state}"><strong>${STATES[check.state]}</strong> <span>${setUpSentence(text, check)}</span></li>`,
	);
	const when = test === undefined ? "" : sortableTime(test.at, "minute", brand);
	const found =
		rows === undefined
			? html`<p class="soft">Not tested since the settings were saved.</p>`
			: html`<ul class="plain checks">${rows}</ul><p class="help">Tested ${when}.</p>`;
	return html`<h2 id="test">Test</h2><div class="card">${found}<form method="post" action="${INTEGRATIONS}/${id}/test?brand=${brand.id}">${csrfField(csrf)}<button class="secondary" type="submit">Test connection</button></form>
<p class="help">Asks ${name}, with the saved keys and this callback URL. Unsaved changes are not tested. Visitors do not notice the test.</p></div>`;
}

function toolsSection({ plugin, brand }: SettingsPage): Markup {
	const query = brand.id === ALL_BRANDS ? "" : `?brand=${encodeURIComponent(brand.id)}`;
	const simulator = plugin.can("simulate")
		? html`<li><a href="${integrationPaths(plugin.loaded.manifest.id).simulator}${query}">Simulator</a>: see what your visitors will see.</li>`
		: "";
	const links = plugin.can("importLinks")
		? html`<li><a href="${integrationPaths(plugin.loaded.manifest.id).links}">Links</a>: import and export links.</li>`
		: "";
	const path = privacyPath(plugin);
	const privacy =
		path === undefined
			? ""
			: html`<li><a href="${path}${query}">Privacy text</a>: copy it into your privacy policy.</li>`;
	const tools = [simulator, links, privacy].filter((tool) => tool !== "");
	return tools.length === 0 ? html`` : html`<h2>More</h2><ul class="plain">${tools}</ul>`;
}

function setUpGuide({ plugin, brands, brand }: SettingsPage): Markup {
	const { manifest } = plugin.loaded;
	const text = textsOf(plugin);
	const { callbackUrl } = brand;
	if (callbackUrl === undefined) {
		return html``;
	}
	const others = brands.filter(({ id }) => id !== brand.id);
	return html`<h2>${plugin.can("handleCallback") ? "How to get the keys" : "How to set it up"}</h2><ul class="plain">${manifest.texts.prerequisites.map((key) => html`<li>${linked(text(key))}</li>`)}</ul>
<ol>${manifest.texts.steps.map((key) => html`<li>${stepOf(text(key), callbackUrl)}</li>`)}</ol>
${plugin.can("handleCallback") ? callbacksOf(others) : ""}
<p><a href="${brand.baseUrl}${brand.loginPath}">Open the log-in page of ${brand.name}</a> in a private window, and log in as a test user, before you tell your visitors.</p>`;
}

/** The callback URLs of the other brands. A long list is folded. */
function callbacksOf(others: SettingsPage["brands"]): Markup {
	if (others.length === 0) {
		return html``;
	}
	const urls = others.map(({ name, callbackUrl }) => html`${name} <code>${callbackUrl}</code> `);
	return others.length <= MOST_UNFOLDED
		? html`<p>One app can serve all brands. In that case, enter these callback URLs there as well: ${urls}</p>`
		: html`<details><summary>One app can serve all brands. In that case, enter these ${others.length} callback URLs there as well.</summary><ul class="plain">${urls.map((url) => html`<li>${url}</li>`)}</ul></details>`;
}

/** Whether the set-up of this place can be tested. */
function isTested({ plugin, brand }: SettingsPage): boolean {
	return brand.callbackUrl !== undefined && plugin.can("checkSetup");
}

/** A step of the guide. The callback URL is marked, to be copied. */
function stepOf(step: string, callbackUrl: string): Markup[] {
	return step
		.split("{callbackUrl}")
		.map(
			(part, index) => html`${index === 0 ? "" : html`<code>${callbackUrl}</code>`}${linked(part)}`,
		);
}

function settingField(page: SettingsPage, name: string, setting: SettingSchema): Markup {
	const text = textsOf(page.plugin);
	const problem = page.problems.get(name);
	const notes = [
		text(`settings.${name}.help`),
		setting.onlyWith === undefined ? "" : onlyWithNote(setting.onlyWith, text),
		setting.writeOnly ? secretNote(page.secrets.get(name), page.brand) : sourceNote(page, name),
	].filter((note) => note !== "");
	const help = html`<p class="help" id="${name}-help">${notes.join(" ")}</p>${problem === undefined ? "" : html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}`;
	const traits = html` aria-describedby="${name}-help${problem === undefined ? "" : ` ${name}-problem`}"${problem === undefined ? "" : html` aria-invalid="true"`}`;
	const label = html`<label for="${name}">${text(`settings.${name}.label`)}</label>`;
	// For all brands nothing is hidden: a brand may choose otherwise and use these keys.
	const when =
		setting.onlyWith === undefined || page.brand.id === ALL_BRANDS
			? ""
			: html` data-when="${setting.onlyWith.setting}" data-values="${setting.onlyWith.values.join(" ")}"`;
	return html`<div${when}>${label}${settingInput(page, name, setting, traits)}${help}</div>`;
}

function settingInput(
	page: SettingsPage,
	name: string,
	setting: SettingSchema,
	traits: Markup,
): Markup {
	const { brand, common, values, sources, secrets } = page;
	const text = textsOf(page.plugin);
	const own = sources[name] === (brand.id === ALL_BRANDS ? "default" : "brand");
	const shared = (brand.id === ALL_BRANDS ? setting.default : common[name]) ?? "";
	const choices =
		setting.enum?.map((value) => [value, text(`settings.${name}.option.${value}`)] as const) ??
		(setting.type === "boolean"
			? ([
					["true", "Yes"],
					["false", "No"],
				] as const)
			: undefined);
	if (choices !== undefined) {
		const [, inherited = String(shared)] =
			choices.find(([value]) => value === String(shared)) ?? [];
		const options = [
			html`<option value="" data-inherited="${shared}">${brand.id === ALL_BRANDS ? "Default" : "As for all brands"}: ${inherited}</option>`,
			...choices.map(
				([value, shown]) =>
					html`<option value="${value}"${own && value === String(values[name]) ? html` selected` : ""}>${shown}</option>`,
			),
		];
		return html`<select id="${name}" name="${name}"${traits}>${options}</select>`;
	}
	if (setting.writeOnly) {
		const removable = secrets.get(name)?.source === (brand.id === ALL_BRANDS ? "default" : "brand");
		const removal = removable
			? html`<label class="toggle"><input type="checkbox" name="${removalOf(name)}"${page.removed.has(name) ? html` checked` : ""}>Remove what is stored</label>`
			: "";
		return html`<input id="${name}" name="${name}" type="password" value="" autocomplete="off" spellcheck="false"${traits}>${removal}`;
	}
	const type = setting.type === "integer" ? "number" : "text";
	const shown = own ? String(values[name] ?? "") : "";
	return html`<input id="${name}" name="${name}" type="${type}" value="${shown}" placeholder="${shared}" autocomplete="off" spellcheck="false"${traits}>`;
}

function secretNote(state: SecretState | undefined, brand: InZone): string {
	if (state === undefined) {
		return "No secret is stored.";
	}
	if (!state.readable) {
		return "A secret is stored, but it was saved with a different key file. Add the old key to the key file as a line of its own, or enter the secret again.";
	}
	const date = sortableTime(state.setAt, "day", brand);
	const ends = state.ends === "" ? "" : `, ends in ${state.ends}`;
	const place = state.source === "default" ? " for all brands" : "";
	return `A secret is stored${place}: set on ${date}${ends}.`;
}

function sourceNote({ brand, stored }: SettingsPage, name: string): string {
	const { sources, values } = stored;
	if (sources[name] === "brand") {
		return "Set for this brand.";
	}
	if (sources[name] === "default") {
		return brand.id === ALL_BRANDS ? "Set for all brands." : `From all brands: ${values[name]}`;
	}
	return "";
}

function onlyWithNote(
	{ setting, values }: NonNullable<SettingSchema["onlyWith"]>,
	text: Texts,
): string {
	const options = values.map((value) => `“${text(`settings.${setting}.option.${value}`)}”`);
	return `Only with ${options.join(" or ")}.`;
}
