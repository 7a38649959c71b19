// Deletions and mergers as jobs: a crash in the middle is finished.
import { expect, test, vi } from "vitest";
import type { StorageValue } from "../../../src/contract/storage.ts";
import {
	DELETE_USER,
	deleteUserJob,
	MERGE_USERS,
	mergeUsersJob,
} from "../../../src/helpdesk/add-ons/jobs/remove-users.ts";
import { REMOVAL_STAGES } from "../../../src/helpdesk/add-ons/remove-user.ts";
import { CannotSucceedError } from "../../../src/helpdesk/jobs/job-kind.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { knownSignIns, signInOf } from "../../kit/helpdesk/sign-ins-of-users.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const LETTER = { subject: "A code", text: "123456" };

interface Opened {
	readonly core: OpenCore;
	readonly ids: { readonly ada: string; readonly grace: string };
	/** What is linked to whom. */
	readonly links: Map<string, string>;
}

async function openWithTwo(): Promise<Opened> {
	const links = new Map<string, string>();
	const core = await openCore(() => ({
		listLinkedAccounts: async (userId) =>
			[...links]
				.filter(([, owner]) => owner === userId)
				.map(([identityId]) => ({ identityId, label: `@${identityId}`, linkedAt: 0 })),
		onUserDeleted: async (userId) => {
			for (const [id] of [...links].filter(([, owner]) => owner === userId)) {
				links.delete(id);
			}
		},
		onUsersMerged: async (userId, intoUserId) => {
			for (const [id] of [...links].filter(([, owner]) => owner === userId)) {
				links.set(id, intoUserId);
			}
		},
	}));
	const { id: ada } = await core.addUser("ada@example.com");
	const { id: grace } = await core.addUser("grace@example.com");
	links.set("x:1", ada).set("x:2", grace);
	for (const [identityId, userId] of links) {
		core.addOn.ledger.record(signInOf(userId, identityId));
	}
	await core.outbox.send({ brandId: "acorn", to: "Ada@example.com", ...LETTER });
	await core.outbox.send({ brandId: "acorn", to: "grace@example.com", ...LETTER });
	await core.addOn.ledger.settled();
	return { core, ids: { ada, grace }, links };
}

/** What of Ada and Grace is left, without what differs each time. */
async function leftOf({ core, ids, links }: Opened) {
	const { letters } = await core.outbox.letters.page();
	return {
		ada: await core.accounts.find(ids.ada),
		links: [...links].map(([id, owner]) => [id, owner === ids.grace]),
		known: (await core.accounts.find(ids.grace))?.links?.map(({ id }) => id),
		letters: letters.map(({ to }) => to),
		signIns: await knownSignIns(core.addOn.ledger),
	};
}

const DELETED = {
	ada: undefined,
	links: [["x:2", true]],
	letters: ["grace@example.com"],
	signIns: 1,
};

const MERGED = {
	ada: undefined,
	links: [
		["x:1", true],
		["x:2", true],
	],
	known: ["x:1", "x:2"],
	letters: ["grace@example.com"],
	signIns: 2,
};

test.each([undefined, ...REMOVAL_STAGES.keys()])(
	"a deletion that loses its step %j is finished, and leaves nothing of the user",
	async (crashAfter) => {
		const opened = await openWithTwo();
		const { core, ids } = opened;
		const on = { storage: core.storage, ...(crashAfter !== undefined && { crashAfter }) };

		const job = await driveJob(deleteUserJob(core), { userId: ids.ada }, on);

		expect(await leftOf(opened)).toMatchObject(DELETED);
		expect(job).toMatchObject({ state: "done", done: REMOVAL_STAGES.length });
		expect(JSON.stringify(job)).not.toContain("ada@example.com");
	},
);

test.each([undefined, 0, ...REMOVAL_STAGES.keys()])(
	"a merger that loses its step %j is finished",
	async (crashAfter) => {
		const opened = await openWithTwo();
		const { core, ids } = opened;
		const on = { storage: core.storage, ...(crashAfter !== undefined && { crashAfter }) };

		await driveJob(mergeUsersJob(core), { userId: ids.ada, intoUserId: ids.grace }, on);

		expect(await leftOf(opened)).toEqual(MERGED);
	},
);

test.each<[string, (opened: Opened) => [ReturnType<typeof deleteUserJob>, StorageValue], object]>([
	["deletion", ({ core, ids }) => [deleteUserJob(core), { userId: ids.ada }], DELETED],
	[
		"merger",
		({ core, ids }) => [mergeUsersJob(core), { userId: ids.ada, intoUserId: ids.grace }],
		MERGED,
	],
])("a %s whose every step is done twice ends like one", async (_, jobOf, end) => {
	const opened = await openWithTwo();
	const [kind, params] = jobOf(opened);

	await driveJob(kind, params, { storage: opened.core.storage, twice: true });

	expect(await leftOf(opened)).toMatchObject(end);
});

test("a merger into somebody who was deleted meanwhile moves and deletes nothing", async () => {
	const opened = await openWithTwo();
	const { core, ids } = opened;
	await core.accounts.delete(ids.grace);
	const before = await allEntries(core.storage);

	const driven = driveJob(
		mergeUsersJob(core),
		{ userId: ids.ada, intoUserId: ids.grace },
		{ storage: core.storage },
	);

	await expect(driven).rejects.toThrow(CannotSucceedError);
	const after = (await allEntries(core.storage)).filter(({ key }) => key[0] !== "jobs");
	expect(after).toEqual(before);
});

test("one user is deleted or merged by one job at a time, and the helpdesk does both by itself", async () => {
	const opened = await openWithTwo();
	const { core, ids } = opened;
	const merger = { userId: ids.ada, intoUserId: ids.grace };

	const first = await core.jobs.start({ type: MERGE_USERS, params: merger, by: "op" });
	const second = await core.jobs.start({
		type: DELETE_USER,
		params: { userId: ids.ada },
		by: "op",
	});
	const ended = "id" in first ? await core.runner.drive(first.id, 10_000) : undefined;

	expect(second).toEqual({ ...first, kind: "under-way" });
	expect(ended).toMatchObject({ state: "done" });
	expect(await leftOf(opened)).toEqual(MERGED);
});

test("a cancel that comes after the account is gone lets the deletion end, and an earlier one keeps the account", async () => {
	const opened = await openWithTwo();
	const { core, ids } = opened;
	const endAt = vi.spyOn(core.logOuts, "endNow");
	const started = await core.jobs.start({
		...{ type: DELETE_USER, params: { userId: ids.ada }, by: "op" },
	});
	const id = "id" in started ? started.id : "";
	endAt.mockImplementationOnce(async () => core.jobs.cancel(id));

	const ended = await core.runner.drive(id, 10_000);
	const early = await core.jobs.start({
		...{ type: DELETE_USER, params: { userId: ids.grace }, by: "op" },
	});
	const earlyId = "id" in early ? early.id : "";
	await core.jobs.cancel(earlyId);
	const cancelled = await core.runner.drive(earlyId, 10_000);

	expect(ended).toMatchObject({ state: "done", isCancelling: false });
	expect(await leftOf(opened)).toMatchObject(DELETED);
	expect(cancelled).toMatchObject({ state: "cancelled", done: 0 });
	expect(await core.accounts.find(ids.grace)).toBeDefined();
});
