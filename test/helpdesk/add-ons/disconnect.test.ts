import { expect, test } from "vitest";
import type { Plugin, Unlinking } from "../../../src/contract/plugin.ts";
import { disconnect } from "../../../src/helpdesk/add-ons/disconnect.ts";
import type { Account } from "../../../src/helpdesk/people/stored-account.ts";
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

function run(core: OpenCore, user: Account, addOnId = "tiny") {
	const parts = { ...core, now: () => core.clock.now() };
	return disconnect(parts, user, [{ addOnId, identityId: "x:1" }]);
}

test("sessions end before an account is disconnected, and again after it", async () => {
	const epochs: (number | undefined)[] = [];
	const core = await openWith(async ({ accounts }, userId) => {
		epochs.push((await accounts.find(userId))?.sessionEpoch);
		return { kind: "unlinked" };
	});
	const ada = await core.addUser("ada@example.com");

	const { ends, account } = await run(core, ada);

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

	expect((await run(core, ada)).ends).toEqual([end]);
});

test("an add-on that is not there has disconnected nothing", async () => {
	const core = await openWith(async () => ({ kind: "unlinked" }));
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada, "absent")).ends).toEqual(["failed"]);
});

test("a user who is deleted meanwhile gets no session", async () => {
	const core = await openWith(async ({ accounts }, userId) => {
		await accounts.delete(userId);
		return { kind: "unlinked" };
	});
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada)).account).toBeUndefined();
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

	const { ends, account } = await run(core, ada);

	expect(ends).toEqual(["not-linked"]);
	expect(account).toEqual(ada);
	expect(unlinked).toEqual([]);
});

test("one of two accounts that is not linked does not keep the other one linked", async () => {
	const { core, unlinked, ada } = await openListing({ listLinkedAccounts: async () => [OTHER] });
	const parts = { ...core, now: () => core.clock.now() };
	const named = ["x:1", "x:2"].map((identityId) => ({ addOnId: "tiny", identityId }));

	const { account } = await disconnect(parts, ada, named);

	expect(unlinked).toEqual(["x:1", "x:2"]);
	expect(account?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
});

test.each<[string, Partial<Plugin>]>([
	["fails to list what is linked", { listLinkedAccounts: () => Promise.reject(new Error("no")) }],
	["lists nothing at all", {}],
])("an add-on that %s may have linked it, so it is asked to unlink", async (_, hooks) => {
	const { core, unlinked, ada } = await openListing(hooks);

	const { account } = await run(core, ada);

	expect(unlinked).toEqual(["x:1"]);
	expect(account?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
});

/** Somebody logs the user out everywhere while the add-on works. */
const endAll = async ({ accounts }: OpenCore, userId: string) =>
	void (await accounts.endSessions(userId));

const ONLY = { identityId: "x:1", label: "@ada", linkedAt: 0 };

test("the only way in that an add-on keeps is kept with all sessions", async () => {
	const core = await openCore(() => ({
		listLinkedAccounts: async () => [ONLY],
		unlinkAccount: async () => ({ kind: "last-way-in" }),
	}));
	const ada = await core.addUser("ada@example.com");
	expect(ada.hasPassword).toBe(false);

	expect(await run(core, ada)).toEqual({ ends: ["last-way-in"], account: ada });
	const { sessionEpoch } = (await core.accounts.find(ada.id)) ?? {};
	expect(sessionEpoch).toBe(ada.sessionEpoch);
});

test("an account that is disconnected although it was the only way in ends all sessions", async () => {
	const kinds: Unlinking["kind"][] = ["unlinked", "not-linked"];
	const core = await openCore(() => ({
		listLinkedAccounts: async () => [ONLY],
		unlinkAccount: async () => ({ kind: kinds.shift() ?? "last-way-in" }),
	}));
	const ada = await core.addUser("ada@example.com");

	const { ends, account } = await run(core, ada);

	expect(ends).toEqual(["disconnected"]);
	expect(account?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
	expect(account?.wayInEndedAt).toBe(core.clock.now());
});

test.each<[string, (core: () => OpenCore) => Partial<Plugin>]>([
	[
		"looks for an account that is not linked",
		(core) => ({
			listLinkedAccounts: async (userId) => {
				await endAll(core(), userId);
				return [OTHER];
			},
		}),
	],
	[
		"disconnects an account",
		(core) => ({
			unlinkAccount: async (userId) => {
				await endAll(core(), userId);
				return { kind: "unlinked" };
			},
		}),
	],
])("a session that others end while the add-on %s gets no new one", async (_, hooksOf) => {
	const core: OpenCore = await openCore(() => hooksOf(() => core));
	const ada = await core.addUser("ada@example.com");

	expect((await run(core, ada)).account).toBeUndefined();
});

test("a session that others ended before anything was disconnected gets no new one", async () => {
	const core = await openWith(async () => ({ kind: "unlinked" }));
	const ada = await core.addUser("ada@example.com");
	await endAll(core, ada.id);

	const { ends, account } = await run(core, ada);

	expect(ends).toEqual(["disconnected"]);
	expect(account).toBeUndefined();
});
