import type { Context } from "hono";
import type { FormField } from "../../contract/login-request.ts";

/** What the form of a POST has sent. */
export interface SentForm {
	readonly form: readonly FormField[];
	/** The files by field. */
	readonly files: ReadonlyMap<string, File>;
}

/**
 * @param takesFiles whether a form with files is read, too.
 * @returns undefined when the body is not a form.
 */
export async function readForm(c: Context, takesFiles: boolean): Promise<SentForm | undefined> {
	const type = c.req.header("content-type")?.toLowerCase() ?? "";
	if (type.startsWith("application/x-www-form-urlencoded")) {
		return { form: [...new URLSearchParams(await c.req.text())], files: new Map() };
	}
	if (!takesFiles || !type.startsWith("multipart/form-data")) {
		return undefined;
	}
	let data: FormData;
	try {
		data = await c.req.raw.formData();
	} catch {
		return undefined;
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
