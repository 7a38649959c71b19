import { beforeAll, expect, test } from "vitest";
import { buildMagicWord, logIn, openHouse, storedKeys, userIdOf } from "./open-house.ts";

let zip: Uint8Array;

beforeAll(async () => {
	({ zip } = await buildMagicWord());
});

test("a released nickname leads to a new account", async () => {
	const host = await openHouse(zip);
	const userId = userIdOf(await logIn(host.newBrowser(), "ada"));
	const { plugin, users } = host;
	const [linked] = await plugin.listLinkedAccounts(userId);
	const identityId = linked?.identityId ?? "";
	expect(linked).toMatchObject({ label: "ada", identityId: "magic-word:acorn:ada" });
	expect(await plugin.unlinkAccount(userId, identityId)).toEqual({ kind: "last-way-in" });
	expect(await plugin.unlinkAccount(userId, "magic-word:acorn:eve")).toEqual({
		kind: "not-linked",
	});
	users.change(userId, { hasOtherWayIn: true });

	expect(await plugin.unlinkAccount(userId, identityId)).toEqual({ kind: "unlinked" });
	expect(await plugin.listLinkedAccounts(userId)).toEqual([]);
	const next = await logIn(host.newBrowser(), "ada");
	expect(next.kind).toBe("signed-up");
	expect(userIdOf(next)).not.toBe(userId);
});

test("deleting, claiming and purging delete nicknames, and merging hands them over", async () => {
	const host = await openHouse(zip);
	const { plugin, users } = host;
	const [ada, grace, eve] = await Promise.all(
		["ada", "grace", "eve"].map(async (name) => userIdOf(await logIn(host.newBrowser(), name))),
	);
	expect(await plugin.describeImpact({ kind: "deactivate" })).toEqual({
		brands: [{ brandId: "acorn", people: 3, strandedUserIds: expect.arrayContaining([ada, eve]) }],
	});

	await plugin.onUsersMerged(ada ?? "", grace ?? "");
	users.change(ada ?? "", undefined);
	expect(await logIn(host.newBrowser(), "ada")).toMatchObject({ userId: grace });
	const since = new Date(host.clock.now()).toISOString();
	expect(await plugin.exportUserData(grace ?? "")).toEqual({
		nicknames: [
			{ nickname: "ada", since },
			{ nickname: "grace", since },
		],
	});
	users.change(grace ?? "", { hasOtherWayIn: true });
	expect(await plugin.describeImpact({ kind: "switch-off", brandId: "acorn" })).toEqual({
		brands: [{ brandId: "acorn", people: 2, strandedUserIds: [eve] }],
	});

	await plugin.onUserDeleted(eve ?? "");
	await plugin.onUserClaimed(grace ?? "");
	const kept = (await storedKeys(host)).filter((key) => key.startsWith("nickname"));
	expect(kept).toEqual([]);
	await logIn(host.newBrowser(), "zoe");
	await plugin.purgeLinks("acorn");
	expect((await storedKeys(host)).filter((key) => key.startsWith("nickname"))).toEqual([]);
});

test("two nicknames disconnected at once leave the user one way in", async () => {
	const host = await openHouse(zip);
	const { plugin } = host;
	for (let round = 0; round < 20; round += 1) {
		const names = [`ada-${round}`, `grace-${round}`];
		const [ada = "", grace = ""] = await Promise.all(
			names.map(async (name) => userIdOf(await logIn(host.newBrowser(), name))),
		);
		await plugin.onUsersMerged(ada, grace);

		const ends = await Promise.all(
			names.map((name) => plugin.unlinkAccount(grace, `magic-word:acorn:${name}`)),
		);

		expect(ends.map(({ kind }) => kind).sort()).toEqual(["last-way-in", "unlinked"]);
		expect(await plugin.listLinkedAccounts(grace)).toHaveLength(1);
	}
});
