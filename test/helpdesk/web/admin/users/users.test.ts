import { expect, onTestFinished, test } from "vitest";
import { jobKey } from "../../../../../src/helpdesk/jobs/job-keys.ts";
import type { StoredJob } from "../../../../../src/helpdesk/jobs/stored-job.ts";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { INDEX_JOB_ID } from "../../../../../src/helpdesk/people/index-state.ts";
import { INDEX_PEOPLE } from "../../../../../src/helpdesk/people/jobs/index-people.ts";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { tinyZip } from "../../../../kit/artifact/plugin-versions.ts";
import { install } from "../../../../kit/helpdesk/install-add-on.ts";
import { ADMIN_ORIGIN, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../../../kit/helpdesk/open-helpdesk.ts";
import {
	crowd,
	type PlantedPerson,
	plantOldPeople,
	plantPeople,
} from "../../../../kit/helpdesk/planted-people.ts";
import { listedIds } from "../../../../kit/helpdesk/users-pages.ts";
import { CountingStorage } from "../../../../kit/storage/counting-storage.ts";

const USERS = "/admin/users";

interface OpenUsers extends OpenHelpdesk {
	readonly counting: CountingStorage;
	/** The path of the page that the operator sees next. */
	next(): string | undefined;
	/** The ids on the page with this query. */
	list(query?: Readonly<Record<string, string>>): Promise<string[]>;
}

async function openUsers(...people: readonly PlantedPerson[]): Promise<OpenUsers> {
	const clock = new MockClock();
	const counting = new CountingStorage(new MemoryStorage(clock));
	const open = await openHelpdesk({ storage: counting, clock });
	await plantPeople(counting, ...people);
	const { operator, portal } = open;
	return {
		...open,
		counting,
		next: () =>
			/href="([^"]+)">(?:Next|Search further)</
				.exec(operator.seen.html)?.[1]
				?.replaceAll("&amp;", "&"),
		list: async (query = {}) => {
			await operator.open(`${portal}${USERS}?${new URLSearchParams(query)}`);
			return listedIds(operator);
		},
	};
}

/** The ids on all pages from a path on. */
async function walk(open: OpenUsers, from: string): Promise<string[][]> {
	const pages: string[][] = [];
	for (let path: string | undefined = from; path !== undefined; path = open.next()) {
		await open.operator.open(`${open.portal}${path}`);
		pages.push(listedIds(open.operator));
		expect(open.operator.seen.html.includes(">First</a>")).toBe(path !== from);
	}
	return pages;
}

test("the pages list every user once, 25 on each, the newest first, and the first one can be reached from each", async () => {
	const everybody = crowd(60);
	const open = await openUsers(...everybody);

	const pages = await walk(open, USERS);

	expect(pages.map(({ length }) => length)).toEqual([25, 25, 10]);
	expect(pages.flat()).toEqual(everybody.map(({ id }) => id).reverse());
});

test("a cursor that is none shows the first page", async () => {
	const open = await openUsers(...crowd(30));
	const first = await open.list();

	for (const after of ["", "x", "newest-0-x", "class-0-", "accounts/account/"]) {
		expect(await open.list({ after })).toEqual(first);
		expect(open.operator.seen.status).toBe(200);
	}
});

test("the page of 300 users asks the storage no more than that of 30, and no add-on about whom it knows", async () => {
	const open = await openUsers();
	const listLinkedAccounts = 'await host.storage.get(["asked", given]); return [];';
	await install(open.operator, open.portal, tinyZip({ listLinkedAccounts }));
	const everybody = crowd(300);
	await plantPeople(open.counting, ...everybody.slice(0, 30));
	const costs = async () => {
		// What has changed is counted before.
		await open.list();
		await open.list();
		open.counting.costsSoFar();
		await open.list();
		const { operations, counts } = open.counting.costsSoFar();
		return {
			operations,
			asked: counts["get plugin-data/tiny"],
			bytes: open.operator.seen.html.length,
		};
	};
	const few = await costs();
	await plantPeople(open.counting, ...everybody.slice(30));
	for (let folds = 0; folds < 8; folds += 1) {
		await open.list();
	}

	const many = await costs();

	expect(many).toMatchObject({ operations: few.operations, asked: undefined });
	expect(many.operations).toBeLessThanOrEqual(60);
	expect(many.bytes).toBeLessThan(30_000);
});

test("add-ons are asked about the users on the page of whom it is not known yet what is linked", async () => {
	const open = await openUsers();
	const listLinkedAccounts =
		'return [{ identityId: "tiny:1", label: "it is " + given, linkedAt: 0 }];';
	await install(open.operator, open.portal, tinyZip({ listLinkedAccounts }));
	await plantPeople(open.counting, { id: "ada", links: null });
	await plantPeople(open.counting, {
		id: "bob",
		links: [{ addOn: "tiny", id: "tiny:2", label: "known" }],
	});

	await open.list();

	expect(open.operator.seen.html).toContain("Tiny it is ada");
	expect(open.operator.seen.html).toContain("Tiny known");
	expect(open.operator.seen.html).not.toContain("it is bob");
});

const X_LINK = [{ addOn: "x-login", id: "x:1", label: "@Ada_L" }];
const PEOPLE: readonly PlantedPerson[] = [
	{ id: "11111111-aaaa", name: "Ada Löwe", email: "first@example.com", links: X_LINK },
	{ id: "22222222-bbbb", name: "Bob", email: "bob.jones@example.org", password: "hashed" },
	{ id: "33333333-cccc", name: "Cleo", email: "cleo@example.com", status: "suspended" },
	{ id: "44444444-dddd", name: "Dan", email: "dan@example.com", brandId: "harbor" },
	{
		...{ id: "55555555-eeee", name: "Eve", email: "", status: "awaiting-approval" },
		...{ password: "hashed", links: [{ addOn: "x-login", id: "x:2", label: "@eve" }] },
	},
];
const [ADA = "", BOB = "", CLEO = "", DAN = "", EVE = ""] = PEOPLE.map(({ id }) => id);

test.each([
	["the start of a name", "low", [ADA]],
	["a name with other accents and capitals", "LÖWE", [ADA]],
	["a whole address", "Bob.Jones@example.org", [BOB]],
	["the start of a part of an address", "jon", [BOB]],
	["the domain of an address", "example.org", [BOB]],
	["a handle", "@ada_l", [ADA]],
	["the start of a handle", "eve", [EVE]],
	["a whole id", CLEO, [CLEO]],
	["the start of an id", "44444444", [DAN]],
	["two words", "ada first", [ADA]],
	["nobody's word", "zzz", []],
	["two people's words", "ada bob", []],
	["nothing but signs", "!!", []],
])("a search finds people by %s", async (_, q, ids) => {
	const open = await openUsers(...PEOPLE);

	expect(await open.list({ q })).toEqual(ids);

	const { html } = open.operator.seen;
	expect(html.includes("Nobody matches.")).toBe(ids.length === 0);
});

test("what was typed stays in the field, and no search is read as HTML", async () => {
	const open = await openUsers();

	await open.list({ q: '"><b>x' });

	expect(open.operator.seen.html).toContain('value="&quot;&gt;&lt;b&gt;x"');
	expect(open.operator.seen.html).not.toContain("<b>");
});

test.each([
	["a brand", { brand: "harbor" }, [DAN]],
	["a status", { status: "suspended" }, [CLEO]],
	["a linked account", { linked: "linked" }, [ADA, EVE]],
	["no other way to log in", { linked: "only" }, [ADA]],
	["no linked account", { linked: "none" }, [BOB, CLEO, DAN]],
	["two at once", { linked: "linked", status: "awaiting-approval" }, [EVE]],
	["a filter and a word", { linked: "linked", q: "ada" }, [ADA]],
	["a filter that the word does not match", { brand: "harbor", q: "ada" }, []],
	[
		"nothing that is offered",
		{ brand: "nobody", status: "x", linked: "y" },
		PEOPLE.map(({ id }) => id),
	],
])("a filter by %s", async (_, query, ids) => {
	const open = await openUsers(...PEOPLE);

	expect((await open.list(query)).sort()).toEqual([...ids].sort());
});

test("each page of a filter lists people whom it is about, each once", async () => {
	const some = crowd(60).map((person, index) => ({
		...person,
		...{
			brandId: index % 2 === 0 ? "acorn" : "harbor",
			status: index % 3 === 0 ? "suspended" : "active",
		},
	})) as PlantedPerson[];
	const open = await openUsers(...some);

	const pages = await walk(open, `${USERS}?brand=acorn`);

	const wanted = some.filter(({ brandId }) => brandId === "acorn").map(({ id }) => id);
	expect(pages.map(({ length }) => length)).toEqual([25, 5]);
	expect(pages.flat().sort()).toEqual(wanted.sort());
});

test("a search that many look-alikes make long stops, says so, and goes on where it stopped", async () => {
	const twins = crowd(260).map((person) => ({ ...person, name: "Anna Blum" }));
	const open = await openUsers(...twins, { id: "wanted", name: "Anna Zander" });

	const first = await open.list({ q: "anna zan" });
	const pages = [first];
	while (open.next() !== undefined) {
		await open.operator.open(`${open.portal}${open.next()}`);
		pages.push(listedIds(open.operator));
	}

	expect(pages.flat()).toEqual(["wanted"]);
	expect((await open.list({ q: "anna" })).length).toBe(25);
});

test("the numbers above the list are those of each brand, and lead to the users", async () => {
	const open = await openUsers(...PEOPLE);

	await open.list();

	const { html } = open.operator.seen;
	const row = (name: string) =>
		new RegExp(`<th scope="row">${name}</th>(.*?)</tr>`)
			.exec(html)?.[1]
			?.replace(/<[^>]+>/g, " ")
			.trim()
			.split(/\s+/);
	expect(row("Acorn Outdoor")).toEqual(["4", "2", "1"]);
	expect(row("Harbor Music")).toEqual(["1", "0", "0"]);
	expect(row("All brands")).toEqual(["5", "2", "1"]);
	const [, only = ""] = /href="([^"]+brand=acorn[^"]+linked=only)"/.exec(html) ?? [];
	await open.operator.open(`${open.portal}${only.replaceAll("&amp;", "&")}`);
	expect(listedIds(open.operator)).toEqual([ADA]);
});

test("a list says that it leaves out an account that cannot be read", async () => {
	const open = await openUsers(...PEOPLE);
	const key = [...NAMESPACES.accounts, "account", BOB];
	await open.counting.commit({ sets: [{ key, value: "?" }] });

	expect((await open.list()).length).toBe(4);
	expect(open.operator.seen.html).toContain("This list is incomplete");
	await open.list({ q: "bob" });
	expect(open.operator.seen.html).toContain("This list is incomplete");
	expect((await open.counting.get(key))?.value).toBe("?");
});

/** The job that puts people of earlier versions into the index, which has failed after 31 of 100. */
function stoppedIndexing() {
	const value: StoredJob = {
		...{ type: "index-people", params: {}, position: null, state: "failed", by: "a test" },
		...{ createdAt: 0, startedAt: 0, endedAt: 0, at: 0, done: 31, total: 100, result: null },
		...{ problem: "stopped", problemSaid: null, tries: 3, isHopeless: false, node: null },
	};
	return { key: jobKey(INDEX_JOB_ID), value };
}

test("until everybody of an earlier version is in the index, the page says so, lists everybody and finds whole addresses and ids", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await plantOldPeople(storage, { id: "ada" }, { id: "bob" });
	await storage.commit({ sets: [stoppedIndexing()] });
	const { operator, portal } = await openHelpdesk({ storage, clock });
	const list = async (query: string) => {
		await operator.open(`${portal}${USERS}?${query}`);
		return listedIds(operator).sort();
	};

	expect(await list("")).toEqual(["ada", "bob"]);
	expect(operator.seen.html).toContain(
		"The search does not find everybody: about 31 % are in it. The job that adds the others has failed.",
	);
	expect(operator.seen.html).toContain(`href="/admin/jobs/${INDEX_JOB_ID}"`);
	expect(operator.seen.html).toContain('name="status" disabled');
	expect(await list("q=ada@example.com")).toEqual(["ada"]);
	expect(await list("q=bob")).toEqual(["bob"]);
	expect(await list("status=suspended")).toEqual(["ada", "bob"]);
	expect(operator.seen.html).toContain("The users are being counted.");
});

test("while the index is built, the page leads to the job that builds it, also where it follows one that was cancelled", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await plantOldPeople(storage, { id: "ada" });
	const { app, core, openSession } = openAdmin(await helpdeskOptions({ storage, clock }));
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	const cookie = `admin-acorn=${await openSession(FIRST_OPERATOR)}`;
	const notice = async () => {
		const page = await app.request(`${ADMIN_ORIGIN}${USERS}`, { headers: { cookie } });
		return /<p class="notice" role="status">(.*?)<\/p>/s.exec(await page.text())?.[1];
	};
	const { jobs, runner } = core;
	const job = { type: INDEX_PEOPLE, params: null, by: "the helpdesk" };
	expect(await notice()).toContain("The helpdesk is about to index them.");

	await jobs.start({ ...job, id: INDEX_JOB_ID });
	expect(await notice()).toContain(`href="/admin/jobs/${INDEX_JOB_ID}">See how far it is`);
	await jobs.cancel(INDEX_JOB_ID);
	await runner.drive(INDEX_JOB_ID, 60_000);
	expect(await notice()).toContain("The helpdesk is about to index them.");
	const next = await jobs.start(job);

	const { id = "" } = "id" in next ? next : {};
	expect(await notice()).toContain(`href="/admin/jobs/${id}">See how far it is`);
	expect(id).not.toBe(INDEX_JOB_ID);
});
