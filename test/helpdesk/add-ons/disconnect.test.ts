import { expect, test } from "vitest";
import type { Plugin, Unlinking } from "../../../src/contract/plugin.ts";
import { disconnect } from "../../../src/helpdesk/add-ons/disconnect.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";

/** Opens a helpdesk with an add-on that has this hook. */
async function openWith(
	unlinkAccount: (core: OpenCore, userId: string) => Promise<Unlinking>,
): Promise<OpenCore> {
	const core: OpenCore = await openCore(
		(): Partial<Plugin> => ({ unlinkAccount: (userId) => unlinkAccount(core, userId) }),
	);
	return core;
}

function run(core: OpenCore, userId: string, addOnId = "tiny") {
	const parts = { ...core, now: () => core.clock.now() };
	return disconnect(parts, userId, [{ addOnId, identityId: "x:1" }]);
}

test("sessions end before an account is disconnected, and again after it", async () => {
	const epochs: (number | undefined)[] = [];
	const core = await openWith(async ({ accounts }, userId) => {
		epochs.push((await accounts.find(userId))?.sessionEpoch);
		return { kind: "unlinked" };
	});
	const ada = await core.addUser("ada@example.com");

	const { ends, account } = await run(core, ada.id);

	expect(ends).toEqual(["disconnected"]);
	expect(account).toEqual(await core.accounts.find(ada.id));
	expect(ada.sessionEpoch).toBeLessThan(epochs[0] ?? 0);
	expect(epochs[0]).toBeLessThan(account?.sessionEpoch ?? 0);
	expect(account?.wayInEndedAt).toBe(core.clock.now());
});

test.each<[string, () => Promise<Unlinking>]>([
	["disconnected", async () => ({ kind: "not-linked" })],
	["last-way-in", async () => ({ kind: "last-way-in" })],
	["failed", () => Promise.reject(new Error("it failed"))],
])("an end is %s", async (end, unlinkAccount) => {
	const core = await openWith(unlinkAccount);
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada.id)).ends).toEqual([end]);
});

test("an add-on that is not there has disconnected nothing", async () => {
	const core = await openWith(async () => ({ kind: "unlinked" }));
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada.id, "absent")).ends).toEqual(["failed"]);
});

test("a user who is deleted meanwhile gets no session", async () => {
	const core = await openWith(async ({ accounts }, userId) => {
		await accounts.delete(userId);
		return { kind: "unlinked" };
	});
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada.id)).account).toBeUndefined();
});

/** Opens a helpdesk with an add-on that has these hooks, and a user. */
async function openListing(hooks: Partial<Plugin>) {
	const unlinked: string[] = [];
	const core: OpenCore = await openCore(() => ({
		unlinkAccount: async (_, identityId) => {
			unlinked.push(identityId);
			return { kind: "not-linked" };
		},
		...hooks,
	}));
	return { core, unlinked, ada: await core.addUser("ada@example.com") };
}

const OTHER = { identityId: "x:2", label: "@other", linkedAt: 0 };

test("an account that is not linked is not disconnected, and no session ends", async () => {
	const { core, unlinked, ada } = await openListing({ listLinkedAccounts: async () => [OTHER] });

	const { ends, account } = await run(core, ada.id);

	expect(ends).toEqual(["not-linked"]);
	expect(account).toEqual(ada);
	expect(unlinked).toEqual([]);
});

test("one of two accounts that is not linked does not keep the other one linked", async () => {
	const { core, unlinked, ada } = await openListing({ listLinkedAccounts: async () => [OTHER] });
	const parts = { ...core, now: () => core.clock.now() };
	const named = ["x:1", "x:2"].map((identityId) => ({ addOnId: "tiny", identityId }));

	const { account } = await disconnect(parts, ada.id, named);

	expect(unlinked).toEqual(["x:1", "x:2"]);
	expect(account?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
});

test.each<[string, Partial<Plugin>]>([
	["fails to list what is linked", { listLinkedAccounts: () => Promise.reject(new Error("no")) }],
	["lists nothing at all", {}],
])("an add-on that %s may have linked it, so it is asked to unlink", async (_, hooks) => {
	const { core, unlinked, ada } = await openListing(hooks);

	const { account } = await run(core, ada.id);

	expect(unlinked).toEqual(["x:1"]);
	expect(account?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
});
