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

const STATES = ["linked", "would-link", "already-linked"] as const;

/**
 * The form in which the helpdesk shows it.
 *
 * @param row.userId whom the identity is linked to or would be.
 */
export function linkResult(row: {
	readonly kind: ImportResult;
	readonly userId: string | undefined;
}): LinkResult {
	const { kind, userId } = row;
	const state = STATES.find((each) => each === kind.replace("-zeros", "")) ?? "refused";
	return { state, message: `import.${kind}`, ...(userId && state !== "would-link" && { userId }) };
}
