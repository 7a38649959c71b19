// Several removals at once: what belongs to a user never goes to somebody who is not there.
import { expect, test } from "vitest";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { StorageError } from "../../../src/contract/storage.ts";
import { deleteUser } from "../../../src/helpdesk/add-ons/delete-user.ts";
import { DELETE_USER, MERGE_USERS } from "../../../src/helpdesk/add-ons/jobs/remove-users.ts";
import { mergeUser } from "../../../src/helpdesk/add-ons/merge-user.ts";
import { removalStage } from "../../../src/helpdesk/add-ons/remove-user.ts";
import type { Job } from "../../../src/helpdesk/jobs/stored-job.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

/** A helpdesk with Ada and Grace, and a link of each. */
async function openWithTwo(onMerged: (core: OpenCore) => Promise<void> = async () => {}) {
	const links = new Map<string, string>();
	const linksOf = (userId: string) => [...links].filter(([, owner]) => owner === userId);
	let pausing: PausingStorage | undefined;
	const hooks = (): Partial<Plugin> => ({
		onUserDeleted: async (userId) => {
			for (const [id] of linksOf(userId)) {
				links.delete(id);
			}
		},
		onUsersMerged: async (userId, intoUserId) => {
			for (const [id] of linksOf(userId)) {
				links.set(id, intoUserId);
			}
			await onMerged(core);
		},
	});
	const core = await openCore(hooks, {}, (storage) => {
		pausing = new PausingStorage(storage);
		return pausing;
	});
	const { id: ada } = await core.addUser("ada@example.com");
	const { id: grace } = await core.addUser("grace@example.com");
	links.set("x:1", ada).set("x:2", grace);
	const isThere = async (id: string) => (await core.accounts.find(id)) !== undefined;
	return { core, ada, grace, links, isThere, pausing: pausing ?? new PausingStorage(core.storage) };
}

test("a user stays when the one who gets their links is deleted while these move", async () => {
	let graceId = "";
	const { core, ada, grace, isThere } = await openWithTwo(async ({ accounts }) => {
		await accounts.delete(graceId);
	});
	graceId = grace;
	const params = { userId: ada, intoUserId: grace };

	const started = await core.jobs.start({ type: MERGE_USERS, params, by: "op" });
	const id = "id" in started ? started.id : "";
	const ended = await core.runner.drive(id, 10_000);

	expect(ended).toMatchObject({ state: "failed", isHopeless: true });
	expect(ended?.problem).toContain("is not there any more");
	expect(await isThere(ada)).toBe(true);
});

test("a user stays when the one who gets their links is deleted right before the account goes", async () => {
	const { core, ada, grace, isThere, pausing } = await openWithTwo();
	const isDeletion = (keys: readonly (readonly string[])[]) =>
		keys.some((key) => key.at(-2) === "account" && key.at(-1) === ada);
	await removalStage(core, { userId: ada, intoUserId: grace }, "release");
	const { reached, goOn } = pausing.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && isDeletion(keys),
	);

	const deletion = removalStage(core, { userId: ada, intoUserId: grace }, "account");
	const outcome = expect(deletion).rejects.toThrow("is not there any more");
	await reached;
	await core.accounts.delete(grace);
	goOn();

	await outcome;
	expect(await isThere(ada)).toBe(true);
});

test("a deletion of the user who gets the links waits until the merger has ended, and then deletes all of them", async () => {
	let graceId = "";
	const deletions: (Job | undefined)[] = [];
	const { core, ada, grace, links, isThere } = await openWithTwo(async ({ jobs, runner }) => {
		const params = { userId: graceId };
		const started = await jobs.start({ type: DELETE_USER, params, by: "op" });
		const id = "id" in started ? started.id : "";
		await expect(runner.drive(id, 10_000)).rejects.toThrow(StorageError);
		deletions.push(await jobs.find(id));
	});
	graceId = grace;
	const params = { userId: ada, intoUserId: grace };
	const started = await core.jobs.start({ type: MERGE_USERS, params, by: "op" });

	const merged = await core.runner.drive("id" in started ? started.id : "", 10_000);

	expect(merged?.state).toBe("done");
	expect([await isThere(ada), [...links.values()]]).toEqual([false, [grace, grace]]);
	const [waiting] = deletions;
	expect(waiting).toMatchObject({ state: "running", tries: 0 });
	expect(waiting?.problem).toContain("is being deleted or merged by another job");
	expect((await core.runner.drive(waiting?.id ?? "", 10_000))?.state).toBe("done");
	expect([await isThere(grace), [...links]]).toEqual([false, []]);
});

test("a merger waits while the user who gets the links is being deleted, and then keeps the other user's links", async () => {
	const { core, ada, grace, links, isThere } = await openWithTwo();
	await removalStage(core, { userId: grace, intoUserId: undefined }, "release");
	const params = { userId: ada, intoUserId: grace };
	const started = await core.jobs.start({ type: MERGE_USERS, params, by: "op" });
	const id = "id" in started ? started.id : "";

	await expect(core.runner.drive(id, 10_000)).rejects.toThrow(StorageError);
	expect([...links]).toEqual([["x:1", ada]]);
	await deleteUser(core, grace);
	const ended = await core.runner.drive(id, 10_000);

	expect(ended).toMatchObject({ state: "failed", isHopeless: true });
	expect([await isThere(ada), [...links]]).toEqual([true, [["x:1", ada]]]);
});

test("a merger that begins just before the deletion of the user who gets the links waits for it, too", async () => {
	const { core, ada, grace, links, pausing } = await openWithTwo();
	const { reached, goOn } = pausing.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && keys.some((key) => key.at(-2) === "removal"),
	);
	const merger = removalStage(core, { userId: ada, intoUserId: grace }, "release");
	const outcome = expect(merger).rejects.toThrow("another job");
	await reached;
	await removalStage(core, { userId: grace, intoUserId: undefined }, "release");
	goOn();

	await outcome;
	expect([...links]).toEqual([["x:1", ada]]);
});

test("a merger that is cancelled, or not gone on with for an hour, holds up no deletion", async () => {
	for (const end of ["cancel", "hour"]) {
		const { core, ada, grace, isThere } = await openWithTwo();
		const merger = { userId: ada, intoUserId: grace };
		await removalStage(core, merger, "release");
		await expect(deleteUser(core, grace)).rejects.toThrow("another job");
		if (end === "cancel") {
			const started = await core.jobs.start({ type: MERGE_USERS, params: merger, by: "op" });
			const id = "id" in started ? started.id : "";
			await core.jobs.cancel(id);
			expect((await core.runner.drive(id, 10_000))?.state).toBe("cancelled");
		} else {
			core.clock.advance(60 * 60_000);
		}

		expect(await deleteUser(core, grace)).toBe(true);
		expect(await isThere(grace)).toBe(false);
		expect(await allEntries(core.storage, [...NAMESPACES.accounts, "removal"])).toEqual([]);
	}
});

test("a merger that goes on for longer than an hour keeps the user who gets the links", async () => {
	const { core, ada, grace } = await openWithTwo();
	const merger = { userId: ada, intoUserId: grace };
	for (let times = 0; times < 2; times += 1) {
		await removalStage(core, merger, "release");
		core.clock.advance(40 * 60_000);
	}

	await expect(deleteUser(core, grace)).rejects.toThrow("another job");
});

test("of two users who are merged into each other at once, one stays, with all links", async () => {
	const { core, ada, grace, links, isThere } = await openWithTwo();

	const ends = await Promise.allSettled([mergeUser(core, ada, grace), mergeUser(core, grace, ada)]);

	const there = [await isThere(ada), await isThere(grace)];
	expect(there.filter(Boolean)).toHaveLength(1);
	const [stays] = there[0] ? [ada] : [grace];
	expect([...links.values()]).toEqual([stays, stays]);
	expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a link that a log-in adds late goes, when the user who would get it was deleted, too", async () => {
	const { core, ada, grace, links } = await openWithTwo();
	const merger = { userId: ada, intoUserId: grace };
	await removalStage(core, merger, "release");
	await removalStage(core, merger, "account");
	await core.accounts.delete(grace);
	links.set("x:3", ada);

	await removalStage(core, merger, "release-again");
	await removalStage(core, merger, "ledger");

	expect([...links.keys()]).not.toContain("x:3");
});
