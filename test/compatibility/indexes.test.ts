import { describe, expect, onTestFinished, test } from "vitest";
import type { PeopleFilter } from "../../src/helpdesk/people/people-search.ts";
import { accountKey } from "../../src/helpdesk/people/stored-account.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../kit/eventually.ts";
import { type OpenAccounts, openAccounts } from "../kit/helpdesk/open-accounts.ts";
import { expectTrueCounts, foldAll, plainCounts } from "../kit/helpdesk/plain-counts.ts";
import { allEntries } from "../kit/storage/all-entries.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { describeOn } from "../kit/storage/test-servers.ts";
import {
	type Engine,
	fixtureVersions,
	PASSWORD,
	readStory,
	type Story,
	X_ACCOUNT,
} from "./fixture.ts";
import { logIn, throughX } from "./know-people.ts";
import { loadFixture, openFixture, type Place } from "./open-fixture.ts";

const PATIENCE_MS = 180_000;
const BRANDS = ["acorn", "harbor"];
const EVERYBODY: PeopleFilter = {
	...{ words: "", brandId: undefined, status: undefined, linked: undefined },
	withoutOtherWayIn: false,
};

/** The people of a fixture as another node sees them. */
async function besides({ storage: url }: Place, { madeAt }: Story): Promise<OpenAccounts> {
	const clock = new MockClock(madeAt);
	const storage = await openStorageAt(url, clock);
	onTestFinished(async () => storage.close());
	return openAccounts(clock, storage);
}

async function found({ search }: OpenAccounts, filter: Partial<PeopleFilter>): Promise<string[]> {
	const { accounts, next } = await search.page({ ...EVERYBODY, ...filter }, BRANDS);
	expect(next).toBe(undefined);
	return accounts.map(({ id }) => id);
}

async function recordsIn({ place }: OpenAccounts): Promise<ReadonlyMap<string, object>> {
	const entries = await allEntries(place, accountKey());
	return new Map(entries.map(({ key, value }) => [String(key.at(-1)), Object(value)]));
}

function describeFixture(version: string, engine: Engine, server: string): void {
	test(
		"people get an index and counts while they log in and while one of them is deleted",
		async () => {
			const story = await readStory(version, engine);
			const place = await loadFixture(version, engine, server);
			const beside = await besides(place, story);
			const before = await recordsIn(beside);
			expect(await beside.search.state()).toMatchObject({ isReady: false });
			expect((await found(beside, {})).sort()).toEqual(story.users.map(({ id }) => id).sort());

			const open = await openFixture(place, story);
			const willa = story.users.find(({ email }) => email === "willa@example.com");
			const [ada, zoe] = await Promise.all([
				throughX(open.acorn, X_ACCOUNT.ada, "?returnTo=/account"),
				throughX(open.acorn, X_ACCOUNT.zoe, "?returnTo=/account"),
				logIn(open.harbor, "hanna", PASSWORD.hanna),
				beside.accounts.delete(willa?.id ?? ""),
			]);
			expect(ada.seen.html).toContain("@ada_l");
			expect(zoe.seen.html).toContain("@zoe_oe");
			await eventually(async () => expect((await beside.search.state()).isReady).toBe(true));

			const people = story.users.filter(({ id }) => id !== willa?.id);
			for (const { id, name, email } of people) {
				expect(await found(beside, { words: id })).toEqual([id]);
				expect(await found(beside, { words: name })).toContain(id);
				expect(email === null || (await found(beside, { words: email })).includes(id)).toBe(true);
			}
			const idOf = (email: string) =>
				people.filter((each) => each.email === email).map(({ id }) => id);
			expect(await found(beside, { words: "@ada_l" })).toEqual(idOf("ada@example.com"));
			expect(await found(beside, { words: "zoe_oe", brandId: "acorn" })).toEqual(
				idOf("zoe@example.com"),
			);
			await foldAll(beside);
			await expectTrueCounts(beside);
			const counts = Object.values(await plainCounts(beside));
			expect(counts.reduce((sum, { all = 0 }) => sum + all, 0)).toBe(people.length);
			const linked = await Promise.all(
				[true, false].map((each) => found(beside, { linked: each })),
			);
			expect(linked.flat().sort()).toEqual(people.map(({ id }) => id).sort());
			expect(linked[0]).toEqual(expect.arrayContaining(idOf("ada@example.com")));
			expect(open.errors()).toEqual([]);

			// An earlier version reads what it wrote, and keeps what it does not know.
			for (const [id, record] of await recordsIn(beside)) {
				expect(record).toMatchObject(before.get(id) ?? expect.fail("a new account"));
			}
		},
		PATIENCE_MS,
	);
}

describe.each(fixtureVersions())("what %s stored", (version) => {
	describe("on SQLite", () => describeFixture(version, "sqlite", ""));
	describeOn("PostgreSQL", "on PostgreSQL", (url) => describeFixture(version, "postgres", url));
	describeOn("Redis", "on Redis", (url) => describeFixture(version, "redis", url));
});
