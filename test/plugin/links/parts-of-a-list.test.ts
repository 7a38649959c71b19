// A helpdesk imports a long list in parts. What the plugin finds in all parts is what it finds in the whole list.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkRow } from "../../../src/contract/link-transfer.ts";
import { LinkFileFacts } from "../../../src/helpdesk/files/link-file-facts.ts";
import { type RowsBeside, rowsBeside } from "../../../src/helpdesk/files/rows-beside.ts";
import { linkRow, type StoredRow, storedRow } from "../../../src/helpdesk/files/stored-rows.ts";
import { importedId } from "../../../src/plugin/links/imported-id.ts";
import { namedIdentities } from "../../../src/plugin/links/imported-user.ts";
import { roundedIn } from "../../../src/plugin/links/rounded-ids.ts";

/** Ids of all kinds, with few values each, so that they meet. */
const id = fc.oneof(
	fc.constantFrom("1", "2", "x:1", "X:2", "'1", " 1 ", "@ada", "1.2E+17", ""),
	fc
		.tuple(
			fc.constantFrom(1, 2, 9),
			fc.integer({ min: 12, max: 19 }),
			fc.integer({ min: 0, max: 19 }),
		)
		.map(([first, length, zeros]) => {
			const digits = `${first}${"7".repeat(length)}`;
			const kept = Math.max(1, digits.length - zeros);
			return `${digits.slice(0, kept)}${"0".repeat(digits.length - kept)}`;
		}),
	fc.constantFrom("18446744073709551615", "99999999999999999999", "99999999999999999990"),
	fc.bigInt({ min: 10n ** 17n, max: 2n ** 64n - 1n }).map(String),
);
const row = fc.record({
	brandId: fc.constantFrom("acorn", "harbor"),
	identityId: id,
	email: fc.constantFrom("ada@example.com", "bea@example.com", ""),
	userId: fc.constantFrom("", "u1", "u2", "u3"),
	handle: fc.constant("h"),
	confirmed: fc.boolean(),
});

/** Cuts a list into parts, the last of which is the rest. */
function cut(rows: readonly LinkRow[], lengths: readonly number[]): StoredRow[][] {
	const stored = rows.map((each, index) => storedRow({ line: index + 2, row: each }));
	const parts: StoredRow[][] = [];
	for (const length of [...lengths, stored.length]) {
		const part = stored.splice(0, length);
		if (part.length > 0) {
			parts.push(part);
		}
	}
	return parts;
}

async function* eachOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
	yield* items;
}

/** The users that rows give each id to, as far as an id has several. */
function contradictionsIn(rows: readonly LinkRow[]): ReadonlyMap<string, readonly string[]> {
	const claims = new Map<string, Set<string>>();
	for (const { brandId, identityId, email, userId } of rows) {
		const read = importedId(identityId);
		if (read.kind === "id") {
			const claim = `${brandId} ${read.identityId}`;
			claims.set(claim, (claims.get(claim) ?? new Set()).add(`${email} ${userId}`));
		}
	}
	return new Map([...claims].map(([claim, users]) => [claim, [...users].sort()]));
}

test("rounded ids, contradictions and named identities: each part finds what the whole list finds", async () => {
	const property = fc.asyncProperty(
		fc.array(row, { minLength: 1, maxLength: 40 }),
		fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }),
		async (rows, lengths) => {
			const facts = new LinkFileFacts();
			for (const each of rows) {
				facts.add(each);
			}
			const parts = cut(rows, lengths);
			const beside = new Map<number, RowsBeside>();
			for await (const [index, rows] of rowsBeside(eachOf(parts), await facts.shared())) {
				beside.set(index, rows);
			}
			const sample = facts.sampled().map((identityId) => ({ brandId: "", identityId }));

			for (const [index, part] of parts.entries()) {
				const own = part.map((each) => linkRow(each, ""));
				const { earlier = [], later = [] } = beside.get(index) ?? {};
				const seen = [
					...own,
					...[...earlier, ...later].map((each) => linkRow(each, "")),
					...sample,
				];

				const ids = own.map(({ identityId }) => identityId.trim());
				const roundedHere = roundedIn(seen);
				const rounded = roundedIn(rows);
				expect(ids.filter((each) => roundedHere.has(each))).toEqual(
					ids.filter((each) => rounded.has(each)),
				);
				const named = namedIdentities(rows);
				const namedHere = namedIdentities(seen);
				const claims = contradictionsIn(rows);
				const claimsHere = contradictionsIn(seen);
				for (const { userId = "", brandId, identityId } of own) {
					expect(namedHere.get(userId)).toEqual(named.get(userId));
					const read = importedId(identityId);
					const claim = read.kind === "id" ? `${brandId} ${read.identityId}` : "";
					expect(claimsHere.get(claim)).toEqual(claims.get(claim));
				}
			}
		},
	);
	await fc.assert(property, { numRuns: 2_000 });
});
