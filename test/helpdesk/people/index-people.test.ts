import { describe, expect, test } from "vitest";
import type { LinkPage } from "../../../src/contract/link-transfer.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { isIndexed } from "../../../src/helpdesk/people/account-index.ts";
import {
	type IndexPeopleParts,
	indexPeopleKind,
	type LinkSource,
} from "../../../src/helpdesk/people/jobs/index-people.ts";
import {
	type AccountLink,
	accountKey,
	STORED_ACCOUNT,
} from "../../../src/helpdesk/people/stored-account.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	addPerson,
	atX,
	type OpenAccounts,
	openAccounts,
} from "../../kit/helpdesk/open-accounts.ts";
import { expectTrueCounts } from "../../kit/helpdesk/plain-counts.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

const BRANDS = ["acorn", "harbor"];

/** What a plugin has stored: which identities are linked to which user. */
type Linked = Map<string, AccountLink[]>;

/** Stores people as version 0.3.0 did, every second of them with a link. */
async function storeOld({ place }: OpenAccounts, count: number): Promise<Linked> {
	const linked: Linked = new Map();
	for (let index = 0; index < count; index += 1) {
		const id = `${(index * 7919).toString(16).padStart(8, "0")}-old`;
		const email = `old-${index}@example.com`;
		const brandId = brandOf(id);
		const value = {
			...{ brandId, name: `Old N${index}`, email, locale: "en", password: null, phone: null },
			...{ confirmed: index % 3 === 0, unclaimed: false, status: "active", sessionEpoch: 0 },
			createdFor: null,
		};
		await place.commit({
			sets: [
				{ key: accountKey(id), value },
				{ key: ["email", brandId, addressKey(email)], value: id },
			],
		});
		if (index % 2 === 0) {
			linked.set(id, [atX(`old_${index}`)]);
		}
	}
	return linked;
}

function brandOf(userId: string): string {
	return Number.parseInt(userId.slice(0, 8), 16) % 3 === 0 ? "harbor" : "acorn";
}

/** An add-on that lists its links, by default seven a page. */
function listing(
	linked: Linked,
	beside: () => Promise<unknown> = async () => undefined,
	most = 7,
): LinkSource {
	return {
		addOn: "x-login",
		pageOf: async (brandId, cursor = ""): Promise<LinkPage> => {
			const all = [...linked].filter(([userId]) => brandOf(userId) === brandId && userId > cursor);
			const shown = all.sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, most);
			const links = shown.flatMap(([userId, each]) =>
				each.map(({ id, label }) => ({
					...{ userId, identityId: id, handle: label.slice(1), linkedAt: 0 },
				})),
			);
			await beside();
			return { links, ...(all.length > most && { cursor: shown.at(-1)?.[0] ?? "" }) };
		},
	};
}

function partsOf(
	open: OpenAccounts,
	linked: Linked,
	source = listing(linked),
	asked: string[] = [],
): IndexPeopleParts {
	const { records } = open.accounts;
	return {
		storage: open.storage,
		counts: open.counts,
		sources: async () => [source],
		brandIds: () => BRANDS,
		refresh: async (userId) => {
			asked.push(userId);
			const note = await records.linksNote(userId);
			await records.setLinks(userId, linked.get(userId) ?? [], note);
		},
		report: () => {},
	};
}

async function find({ search }: OpenAccounts, words: string): Promise<readonly string[]> {
	const filter = { brandId: undefined, status: undefined, linked: undefined };
	const { accounts } = await search.page({ ...filter, words, withoutOtherWayIn: false }, BRANDS);
	return accounts.map(({ name }) => name);
}

async function expectAllIndexed({ place }: OpenAccounts): Promise<void> {
	for (const { key, value } of await allEntries(place, accountKey())) {
		const stored = STORED_ACCOUNT.read(value) ?? expect.fail("unreadable");
		expect(isIndexed(String(key.at(-1)), stored)).toBe(true);
	}
}

describeEachEngine((openEngine) => {
	test("people of an earlier version are found by name and handle and counted, while others log in, sign up and go", async () => {
		const clock = new MockClock();
		const open = openAccounts(clock, await openEngine(clock));
		const linked = await storeOld(open, 90);
		expect(await open.search.state()).toEqual({ isReady: false });
		expect(await open.counts.at("acorn")).toMatchObject({ isReady: false });
		const ids = [...linked.keys()];
		let turn = 0;
		const beside = async (): Promise<void> => {
			const id = ids[turn] ?? "";
			await open.accounts.endSessions(ids[turn + 20] ?? "");
			await addPerson(open, { name: `New N${turn}`, links: [atX(`new_${turn}`)] });
			linked.delete(id);
			await open.accounts.delete(id);
			turn += 1;
		};

		const kind = indexPeopleKind(partsOf(open, linked, listing(linked, beside)));
		const job = await driveJob(kind, null, open);

		expect(job).toMatchObject({ state: "done" });
		expect(turn).toBeGreaterThan(4);
		expect(await open.search.state()).toEqual({ isReady: true });
		await open.counts.at("acorn");
		await expectTrueCounts(open);
		await expectAllIndexed(open);
		for (let index = 2 * turn; index < 90; index += 1) {
			expect(await find(open, `old n${index}`)).toEqual([`Old N${index}`]);
			if (index % 2 === 0) {
				expect(await find(open, `@old_${index}`)).toEqual([`Old N${index}`]);
			}
		}
		const counts = await Promise.all(BRANDS.map((brandId) => open.counts.at(brandId)));
		expect(counts.map(({ isReady }) => isReady)).toEqual([true, true]);
		const linkedCount = counts.reduce((sum, { of }) => sum + of("linked:x-login"), 0);
		expect(linkedCount).toBe(45);
	}, 120_000);
});

test("every step done twice, as after a crash, gives the same index and the same counts", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 50);

	await driveJob(indexPeopleKind(partsOf(open, linked)), null, { ...open, twice: true });

	await expectTrueCounts(open);
	await expectAllIndexed(open);
	expect(await find(open, "old_4")).toContain("Old N4");
});

describe("a link that goes while the job has it on its page", () => {
	/** Another node takes the link of the first user away, as `LinkFacts.around` does, at the n-th storage operation. */
	async function unlinkAt(operation: number): Promise<readonly AccountLink[] | undefined> {
		const clock = new MockClock();
		const inner = new MemoryStorage(clock);
		const other = openAccounts(clock, inner);
		const linked = await storeOld(other, 1);
		const [id = ""] = linked.keys();
		let operations = Number.NEGATIVE_INFINITY;
		const before = async (): Promise<void> => {
			operations += 1;
			if (operations === operation) {
				const { records } = other.accounts;
				await records.noteLinks([id]);
				linked.set(id, []);
				await records.setLinks(id, [], await records.linksNote(id));
			}
		};
		const storage: HostStorage = {
			get: async (key) => {
				await before();
				return inner.get(key);
			},
			take: (key) => inner.take(key),
			list: (prefix, options) => inner.list(prefix, options),
			commit: async (commit) => {
				await before();
				return inner.commit(commit);
			},
		};
		const open = openAccounts(clock, storage);
		const { addOn, pageOf } = listing(linked);
		const source: LinkSource = {
			addOn,
			pageOf: async (brandId, cursor) => {
				const page = (await pageOf?.(brandId, cursor)) ?? { links: [] };
				operations = page.links.length > 0 ? Math.max(operations, 0) : operations;
				return page;
			},
		};
		await driveJob(indexPeopleKind(partsOf(open, linked, source)), null, { storage });
		return (await open.accounts.find(id))?.links;
	}

	test.each([1, 2, 3, 4])("at operation %i is not brought back", async (operation) => {
		expect(await unlinkAt(operation)).toEqual([]);
	});
});

test("add-ons are asked for each user whose known links differ from the list", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 8);
	const [first = "", second = "", third = ""] = linked.keys();
	await open.accounts.records.setLinks(first, [atX("old_name")], null);
	await open.accounts.records.setLinks(second, linked.get(second) ?? [], null);
	linked.set(third, [atX("one"), atX("a_second_one")]);
	const asked: string[] = [];

	await driveJob(indexPeopleKind(partsOf(open, linked, listing(linked), asked)), null, open);

	expect(asked).toEqual([first]);
	expect((await open.accounts.find(first))?.links).toEqual(linked.get(first));
	expect((await open.accounts.find(third))?.links).toHaveLength(2);
});

test("an add-on that lists nothing is asked for each user of whom nothing is known", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 30);
	const asked: string[] = [];
	const silent = { addOn: "x-login", pageOf: undefined };

	await driveJob(indexPeopleKind(partsOf(open, linked, silent, asked)), null, open);

	expect(asked).toHaveLength(30);
	expect(await find(open, "old_28")).toEqual(["Old N28"]);
	await expectTrueCounts(open);
});

test("users whom no list has are known to have no links, without a question to an add-on", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 50);
	const asked: string[] = [];

	await driveJob(indexPeopleKind(partsOf(open, linked, listing(linked), asked)), null, open);

	for (const { key } of await allEntries(open.place, accountKey())) {
		const id = String(key.at(-1));
		const { links } = (await open.accounts.find(id)) ?? {};
		expect(links?.map((each) => each.id)).toEqual((linked.get(id) ?? []).map((each) => each.id));
	}
	expect(asked).toEqual([]);
});

test("users with links at one add-on are asked about where another one lists nothing", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 30);
	const asked: string[] = [];
	const silent = { addOn: "y-login", pageOf: undefined };
	const parts = partsOf(open, linked, listing(linked), asked);

	const sources = async () => [...(await parts.sources()), silent];
	await driveJob(indexPeopleKind({ ...parts, sources }), null, open);

	expect(new Set(asked).size).toBe(30);
});

test("users of a brand that an add-on cannot list, or that is not there any more, are asked about", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 30);
	const acorn = [...(await allEntries(open.place, accountKey()))]
		.map(({ key }) => String(key.at(-1)))
		.filter((id) => brandOf(id) === "acorn");
	const { addOn, pageOf } = listing(linked);
	const failing: LinkSource = {
		addOn,
		pageOf: async (brandId, cursor) =>
			brandId === "acorn"
				? Promise.reject(new Error("it cannot list"))
				: ((await pageOf?.(brandId, cursor)) ?? { links: [] }),
	};
	const asked: string[] = [];
	const reports: string[] = [];
	const report = (what: string, error: unknown): void => {
		reports.push(`${what}: ${error}`);
	};

	const parts = { ...partsOf(open, linked, failing, asked), report };
	expect(await driveJob(indexPeopleKind(parts), null, open)).toMatchObject({ state: "done" });
	expect(asked.sort()).toEqual(acorn.sort());
	expect(reports).toEqual([expect.stringContaining("it cannot list")]);

	asked.length = 0;
	const gone = { ...partsOf(open, linked, listing(linked), asked), brandIds: () => ["harbor"] };
	await driveJob(indexPeopleKind(gone), null, open);
	expect(asked.sort()).toEqual(acorn.sort());
});

test("a listed link of somebody whose id no user can have is passed over", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 3);
	const { addOn, pageOf } = listing(linked);
	const odd = { userId: "\ud800", identityId: "x:1", handle: "odd", linkedAt: 0 };
	const source: LinkSource = {
		addOn,
		pageOf: async (brandId, cursor) => {
			const page = (await pageOf?.(brandId, cursor)) ?? { links: [] };
			return { ...page, links: [odd, ...page.links] };
		},
	};

	const job = await driveJob(indexPeopleKind(partsOf(open, linked, source)), null, open);

	expect(job).toMatchObject({ state: "done" });
	expect(await find(open, "@old_2")).toEqual(["Old N2"]);
});

test("no step has more than 400 keys or a list of more than 200", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const open = openAccounts(clock, storage);
	const linked = await storeOld(open, 200);
	for (const { key, value } of await allEntries(open.place, accountKey())) {
		const name = "Anna Berta Clara Dora Emma Frida Greta Hanna Ida Jana Karla Lena";
		await open.place.commit({ sets: [{ key, value: { ...(value as object), name } }] });
	}
	for (const [userId] of linked) {
		linked.set(userId, [atX("q_w_e_r_t_z_u"), atX("y_x_c_v_b_n_m"), atX("o_p_a_s_d_f_g")]);
	}
	storage.costsSoFar();

	const source = listing(linked, undefined, 100);
	await driveJob(indexPeopleKind(partsOf(open, linked, source)), null, { storage });

	const { mostKeys, longestList } = storage.costsSoFar();
	expect(mostKeys).toBeGreaterThan(200);
	expect(mostKeys).toBeLessThanOrEqual(400);
	expect(longestList).toBeLessThanOrEqual(200);
});

test("an account that cannot be read is reported, kept, and stays out of the index", async () => {
	const open = openAccounts();
	const linked = await storeOld(open, 5);
	const [id = ""] = linked.keys();
	await open.place.commit({ sets: [{ key: accountKey(id), value: "broken" }] });
	const reports: string[] = [];
	const report = (what: string): void => {
		reports.push(what);
	};

	await driveJob(indexPeopleKind({ ...partsOf(open, linked), report }), null, open);

	expect(reports).toContain("a list leaves out stored values");
	expect((await open.place.get(accountKey(id)))?.value).toBe("broken");
	expect(await open.search.state()).toMatchObject({ isReady: true });
	expect(await find(open, "old n4")).toEqual(["Old N4"]);
});
