import { expect } from "vitest";
import { countNames } from "../../../src/helpdesk/people/count-names.ts";
import { accountKey, STORED_ACCOUNT } from "../../../src/helpdesk/people/stored-account.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { allEntries } from "../storage/all-entries.ts";
import type { OpenAccounts } from "./open-accounts.ts";

/** By brand and by name. Nobody is in a count that is left out. */
type Counts = Record<string, Record<string, number>>;

type Place = Pick<OpenAccounts, "place">;

/** Counts every account that can be read, one after the other. */
export async function plainCounts({ place }: Place): Promise<Counts> {
	const counts: Counts = {};
	for (const { key, value } of await allEntries(place, accountKey())) {
		const stored = STORED_ACCOUNT.read(value);
		if (stored !== undefined) {
			add(counts, stored.brandId, countNames(String(key.at(-1)), stored));
		}
	}
	return counts;
}

/** What is stored: the totals, the sums of what was counted for each user, and how many notes there are. */
export async function countedIn({ place }: Place): Promise<{
	readonly totals: Counts;
	readonly sums: Counts;
	readonly notes: number;
}> {
	const sums: Counts = {};
	for (const { value } of await allEntries(place, ["counted"])) {
		const { brandId, names } = fieldsOf(value);
		if (typeof brandId === "string" && Array.isArray(names)) {
			add(sums, brandId, names);
		}
	}
	const totals: Counts = {};
	for (const { key, value } of await allEntries(place, ["total"])) {
		const counts = fieldsOf(fieldsOf(value)["counts"]) as Record<string, number>;
		if (Object.keys(counts).length > 0) {
			totals[String(key.at(-1))] = counts;
		}
	}
	return { totals, sums, notes: (await allEntries(place, ["count-due"])).length };
}

/** Expects that what is stored equals a plain count. */
export async function expectTrueCounts(open: Place): Promise<void> {
	const { totals, sums, notes } = await countedIn(open);
	expect(notes).toBe(0);
	expect(totals).toEqual(await plainCounts(open));
	expect(sums).toEqual(totals);
}

function add(counts: Counts, brandId: string, names: readonly unknown[]): void {
	const ofBrand = counts[brandId] ?? {};
	counts[brandId] = ofBrand;
	for (const name of names) {
		ofBrand[String(name)] = (ofBrand[String(name)] ?? 0) + 1;
	}
}

/** Works off all notes, as a node does as a duty. */
export async function foldAll({ counts }: Pick<OpenAccounts, "counts">): Promise<void> {
	while ((await counts.fold()) > 0) {
		// The next ones.
	}
}
