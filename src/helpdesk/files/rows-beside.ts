import { setImmediate as nextTurn } from "node:timers/promises";
import { type Shared, sharedBy } from "./link-file-facts.ts";
import { linkRow, type StoredRow } from "./stored-rows.ts";

/** So many different rows with the same id, or the same user, tell what there is to know about them. */
const MOST_ALIKE = 20;
/** The most bytes, as JSON, of all that lies beside a part. */
const MOST_BYTES = 60 * 1024;

/** Rows of the other parts of a list that share an id or a user with a part. */
export type RowsBeside = {
	readonly earlier: readonly StoredRow[];
	readonly later: readonly StoredRow[];
	/** The part of each of the later rows, in the same order. */
	readonly laterParts: readonly number[];
};

export const NOTHING_BESIDE: RowsBeside = { earlier: [], later: [], laterParts: [] };

interface SharedRow {
	readonly part: number;
	readonly row: StoredRow;
	/** What counts of it. Two rows with the same text say the same. */
	readonly says: string;
}

/**
 * Finds what the parts of a list say about each other's rows.
 *
 * @param shared what several rows have in common. Only rows with some of it are held.
 * @returns what belongs to each part, with the number of the part, one by one, so that visitors get their turn in between;
 * nothing for a part that shares nothing.
 */
export async function* rowsBeside(
	parts: AsyncIterable<readonly StoredRow[]>,
	shared: Shared,
): AsyncGenerator<readonly [part: number, beside: RowsBeside]> {
	const byHash = new Map<number, SharedRow[]>();
	const byPart = new Map<number, Set<number>>();
	let part = 0;
	for await (const rows of parts) {
		const hashes = new Set<number>();
		for (const row of rows) {
			for (const hash of sharedBy(linkRow(row, ""), shared)) {
				hashes.add(hash);
				const alike = byHash.get(hash) ?? [];
				byHash.set(hash, alike);
				addOnce(alike, { part, row, says: saidBy(row) });
			}
		}
		if (hashes.size > 0) {
			byPart.set(part, hashes);
		}
		part += 1;
	}
	for (const [index, hashes] of byPart) {
		await nextTurn();
		const beside = besideOf(index, hashes, byHash);
		if (beside.earlier.length + beside.later.length > 0) {
			yield [index, beside];
		}
	}
}

function saidBy([, id, email, userId, , brandId, , confirmed]: StoredRow): string {
	return JSON.stringify([id, email, userId, brandId, confirmed]);
}

function addOnce(alike: SharedRow[], next: SharedRow): void {
	if (alike.length < MOST_ALIKE && alike.every(({ says }) => says !== next.says)) {
		alike.push(next);
	}
}

function besideOf(
	index: number,
	hashes: ReadonlySet<number>,
	byHash: ReadonlyMap<number, readonly SharedRow[]>,
): RowsBeside {
	const found = new Map<string, SharedRow>();
	let bytes = 0;
	for (const each of [...hashes].flatMap((hash) => byHash.get(hash) ?? [])) {
		const more = Buffer.byteLength(JSON.stringify([each.row, each.part]));
		if (each.part !== index && !found.has(each.says) && bytes + more <= MOST_BYTES) {
			found.set(each.says, each);
			bytes += more;
		}
	}
	const rows = [...found.values()];
	const later = rows.filter((each) => each.part > index);
	return {
		earlier: rows.filter((each) => each.part < index).map(({ row }) => row),
		later: later.map(({ row }) => row),
		laterParts: later.map(({ part }) => part),
	};
}
