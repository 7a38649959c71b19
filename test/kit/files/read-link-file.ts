import { type FileRow, LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import { UnreadableFileError } from "../../../src/helpdesk/files/unreadable-file-error.ts";

/** The links of a file, or the sentence that tells the administrator why it cannot be read. */
export type LinkFileReading =
	| { readonly kind: "rows"; readonly rows: readonly FileRow[] }
	| { readonly kind: "problem"; readonly problem: string };

/** Reads a list of links that arrives as one piece. */
export function readLinkFile(
	text: string,
	parts: ConstructorParameters<typeof LinkFileReader>[0],
): LinkFileReading {
	const reader = new LinkFileReader(parts);
	try {
		return { kind: "rows", rows: [...reader.push(text), ...reader.end()] };
	} catch (error) {
		if (!(error instanceof UnreadableFileError)) {
			throw error;
		}
		return { kind: "problem", problem: error.message };
	}
}
