// Kills the node that does a job at every tenth message to the storage. Another node ends the job, and nothing is done twice.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { Readable } from "node:stream";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { HostStorage, StorageKey, StorageValue } from "../../../src/contract/storage.ts";
import { IMPORT_LINKS } from "../../../src/helpdesk/add-ons/jobs/import-links.ts";
import { IMPORT_OUTCOME } from "../../../src/helpdesk/add-ons/jobs/import-outcome.ts";
import { PURGE_LINKS } from "../../../src/helpdesk/add-ons/jobs/purge-links.ts";
import { UNINSTALL } from "../../../src/helpdesk/add-ons/jobs/uninstall.ts";
import { WRITE_LETTERS } from "../../../src/helpdesk/add-ons/jobs/write-letters.ts";
import { LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import type { HelpdeskCore } from "../../../src/helpdesk/helpdesk.ts";
import type { StoredJob } from "../../../src/helpdesk/jobs/stored-job.ts";
import { deletedWith, NAMESPACES, pluginDataOf } from "../../../src/helpdesk/namespaces.ts";
import { indexKeys } from "../../../src/helpdesk/people/account-index.ts";
import { INDEX_PEOPLE } from "../../../src/helpdesk/people/jobs/index-people.ts";
import { accountKey, STORED_ACCOUNT } from "../../../src/helpdesk/people/stored-account.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { fieldsOf, readableEntries } from "../../../src/storage/stored-value.ts";
import { fillPeople, personOf } from "../helpdesk/fill-people.ts";
import { expectTrueCounts } from "../helpdesk/plain-counts.ts";
import { COUNTED, countedIn } from "../jobs/counting-job.ts";
import { MARKED } from "../jobs/marking-job.ts";
import { allEntries } from "../storage/all-entries.ts";
import { openStorageAt } from "../storage/open-storage-at.ts";
import { apart, describeOn } from "../storage/test-servers.ts";
import { type BundledProgram, bundleProgram } from "./bundle-program.ts";
import type { ENGINES } from "./engines.ts";
import { fastClock } from "./fast-time.ts";
import { startTripwire, type Tripwire } from "./tripwire.ts";
import { openWorkCore } from "./work-core.ts";

const PROGRAM = new URL("work-node.ts", import.meta.url);
const EVERY = 10;
const STEPS = 20;
/** More than one step of the index. */
const INDEXED = 25;
const IMPORTED = 8;
const WRITTEN_TO = 12;
const X = "x-login";

/** A node that only does background work. */
class WorkNode {
	private child: ChildProcess | undefined;
	private lines: Interface | undefined;
	private errors = "";

	constructor(
		private readonly program: string,
		private readonly url: string,
		private readonly name: string,
	) {}

	async open(): Promise<void> {
		const args = [this.program, this.url, this.name];
		const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
		this.child = child;
		child.stderr.on("data", (chunk) => {
			this.errors += chunk;
		});
		this.lines = createInterface(child.stdout);
		const ended = once(child, "exit");
		onTestFinished(async () => {
			child.kill("SIGKILL");
			await ended;
		});
		await this.answer();
	}

	async tell(word: "start" | "close"): Promise<void> {
		const answer = this.answer();
		this.child?.stdin?.write(`${word}\n`);
		await answer;
	}

	async kill(): Promise<void> {
		const { child } = this;
		if (child?.exitCode === null && child.signalCode === null) {
			const ended = once(child, "exit");
			child.kill("SIGKILL");
			await ended;
		}
	}

	private async answer(): Promise<void> {
		const { child, lines } = this;
		if (child === undefined || lines === undefined) {
			throw new Error("the node was never opened");
		}
		const over = new AbortController();
		const { signal } = over;
		try {
			await Promise.race([
				once(lines, "line", { signal }),
				once(child, "exit", { signal }).then(() =>
					Promise.reject(new Error(`it ended: ${this.errors}`)),
				),
			]);
		} finally {
			over.abort();
		}
	}
}

/** A job that the nodes do, and what must hold when it has ended. */
interface KilledJob {
	readonly type: string;
	/** Prepares the storage, which holds the ends of other jobs. @returns the parameters. */
	readonly prepare: (core: HelpdeskCore, storage: HostStorage) => Promise<StorageValue>;
	readonly check: (storage: HostStorage, job: StoredJob) => Promise<void>;
	/** The fewest kills that the job is long enough for. */
	readonly kills: number;
	/** How many messages lie between two kills: an odd multiple of {@link EVERY}. Left out: that. */
	readonly every?: number;
}

const COUNTING: KilledJob = {
	type: "counting",
	prepare: async (_core, storage) => {
		for (const { key } of await allEntries(storage, COUNTED)) {
			await storage.commit({ deletes: [key] });
		}
		return { to: STEPS };
	},
	check: async (storage) => expect(await countedIn(storage, STEPS)).toEqual(Array(STEPS).fill(1)),
	kills: 3,
};

const MARKING: KilledJob = {
	type: "marking",
	prepare: async (_core, storage) => {
		for (const { key } of await allEntries(storage, MARKED)) {
			await storage.commit({ deletes: [key] });
		}
		return STEPS;
	},
	check: async (storage) => expect(await allEntries(storage, MARKED)).toHaveLength(STEPS),
	kills: 3,
};

const INDEXING: KilledJob = {
	type: INDEX_PEOPLE,
	prepare: async (_core, storage) => {
		for (const { key } of await allEntries(storage, NAMESPACES.accounts)) {
			await storage.commit({ deletes: [key] });
		}
		await fillPeople(storage, { people: INDEXED, now: fastClock.now(), isOldShape: true });
		return null;
	},
	check: async (storage) => {
		const place = namespaced(storage, NAMESPACES.accounts);
		await expectTrueCounts({ place });
		const accounts = readableEntries(
			await allEntries(place, accountKey()),
			STORED_ACCOUNT,
			(what) => expect.fail(what),
		);
		expect(accounts).toHaveLength(INDEXED);
		const isThere = (key: StorageKey) => place.get(key).then((entry) => entry !== undefined);
		for (const { key, value } of accounts) {
			const keys = indexKeys(String(key.at(-1)), value);
			expect(await Promise.all(keys.map(isThere))).toEqual(keys.map(() => true));
		}
	},
	kills: 3,
};

const IMPORTING: KilledJob = {
	type: IMPORT_LINKS,
	prepare: async (core, storage) => {
		await clearPeople(storage);
		const addOn = await core.addOns.find(X);
		await addOn?.plugin.activate();
		const rows: string[] = [];
		for (let index = 0; index < IMPORTED; index += 1) {
			const email = `person${index}@example.com`;
			const person = { brandId: "acorn", name: email, email, locale: "en" };
			await core.accounts.create(email, { ...person, emailProof: "code" });
			rows.push(`${9000 + index},${email}\n`);
		}
		const reader = new LinkFileReader({
			linkFile: addOn?.loaded.manifest.linkFile,
			...{ brands: core.brands.all(), brandId: "acorn" },
		});
		const texts = Readable.from(["x_id,email\n", ...rows]);
		const list = await core.lists.stage({ name: "links.csv", addOn: X, texts, reader });
		const about = { fileId: list.id, fileName: "links.csv", parts: list.parts, rows: list.rows };
		return { addOn: X, ...about, brandId: "acorn", mode: "import" };
	},
	check: async (storage, { result }) => {
		const links = await allEntries(storage, [...pluginDataOf(X), "link"]);
		const halves = await allEntries(storage, [...pluginDataOf(X), "links-of-user"]);
		expect([links.length, halves.length]).toEqual([IMPORTED, IMPORTED]);
		// No row was taken for one that somebody else had linked before.
		const { counts = [] } = IMPORT_OUTCOME.read(result) ?? {};
		expect(counts).toEqual([expect.objectContaining({ count: IMPORTED })]);
	},
	kills: 5,
};

/** Takes X away from some people, most of whom have no other way in. */
const WITHDRAWING = (type: string): KilledJob => ({
	type,
	prepare: async (core, storage) => {
		await clearPeople(storage);
		await (await core.addOns.find(X))?.plugin.activate();
		await fillPeople(storage, { people: WRITTEN_TO, now: fastClock.now() });
		const about = { addOnId: X, brandIds: ["acorn", "harbor"], deactivates: false };
		return { ...about, letters: true };
	},
	check: async (storage) => {
		const letters = await allEntries(storage, NAMESPACES.outbox);
		const recipients = letters.map(({ value }) => fieldsOf(value)["to"]).sort();
		const stranded = Array.from({ length: WRITTEN_TO }, (_, index) => personOf(index, 0))
			.filter(({ atX, stored }) => atX !== null && stored.password === null)
			.filter(({ stored }) => stored.status === "active")
			.map(({ stored }) => stored.email);
		// Exactly one letter for each of them.
		expect(recipients).toEqual(stranded.sort());
		const links = await allEntries(storage, [...pluginDataOf(X), "link"]);
		expect(links.length > 0).toBe(type === WRITE_LETTERS);
	},
	kills: 2,
});

/** Takes everything of X away, with a list that was staged. It has many steps, so every twentieth message is enough. */
const UNINSTALLING: KilledJob = {
	...WITHDRAWING(UNINSTALL),
	prepare: async (core, storage) => {
		await (await core.addOns.find(X))?.plugin.install();
		const params = await WITHDRAWING(UNINSTALL).prepare(core, storage);
		const id = await core.files.begin({ kind: "links", addOn: X, name: "links.csv" }, 60 * 60_000);
		await storage.commit(core.files.part(id, 0, "1"));
		return { ...fieldsOf(params), deactivates: true, data: "purge" };
	},
	check: async (storage, job) => {
		await WITHDRAWING(UNINSTALL).check(storage, job);
		for (const place of [...deletedWith(X), NAMESPACES.files]) {
			expect(await allEntries(storage, place)).toEqual([]);
		}
	},
	every: 2 * EVERY,
};

const KILLED_JOBS: readonly KilledJob[] = [
	...[COUNTING, MARKING, INDEXING, IMPORTING],
	...[WRITE_LETTERS, PURGE_LINKS].map(WITHDRAWING),
	UNINSTALLING,
];

/** Deletes the people, what is linked to them, and the letters to them. */
async function clearPeople(storage: HostStorage): Promise<void> {
	const { accounts, outbox, mailIndex, letterTexts, passwordResets } = NAMESPACES;
	// Nobody gets more than five links to set a password in an hour.
	for (const place of [
		...[accounts, outbox, mailIndex, letterTexts, passwordResets],
		pluginDataOf(X),
	]) {
		for (const { key } of await allEntries(storage, place)) {
			await storage.commit({ deletes: [key] });
		}
	}
}

interface Nodes {
	readonly one: WorkNode;
	readonly two: WorkNode;
	readonly wire: Tripwire;
	readonly core: HelpdeskCore;
	readonly storage: HostStorage;
}

/** Two nodes on one storage, the first of them behind a tripwire. */
async function openNodes(program: string, storageUrl: string): Promise<Nodes> {
	const storage = await openStorageAt(storageUrl, fastClock);
	onTestFinished(() => storage.close());
	const core = await openWorkCore(storage, "the test");
	onTestFinished(() => core.close());
	const wire = await startTripwire(storageUrl);
	const one = new WorkNode(program, wire.url, "one");
	const two = new WorkNode(program, storageUrl, "two");
	await Promise.all([one.open(), two.open()]);
	return { one, two, wire, core, storage };
}

/**
 * Kills the first node at a message while it does the job.
 *
 * @returns whether it was killed before the job ended.
 */
async function killedAt(
	{ one, two, wire, core, storage }: Nodes,
	job: KilledJob,
	step: number,
): Promise<boolean> {
	const params = await job.prepare(core, storage);
	const started = await core.jobs.start({ type: job.type, params, by: "the test" });
	const id = started.kind === "started" ? started.id : expect.fail(started.kind);
	let killed: Promise<void> | undefined;
	const isOver = new Promise<void>((resolve) => {
		wire.set(step, step % (2 * EVERY) === 0 ? "before" : "after", () => {
			killed = one.kill().then(() => one.open());
			resolve();
		});
	});
	const stateOf = async () => (await core.jobs.find(id))?.state;
	// The node may die before it says that it has started.
	const begun = one.tell("start").catch(() => undefined);
	await Promise.race([isOver, expect.poll(stateOf).not.toBe("waiting")]);
	await two.tell("start");
	await expect.poll(stateOf, { message: `killed at message ${step}` }).toBe("done");
	const ended = (await core.jobs.find(id)) ?? expect.fail("the job is gone");
	await job.check(storage, ended);
	const wasKilled = wire.clear();
	await begun;
	if (wasKilled) {
		expect(ended).toMatchObject({ problem: null, tries: 0 });
	} else {
		await one.tell("close");
	}
	await Promise.all([two.tell("close"), killed]);
	return wasKilled;
}

/** Declares the tests on one engine. Each engine has its own file, so that the engines run at the same time. */
export function describeJobKills(engine: (typeof ENGINES)[number]): void {
	describeOn(engine, `kill -9 of the node that does a job, on ${engine}`, (url) => {
		let program: BundledProgram;
		beforeAll(async () => {
			program = await bundleProgram(PROGRAM);
			return program.remove;
		});

		test.each(KILLED_JOBS)(
			"$type: another node ends it, and nothing is done twice",
			async (job) => {
				const nodes = await openNodes(program.file, apart(url));
				let kills = 0;
				while (await killedAt(nodes, job, kills * (job.every ?? EVERY))) {
					kills += 1;
				}
				expect(kills).toBeGreaterThan(job.kills);
				// No mark of a job that has ended is left, and no lease once that of the node that was killed is over.
				const kindsLeft = async () => {
					const left = await allEntries(nodes.storage, ["jobs"]);
					return [...new Set(left.map(({ key }) => key[1]))].sort();
				};
				await expect.poll(kindsLeft).toEqual(["job", "newest"]);
			},
		);
	});
}
