import { html } from "hono/html";
import type { SettingSchema } from "../../../../contract/settings-schema.ts";
import { type Texts, textsOf } from "../../../add-ons/plugin-texts.ts";
import { withOneStop } from "../../../locale/as-sentence.ts";
import type { Locale } from "../../../locale/locale.ts";
import { readableDay } from "../../../locale/shown-time.ts";
import { ALL_BRANDS, type SecretState } from "../../../settings/plugin-settings.ts";
import type { Markup } from "../../layout.ts";
import { toggle } from "../form-fields.ts";
import { removalOf } from "./settings-form.ts";
import type { SettingsPage } from "./settings-page.ts";

/** Characters up to which a field is narrow, and from which on it is wide. */
const SHORT = 32;
const LONG = 500;

/** The field of a setting, with its help and what is wrong with it. */
export function settingField(page: SettingsPage, name: string): Markup {
	const setting = page.plugin.loaded.settingsSchema.properties[name];
	if (setting === undefined) {
		return html``;
	}
	const text = textsOf(page.plugin, page.locale.tag);
	const problem = page.problems.get(name);
	const notes = [
		text(`settings.${name}.help`),
		setting.onlyWith === undefined ? "" : onlyWithNote(setting.onlyWith, text, page.locale),
		setting.writeOnly ? secretNote(page.secrets.get(name), page) : sourceNote(page, name),
	].filter((note) => note !== "");
	const help = html`<p class="help" id="${name}-help">${notes.join(" ")}</p>${problem === undefined ? "" : html`<p class="problem" id="${name}-problem">${problem}</p>`}`;
	const traits = html` aria-describedby="${name}-help${problem === undefined ? "" : ` ${name}-problem`}"${problem === undefined ? "" : html` aria-invalid="true"`}`;
	const label = html`<label for="${name}">${text(`settings.${name}.label`)}</label>`;
	// For all brands nothing is hidden: a brand may choose otherwise and use these keys.
	const when =
		setting.onlyWith === undefined || page.place.id === ALL_BRANDS
			? ""
			: html` data-when="${setting.onlyWith.setting}" data-values="${setting.onlyWith.values.join(" ")}"`;
	return html`<div${when}>${label}${settingInput(page, name, setting, traits)}${help}${removal(page, name)}</div>`;
}

/** Offers to delete a secret that is stored for the place itself. Empty where none is. */
function removal({ secrets, place, removed, locale }: SettingsPage, name: string): Markup {
	const isCommon = place.id === ALL_BRANDS;
	if (secrets.get(name)?.source !== (isCommon ? "default" : "brand")) {
		return html``;
	}
	const label = locale.text("settings.secret.remove");
	const help = locale.text(
		isCommon ? "settings.secret.remove-for-all.help" : "settings.secret.remove.help",
	);
	return toggle(removalOf(name), removed.has(name), label, help);
}

function settingInput(
	page: SettingsPage,
	name: string,
	setting: SettingSchema,
	traits: Markup,
): Markup {
	const { place, common, values, sources, locale } = page;
	const text = textsOf(page.plugin, page.locale.tag);
	const own = sources[name] === (place.id === ALL_BRANDS ? "default" : "brand");
	const shared = (place.id === ALL_BRANDS ? setting.default : common[name]) ?? "";
	const choices =
		setting.enum?.map((value) => [value, text(`settings.${name}.option.${value}`)] as const) ??
		(setting.type === "boolean"
			? ([
					["true", locale.text("settings.yes")],
					["false", locale.text("settings.no")],
				] as const)
			: undefined);
	if (choices !== undefined) {
		const [, inherited = String(shared)] =
			choices.find(([value]) => value === String(shared)) ?? [];
		const none = locale.text(
			place.id === ALL_BRANDS ? "settings.default" : "settings.as-for-all-brands",
			{ value: inherited },
		);
		const options = [
			html`<option value="" data-inherited="${shared}">${none}</option>`,
			...choices.map(
				([value, shown]) =>
					html`<option value="${value}"${own && value === String(values[name]) ? html` selected` : ""}>${shown}</option>`,
			),
		];
		return html`<select id="${name}" name="${name}"${traits}>${options}</select>`;
	}
	if (setting.writeOnly) {
		return html`<input id="${name}" name="${name}" type="password" value="" autocomplete="off" spellcheck="false"${traits}>`;
	}
	const shown = own ? String(values[name] ?? "") : "";
	return html`<input id="${name}" name="${name}"${widthOf(setting)} type="text"${keysOf(setting)} value="${shown}" placeholder="${shared}" autocomplete="off" spellcheck="false"${traits}>`;
}

/**
 * A keyboard of digits. No browser lets people type the digits of every script into a field for a number, and the keyboards
 * have no minus.
 */
function keysOf({ type, minimum = -1 }: SettingSchema): Markup | string {
	return type === "integer" && minimum >= 0 ? html` inputmode="numeric"` : "";
}

/** A field is as wide as what it takes. */
function widthOf({ type, maxLength }: SettingSchema): Markup | string {
	if (type === "integer") {
		return html` class="short"`;
	}
	if (maxLength === undefined || (maxLength > SHORT && maxLength < LONG)) {
		return "";
	}
	return html` class="${maxLength <= SHORT ? "short" : "long"}"`;
}

function secretNote(state: SecretState | undefined, { place, locale }: SettingsPage): string {
	const { text } = locale;
	if (state === undefined) {
		return text("settings.secret.none");
	}
	if (!state.readable) {
		return text("settings.secret.sealed");
	}
	const day = readableDay(state.setAt, locale.tag, place);
	const key =
		state.source === "default" ? "settings.secret.stored-for-all" : "settings.secret.stored";
	return state.ends === ""
		? withOneStop(text(key, { day }))
		: text(`${key}.ends`, { day, ends: state.ends });
}

function sourceNote({ place, stored, locale: { text } }: SettingsPage, name: string): string {
	const { sources, values } = stored;
	if (sources[name] === "brand") {
		return text("settings.source.brand");
	}
	if (sources[name] === "default") {
		return place.id === ALL_BRANDS
			? text("settings.source.all-brands")
			: text("settings.source.from-all-brands", { value: String(values[name]) });
	}
	return "";
}

function onlyWithNote(
	{ setting, values }: NonNullable<SettingSchema["onlyWith"]>,
	ofPlugin: Texts,
	{ text, either }: Locale,
): string {
	const options = values.map((value) =>
		text("settings.quoted-option", { option: ofPlugin(`settings.${setting}.option.${value}`) }),
	);
	return text("settings.only-with", { options: either(options) });
}
