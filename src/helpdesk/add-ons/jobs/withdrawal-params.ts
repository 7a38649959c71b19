import type { UninstallData } from "../../../contract/impact.ts";
import { fieldsOf, readTexts, type StoredKind } from "../../../storage/stored-value.ts";

/** People who log in with an add-on, and what happens to their links. */
export type WithdrawalParams = {
	readonly addOnId: string;
	/** The brands, as they were when it was started. */
	readonly brandIds: readonly string[];
	/** Whether the add-on is deactivated first. */
	readonly deactivates: boolean;
	/** Whether those are written to who cannot log in any more. */
	readonly letters: boolean;
};

export type UninstallParams = WithdrawalParams & { readonly data: UninstallData };

/** An add-on whose data is deleted, and the brands as they were when that was started. */
type DiscardParams = Pick<WithdrawalParams, "addOnId" | "brandIds">;

export const DISCARD_PARAMS: StoredKind<DiscardParams> = {
	name: "jobs/job",
	read: (value) => {
		const { addOnId, ...fields } = fieldsOf(value);
		const brandIds = readTexts(fields["brandIds"]);
		return typeof addOnId === "string" && brandIds !== undefined
			? { addOnId, brandIds }
			: undefined;
	},
};

export const WITHDRAWAL_PARAMS: StoredKind<WithdrawalParams> = {
	name: "jobs/job",
	read: (value) => {
		const { addOnId, deactivates, letters, ...fields } = fieldsOf(value);
		const brandIds = readTexts(fields["brandIds"]);
		return typeof addOnId === "string" &&
			brandIds !== undefined &&
			typeof deactivates === "boolean" &&
			typeof letters === "boolean"
			? { addOnId, brandIds, deactivates, letters }
			: undefined;
	},
};

export const UNINSTALL_PARAMS: StoredKind<UninstallParams> = {
	name: "jobs/job",
	read: (value) => {
		const params = WITHDRAWAL_PARAMS.read(value);
		const { data } = fieldsOf(value);
		return params !== undefined && (data === "keep" || data === "purge")
			? { ...params, data }
			: undefined;
	},
};

/** One of these jobs at a time for each add-on. */
export function exclusiveFor({ addOnId }: Pick<WithdrawalParams, "addOnId">): string {
	return `add-on ${addOnId}`;
}
