import type { FormField } from "../contract/login-request.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;" };

/** A plugin's markup, with a hidden field in each form. */
export function withFormField(markup: string, [name, value]: FormField): string {
	const input = `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`;
	return markup.replaceAll("</form>", () => `${input}</form>`);
}

function escaped(text: string): string {
	return text.replace(/[&"<]/g, (sign) => ENTITIES[sign] ?? sign);
}
