// A brand is retired with its people by a job.
import { expect, test } from "vitest";
import { RETIRE_BRAND, retireBrand } from "../../../src/helpdesk/add-ons/jobs/retire-brand.ts";
import { StoredBrands } from "../../../src/helpdesk/brands/stored-brands.ts";
import type { JobTimers } from "../../../src/helpdesk/jobs/job-timers.ts";
import {
	consentsOf,
	NAMESPACES,
	openidKeysOf,
	pluginSettingsOf,
	signInsOf,
} from "../../../src/helpdesk/namespaces.ts";
import { unprovenKeys } from "../../../src/helpdesk/people/unproven-hints.ts";
import { failingKey, healthKey } from "../../../src/helpdesk/sign-ins/health-keys.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { signInOf } from "../../kit/helpdesk/sign-ins-of-users.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const SPARE = { id: "spare", name: "Spare", url: "https://spare.example.com" };
const PEOPLE = 23;

/** A helpdesk with a brand in storage, its people, and a person at another brand. */
async function openWithSpare(): Promise<{ core: OpenCore; brands: StoredBrands }> {
	const core = await openCore(() => ({ onUserDeleted: async () => {} }));
	const { storage, clock } = core;
	const brands = new StoredBrands(namespaced(storage, NAMESPACES.brands), clock);
	await brands.add(SPARE);
	await core.looks.setLogo(
		"spare",
		{ type: "image/png", width: 1, height: 1 },
		Buffer.from("logo of spare"),
	);
	await core.search.state();
	for (let index = 0; index < PEOPLE; index += 1) {
		const { id } = await core.addUser(`person${index}@example.com`, "spare");
		core.addOn.ledger.record(signInOf(id, `x:${index}`));
	}
	await core.addOn.ledger.settled();
	await core.addUser("ada@example.com");
	await storage.commit({
		sets: [
			{ key: [...consentsOf("spare"), "person", "desk"], value: 1 },
			{ key: [...openidKeysOf("spare"), "ES256"], value: 1 },
			{
				key: [...NAMESPACES.accounts, ...unprovenKeys("spare", "2027-01-01"), "person"],
				value: { since: null },
			},
			{ key: [...pluginSettingsOf("tiny"), "spare"], value: 1 },
			{ key: [...signInsOf("tiny"), ...healthKey("spare")], value: 1 },
			{ key: [...signInsOf("tiny"), ...failingKey("spare")], value: 1 },
			{ key: [...pluginSettingsOf("tiny"), "acorn"], value: 1 },
			{
				key: [...NAMESPACES.registration, "spare"],
				value: { registration: "approval", phoneRequired: false },
			},
		],
	});
	return { core, brands };
}

async function expectRetired({ core, brands }: Awaited<ReturnType<typeof openWithSpare>>) {
	while ((await core.counts.fold()) > 0);
	await core.addOn.ledger.eraseNoted();
	const left = (await allEntries(core.storage)).filter(
		({ key, value }) =>
			// The record stays, so that the id is never used again.
			!(key[0] === "jobs" || (key[0] === "brands" && key[1] !== "look")) &&
			key[1] !== "total" &&
			JSON.stringify([key, value]).includes("spare"),
	);
	expect(left.filter(({ key }) => key[1] !== "ended")).toEqual([]);
	expect((await core.counts.at("acorn")).of("all")).toBe(1);
	expect((await core.counts.at("spare")).of("all")).toBe(0);
	expect((await brands.all()).records.get("spare")?.removedAt).not.toBeNull();
	expect(await core.storage.get([...pluginSettingsOf("tiny"), "acorn"])).toBeDefined();
}

/** Timers that let the time pass at once. */
function quickTimers({ clock }: OpenCore): JobTimers {
	return { after: async (ms) => clock.advance(ms) };
}

// The steps 2 to 42 wait until no node serves the brand.
test.each(["never", 0, 1, 2, 30, 42, 43, 44, 46, 47, 48, 49, 50, 52, 54, "each"] as const)(
	"a brand is removed with its people, and nobody else's data, if this step is lost: %s",
	async (lost) => {
		const opened = await openWithSpare();
		const { storage } = opened.core;
		const kind = retireBrand(() => ({
			...{ ...opened.core, storedBrands: opened.brands, timers: quickTimers(opened.core) },
		}));
		const on = typeof lost === "number" ? { crashAfter: lost } : { twice: lost === "each" };

		const job = await driveJob(kind, { brandId: "spare" }, { storage, ...on });

		expect(job.state).toBe("done");
		await expectRetired(opened);
	},
);

test("the helpdesk retires a brand by itself, once at a time, and says how many people that were", async () => {
	const opened = await openWithSpare();
	const { clock, jobs, runner } = opened.core;
	const start = () => jobs.start({ type: RETIRE_BRAND, params: { brandId: "spare" }, by: "op" });

	const first = await start();
	const second = await start();
	const driven = "id" in first ? runner.drive(first.id, 30_000) : undefined;
	await expect
		.poll(async () => (await opened.brands.all()).records.get("spare")?.removedAt)
		.toBe(clock.now());
	clock.advance(10_000);
	const job = await driven;

	expect(second).toEqual({ ...first, kind: "under-way" });
	expect(job).toMatchObject({ state: "done", done: PEOPLE });
	await expectRetired(opened);
});

test("nobody is deleted and nothing forgotten while another node may serve the brand, and who signs up there is deleted", async () => {
	const opened = await openWithSpare();
	const { clock, counts, storage, addUser } = opened.core;
	const removedAt = clock.now();
	const waited: number[] = [];
	const timers: JobTimers = {
		after: async (ms) => {
			const record = (await opened.brands.all()).records.get("spare");
			expect(record?.removedAt).toBe(removedAt);
			expect(await storage.get([...NAMESPACES.registration, "spare"])).toBeDefined();
			await counts.fold();
			expect((await counts.at("spare")).of("all")).toBe(PEOPLE + (waited.length < 30 ? 0 : 1));
			waited.push(ms);
			clock.advance(ms);
			if (waited.length === 30) {
				await addUser("late@example.com", "spare");
			}
		},
	};
	const kind = retireBrand(() => ({ ...opened.core, storedBrands: opened.brands, timers }));

	const job = await driveJob(kind, { brandId: "spare" }, { storage });

	expect(job).toMatchObject({ state: "done", done: PEOPLE + 1 });
	expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
	await expectRetired(opened);
});

test("a brand that was removed before loses its people at once", async () => {
	const opened = await openWithSpare();
	await opened.brands.remove("spare");
	opened.core.clock.advance(10_000);
	const timers = { after: async () => expect.unreachable() };
	const kind = retireBrand(() => ({ ...opened.core, storedBrands: opened.brands, timers }));

	await driveJob(kind, { brandId: "spare" }, { storage: opened.core.storage });

	await expectRetired(opened);
});

test.each([
	["settings", [...NAMESPACES.registration, "spare"]],
	[consentsOf("spare").join(" "), [...consentsOf("spare"), "person", "desk"]],
])("a node that has lost the job deletes nothing: %s", async (task, key) => {
	const { core, brands } = await openWithSpare();
	const kind = retireBrand(() => ({ ...core, storedBrands: brands, timers: quickTimers(core) }));
	const position = { task, from: null, done: 0 };

	const step = await kind.step({
		...{ jobId: "job", params: { brandId: "spare" }, position, result: null },
	});

	expect(await core.storage.get(key)).toBeDefined();
	expect(step.commit?.deletes).toContainEqual(key);
});

test("a brand that is not in storage keeps its people", async () => {
	const { core, brands } = await openWithSpare();
	const kind = retireBrand(() => ({ ...core, storedBrands: brands, timers: quickTimers(core) }));

	const driven = driveJob(kind, { brandId: "acorn" }, { storage: core.storage });

	await expect(driven).rejects.toThrow("there is no brand acorn in the storage");
	expect(await core.accounts.hasAnyAt("acorn")).toBe(true);
});
