// An add-on that cannot be used is deleted by a job, with all that is stored for it.
import { expect, test } from "vitest";
import {
	DISCARD_ADD_ON,
	discardAddOn,
} from "../../../src/helpdesk/add-on-install/discard-add-on.ts";
import { NAMESPACES, pluginDataOf, pluginStateOf } from "../../../src/helpdesk/namespaces.ts";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const PARAMS = { addOnId: "broken", brandIds: ["acorn", "harbor"] };
const RECORD_KEY = [...pluginStateOf("broken"), "state"];
const NO_ZIP = { version: "1.0.0", sha256: "0".repeat(64), bundled: false };

/** A helpdesk with an add-on whose zip is gone, and a user to whom it had linked something. */
async function openWithBroken(record: object = { status: "active", current: NO_ZIP }) {
	const core = await openCore();
	await core.search.state();
	const { id } = await core.addUser("ada@example.com");
	const links = ["tiny", "broken"].map((addOn) => ({ addOn, id: `${addOn}:1`, label: "@ada" }));
	const note = await core.accounts.records.linksNote(id);
	await core.accounts.records.setLinks(id, links, note);
	const sets = Array.from({ length: 450 }, (_, each) => ({
		key: [...pluginDataOf("broken"), String(each)],
		value: "1",
	}));
	await core.storage.commit({ sets: [...sets, { key: RECORD_KEY, value: { ...record } }] });
	const fileId = await core.files.begin({ kind: "csv", addOn: "broken", name: "a.csv" }, 1_000);
	await core.storage.commit(core.files.part(fileId, 0, "ada"));
	return { core, userId: id };
}

/** How many entries are left, but for the one that keeps requests under way from storing anything. */
async function leftOf({ storage }: OpenCore) {
	const entries = [
		...(await allEntries(storage, pluginDataOf("broken"))),
		...(await allEntries(storage, pluginStateOf("broken"))),
		...(await allEntries(storage, NAMESPACES.files)),
	];
	return entries.filter(({ key }) => key.at(-1) !== "purged").length;
}

test.each([undefined, 0, 1, 2, 3, 4, 5, 6, 7])(
	"nothing of it is left, also in the index of people, when step %j is lost",
	async (crashAfter) => {
		const { core, userId } = await openWithBroken();
		const on = { storage: core.storage, ...(crashAfter !== undefined && { crashAfter }) };

		await driveJob(discardAddOn(core), PARAMS, on);

		expect(await leftOf(core)).toBe(0);
		// The other add-on lists nothing.
		expect((await core.accounts.find(userId))?.links).toEqual([]);
		expect((await core.addOns.list()).broken).toEqual([]);
	},
);

test("one whose record cannot be read goes whole, also when somebody cancels it after it has begun", async () => {
	const { core } = await openWithBroken({ status: "half" });
	const { jobs, runner, storage } = core;
	const started = await jobs.start({ type: DISCARD_ADD_ON, params: PARAMS, by: "op" });
	const id = "id" in started ? started.id : expect.fail("not started");
	const { commit } = storage;
	storage.commit = async (writes) => {
		const isData = writes.deletes?.some((key) => key[0] === pluginDataOf("broken")[0]);
		storage.commit = isData ? commit : storage.commit;
		await (isData ? jobs.cancel(id) : undefined);
		return commit.call(storage, writes);
	};

	const ended = await runner.drive(id, 60_000);

	expect(ended).toMatchObject({ state: "done", problem: null });
	expect(await leftOf(core)).toBe(0);
});

test("a version of it is not installed while its data is being deleted", async () => {
	const { core } = await openWithBroken();
	const { packages, installer, clock, addOns } = core;
	const zip = tinyZip({}, { id: "broken" });
	const sha256 = await packages.keepForReview({ zip, signature: undefined }, clock.now());
	await installer.giveUp("broken");

	const end = await installer.install(sha256);

	const reason = { key: "add-on-failure.emptying" };
	expect(end).toMatchObject({ kind: "failed", step: "review", reason });
	await driveJob(discardAddOn(core), PARAMS, { storage: core.storage });
	expect(await installer.install(sha256)).toMatchObject({ kind: "done" });
	expect(await addOns.find("broken")).toBeDefined();
});
