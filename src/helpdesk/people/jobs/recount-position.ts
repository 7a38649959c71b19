import type { StorageValue } from "../../../contract/storage.ts";
import {
	fieldsOf,
	isTextOrNull,
	readFields,
	type StoredKind,
} from "../../../storage/stored-value.ts";
import type { Totals } from "../people-counts.ts";
import { FIRST_PLACE, type LeftOverPlace } from "./left-over-keys.ts";

/** How far it is: with everybody's own record, with the sums of a page after the other, and then with keys left over. */
export type RecountPosition = {
	readonly stage: "hold" | "walk" | "sum" | "left-over";
	/** The cursors of the two lists that are walked side by side, or of the one that is summed. */
	readonly accounts: string | null;
	readonly counted: string | null;
	/** The last user that was looked at. */
	readonly after: string;
	readonly done: number;
	/** How many users were not in the index, or not counted, as their records say. */
	readonly missing: number;
	readonly miscounted: number;
	readonly sums: Readonly<Record<string, Totals>>;
	readonly place: LeftOverPlace;
	/** How many keys led to nobody. */
	readonly leftOver: number;
};

export const START: RecountPosition = {
	...{ stage: "hold", accounts: null, counted: null, after: "", done: 0 },
	...{ missing: 0, miscounted: 0, sums: {}, place: FIRST_PLACE, leftOver: 0 },
};

export const RECOUNT_POSITION: StoredKind<RecountPosition> = {
	name: "jobs/job recount",
	read: readPosition,
};

export function mapsOf(sums: RecountPosition["sums"]): Map<string, Map<string, number>> {
	return new Map(
		Object.entries(sums).map(([brandId, counts]) => [brandId, new Map(Object.entries(counts))]),
	);
}

export function recordsOf(
	sums: ReadonlyMap<string, ReadonlyMap<string, number>>,
): RecountPosition["sums"] {
	return Object.fromEntries(
		[...sums].map(([brandId, counts]) => [brandId, Object.fromEntries(counts)]),
	);
}

function readPosition(value: StorageValue): RecountPosition | undefined {
	const { stage, accounts = null, counted = null, ...fields } = fieldsOf(value);
	const { after, done, missing, miscounted, leftOver = 0 } = fields;
	const sums = readFields(fields["sums"], (counts) =>
		readFields(counts, (count) => (typeof count === "number" ? count : undefined)),
	);
	const place = readPlace(fields["place"]);
	return (stage === "hold" || stage === "walk" || stage === "sum" || stage === "left-over") &&
		isTextOrNull(accounts) &&
		isTextOrNull(counted) &&
		typeof after === "string" &&
		typeof done === "number" &&
		typeof missing === "number" &&
		typeof miscounted === "number" &&
		typeof leftOver === "number" &&
		sums !== undefined &&
		place !== undefined
		? { stage, accounts, counted, after, done, missing, miscounted, sums, place, leftOver }
		: undefined;
}

/** Positions of a recount that began before this version have none. */
function readPlace(value: StorageValue | undefined): LeftOverPlace | undefined {
	const { kind, cursor = null } = value === undefined ? FIRST_PLACE : fieldsOf(value);
	return typeof kind === "string" && isTextOrNull(cursor) ? { kind, cursor } : undefined;
}
