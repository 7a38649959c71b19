import { canonicalEmail } from "../../../contract/email-address.ts";
import type { HostStorage } from "../../../contract/storage.ts";
import { updateEntry } from "../../../contract/update-entry.ts";
import { readEntry } from "../../../storage/stored-value.ts";
import { addressKey } from "../../mail/email-key.ts";
import { lastingIdOf, OPERATOR, type StoredOperator } from "../stored-operator.ts";

/** What is stored of operators, for those who change a part of it. */
export class OperatorRecords {
	/** @param storage the namespace of operators. */
	constructor(private readonly storage: HostStorage) {}

	/** @returns undefined for an address of somebody who is not an operator. */
	async find(email: string): Promise<StoredOperator | undefined> {
		const entry = await this.storage.get([recordIdOf(email)]);
		return entry && readEntry(entry, OPERATOR);
	}

	/** The id that stays, see {@link lastingIdOf}. For nobody's address it is that of no record. */
	async lastingIdOf(email: string): Promise<string> {
		const operator = await this.find(email);
		const id = recordIdOf(email);
		return operator === undefined ? id : lastingIdOf(id, operator);
	}

	/**
	 * Changes an operator in one commit.
	 *
	 * @param changed gets the operator's lasting id as well. Gives undefined where there is nothing to change.
	 * @param sessionEpoch that of the session that asks: an intruder who is put out meanwhile changes nothing. Left out: any, for what no session asks.
	 * @returns the operator as they are now; undefined where nothing was changed, or there is no such operator.
	 */
	change(
		email: string,
		changed: (operator: StoredOperator, lastingId: string) => StoredOperator | undefined,
		sessionEpoch?: number,
	): Promise<StoredOperator | undefined> {
		const id = recordIdOf(email);
		const key = [id];
		return updateEntry(this.storage, async () => {
			const entry = await this.storage.get(key);
			const before = entry && readEntry(entry, OPERATOR);
			const isOver = sessionEpoch !== undefined && before?.sessionEpoch !== sessionEpoch;
			const value = before && !isOver ? changed(before, lastingIdOf(id, before)) : undefined;
			if (entry === undefined || value === undefined) {
				return { result: undefined };
			}
			const checks = [{ key, version: entry.version }];
			return { commit: { checks, sets: [{ key, value }] }, result: value };
		});
	}
}

export function recordIdOf(email: string): string {
	return addressKey(canonicalEmail(email) ?? email);
}
