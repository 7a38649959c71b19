// Deactivate, Switch off and Uninstall with letters or deletion, as jobs.
import { expect, test } from "vitest";
import type { Plugin, PurgedLinks } from "../../../src/contract/plugin.ts";
import type { StorageValue } from "../../../src/contract/storage.ts";
import { purgeLinks } from "../../../src/helpdesk/add-ons/jobs/purge-links.ts";
import { uninstall } from "../../../src/helpdesk/add-ons/jobs/uninstall.ts";
import type { WithdrawalParams } from "../../../src/helpdesk/add-ons/jobs/withdrawal-params.ts";
import { writeLetters } from "../../../src/helpdesk/add-ons/jobs/write-letters.ts";
import type { JobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import { NAMESPACES, pluginDataOf } from "../../../src/helpdesk/namespaces.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const PARAMS: WithdrawalParams = {
	addOnId: "tiny",
	brandIds: ["acorn", "harbor"],
	deactivates: true,
	letters: true,
};

const addressOf = (index: number, brandId = "acorn") => `person${index}@${brandId}.example.com`;

interface Opened {
	readonly core: OpenCore;
	readonly counting: CountingStorage;
	/** The links of the plugin: whom each identity belongs to, by brand. */
	readonly links: Map<string, Map<string, string>>;
	readonly calls: string[];
}

/** How many people there are at the second brand. */
const atHarbor = (people: number) => Math.ceil(people / 10);

/** A helpdesk with so many people at one brand, and a tenth at another one, who have nothing but a link. */
async function openWithPeople(people: number, hooks: Partial<Plugin> = {}): Promise<Opened> {
	const links = new Map<string, Map<string, string>>();
	const calls: string[] = [];
	let counting: CountingStorage | undefined;
	const core = await openCore(
		(host) => ({
			onDeactivate: async () => void calls.push("onDeactivate"),
			onUninstall: async (data) => void calls.push(`onUninstall ${data}`),
			listLinkedAccounts: async (userId) =>
				[...links.values()]
					.flatMap((ofBrand) => [...ofBrand])
					.filter(([, owner]) => owner === userId)
					.map(([identityId]) => ({ identityId, label: `@${identityId}`, linkedAt: 0 })),
			purgeLinks: async (brandId, step): Promise<PurgedLinks> => {
				const ofBrand = links.get(brandId) ?? new Map<string, string>();
				const removed = [...ofBrand.keys()].slice(0, step?.most);
				for (const id of removed) {
					ofBrand.delete(id);
				}
				await host.storage.commit({ sets: [{ key: ["purged", brandId], value: null }] });
				return { removed: removed.length, isDone: ofBrand.size === 0 };
			},
			...hooks,
		}),
		{},
		(storage) => {
			counting = new CountingStorage(storage);
			return counting;
		},
	);
	// As the start of a helpdesk does: without people the index is ready.
	await core.search.state();
	for (const brandId of PARAMS.brandIds) {
		const ofBrand = new Map<string, string>();
		links.set(brandId, ofBrand);
		await core.addOn.settings.enable(brandId, true);
		const count = brandId === "acorn" ? people : atHarbor(people);
		for (let index = 0; index < count; index += 1) {
			const account = await core.addUser(addressOf(index, brandId), brandId);
			const identityId = `x:${brandId}${index}`;
			ofBrand.set(identityId, account.id);
			const link = { identityId, label: `@${identityId}` };
			await core.addOns.linkFacts.cameIn(core.addOn, account, link, true);
		}
	}
	await core.addOn.plugin.activate();
	return { core, links, calls, counting: counting ?? expect.fail("nothing is counted") };
}

async function lettersOf({ core }: Opened): Promise<readonly string[]> {
	const to: string[] = [];
	let cursor: string | undefined;
	do {
		const { letters, next } = await core.outbox.letters.page({ cursor });
		to.push(...letters.map((letter) => letter.to));
		cursor = next;
	} while (cursor !== undefined);
	return to.sort();
}

async function linkedAt({ core }: Opened, brandId: string): Promise<number> {
	while ((await core.counts.fold()) > 0);
	return (await core.counts.at(brandId)).of("linked:tiny");
}

const everybody = (people: number): readonly string[] =>
	[
		...Array.from({ length: people }, (_, index) => addressOf(index)),
		...Array.from({ length: atHarbor(people) }, (_, index) => addressOf(index, "harbor")),
	].sort();

const KINDS: Readonly<
	Record<string, (opened: Opened) => readonly [kind: JobKind, params: StorageValue]>
> = {
	"the letters": ({ core }) => [writeLetters(core), PARAMS],
	"a purge": ({ core }) => [purgeLinks(core), PARAMS],
	"an uninstallation": ({ core }) => [uninstall(core), { ...PARAMS, data: "purge" }],
};

test.each(Object.entries(KINDS))(
	"%s: each person gets one letter, whichever step is lost, or if each is done twice",
	async (name, jobOf) => {
		const PEOPLE = 21;
		const whole = await openWithPeople(PEOPLE);
		const { steps } = await countSteps(whole, jobOf);
		for (const lost of ["twice", ...Array(steps).keys()]) {
			const opened = await openWithPeople(PEOPLE);
			const { storage } = opened.core;
			const on =
				lost === "twice" ? { storage, twice: true } : { storage, crashAfter: Number(lost) };

			const job = await driveJob(...jobOf(opened), on);

			expect(await lettersOf(opened), String(lost)).toEqual(everybody(PEOPLE));
			expect(job.result).toEqual({ letters: PEOPLE + atHarbor(PEOPLE) });
			expect(await opened.core.addOn.plugin.isActive()).toBe(false);
			const left = name === "the letters" ? PEOPLE : 0;
			expect(opened.links.get("acorn")?.size).toBe(left);
			expect(await linkedAt(opened, "acorn")).toBe(left);
		}
	},
	120_000,
);

async function countSteps(opened: Opened, jobOf: (typeof KINDS)[string]) {
	const [kind, params] = jobOf(opened);
	let steps = 0;
	const counted: JobKind = {
		...kind,
		step: (at) => {
			steps += 1;
			return kind.step(at);
		},
	};
	await driveJob(counted, params, { storage: opened.core.storage });
	return { steps };
}

test.each(Object.entries(KINDS))(
	"%s: no commit has more than 400 keys, and no list more than 200 entries",
	async (_, jobOf) => {
		const opened = await openWithPeople(130);
		opened.counting.costsSoFar();

		await driveJob(...jobOf(opened), { storage: opened.counting });

		const { mostKeys, longestList } = opened.counting.costsSoFar();
		expect(mostKeys).toBeLessThanOrEqual(400);
		expect(longestList).toBeLessThanOrEqual(200);
	},
);

test("a purge switches off first, writes while it is known to whom, and ends with nothing linked", async () => {
	const opened = await openWithPeople(3);
	const { core, calls } = opened;

	await driveJob(purgeLinks(core), { ...PARAMS, brandIds: ["acorn"] }, { storage: core.storage });

	expect(calls).toEqual(["onDeactivate"]);
	const enabled = await Promise.all(
		PARAMS.brandIds.map(async (id) => (await core.addOn.settings.read(id)).enabled),
	);
	expect(enabled).toEqual([false, true]);
	expect(await lettersOf(opened)).toHaveLength(3);
	expect([await linkedAt(opened, "acorn"), await linkedAt(opened, "harbor")]).toEqual([0, 1]);
});

test("an uninstallation deletes links first, then tells the plugin, and nothing is left of it", async () => {
	const opened = await openWithPeople(3);
	const { core, calls } = opened;
	const params = { ...PARAMS, data: "purge", letters: false };

	await driveJob(uninstall(core), params, { storage: core.storage });

	expect(calls).toEqual(["onDeactivate", "onUninstall purge"]);
	expect((await core.storage.list(["plugin-data", "tiny"])).entries).toEqual([]);
	expect((await core.storage.list(["plugin-settings", "tiny"])).entries).toEqual([]);
	expect(await core.addOn.plugin.state()).toEqual({ kind: "not-installed", kept: false });
	expect(await lettersOf(opened)).toEqual([]);
	expect(await linkedAt(opened, "acorn")).toBe(0);
});

test.each(["a purge", "an uninstallation"])(
	"%s deletes the lists, results and exports of its add-on, and those of no other",
	async (name) => {
		const opened = await openWithPeople(1);
		const { files, storage } = opened.core;
		for (const addOn of ["tiny", "other"]) {
			for (const kind of ["links", "results", "csv"] as const) {
				const id = await files.begin({ kind, addOn, name: "links.csv" }, 1_000);
				await storage.commit(files.part(id, 0, addOn));
			}
		}
		const [kind, params] = KINDS[name]?.(opened) ?? expect.fail(name);

		await driveJob(kind, params, { storage });

		const left = await allEntries(storage, NAMESPACES.files);
		expect(left).toHaveLength(2 * 3);
		expect(JSON.stringify(left)).not.toContain("tiny");
	},
);

test("a node that deletes what an add-on left deletes nothing once the add-on is installed again", async () => {
	const core = await openCore();
	const { storage, addOns, addOn } = core;
	const key = [...pluginDataOf("tiny"), "link"];
	await storage.commit({ sets: [{ key, value: "old" }] });
	await addOn.plugin.uninstall("purge");
	const step = await uninstall(core).step({
		...{ jobId: "job", params: { ...PARAMS, data: "purge" }, result: null },
		position: { task: "empty", from: null, done: 0 },
	});
	expect((await storage.get(key))?.value).toBe("old");

	// Until another node has deleted the rest, it is not installed.
	expect(await addOn.plugin.install()).toBe(false);
	await storage.commit({ deletes: [key] });
	await addOns.slot("tiny").states.emptied();
	expect(await addOn.plugin.install()).toBe(true);
	await storage.commit({ sets: [{ key, value: "new" }] });

	expect(await storage.commit(step.commit ?? {})).toBe(false);
	expect((await storage.get(key))?.value).toBe("new");
	expect(await addOns.slot("tiny").states.isEmptying()).toBe(false);
});

test("letters stop where they are cancelled, and those that are written stay", async () => {
	const opened = await openWithPeople(45);
	const { core } = opened;
	const kind = writeLetters(core);
	const started = await core.jobs.start({ type: kind.type, params: PARAMS, by: "op" });
	const id = "id" in started ? started.id : expect.fail("not started");
	const { position } = await kind.begin(PARAMS);
	const first = await kind.step({ jobId: id, params: PARAMS, position, result: null });
	const second = await kind.step({ jobId: id, params: PARAMS, ...first, result: null });
	await core.storage.commit(second.commit ?? {});
	const written = await lettersOf(opened);
	await core.jobs.cancel(id);

	const job = await core.runner.drive(id, 10_000);

	expect(job?.state).toBe("cancelled");
	expect(written).toHaveLength(20);
	expect(await lettersOf(opened)).toEqual(written);
});

test("people with another way in, suspended ones and those with another add-on's link get no letter", async () => {
	const opened = await openWithPeople(4);
	const { core } = opened;
	const [password = "", suspended = "", other = ""] = [
		...(opened.links.get("acorn")?.values() ?? []),
	];
	await core.accounts.setPassword(password, "correct horse");
	await core.accounts.setStatus(suspended, "suspended");
	await core.accounts.records.setLinks(other, [{ addOn: "other", id: "y:1", label: "y" }], null);

	await driveJob(writeLetters(core), { ...PARAMS, brandIds: ["acorn"] }, { storage: core.storage });

	expect(await lettersOf(opened)).toEqual([addressOf(3)]);
});

test("a plugin that knows no steps purges at once, and one that fails makes the job fail and wait for another try", async () => {
	const purged: string[] = [];
	const whole = await openWithPeople(2, {
		purgeLinks: async (brandId) => {
			purged.push(brandId);
		},
	});
	await driveJob(purgeLinks(whole.core), PARAMS, { storage: whole.core.storage });
	expect(purged).toEqual(["acorn", "harbor"]);

	const failing = await openWithPeople(1, {
		purgeLinks: async () => {
			throw new Error("it refuses");
		},
	});
	const driven = driveJob(purgeLinks(failing.core), PARAMS, { storage: failing.core.storage });
	await expect(driven).rejects.toThrow("it refuses");
});

test("the question before a withdrawal costs the same with 10 people and with 1,000", async () => {
	const costs: number[] = [];
	for (const people of [10, 1000]) {
		const { core, counting } = await openWithPeople(people);
		while ((await core.counts.fold()) > 0);
		await core.addOn.withdrawal.concerns(PARAMS.brandIds);
		counting.costsSoFar();
		const concerns = await core.addOn.withdrawal.concerns(PARAMS.brandIds);
		costs.push(counting.costsSoFar().operations);
		expect(concerns).toMatchObject([
			{ brand: { id: "acorn" }, people, stranded: people, reachable: people },
			{ brand: { id: "harbor" }, people: atHarbor(people) },
		]);
	}

	expect(costs[0]).toBe(costs[1]);
	expect(costs[0]).toBeLessThanOrEqual(20);
}, 60_000);
