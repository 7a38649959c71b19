import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { countNames } from "../../../src/helpdesk/people/count-names.ts";
import type { CountName } from "../../../src/helpdesk/people/people-counts.ts";
import {
	accountKey,
	STORED_ACCOUNT,
	type StoredAccount,
} from "../../../src/helpdesk/people/stored-account.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { readEntry } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	addPerson,
	atX,
	type OpenAccounts,
	openAccounts,
} from "../../kit/helpdesk/open-accounts.ts";
import {
	countedIn,
	expectTrueCounts,
	foldAll,
	plainCounts,
} from "../../kit/helpdesk/plain-counts.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const STORED: StoredAccount = {
	...{ brandId: "acorn", name: "Ada", email: "ada@example.com", locale: "en", password: null },
	...{ phone: null, confirmed: true, unclaimed: false, status: "active", sessionEpoch: 0 },
	createdFor: null,
};

test.each<[string, Partial<StoredAccount>, CountName[]]>([
	["nothing linked and no password", {}, ["all", "status:active", "ways:none"]],
	["a password", { password: "hashed" }, ["all", "status:active", "ways:password"]],
	[
		"X alone",
		{ links: [atX("ada"), atX("ada_two")] },
		["all", "linked:x-login", "mailable:x-login", "only:x-login", "status:active", "ways:link"],
	],
	[
		"X alone and no address",
		{ links: [atX("ada")], email: "" },
		["all", "linked:x-login", "only:x-login", "status:active", "ways:link"],
	],
	[
		"X alone and a suspension",
		{ links: [atX("ada")], status: "suspended" },
		["all", "linked:x-login", "only:x-login", "status:suspended", "ways:link"],
	],
	[
		"X and a password",
		{ links: [atX("ada")], password: "hashed" },
		["all", "linked:x-login", "status:active", "ways:both"],
	],
])("a user with %s counts", (_, change, names) => {
	expect(countNames("ada", { ...STORED, ...change })).toEqual(names);
});

async function people(open: OpenAccounts, count: number): Promise<string[]> {
	const ids: string[] = [];
	for (let index = 0; index < count; index += 1) {
		const links = index % 2 === 0 ? [atX(`handle_${index}`)] : [];
		const brandId = index % 3 === 0 ? "harbor" : "acorn";
		ids.push((await addPerson(open, { name: `Person ${index}`, brandId, links })).id);
	}
	return ids;
}

test("a page of a small helpdesk reads exact counts at once", async () => {
	const open = openAccounts();
	await open.search.state();
	const [first = ""] = await people(open, 30);
	await open.accounts.setPassword(first, "correct horse");
	await open.accounts.delete(
		(
			await open.search.page(
				{
					words: "person",
					brandId: "acorn",
					status: undefined,
					linked: true,
					withoutOtherWayIn: false,
				},
				[],
			)
		).accounts[0]?.id ?? "",
	);

	const acorn = await open.counts.at("acorn");
	const harbor = await open.counts.at("harbor");

	expect(acorn).toMatchObject({ isExact: true, isReady: true });
	expect([acorn.of("all"), acorn.of("linked:x-login"), acorn.of("status:suspended")]).toEqual([
		19, 9, 0,
	]);
	expect([harbor.of("all"), harbor.of("ways:both"), harbor.of("only:x-login")]).toEqual([10, 1, 4]);
	expect((await open.counts.at("nowhere")).of("all")).toBe(0);
});

test("a page works off 80 notes at most, and says when there are more", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const open = openAccounts(clock, storage);
	await open.search.state();
	await people(open, 200);
	storage.costsSoFar();

	expect(await open.counts.at("acorn")).toMatchObject({ isExact: false, isReady: true });
	const { operations, mostKeys, longestList } = storage.costsSoFar();
	expect(operations).toBeLessThanOrEqual(180);
	expect(mostKeys).toBeLessThanOrEqual(200);
	expect(longestList).toBeLessThanOrEqual(40);
	await foldAll(open);
	expect(await open.counts.at("acorn")).toMatchObject({ isExact: true });
	await expectTrueCounts(open);
});

test("a log-in that changes nothing leaves no note, and neither does a change that counts nowhere", async () => {
	const open = openAccounts();
	const [id = ""] = await people(open, 1);
	await open.counts.fold();
	expect(await open.counts.fold()).toBe(0);

	await open.accounts.endSessions(id);
	await open.accounts.completeProfile(id, "+49 30 123456");
	expect(await open.counts.fold()).toBe(0);

	await open.accounts.setStatus(id, "suspended");
	expect(await open.counts.fold()).toBe(1);
	await expectTrueCounts(open);
});

test("folds on two nodes beside sign-ups, changes and deletions lose nobody", async () => {
	const open = openAccounts();
	const other = openAccounts(open.clock, open.storage);
	const ids = await people(open, 60);
	const add = people(open, 60);
	const change = (async () => {
		for (const [index, id] of ids.entries()) {
			await (index % 2 === 0 ? open.accounts.delete(id) : open.accounts.setStatus(id, "suspended"));
		}
	})();
	const folds = [open, other].map(async ({ counts }) => {
		for (let turn = 0; turn < 40; turn += 1) {
			await counts.fold();
		}
	});
	await Promise.all([add, change, ...folds]);
	await foldAll(open);
	await expectTrueCounts(open);
});

/** The storage that dies at one commit of a fold: before the commit happens, or after it. */
class DyingStorage {
	readonly storage: HostStorage;
	private left = Number.POSITIVE_INFINITY;
	private dies: "before" | "after" = "before";

	constructor(inner: HostStorage) {
		this.storage = {
			get: (key) => inner.get(key),
			take: (key) => inner.take(key),
			list: (prefix, options) => inner.list(prefix, options),
			commit: async (commit) => {
				this.left -= 1;
				if (this.left !== 0) {
					return inner.commit(commit);
				}
				if (this.dies === "after") {
					await inner.commit(commit);
				}
				throw new Error("the node is gone");
			},
		};
	}

	dieAt(commits: number, when: "before" | "after"): void {
		this.left = commits;
		this.dies = when;
	}
}

describe.each(["before", "after"] as const)("a node that dies %s a commit of a fold", (when) => {
	test.each([1, 2, 3])(
		"number %i leaves counts that the next fold makes right",
		async (commits) => {
			const clock = new MockClock();
			const inner = new MemoryStorage(clock);
			const dying = new DyingStorage(inner);
			const open = openAccounts(clock, inner);
			const node = openAccounts(clock, dying.storage);
			const ids = await people(open, 130);
			await open.accounts.delete(ids[3] ?? "");
			dying.dieAt(commits, when);

			await expect(
				(async () => {
					while ((await node.counts.fold()) > 0) {
						// Until it dies.
					}
				})(),
			).rejects.toThrow("the node is gone");
			// Whatever was folded, the totals are the sum of what was counted for each user.
			expect(await plainCounts(open)).not.toEqual({});
			await expectSums(open);
			await foldAll(open);
			await expectTrueCounts(open);
		},
	);
});

/** The totals are the sum of `counted`, always. */
async function expectSums(open: OpenAccounts): Promise<void> {
	const { totals, sums } = await countedIn(open);
	expect(totals).toEqual(sums);
}

test("a fold fails when an account changes between its reads and its commit, and reads again", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const open = openAccounts(clock, inner);
	const ids = await people(open, 3);
	let turns = 0;
	const beside = openAccounts(clock, {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: async (commit) => {
			turns += 1;
			const [first = "", second = ""] = ids;
			if (turns === 1) {
				await open.accounts.setStatus(first, "suspended");
				await open.accounts.delete(second);
			}
			return inner.commit(commit);
		},
	});

	expect(await beside.counts.fold()).toBe(3);

	expect(turns).toBe(2);
	await expectTrueCounts(open);
});

/** The storage in which something happens once, right before an operation of this kind. */
function before(
	inner: HostStorage,
	operation: "commit" | "get total",
	work: () => Promise<unknown>,
): HostStorage {
	let hasHappened = false;
	const once = async (): Promise<void> => {
		if (!hasHappened) {
			hasHappened = true;
			await work();
		}
	};
	return {
		get: async (key) => {
			if (operation === "get total" && key.includes("total")) {
				await once();
			}
			return inner.get(key);
		},
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: async (commit) => {
			if (operation === "commit") {
				await once();
			}
			return inner.commit(commit);
		},
	};
}

test("two folds of the same users count them once, also when one comes between the reads of the other", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const open = openAccounts(clock, inner);
	for (const name of ["Ada", "Bob", "Cleo"]) {
		await addPerson(open, { name });
	}

	await openAccounts(
		clock,
		before(inner, "get total", () => open.counts.fold()),
	).counts.fold();

	await expectTrueCounts(open);
});

test("two folds of other users of the same brand lose neither", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const open = openAccounts(clock, inner);
	await open.place.commit({
		sets: ["z1", "z2"].flatMap((id) => [
			{ key: accountKey(id), value: STORED },
			{ key: ["count-due", id], value: null },
		]),
	});
	const beside = before(inner, "commit", async () => {
		await people(open, 90);
		await open.counts.fold();
	});

	await openAccounts(clock, beside).counts.fold();

	await foldAll(open);
	await expectTrueCounts(open);
});

test("a fold that is under way when a recount begins writes nothing", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const open = openAccounts(clock, inner);
	await people(open, 5);
	const beside = before(inner, "commit", () =>
		open.place.commit({ sets: [{ key: ["state", "counts"], value: { by: "a job" } }] }),
	);

	expect(await openAccounts(clock, beside).counts.fold()).toBe(0);

	expect(await countedIn(open)).toEqual({ totals: {}, sums: {}, notes: 5 });
});

test("an account that cannot be read counts nowhere and holds up nobody", async () => {
	const open = openAccounts();
	const ids = await people(open, 50);
	await open.counts.fold();
	await open.place.commit({
		sets: ids.slice(0, 45).flatMap((id) => [
			{ key: accountKey(id), value: "broken" },
			{ key: ["count-due", id], value: null },
		]),
	});
	await open.accounts.setStatus(ids[47] ?? "", "suspended");
	await foldAll(open);
	expect((await open.counts.at("acorn")).isExact).toBe(true);
	expect(open.reports[0]).toContain("accounts/account");
	const counts = await plainCounts(open);
	expect(Object.values(counts).reduce((sum, { all = 0 }) => sum + all, 0)).toBe(5);
	await expectTrueCounts(open);
});

test("a user whose own count cannot be read is passed over, and everybody else is counted", async () => {
	const open = openAccounts();
	const ids = await people(open, 45);
	await open.place.commit({
		sets: ids.slice(0, 42).map((id) => ({ key: ["counted", id], value: 1 })),
	});

	expect(await open.counts.fold()).toBeGreaterThan(0);

	const { notes } = await countedIn(open);
	await foldAll(open);
	expect(notes).toBeLessThan(45);
	expect((await countedIn(open)).notes).toBe(42);
	expect(open.reports.join()).toContain("accounts/counted");
});

test("a total that cannot be read is kept and reported, and the page says that it is not ready", async () => {
	const open = openAccounts();
	await people(open, 5);
	await open.counts.at("acorn");
	await open.place.commit({ sets: [{ key: ["total", "acorn"], value: "many" }] });

	expect(await open.counts.at("acorn")).toMatchObject({ isReady: false });
	await people(open, 5);
	await expect(open.counts.fold()).rejects.toThrow("accounts/total");
	expect(await open.counts.at("acorn")).toMatchObject({ isReady: false, isExact: false });
	expect((await open.place.get(["total", "acorn"]))?.value).toBe("many");
	expect(open.reports.join()).toContain("accounts/total");
});

test("counts are the plain count after any deeds and folds", async () => {
	const deed = fc.tuple(fc.nat(7), fc.nat(1000));
	const property = fc.asyncProperty(
		fc.array(deed, { minLength: 200, maxLength: 300 }),
		async (deeds) => {
			const open = openAccounts();
			const ids: string[] = [];
			for (const [which, who] of deeds) {
				const id = ids[who % Math.max(ids.length, 1)] ?? "nobody";
				const { accounts } = open;
				const entry = await open.place.get(accountKey(id));
				const isPassword = entry && readEntry(entry, STORED_ACCOUNT).password !== null;
				await [
					async () => ids.push(...(await people(open, 3))),
					() => accounts.delete(id),
					() => accounts.setStatus(id, "suspended"),
					() => accounts.setStatus(id, "active"),
					() => accounts.setPassword(id, "correct horse"),
					async () =>
						accounts.records.setLinks(
							id,
							isPassword ? [] : [atX("again")],
							await accounts.records.linksNote(id),
						),
					() => open.counts.fold(),
					() => accounts.confirm(id),
				][which]?.();
				await expectSums(open);
			}
			await foldAll(open);
			await expectTrueCounts(open);
		},
	);
	await fc.assert(property, { numRuns: 3, endOnFailure: true });
});
