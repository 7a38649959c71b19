import type { Context } from "hono";
import type { FormField } from "../../contract/login-request.ts";
import { formFields, isForm } from "../../routes/sent-form.ts";
import type { FormRefusal } from "./form-refusal.ts";

/** What the form of a POST has sent. */
export interface SentForm {
	readonly form: readonly FormField[];
	/** The files by field. */
	readonly files: ReadonlyMap<string, File>;
}

/**
 * @param takesFiles whether a form with files is read, too.
 * @returns why it cannot be read, in place of a form.
 */
export async function readForm(
	c: Context,
	takesFiles: boolean,
): Promise<SentForm | Extract<FormRefusal, "type" | "too-large">> {
	const type = c.req.header("content-type");
	if (isForm(type)) {
		const fields = formFields(await c.req.text());
		return fields === undefined ? "too-large" : { form: fields, files: new Map() };
	}
	if (!takesFiles || !type?.toLowerCase().startsWith("multipart/form-data")) {
		return "type";
	}
	let data: FormData;
	try {
		data = await c.req.raw.formData();
	} catch {
		return "type";
	}
	const form: FormField[] = [];
	const files = new Map<string, File>();
	for (const [name, value] of data) {
		if (typeof value === "string") {
			form.push([name, value]);
		} else {
			files.set(name, value);
		}
	}
	return { form, files };
}
