import type { LinkResult } from "../../contract/link-transfer.ts";
import type { ImportedId } from "./imported-id.ts";
import type { ImportedUser } from "./imported-user.ts";

/** What happened to a row. The locales have a sentence for each. */
export type ImportResult =
	| "would-link"
	| "linked"
	/** The same, but the id looks rounded. */
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

/** The form in which the helpdesk shows it. */
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
