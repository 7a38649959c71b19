import type { Random } from "../../contract/random.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";
import { readSecondFactor, type StoredSecondFactor } from "./second-factor/stored-second-factor.ts";

export type StoredOperator = {
	/** Hashed. */
	readonly password: string;
	/** Counts up when all sessions of the operator end. */
	readonly sessionEpoch: number;
	/** Whether somebody else has chosen the password, so that it is for one log-in. */
	readonly mustChange: boolean;
	/** Null: the password is enough. */
	readonly secondFactor: StoredSecondFactor | null;
	/** See {@link lastingIdOf}. Versions before 0.3.0 do not store one. */
	readonly lastingId?: string;
};

/**
 * The id that stays when an operator's address changes, unlike that of their record. What belongs to the person is bound to
 * it: the key of the app, the recovery codes, the codes that counted, and what is counted of them.
 *
 * @param id that of the record.
 */
export function lastingIdOf(id: string, { lastingId }: StoredOperator): string {
	return lastingId ?? id;
}

/** So few that an epoch can count up for ever. */
const EPOCH_BYTES = 6;

/** A session epoch that no session from before has. */
export function newSessionEpoch(random: Random): number {
	return Buffer.from(random.bytes(EPOCH_BYTES)).readUIntBE(0, EPOCH_BYTES);
}

export const OPERATOR: StoredKind<StoredOperator> = { name: "operators", read: readOperator };

function readOperator(value: StorageValue): StoredOperator | undefined {
	const fields = fieldsOf(value);
	const { password, sessionEpoch = 0, mustChange = false } = fields;
	// One that cannot be read must not make the password enough.
	const { secondFactor: stored = null, lastingId } = fields;
	const secondFactor = stored === null ? null : readSecondFactor(stored);
	return typeof password === "string" &&
		typeof sessionEpoch === "number" &&
		typeof mustChange === "boolean" &&
		(lastingId === undefined || typeof lastingId === "string") &&
		secondFactor !== undefined
		? {
				...{ ...fields, password, sessionEpoch, mustChange, secondFactor },
				...(lastingId !== undefined && { lastingId }),
			}
		: undefined;
}
