import type { FormField } from "../contract/login-request.ts";

/** The forms of a log-in have a few fields. */
export const MOST_FORM_BYTES = 64 * 1024;
const MOST_FORM_FIELDS = 1000;

/** Whether a body is a form as browsers send it, without files. @param type the `Content-Type` header. */
export function isForm(type: string | undefined): boolean {
	return type?.toLowerCase().startsWith("application/x-www-form-urlencoded") ?? false;
}

/** The fields of a form, in the order in which they were sent. @returns undefined for too many fields. */
export function formFields(body: string): readonly FormField[] | undefined {
	// Counted before they are read: reading makes two strings of each.
	const separators = body.match(/&/g)?.length ?? 0;
	return separators < MOST_FORM_FIELDS ? [...new URLSearchParams(body)] : undefined;
}

/** The whole of a body, in UTF-8. @returns undefined for one that is too large. What is left of it is not read. */
export async function readBody(chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
	const decoder = new TextDecoder();
	let size = 0;
	let text = "";
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > MOST_FORM_BYTES) {
			return undefined;
		}
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}
