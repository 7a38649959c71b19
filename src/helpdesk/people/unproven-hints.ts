import type { StorageCommit, StorageKey } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import type { StoredAccount } from "./stored-account.ts";

/** When to look whether an account that nobody has proven is used. */
export type UnprovenHint = {
	/** Since when nobody has proven it. Null: it was made before version 0.4.0, and the first look begins the time. */
	readonly since: number | null;
};

export const UNPROVEN: StoredKind<UnprovenHint> = {
	name: "accounts/unproven",
	read: (value) => {
		const { since } = fieldsOf(value);
		return since === null || isTime(since) ? { since } : undefined;
	},
};

/** The hints of a day, see {@link hintDay}, or of all days of a brand, or all there are. */
export function unprovenKeys(...of: [] | [brandId: string, ...([] | [day: string])]): StorageKey {
	return ["unproven", ...of];
}

/** The day (UTC) of a hint, such as `2026-11-29`. Days are sorted as texts. */
export function hintDay(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}

/** Where the hint of an account lies until it is moved to a later day. A function of the record alone. */
export function firstHintKey(
	userId: string,
	{ brandId, createdAt = 0 }: Pick<StoredAccount, "brandId" | "createdAt">,
): StorageKey {
	return [...unprovenKeys(brandId, hintDay(createdAt)), userId];
}

/** The hint of an account that is made, or that an earlier version made. None for one that somebody has proven. */
export function firstHint(
	userId: string,
	stored: StoredAccount,
): NonNullable<StorageCommit["sets"]> {
	const value = { since: stored.createdAt ?? null };
	return stored.confirmed ? [] : [{ key: firstHintKey(userId, stored), value }];
}
