// What the helpdesk keeps in each account about what is linked to it.
import { expect, test } from "vitest";
import type { LinkedAccount, Plugin } from "../../../src/contract/plugin.ts";
import { deleteUser } from "../../../src/helpdesk/add-ons/delete-user.ts";
import { disconnect } from "../../../src/helpdesk/add-ons/disconnect.ts";
import { mergeUser } from "../../../src/helpdesk/add-ons/merge-user.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { linksDueKey } from "../../../src/helpdesk/people/links-due.ts";
import { eventually } from "../../kit/eventually.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const ADA_AT_X = { identityId: "x:1", label: "@ada" };
const MINUTE = 60_000;

/** A helpdesk with an add-on that has these links, by user. It can break, and be used up in the middle of a deed. */
async function openWithLinks(hooks: Partial<Plugin> = {}) {
	const links = new Map<string, readonly LinkedAccount[]>();
	const state = { isBroken: false };
	let counting: CountingStorage | undefined;
	const core = await openCore(
		() => ({
			listLinkedAccounts: async (userId) => {
				if (state.isBroken) {
					throw new Error("it cannot tell");
				}
				return links.get(userId) ?? [];
			},
			unlinkAccount: async (userId, identityId) => {
				const left = links.get(userId)?.filter((each) => each.identityId !== identityId) ?? [];
				links.set(userId, left);
				return { kind: "unlinked" };
			},
			onUserClaimed: async (userId) => {
				links.delete(userId);
			},
			onUsersMerged: async (userId, intoUserId) => {
				links.set(intoUserId, [...(links.get(intoUserId) ?? []), ...(links.get(userId) ?? [])]);
				links.delete(userId);
			},
			...hooks,
		}),
		{},
		(storage) => {
			counting = new CountingStorage(storage);
			return counting;
		},
	);
	const { linkFacts } = core.addOns;
	const comeIn = async (userId: string, linked?: typeof ADA_AT_X, isNew = false) => {
		const account = (await core.accounts.find(userId)) ?? expect.fail("no account");
		counting?.costsSoFar();
		await linkFacts.cameIn(core.addOn, account, linked, isNew);
		return counting?.costsSoFar() ?? expect.fail("nothing is counted");
	};
	return { core, links, state, linkFacts, comeIn };
}

async function linksOf({ accounts }: OpenCore, userId: string): Promise<readonly string[]> {
	const { links } = (await accounts.find(userId)) ?? {};
	return links?.map(({ id, label }) => `${id} ${label}`) ?? ["not known"];
}

async function isDue({ storage }: OpenCore, userId: string): Promise<boolean> {
	return (await storage.get([...NAMESPACES.accounts, ...linksDueKey(userId)])) !== undefined;
}

const linked = (identityId: string, label = `@${identityId}`): LinkedAccount => ({
	identityId,
	label,
	linkedAt: 0,
});

test("a sign-up writes the label in one commit, and the same label once more costs nothing", async () => {
	const { core, comeIn } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	expect(await isDue(core, id)).toBe(true);

	const first = await comeIn(id, ADA_AT_X, true);
	const again = await comeIn(id, ADA_AT_X);
	const withoutAt = await comeIn(id, { ...ADA_AT_X, label: "ada" });

	expect(Object.keys(first.counts).filter((each) => each.startsWith("commit"))).toHaveLength(1);
	expect(await isDue(core, id)).toBe(false);
	expect(await linksOf(core, id)).toEqual(["x:1 @ada"]);
	expect([again.operations, withoutAt.operations]).toEqual([0, 0]);
});

test("a changed handle is written in one commit, with its words in the index, and asks no add-on", async () => {
	const { core, comeIn, state } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	await comeIn(id, ADA_AT_X, true);
	state.isBroken = true;

	const costs = await comeIn(id, { ...ADA_AT_X, label: "@lovelace" });

	expect(costs.operations).toBe(2);
	expect(await linksOf(core, id)).toEqual(["x:1 @lovelace"]);
	const page = (words: string) =>
		core.search.page(
			{
				...{ words, brandId: undefined, status: undefined, linked: undefined },
				withoutOtherWayIn: false,
			},
			["acorn"],
		);
	expect((await page("lovel")).accounts.map((each) => each.id)).toEqual([id]);
});

test("of an account whose links nobody knows yet a returning log-in writes and reads nothing", async () => {
	const { core, comeIn } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	const key = [...NAMESPACES.accounts, "account", id];
	const { links: _, ...older } = Object(await core.storage.get(key)).value;
	await core.storage.commit({ sets: [{ key, value: older }] });

	expect((await comeIn(id, ADA_AT_X)).operations).toBe(0);
	expect(await linksOf(core, id)).toEqual(["not known"]);
});

test("a label is not written once the sessions of its user have ended, because the link may be gone", async () => {
	const { core, linkFacts } = await openWithLinks();
	const account = await core.addUser("ada@example.com");
	await core.accounts.endSessions(account.id);

	await linkFacts.cameIn(core.addOn, account, ADA_AT_X, false);

	expect(await linksOf(core, account.id)).toEqual([]);
});

test("a plugin that gives no label is asked after a sign-up, and again while nothing of it is known", async () => {
	const { core, links, comeIn } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);

	await comeIn(id, undefined, true);
	expect(await linksOf(core, id)).toEqual(["x:1 @x:1"]);
	links.set(id, [linked("x:1", "@new")]);

	expect((await comeIn(id)).operations).toBe(0);
	expect(await linksOf(core, id)).toEqual(["x:1 @x:1"]);
});

test("a returning log-in of which a plugin without a label lists nothing, or cannot tell, asks it and touches no account", async () => {
	const { core, links, state, comeIn } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	await comeIn(id, undefined, true);

	const empty = await comeIn(id);
	state.isBroken = true;
	const broken = await comeIn(id);
	state.isBroken = false;

	for (const { counts } of [empty, broken]) {
		expect(Object.keys(counts).filter((each) => /accounts|commit/.test(each))).toEqual([]);
	}
	expect(await isDue(core, id)).toBe(false);
	links.set(id, [linked("x:1"), linked("x:2")]);
	const first = await comeIn(id);
	expect(Object.keys(first.counts).filter((each) => each.startsWith("commit"))).toHaveLength(1);
	expect(await linksOf(core, id)).toEqual(["x:1 @x:1", "x:2 @x:2"]);
	expect((await comeIn(id)).operations).toBe(0);
});

test("no log-in fails because an add-on cannot tell, or because the storage is away", async () => {
	const { core, state, comeIn } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	state.isBroken = true;

	await comeIn(id, undefined, true);
	await core.addOns.linkFacts.linked(id);

	expect(await linksOf(core, id)).toEqual([]);
	expect(await isDue(core, id)).toBe(true);
});

test("what is disconnected is known no more", async () => {
	const { core, links, linkFacts } = await openWithLinks();
	const ada = await core.addUser("ada@example.com");
	links.set(ada.id, [linked("x:1"), linked("x:2")]);
	await linkFacts.refresh(ada.id);

	const named = [{ addOnId: "tiny", identityId: "x:1" }];
	await disconnect({ ...core, now: () => core.clock.now() }, ada, named);

	expect(await linksOf(core, ada.id)).toEqual(["x:2 @x:2"]);
});

test("an account that is claimed has no links any more", async () => {
	const { core, links, linkFacts } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);
	await linkFacts.refresh(id);

	await core.addOns.claiming(id, () => core.accounts.confirm(id));

	expect(await linksOf(core, id)).toEqual([]);
	expect(await isDue(core, id)).toBe(false);
});

test("the user into whom another one is merged has the links of both", async () => {
	const { core, links, linkFacts } = await openWithLinks();
	const [ada, grace] = [await core.addUser("ada@example.com"), await core.addUser("g@example.com")];
	links.set(ada.id, [linked("x:1")]);
	links.set(grace.id, [linked("x:2")]);
	await linkFacts.refresh(grace.id);

	await mergeUser(core, ada.id, grace.id);

	expect(await linksOf(core, grace.id)).toEqual(["x:1 @x:1", "x:2 @x:2"]);
});

test("a deleted user leaves no note and no key that leads to them", async () => {
	const { core, links, linkFacts } = await openWithLinks({ onUserDeleted: async () => {} });
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);
	await linkFacts.refresh(id);

	await deleteUser(core, id);
	await core.counts.fold();

	const left = await core.storage.list(NAMESPACES.accounts, { limit: 1000 });
	const ofAda = left.entries.filter(({ key }) => key.includes(id) && key[1] !== "ended");
	expect(ofAda).toEqual([]);
});

test("a disconnection, a claim and a merger leave a note before they change a link, so that a node asks again after a crash", async () => {
	const during: [string, boolean][] = [];
	const noting = (hook: string, userId: string) => async () => {
		during.push([hook, await isDue(open.core, userId)]);
	};
	let ada = "";
	let grace = "";
	const open = await openWithLinks({
		unlinkAccount: async () => {
			await noting("unlinkAccount", ada)();
			return { kind: "unlinked" };
		},
		onUserClaimed: () => noting("onUserClaimed", ada)(),
		onUsersMerged: () => noting("onUsersMerged", grace)(),
	});
	const { core, links, linkFacts } = open;
	ada = (await core.addUser("ada@example.com")).id;
	grace = (await core.addUser("grace@example.com")).id;
	links.set(ada, [linked("x:1")]);
	for (const userId of [ada, grace]) {
		await linkFacts.refresh(userId);
		expect(await isDue(core, userId)).toBe(false);
	}

	const named = [{ addOnId: "tiny", identityId: "x:1" }];
	await disconnect(
		{ ...core, now: () => core.clock.now() },
		(await core.accounts.find(ada)) ?? expect.fail("no account"),
		named,
	);
	await core.addOns.claiming(ada, () => core.accounts.confirm(ada));
	await mergeUser(core, ada, grace);

	expect([...new Map(during)]).toEqual([
		["unlinkAccount", true],
		["onUserClaimed", true],
		["onUsersMerged", true],
	]);
	expect(during.every(([, isNoted]) => isNoted)).toBe(true);
});

test("after a crash in the middle of a deed a node asks again, once the note is a minute old", async () => {
	const { core, links, linkFacts } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);
	await linkFacts.refresh(id);
	// The process ends in the middle of the deed.
	void linkFacts.around([id], () => new Promise(() => {}));
	await eventually(async () => expect(await isDue(core, id)).toBe(true));
	links.delete(id);

	core.clock.advance(MINUTE);
	expect(await linkFacts.refreshing.run()).toBeUndefined();
	expect(await linksOf(core, id)).toEqual(["x:1 @x:1"]);
	core.clock.advance(1);
	expect(await linkFacts.refreshing.run()).toEqual({
		key: "jobs.duty.links-refreshed",
		values: { count: 1 },
	});

	expect(await linksOf(core, id)).toEqual([]);
	expect(await isDue(core, id)).toBe(false);
});

test("an add-on that cannot tell leaves the note, and the answer counts once it can", async () => {
	const { core, links, state, linkFacts } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	await linkFacts.refresh(id);
	expect(await isDue(core, id)).toBe(false);
	links.set(id, [linked("x:1")]);
	state.isBroken = true;
	await linkFacts.around([id], async () => {});
	expect(await linksOf(core, id)).toEqual([]);
	expect(await isDue(core, id)).toBe(true);

	state.isBroken = false;
	core.clock.advance(MINUTE + 1);
	await linkFacts.refreshing.run();

	expect(await linksOf(core, id)).toEqual(["x:1 @x:1"]);
});

test("an add-on that cannot tell is asked again later, also where no deed has left a note", async () => {
	const { core, links, state, linkFacts } = await openWithLinks();
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);
	await linkFacts.refresh(id);
	links.delete(id);
	state.isBroken = true;
	await linkFacts.refresh(id);
	expect(await isDue(core, id)).toBe(true);

	state.isBroken = false;
	core.clock.advance(MINUTE + 1);
	await linkFacts.refreshing.run();

	expect(await linksOf(core, id)).toEqual([]);
	expect(await isDue(core, id)).toBe(false);
});

test("users who cannot be asked about do not keep the others waiting, and the note of a deleted user goes", async () => {
	const { core, links, linkFacts } = await openWithLinks({
		listLinkedAccounts: async (userId) => {
			if (!links.has(userId)) {
				throw new Error("it cannot tell");
			}
			return links.get(userId) ?? [];
		},
	});
	const broken: string[] = [];
	for (let index = 0; index < 20; index += 1) {
		broken.push((await core.addUser(`broken${index}@example.com`)).id);
	}
	const [unreadable = ""] = broken;
	await core.storage.commit({
		sets: [{ key: [...NAMESPACES.accounts, "account", unreadable], value: "broken" }],
	});
	await core.accounts.records.noteLinks(["nobody"]);
	core.clock.advance(1);
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);

	core.clock.advance(MINUTE + 1);
	await linkFacts.refreshing.run();
	await linkFacts.refreshing.run();

	expect(await linksOf(core, id)).toEqual(["x:1 @x:1"]);
	expect([await isDue(core, "nobody"), await isDue(core, unreadable)]).toEqual([false, true]);
});

/** An add-on that answers a question only after something else has happened. */
async function openSlow() {
	let meanwhile = async (): Promise<void> => {};
	const open = await openWithLinks({
		listLinkedAccounts: async (userId) => {
			const answer = open.links.get(userId) ?? [];
			const deed = meanwhile;
			meanwhile = async () => {};
			await deed();
			return answer;
		},
	});
	const during = (deed: () => Promise<void>): void => {
		meanwhile = deed;
	};
	return { ...open, during };
}

test("an answer that is older than a deed is not stored", async () => {
	const { core, links, linkFacts, during } = await openSlow();
	const { id } = await core.addUser("ada@example.com");
	links.set(id, [linked("x:1")]);
	during(async () => {
		await core.accounts.records.noteLinks([id]);
		links.delete(id);
	});

	await linkFacts.refresh(id);

	expect(await linksOf(core, id)).toEqual([]);
});

test("an answer that is older than a deed which has ended already is not stored", async () => {
	const { core, links, linkFacts, during } = await openSlow();
	const ada = await core.addUser("ada@example.com");
	links.set(ada.id, [linked("x:1")]);
	await linkFacts.refresh(ada.id);
	links.set(ada.id, [linked("x:1", "@new")]);
	during(async () => {
		const named = [{ addOnId: "tiny", identityId: "x:1" }];
		await disconnect({ ...core, now: () => core.clock.now() }, ada, named);
		expect(await isDue(core, ada.id)).toBe(false);
	});

	await linkFacts.refresh(ada.id);

	expect(await linksOf(core, ada.id)).toEqual([]);
});
