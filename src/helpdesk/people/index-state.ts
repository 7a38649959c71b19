import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";
import { isIndexed } from "./account-index.ts";
import { accountKey, STORED_ACCOUNT } from "./stored-account.ts";

/** The id of the job that builds the index: however many nodes start it, it exists once. */
export const INDEX_JOB_ID = "index-people-1";

type IndexState = { readonly version: 1; readonly state: "building" | "ready" };

/** A helpdesk with so few accounts needs no job to see that all of them are in the index. */
const FEW_ACCOUNTS = 100;

const KEY: StorageKey = ["state", "index"];

const STATE: StoredKind<IndexState> = {
	name: "accounts/state",
	read: (value) => {
		const { version, state } = fieldsOf(value);
		return version === 1 && (state === "building" || state === "ready")
			? { version, state }
			: undefined;
	},
};

/** The set that says how far the index is. */
export function indexStateSet(
	state: IndexState["state"],
): NonNullable<StorageCommit["sets"]>[number] {
	return { key: KEY, value: { version: 1, state } };
}

/**
 * Whether every account is in the index. A helpdesk whose accounts are all of this version is ready from the start. In
 * any other one the job that builds the index has to be started.
 *
 * @param storage that of the accounts.
 */
export async function isIndexReady(storage: HostStorage): Promise<boolean> {
	const entry = await storage.get(KEY);
	if (entry !== undefined) {
		return STATE.read(entry.value)?.state === "ready";
	}
	const state = (await isOfThisVersion(storage)) ? "ready" : "building";
	await storage.commit({ checks: [{ key: KEY, version: null }], sets: [indexStateSet(state)] });
	return state === "ready";
}

/** Whether there are only few accounts, and this version has made all of them. */
async function isOfThisVersion(storage: HostStorage): Promise<boolean> {
	const { entries, cursor } = await storage.list(accountKey(), { limit: FEW_ACCOUNTS });
	return (
		cursor === undefined &&
		entries.every(({ key, value }) => {
			const stored = STORED_ACCOUNT.read(value);
			return stored?.createdAt !== undefined && isIndexed(String(key.at(-1)), stored);
		})
	);
}
