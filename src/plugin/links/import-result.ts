import type { LinkResult } from "../../contract/link-transfer.ts";
import type { ImportedId } from "./imported-id.ts";
import type { ImportedUser } from "./imported-user.ts";

/** What becomes of a row; a sentence for each is in the locales. */
export type ImportResult =
	| "would-link"
	| "linked"
	/** The same, of an id that looks rounded. */
	| "would-link-zeros"
	| "linked-zeros"
	| "already-linked"
	| Exclude<ImportedId["kind"], "id">
	| "rounded"
	| "unknown-brand"
	| Exclude<ImportedUser["kind"], "user">
	| "linked-elsewhere"
	| "contradiction"
	| "signing-up"
	| "purged";

/** As the helpdesk shows it. */
export function linkResult(result: ImportResult): LinkResult {
	return { state: stateOf(result), message: `import.${result}` };
}

function stateOf(result: ImportResult): LinkResult["state"] {
	switch (result) {
		case "linked":
		case "linked-zeros":
			return "linked";
		case "would-link":
		case "would-link-zeros":
			return "would-link";
		case "already-linked":
			return "already-linked";
		default:
			return "refused";
	}
}
