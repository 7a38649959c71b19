import {
	ancestorsOf,
	attribute,
	elementsIn,
	type HtmlElement,
	readPage,
	textOf,
} from "./html-page.ts";

type Field = readonly [name: string, value: string];

/** A form of a page. */
export interface HtmlForm {
	/** The address as the markup has it; empty if the form leads to its own page. */
	readonly action: string;
	/** The controls that are named and not disabled, and the buttons that send the form, in the order of the page. */
	readonly controls: readonly FormControl[];
}

interface FormControl {
	/** Empty for a button without a name. */
	readonly name: string;
	/** The type of an input or a button, `select` or `textarea`. */
	readonly type: string;
	/** The values that a browser sends if the visitor changes nothing. A button's are sent only if it is pressed. */
	readonly values: readonly string[];
	/** The address that a button leads to instead of the form's. */
	readonly action?: string;
}

/** A form as a browser sends it. */
export interface Submission {
	/** The address as the markup has it; empty if the form leads to its own page. */
	readonly action: string;
	/** Fields in the order of the page. */
	readonly fields: readonly Field[];
}

/** The forms of a page as a browser without scripts reads them: HTML Standard, section 4.10. */
export function formsIn(html: string): readonly HtmlForm[] {
	const page = readPage(html);
	const forms = page.elements.filter(({ tagName }) => tagName === "form");
	const owned = new Map(forms.map((form): [HtmlElement, HtmlElement[]] => [form, []]));
	for (const each of page.elements.filter(canBeSent)) {
		const owner = page.ownerOf(each);
		if (owner !== undefined) {
			owned.get(owner)?.push(each);
		}
	}
	return [...owned].map(([form, elements]) => ({
		action: addressIn(form, "action") ?? "",
		controls: elements.flatMap((each) => controlOf(each, elements)),
	}));
}

/** The names and values of a form's hidden fields. */
export function hiddenFields({ controls }: HtmlForm): readonly Field[] {
	return controls
		.filter(({ type }) => type === "hidden")
		.flatMap(({ name, values }) => values.map((value): Field => [name, value]));
}

/**
 * What a browser sends when a visitor fills in a form and presses one of its buttons.
 *
 * @param filledIn Values by name. Each replaces all values that the form has for this name. A name that the form does
 * not have is ignored. A button's name and value press this button; without them, the first button is pressed.
 */
export function submissionOf(
	{ action, controls }: HtmlForm,
	filledIn: Readonly<Record<string, string>> = {},
): Submission {
	const given = new Map(Object.entries(filledIn));
	const buttons = controls.filter(isButton);
	const pressed =
		buttons.find(({ name, values: [value] }) => value !== undefined && given.get(name) === value) ??
		buttons[0];
	const fields: Field[] = [];
	for (const control of controls) {
		const { name, values } = control;
		const value = given.get(name);
		if (isButton(control)) {
			fields.push(...(control === pressed ? fieldsOfButton(control) : []));
		} else if (value === undefined) {
			fields.push(...values.map((each): Field => [name, each]));
		} else if (fields.every(([known]) => known !== name)) {
			fields.push([name, value]);
		}
	}
	return { action: pressed?.action ?? action, fields: fields.map(withLineEnds) };
}

/** The address of the link that has this id. */
export function linkWithId(html: string, id: string): string | undefined {
	const found = readPage(html).elements.find((each) => attribute(each, "id") === id);
	return found && addressIn(found, "href");
}

function canBeSent(element: HtmlElement): boolean {
	const isControl = ["button", "input", "select", "textarea"].includes(element.tagName);
	return isControl && !isDisabled(element);
}

function isDisabled(element: HtmlElement): boolean {
	if (attribute(element, "disabled") !== undefined) {
		return true;
	}
	const around = ancestorsOf(element);
	return around.some((fieldset, index) => {
		if (fieldset.tagName !== "fieldset" || attribute(fieldset, "disabled") === undefined) {
			return false;
		}
		// The controls in a fieldset's first legend stay as they are.
		const legend = fieldset.childNodes.find(({ nodeName }) => nodeName === "legend");
		return legend === undefined || around[index - 1] !== legend;
	});
}

function controlOf(element: HtmlElement, owned: readonly HtmlElement[]): FormControl[] {
	const name = attribute(element, "name") ?? "";
	const type = typeOf(element);
	if (isButton({ type })) {
		const action = addressIn(element, "formaction");
		const values = [attribute(element, "value") ?? ""];
		return [{ name, type, values, ...(action !== undefined && { action }) }];
	}
	if (name === "" || type === "button" || type === "reset") {
		return [];
	}
	return [{ name, type, values: valuesOf(element, type, owned) }];
}

function typeOf(element: HtmlElement): string {
	const { tagName } = element;
	if (tagName === "input") {
		return attribute(element, "type")?.toLowerCase() ?? "text";
	}
	if (tagName === "button") {
		const type = attribute(element, "type")?.toLowerCase();
		return type === "button" || type === "reset" ? type : "submit";
	}
	return tagName;
}

function isButton({ type }: Pick<FormControl, "type">): boolean {
	return type === "submit" || type === "image";
}

function valuesOf(element: HtmlElement, type: string, owned: readonly HtmlElement[]): string[] {
	switch (type) {
		case "select":
			return valuesOfSelect(element);
		case "textarea":
			return [textOf(element)];
		case "checkbox":
			return attribute(element, "checked") === undefined ? [] : [valueOfBox(element)];
		case "radio":
			return owned.findLast((each) => isSelectedLike(each, element)) === element
				? [valueOfBox(element)]
				: [];
		case "hidden":
			return [attribute(element, "value") ?? ""];
		case "file":
			return [""];
		default:
			return [(attribute(element, "value") ?? "").replace(/[\r\n]/g, "")];
	}
}

/** Whether an element is a selected radio button of the same group. */
function isSelectedLike(element: HtmlElement, radio: HtmlElement): boolean {
	return (
		typeOf(element) === "radio" &&
		attribute(element, "name") === attribute(radio, "name") &&
		attribute(element, "checked") !== undefined
	);
}

function valueOfBox(element: HtmlElement): string {
	return attribute(element, "value") ?? "on";
}

function valuesOfSelect(select: HtmlElement): string[] {
	const options = elementsIn(select).filter(({ tagName }) => tagName === "option");
	const selected = options.filter((each) => attribute(each, "selected") !== undefined);
	const enabled = options.filter(isEnabledOption);
	if (attribute(select, "multiple") !== undefined) {
		return selected.filter(isEnabledOption).map(valueOfOption);
	}
	const isList = Number.parseInt(attribute(select, "size") ?? "", 10) > 1;
	const chosen = selected.at(-1) ?? (isList ? undefined : enabled[0]);
	return chosen !== undefined && isEnabledOption(chosen) ? [valueOfOption(chosen)] : [];
}

function isEnabledOption(option: HtmlElement): boolean {
	const groups = ancestorsOf(option).filter(({ tagName }) => tagName === "optgroup");
	return [option, ...groups].every((each) => attribute(each, "disabled") === undefined);
}

function valueOfOption(option: HtmlElement): string {
	const text = textOf(option).replace(/[\t\n\f\r ]+/g, " ");
	return attribute(option, "value") ?? text.trim();
}

/** An image is a button that sends the place where it was pressed: here, its corner. */
function fieldsOfButton({ name, type, values }: FormControl): Field[] {
	if (type === "image") {
		const prefix = name === "" ? "" : `${name}.`;
		return [
			[`${prefix}x`, "0"],
			[`${prefix}y`, "0"],
		];
	}
	return name === "" ? [] : values.map((value) => [name, value]);
}

/** Browsers send every line end as CRLF. */
function withLineEnds([name, value]: Field): Field {
	const sent = (text: string): string => text.replace(/\r\n?|\n/g, "\r\n");
	return [sent(name), sent(value)];
}

/** Spaces around an address do not count. */
function addressIn(element: HtmlElement, name: string): string | undefined {
	return attribute(element, name)?.trim();
}
