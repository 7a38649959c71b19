// A brand is retired with its people by a job.
import { expect, test } from "vitest";
import { RETIRE_BRAND, retireBrand } from "../../../src/helpdesk/add-ons/jobs/retire-brand.ts";
import { StoredBrands } from "../../../src/helpdesk/brands/stored-brands.ts";
import {
	consentsOf,
	NAMESPACES,
	openidKeysOf,
	pluginSettingsOf,
} from "../../../src/helpdesk/namespaces.ts";
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
			{ key: [...pluginSettingsOf("tiny"), "spare"], value: 1 },
			{ key: [...pluginSettingsOf("tiny"), "acorn"], value: 1 },
			{ key: [...NAMESPACES.registration, "spare"], value: 1 },
		],
	});
	return { core, brands };
}

async function expectRetired({ core, brands }: Awaited<ReturnType<typeof openWithSpare>>) {
	while ((await core.counts.fold()) > 0);
	await core.addOn.ledger.eraseNoted();
	const left = (await allEntries(core.storage)).filter(
		({ key, value }) =>
			!["jobs", "brands"].includes(key[0] ?? "") &&
			key[1] !== "total" &&
			JSON.stringify([key, value]).includes("spare"),
	);
	expect(left.filter(({ key }) => key[1] !== "ended")).toEqual([]);
	expect((await core.counts.at("acorn")).of("all")).toBe(1);
	expect((await core.counts.at("spare")).of("all")).toBe(0);
	expect((await brands.all()).records.get("spare")?.removedAt).not.toBeNull();
	expect(await core.storage.get([...pluginSettingsOf("tiny"), "acorn"])).toBeDefined();
}

test.each(["never", 0, 1, 2, 3, 4, 5, 8, 11, 13, "each"] as const)(
	"a brand is removed with its people, and nobody else's data, if this step is lost: %s",
	async (lost) => {
		const opened = await openWithSpare();
		const { storage } = opened.core;
		const kind = retireBrand(() => ({ ...opened.core, storedBrands: opened.brands }));
		const on = typeof lost === "number" ? { crashAfter: lost } : { twice: lost === "each" };

		const job = await driveJob(kind, { brandId: "spare" }, { storage, ...on });

		expect(job.state).toBe("done");
		await expectRetired(opened);
	},
);

test("the helpdesk retires a brand by itself, once at a time, and says how many people that were", async () => {
	const opened = await openWithSpare();
	const { jobs, runner } = opened.core;
	const start = () => jobs.start({ type: RETIRE_BRAND, params: { brandId: "spare" }, by: "op" });

	const first = await start();
	const second = await start();
	const job = "id" in first ? await runner.drive(first.id, 30_000) : undefined;

	expect(second).toEqual({ ...first, kind: "under-way" });
	expect(job).toMatchObject({ state: "done", done: PEOPLE });
	await expectRetired(opened);
});

test("a brand that is not in storage keeps its people", async () => {
	const { core, brands } = await openWithSpare();
	const kind = retireBrand(() => ({ ...core, storedBrands: brands }));

	const driven = driveJob(kind, { brandId: "acorn" }, { storage: core.storage });

	await expect(driven).rejects.toThrow("there is no brand acorn in the storage");
	expect(await core.accounts.hasAnyAt("acorn")).toBe(true);
});
