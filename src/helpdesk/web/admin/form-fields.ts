import { html } from "hono/html";
import type { FormField } from "../../../contract/login-request.ts";
import { pastedText } from "../../pasted-text.ts";
import type { Markup } from "../layout.ts";
import { field } from "../visit.ts";

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
	const problem = problems.get(name);
	const described = [
		...(help === "" ? [] : [`${name}-help`]),
		...(problem === undefined ? [] : [`${name}-problem`]),
	];
	const traits = html`${described.length === 0 ? "" : html` aria-describedby="${described.join(" ")}"`}${problem === undefined ? "" : html` aria-invalid="true"`}`;
	return html`<label for="${name}">${label}</label>${input(traits)}${help === "" ? "" : html`<p class="help" id="${name}-help">${help}</p>`}${problem === undefined ? "" : html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}`;
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
