import type { Context } from "hono";
import type { FormField } from "../../contract/login-request.ts";
import { formFields, isForm } from "../../routes/sent-form.ts";
import type { FormRefusal } from "./form-refusal.ts";
import { type StreamedForm, streamedForm } from "./streamed-form.ts";

/**
 * How a page reads files: not at all, all of them before it is called (`whole`), or one of them while it arrives
 * (`streamed`).
 */
export type FileReading = "none" | "whole" | "streamed";

/** What the form of a POST has sent. */
export interface SentForm {
	readonly form: readonly FormField[];
	/** The files by field, where the page reads them as a whole. */
	readonly files: ReadonlyMap<string, File>;
	/** Where the page reads a file while it arrives: the form from there on. */
	readonly arriving?: StreamedForm;
}

/** @returns why it cannot be read, in place of a form. */
export async function readForm(
	c: Context,
	reading: FileReading,
): Promise<SentForm | Extract<FormRefusal, "type" | "too-large">> {
	const type = c.req.header("content-type");
	if (isForm(type)) {
		const fields = formFields(await c.req.text());
		return fields === undefined ? "too-large" : { form: fields, files: new Map() };
	}
	if (reading === "none" || !type?.toLowerCase().startsWith("multipart/form-data")) {
		return "type";
	}
	const { body } = c.req.raw;
	if (reading === "streamed") {
		const arriving = body === null ? undefined : await streamedForm(type, body);
		return arriving === undefined ? "type" : { form: arriving.fields, files: new Map(), arriving };
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
