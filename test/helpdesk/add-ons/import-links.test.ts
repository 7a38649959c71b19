// The kinds of jobs that import and export links, with the real plugin.
import { expect, test } from "vitest";
import en from "../../../locales/en.json" with { type: "json" };
import type { LinkRow } from "../../../src/contract/link-transfer.ts";
import { importLinksKind } from "../../../src/helpdesk/add-ons/jobs/import-links.ts";
import { IMPORT_OUTCOME } from "../../../src/helpdesk/add-ons/jobs/import-outcome.ts";
import type { ImportParams } from "../../../src/helpdesk/add-ons/jobs/import-params.ts";
import { ImportResults } from "../../../src/helpdesk/files/import-results.ts";
import { LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import { StagedFiles } from "../../../src/helpdesk/files/staged-files.ts";
import { StagedLinks } from "../../../src/helpdesk/files/staged-links.ts";
import { Uploads } from "../../../src/helpdesk/files/uploads.ts";
import { CannotSucceedError, type JobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import type { MockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { type DrivenOn, driveJob } from "../../kit/jobs/drive-job.ts";
import { openHouse } from "../../kit/plugin/open-house.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const FILE_ID = /[0-9a-z]{8,10}-[0-9a-f]{24}/g;

interface OpenImport {
	readonly host: MockHost;
	/** Where the helpdesk has its files and jobs. */
	readonly storage: CountingStorage;
	readonly clock: MockClock;
	readonly refreshed: string[];
	readonly kind: JobKind;
	/** Imports a text. @returns how many rows have each result. */
	run(text: string, mode: ImportParams["mode"], on?: Partial<DrivenOn>): Promise<unknown>;
}

async function openImport(): Promise<OpenImport> {
	const clock = new MockClock();
	const { host } = await openHouse({ clock });
	const storage = new CountingStorage(new MemoryStorage(clock));
	const files = new StagedFiles(storage, clock, cryptoRandom);
	const lists = new StagedLinks(files, new Uploads(storage, clock, files));
	const refreshed: string[] = [];
	const kind = importLinksKind({
		pluginOf: async () => ({
			importLinks: (rows, options) => host.plugin.importLinks(rows, options),
			loaded: { manifest: { locales: { default: "en" } }, locales: new Map([["en", en]]) } as never,
		}),
		nameOf: (addOnId) => addOnId,
		accounts: { find: async () => undefined, byEmail: async () => undefined },
		links: lists,
		results: new ImportResults(files),
		refreshLinks: async (userId) => {
			refreshed.push(userId);
		},
	});
	return {
		...{ host, storage, clock, refreshed, kind },
		run: async (text, mode, on = {}) => {
			const parts = { linkFile: undefined, brands: host.brands, brandId: "" };
			const reader = new LinkFileReader(parts);
			const texts = (async function* () {
				yield text;
			})();
			const {
				id,
				parts: count,
				rows,
			} = await lists.stage({
				...{ name: "a.csv", addOn: "x-login", texts, reader },
			});
			storage.costsSoFar();
			const job = await driveJob(
				kind,
				{
					...{ addOn: "x-login", fileId: id, fileName: "a.csv", parts: count, rows },
					...{ brandId: "brand", mode },
				},
				{ storage, ...on },
			);
			expect(job).toMatchObject({ state: "done", done: rows });
			expect(storage.costsSoFar().mostKeys).toBeLessThanOrEqual(400);
			const { counts = [] } = IMPORT_OUTCOME.read(job.result) ?? {};
			return Object.fromEntries(
				counts.map(({ message, count }) => [message.replace("import.", ""), count]),
			);
		},
	};
}

function people({ host }: OpenImport, count: number): string[] {
	return Array.from({ length: count }, (_, each) => {
		const email = `p${each}@example.com`;
		host.users.add({ brandId: "brand", email });
		return email;
	});
}

function listOf(emails: readonly string[]): string {
	return `uid,email\n${emails.map((email, index) => `${index + 1},${email}\n`).join("")}`;
}

async function linksOf({ host }: OpenImport): Promise<number> {
	let count = 0;
	let cursor: string | undefined;
	do {
		const page = await host.plugin.exportLinks("brand", cursor);
		count += page.links.length;
		cursor = page.cursor;
	} while (cursor !== undefined);
	return count;
}

test("600 rows are tried and imported in parts, and the try changes nothing", async () => {
	const open = await openImport();
	const text = `${listOf(people(open, 600))}@handle,p1@example.com\n`;
	const before = await allEntries(open.host.storage);

	expect(await open.run(text, "try")).toEqual({ "would-link": 600, handle: 1 });
	expect(await allEntries(open.host.storage)).toEqual(before);
	expect(open.refreshed).toEqual([]);
	expect(await open.run(text, "import")).toEqual({ linked: 600, handle: 1 });

	expect(await linksOf(open)).toBe(600);
	expect(new Set(open.refreshed).size).toBe(600);
	expect(await open.run(text, "import")).toEqual({ "already-linked": 600, handle: 1 });
});

test("each step done twice leaves the same storage and the same results as done once", async () => {
	const ways = [{}, { twice: true }];
	const stored = [];
	for (const on of ways) {
		const open = await openImport();
		const text = `${listOf(people(open, 330))}@handle,p1@example.com\n1,p1@example.com\n`;

		const counts = await open.run(text, "import", on);

		const ours = [
			...(await allEntries(open.storage, NAMESPACES.files)),
			...(await allEntries(open.storage, NAMESPACES.jobs)),
		];
		const theirs = await allEntries(open.host.storage);
		stored.push({
			counts,
			links: theirs.map(({ key, value }) => ({ key, value })),
			// A step that is done twice chooses another id.
			ours: ours
				.map(({ key, value }) => JSON.stringify([key, value]).replace(FILE_ID, "file"))
				.sort(),
		});
	}

	expect(stored[0]?.counts).toEqual({ linked: 329, contradiction: 2, handle: 1 });
	expect(stored[1]).toEqual(stored[0]);
});

test.each([1, 3, 5, 8])(
	"an import that is killed after step %i links each row once",
	async (crashAfter) => {
		const open = await openImport();
		const text = listOf(people(open, 300));

		expect(await open.run(text, "import", { crashAfter })).toEqual({ linked: 300 });

		expect(await linksOf(open)).toBe(300);
	},
);

test("rows of different parts that contradict each other, or say the same, are judged as in one list", async () => {
	const open = await openImport();
	const emails = people(open, 700);
	const text = `${listOf(emails)}5,p600@example.com\n10,p9@example.com\n`;

	const tried = await open.run(text, "try");

	expect(tried).toEqual({ "would-link": 699, contradiction: 2, "already-linked": 1 });
	expect(await open.run(text, "import")).toEqual({
		linked: 699,
		contradiction: 2,
		"already-linked": 1,
	});
});

test("ids that a spreadsheet has rounded are refused in every part, however far apart they are", async () => {
	const open = await openImport();
	const emails = people(open, 600);
	const rows = emails.map((email, index): [string, string] => {
		const isRounded = index === 3 || index === 590;
		return [isRounded ? `12345678901234${index === 3 ? 5 : 6}0000` : `${index + 1}`, email];
	});
	const text = `uid,email\n${rows.map((row) => `${row.join()}\n`).join("")}`;

	expect(await open.run(text, "try")).toEqual({ "would-link": 598, rounded: 2 });
	expect(await open.run(text, "import")).toEqual({ linked: 598, rounded: 2 });
});

/** Does something right before the add-on is asked for the second time. */
function atSecondCall({ host }: OpenImport, deed: () => Promise<unknown>): void {
	const { importLinks } = host.plugin;
	let calls = 0;
	host.plugin.importLinks = async (...of: Parameters<typeof importLinks>) => {
		calls += 1;
		await (calls === 2 ? deed() : undefined);
		return importLinks.apply(host.plugin, of);
	};
}

/** Deletes the records of files of a kind. */
async function deleteFiles({ storage }: OpenImport, kind: string): Promise<void> {
	const stored = await allEntries(storage, [...NAMESPACES.files, "file"]);
	const meant = stored.filter(({ value }) => fieldsOf(value)["kind"] === kind);
	expect(meant).toHaveLength(1);
	await storage.commit({ deletes: meant.map(({ key }) => key) });
}

test.each(["links", "results"])(
	"an import whose %s were deleted meanwhile fails for good",
	async (kind) => {
		const open = await openImport();
		const list = listOf(people(open, 60));
		atSecondCall(open, () => deleteFiles(open, kind));

		await expect(open.run(list, "import")).rejects.toThrow(CannotSucceedError);
	},
);

test("an import that has failed may end well as long as its list is there", async () => {
	const open = await openImport();
	open.host.plugin.importLinks = () => Promise.reject(new Error("broken"));
	await expect(open.run(listOf(people(open, 2)), "try")).rejects.toThrow("broken");
	const [job] = await allEntries(open.storage, NAMESPACES.jobs);
	const { params = null, position = null } = fieldsOf(job?.value);
	expect(await open.kind.mayEndWell(params, position)).toBe(true);

	await deleteFiles(open, "links");

	expect(await open.kind.mayEndWell(params, position)).toBe(false);
});

test("an import that takes longer than its results are kept goes on without them", async () => {
	const open = await openImport();
	const list = listOf(people(open, 300));
	atSecondCall(open, async () => open.clock.advance(25 * 60 * 60_000));

	expect(await open.run(list, "import")).toEqual({ linked: 300 });
});

test("an add-on that gives fewer results than rows fails the job, and says so", async () => {
	const open = await openImport();
	open.host.plugin.importLinks = async (rows: readonly LinkRow[]) =>
		rows.slice(1).map(() => ({ state: "linked", message: "import.linked" }));

	await expect(
		open.run(listOf(["a@example.com", "b@example.com"]), "import"),
	).rejects.toMatchObject({
		message: "the add-on gave 1 results for 2 rows",
		said: { key: "add-on-job.import-links.wrong-count" },
	});
});
