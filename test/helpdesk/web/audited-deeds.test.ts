// Does every deed once, and once for each write to the storage after which the node is gone: a deed that has changed something
// has its entry, and a deed that has not has none.
import { expect, test } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import { type DeedName, kindOf } from "../../../src/helpdesk/audit/deeds.ts";
import { commonPasswords } from "../../../src/helpdesk/people/common-passwords.ts";
import { ADD_ON_DEEDS, HAND_OFF_DEEDS } from "../../kit/deeds/add-on-deeds.ts";
import { BRAND_DEEDS } from "../../kit/deeds/brand-deeds.ts";
import { OPERATORS_DEEDS } from "../../kit/deeds/operators-deeds.ts";
import { REFUSED_DEEDS } from "../../kit/deeds/refused-deeds.ts";
import { USERS_DEEDS } from "../../kit/deeds/users-deeds.ts";
import { type Deed, OPERATOR, openWorld, type World } from "../../kit/deeds/world.ts";
import { VISITORS_NETWORK } from "../../kit/helpdesk/open-sites.ts";

/** Every deed but those of commands, and the one that the helpdesk does by itself. A new one is missed by the compiler. */
const DEEDS: Readonly<Record<Exclude<DeedName, `command.${string}` | "user.expire">, Deed>> = {
	...OPERATORS_DEEDS,
	...REFUSED_DEEDS,
	...USERS_DEEDS,
	...ADD_ON_DEEDS,
	...BRAND_DEEDS,
};

async function entriesOf({ storage }: World, name: string) {
	const entries = await storage.entries(["audit", "entry"]);
	return entries
		.map(({ value }) => value as Readonly<Record<string, unknown>>)
		.filter(({ deed }) => deed === name);
}

async function stored({ storage }: World, places: readonly StorageKey[]): Promise<string> {
	const all = await Promise.all(places.map((place) => storage.entries(place)));
	return JSON.stringify(all.flat().map(({ key, value }) => [key, value]));
}

test.each([...Object.entries<Deed>(DEEDS), ...Object.entries<Deed>(HAND_OFF_DEEDS)])(
	"%s leaves exactly one entry, wherever a node is killed",
	async (name, deed) => {
		await commonPasswords();
		const world = await openWorld(deed.setsMailServer !== true);
		const before = await deed.before?.(world);
		const { storage } = world;
		await storage.keep();
		const cookies = new Map(world.operator.cookies);
		const run = async (writes: number) => {
			await storage.putBack();
			world.operator.cookies.clear();
			for (const [cookie, value] of cookies) {
				world.operator.cookies.set(cookie, value);
			}
			const there = (await entriesOf(world, name)).length;
			const unchanged = await stored(world, deed.changes);
			storage.cutAfter(writes);
			const answer = await deed.act(world, before).catch((error: unknown) => error);
			const isCut = storage.isCut;
			storage.cutAfter(Number.POSITIVE_INFINITY);
			const entries = await entriesOf(world, name);
			const added = entries.length - there;
			return {
				answer,
				isCut,
				added,
				entries,
				isChanged: (await stored(world, deed.changes)) !== unchanged,
			};
		};

		const whole = await run(Number.POSITIVE_INFINITY);
		expect([name, whole.added, whole.isChanged]).toEqual([name, 1, deed.changes.length > 0]);
		const [entry] = whole.entries;
		expect(entry).toMatchObject({
			actorId: deed.actor === undefined ? OPERATOR : deed.actor(world, before),
			network: VISITORS_NETWORK,
			trace: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
			...(deed.object && { objectId: deed.object(world) }),
		});
		expect([undefined, null, "done"]).toContain(entry?.["outcome"]);
		expect(entry?.["state"] === "begun").toBe(deed.standing === "begun");

		let cuts = 0;
		for (let writes = 0; writes < 400; writes += 1) {
			const { isCut, added, isChanged } = await run(writes);
			if (!isCut) {
				break;
			}
			cuts += 1;
			if (isChanged) {
				expect([name, writes, added]).toEqual([name, writes, 1]);
			}
			if (added > 0 && ONE_COMMIT.includes(name)) {
				expect([name, writes, isChanged]).toEqual([name, writes, true]);
			}
		}
		expect(cuts).toBeGreaterThan(0);
		expect(cuts).toBeLessThan(400);
	},
);

/** Deeds with an entry in the commit that makes their first change, and in no other. */
const ONE_COMMIT: readonly string[] = Object.entries<Deed>(DEEDS).flatMap(([name, { changes }]) =>
	changes.length > 0 && kindOf(name as DeedName).form !== "outside" ? [name] : [],
);

test("the helpdesk leaves one entry when it looks for unused accounts by itself, once a day", async () => {
	const world = await openWorld();
	const { core, clock } = world;
	const policy = await core.registration.of("acorn");
	await core.registration.set("acorn", { ...policy, unusedDays: 30 });

	for (let hour = 0; hour < 3; hour += 1) {
		await core.duties.round();
		clock.advance(60 * 60_000);
	}

	expect(await entriesOf(world, "user.expire")).toMatchObject([
		{ actor: "helpdesk", network: null, jobId: expect.any(String) },
	]);
});
