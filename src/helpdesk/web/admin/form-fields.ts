import { html } from "hono/html";
import type { FormField } from "../../../contract/login-request.ts";
import { pastedText } from "../../pasted-text.ts";
import type { Markup } from "../layout.ts";
import { field } from "../visit.ts";

/** What is wrong with fields of a form, by the id of the field. */
export type Problems = ReadonlyMap<string, string>;

export const NO_PROBLEMS: Problems = new Map();

export function problemWith(field: string, sentence: string): Problems {
	return new Map([[field, sentence]]);
}

/** Stands above a form that was refused: it is announced, and leads to the fields. Empty without problems. */
export function problemSummary(problems: Problems): Markup {
	const links = [...problems].map(
		([field, sentence]) => html`<li><a href="#${field}">${sentence}</a></li>`,
	);
	return links.length === 0
		? html``
		: html`<div class="notice bad" role="alert"><ul class="plain">${links}</ul></div>`;
}

/** The attributes of a control: what describes it, and whether it has a problem. @param help whether it has a help text. */
export function fieldTraits(problems: Problems, field: string, help: boolean): Markup {
	const isBad = problems.has(field);
	const described = [...(help ? [`${field}-help`] : []), ...(isBad ? [`${field}-problem`] : [])];
	return html`${described.length === 0 ? "" : html` aria-describedby="${described.join(" ")}"`}${isBad ? html` aria-invalid="true"` : ""}`;
}

/**
 * What is wrong with a field, below it. Empty where nothing is.
 *
 * @param isAnnounced whether the page has no summary that says the same. Left out: it has one.
 */
export function fieldProblem(problems: Problems, field: string, isAnnounced = false): Markup {
	const problem = problems.get(field);
	return problem === undefined
		? html``
		: html`<p class="problem" id="${field}-problem"${isAnnounced ? html` role="alert"` : ""}>${problem}</p>`;
}

/**
 * A field with its label, its help and its problem.
 *
 * @param help empty: there is none.
 * @param input the control, with these attributes.
 */
export function labelled<Name extends string>(
	{ problems }: { readonly problems: ReadonlyMap<Name, string> },
	name: Name,
	label: string,
	help: string,
	input: (traits: Markup) => Markup,
): Markup {
	const traits = fieldTraits(problems, name, help !== "");
	return html`<label for="${name}">${label}</label>${input(traits)}${help === "" ? "" : html`<p class="help" id="${name}-help">${help}</p>`}${fieldProblem(problems, name, true)}`;
}

export function toggle(name: string, isOn: boolean, label: string, help: string): Markup {
	return html`<div class="choice"><label class="toggle"><input type="checkbox" name="${name}" aria-describedby="${name}-help"${isOn ? html` checked` : ""}>${label}</label><p class="help" id="${name}-help">${help}</p></div>`;
}

/** The lines of a field with one value on each, without empty ones. */
export function linesOf(form: readonly FormField[], name: string): readonly string[] {
	return (field(form, name) ?? "")
		.split("\n")
		.map(pastedText)
		.filter((line) => line !== "");
}
