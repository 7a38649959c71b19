import { html } from "hono/html";
import { displayName } from "../../../../contract/display-name.ts";
import type { FormField } from "../../../../contract/login-request.ts";
import { BrandError, type BrandFacts, EXAMPLE_ADDRESS } from "../../../brands/brand-rules.ts";
import { type Surplus, typedOrigin } from "../../../brands/typed-origin.ts";
import { byName, languageName } from "../../../locale/language-name.ts";
import { LANGUAGES, type Locale, type Message, type TextKey } from "../../../locale/locale.ts";
import { isTimeZone } from "../../../locale/shown-time.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
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
export type Problems = ReadonlyMap<FieldName, Message>;
/** What is wrong with fields of a form, in the language of a reader. */
export type SaidProblems = ReadonlyMap<FieldName, string>;

export const NO_PROBLEMS: Problems = new Map();

/** What everybody may change about a stored brand. */
export type TypedDetails = Pick<BrandFacts, "name" | "locale"> & { readonly timeZone: string };

const UTC = "UTC";

export function saidProblems(problems: Problems, { say }: Locale): SaidProblems {
	return new Map([...problems].map(([name, message]) => [name, say(message)]));
}

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
	const problems = new Map<FieldName, Message>();
	if (name === "") {
		problems.set("name", { key: "brand.name.missing" });
	}
	if (!LANGUAGES.has(locale) && locale !== before.locale) {
		problems.set("locale", { key: "brand.language.unknown" });
	}
	if (!isTimeZone(timeZone) && timeZone !== before.timeZone) {
		problems.set("timeZone", { key: "brand.time-zone.unknown" });
	}
	return problems;
}

const SURPLUS_TEXTS: Readonly<Record<Surplus, TextKey>> = {
	credentials: "brand.address.credentials",
	"final-dot": "brand.address.final-dot",
	path: "brand.address.path",
	query: "brand.address.query",
};

/** What is wrong with a typed address, or the origin. */
export function typedAddressOf(typed: string): { readonly origin: string } | Message {
	const read = typedOrigin(pastedText(typed));
	if (read.kind === "none") {
		const { surplus } = read;
		const key = surplus === undefined ? "brand.address.unusable" : SURPLUS_TEXTS[surplus];
		return { key, values: { example: EXAMPLE_ADDRESS } };
	}
	return read.refusedPort === undefined
		? { origin: read.origin }
		: { key: "brand.address.refused-port", values: { port: read.refusedPort } };
}

/** The problem that a rule of brands finds. @throws every other error. */
export function problemsOf(error: unknown, otherwise: FieldName): Problems {
	if (!(error instanceof BrandError)) {
		throw error;
	}
	return new Map([[error.about ?? otherwise, error.said]]);
}

export function detailFields(
	{ name, locale, timeZone }: TypedDetails,
	shown: { readonly problems: SaidProblems },
	reader: Locale,
): Markup {
	const { text } = reader;
	const languages = options(byName([...LANGUAGES.keys(), locale], reader.tag), locale, (tag) =>
		languageName(tag, reader.tag),
	);
	const zones = [UTC, ...Intl.supportedValuesOf("timeZone"), timeZone];
	return html`${labelled(shown, "name", text("brand.name"), "", (traits) => html`<input id="name" name="name" value="${name}" maxlength="80" autocomplete="off" required${traits}>`)}
${labelled(shown, "locale", text("brand.language"), text("brand.language.help"), (traits) => html`<select id="locale" name="locale"${traits}>${languages}</select>`)}
${labelled(shown, "timeZone", text("brand.time-zone"), text("brand.time-zone.help"), (traits) => html`<select id="timeZone" name="timeZone"${traits}>${options(zones, timeZone, (zone) => zone.replaceAll("_", " "))}</select>`)}`;
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
	shown: { readonly problems: SaidProblems },
	name: "url" | "privacyPolicyUrl" | "termsUrl",
	label: string,
	help: string,
	value: string,
): Markup {
	const example = name === "url" ? EXAMPLE_ADDRESS : "https://www.example.com/…";
	return labelled(
		shown,
		name,
		label,
		help,
		(traits) =>
			html`<input id="${name}" name="${name}" type="url" value="${value}" placeholder="${example}" autocomplete="off" spellcheck="false"${name === "url" ? html` required` : ""}${traits}>`,
	);
}
