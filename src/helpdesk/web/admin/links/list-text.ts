import { MAX_LIST_BYTES } from "../uploads.ts";

/** A list of links as text, or a sentence that says why the file cannot be read. */
export interface ListText {
	readonly text: string;
	readonly problem?: string;
}

/** @returns the text of the file where one was chosen, else the pasted text. */
export async function listTextIn(pasted: string, file: File | undefined): Promise<ListText> {
	if (file === undefined || file.size === 0) {
		return { text: pasted };
	}
	if (file.size > MAX_LIST_BYTES) {
		const problem = `${file.name} is larger than 5 MB. Split it and import one part after the other.`;
		return { text: pasted, problem };
	}
	const bytes = new Uint8Array(await file.arrayBuffer());
	try {
		return { text: new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes) };
	} catch {
		const problem = `${file.name} is not text in UTF-8. Save it as “CSV UTF-8” and choose it again.`;
		return { text: pasted, problem };
	}
}

/** Spreadsheets call UTF-16 "Unicode text". */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
	if (first === 0xff && second === 0xfe) {
		return "utf-16le";
	}
	return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
