import { html } from "hono/html";
import { displayName } from "../../../../contract/display-name.ts";
import type { FormField } from "../../../../contract/login-request.ts";
import { BrandError, type BrandFacts } from "../../../brands/brand-rules.ts";
import { typedOrigin } from "../../../brands/typed-origin.ts";
import { LANGUAGES } from "../../../locale/locale.ts";
import { isTimeZone } from "../../../locale/shown-time.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import { languageName } from "../admin-pages.ts";
import { labelled } from "../form-fields.ts";

export type FieldName =
	| "id"
	| "name"
	| "url"
	| "locale"
	| "timeZone"
	| "privacyPolicyUrl"
	| "termsUrl"
	| "colour"
	| "logo"
	| "sure";
export type Problems = ReadonlyMap<FieldName, string>;

export const NO_PROBLEMS: Problems = new Map();

/** What everybody may change about a stored brand. */
export type TypedDetails = Pick<BrandFacts, "name" | "locale"> & { readonly timeZone: string };

const UTC = "UTC";

export function typedDetails(form: readonly FormField[]): TypedDetails {
	return {
		name: displayName(field(form, "name") ?? ""),
		locale: field(form, "locale") ?? "",
		timeZone: field(form, "timeZone") ?? "",
	};
}

/** @param before the language and the time zone that may stay although they are not in the list. */
export function detailProblems(
	{ name, locale, timeZone }: TypedDetails,
	before: Partial<Pick<BrandFacts, "locale" | "timeZone">> = {},
): Problems {
	const problems = new Map<FieldName, string>();
	if (name === "") {
		problems.set("name", "Enter a name.");
	}
	if (!LANGUAGES.has(locale) && locale !== before.locale) {
		problems.set("locale", "Choose one of the languages.");
	}
	if (!isTimeZone(timeZone) && timeZone !== before.timeZone) {
		problems.set("timeZone", "Choose one of the time zones.");
	}
	return problems;
}

/** What is wrong with a typed address, or the origin. */
export function typedAddressOf(typed: string): { readonly origin: string } | string {
	const read = typedOrigin(pastedText(typed));
	if (read.kind === "none") {
		return read.surplus === undefined
			? "This is not an address such as https://help.example.com. Plain http works only on this machine."
			: `Leave out the ${read.surplus}: give an address such as https://help.example.com.`;
	}
	return read.refusedPort === undefined
		? { origin: read.origin }
		: `Browsers open no page at the port ${read.refusedPort}. Give another port.`;
}

/** A rule's message as a sentence on a page. */
export function sentenceOf(message: string): string {
	const [first = ""] = message;
	return `${first.toUpperCase()}${message.slice(first.length)}.`;
}

/** The problem that a rule of brands finds. @throws every other error. */
export function problemsOf(error: unknown, otherwise: FieldName): Problems {
	if (!(error instanceof BrandError)) {
		throw error;
	}
	return new Map([[error.about ?? otherwise, sentenceOf(error.message)]]);
}

export function detailFields(
	{ name, locale, timeZone }: TypedDetails,
	shown: { readonly problems: Problems },
): Markup {
	return html`${labelled(shown, "name", "Name", "", (traits) => html`<input id="name" name="name" value="${name}" maxlength="80" autocomplete="off" required${traits}>`)}
${labelled(shown, "locale", "Language", "Visitors see the pages in a language of their browser, and in this one if the helpdesk has none of those.", (traits) => html`<select id="locale" name="locale"${traits}>${options([...LANGUAGES.keys(), locale], locale, languageName)}</select>`)}
${labelled(shown, "timeZone", "Time zone", "Times about this brand are shown in it.", (traits) => html`<select id="timeZone" name="timeZone"${traits}>${options([UTC, ...Intl.supportedValuesOf("timeZone"), timeZone], timeZone, (zone) => zone.replaceAll("_", " "))}</select>`)}`;
}

function options(
	values: readonly string[],
	chosen: string,
	labelOf: (value: string) => string,
): Markup {
	const different = [...new Set(values)].filter((value) => value !== "");
	return html`${different.map((value) => html`<option value="${value}"${value === chosen ? html` selected` : ""}>${labelOf(value)}</option>`)}`;
}

export function urlField(
	shown: { readonly problems: Problems },
	name: "url" | "privacyPolicyUrl" | "termsUrl",
	label: string,
	help: string,
	value: string,
): Markup {
	const example = name === "url" ? "https://help.example.com" : "https://www.example.com/…";
	return labelled(
		shown,
		name,
		label,
		help,
		(traits) =>
			html`<input id="${name}" name="${name}" type="url" value="${value}" placeholder="${example}" autocomplete="off" spellcheck="false"${name === "url" ? html` required` : ""}${traits}>`,
	);
}
