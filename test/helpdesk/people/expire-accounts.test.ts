import { expect, test } from "vitest";
import type { PluginEvent } from "../../../src/contract/events.ts";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import { pagesOf } from "../../../src/contract/storage-pages.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { AccountRecords } from "../../../src/helpdesk/people/account-records.ts";
import {
	type ExpiryParts,
	expireAccounts,
} from "../../../src/helpdesk/people/jobs/expire-accounts.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { hintDay } from "../../../src/helpdesk/people/unproven-hints.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { A_PASSKEY } from "../../kit/helpdesk/a-passkey.ts";
import {
	type PlantedPerson,
	plantOldPeople,
	plantPeople,
} from "../../kit/helpdesk/planted-people.ts";
import { type DrivenOn, driveJob } from "../../kit/jobs/drive-job.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const DAY = 24 * 60 * 60_000;
const POLICY = { registration: "open", phoneRequired: false } as const;

interface House {
	readonly clock: MockClock;
	readonly storage: CountingStorage;
	readonly deleted: string[];
	readonly events: PluginEvent[];
	readonly errors: string[];
	plant(...people: readonly PlantedPerson[]): Promise<void>;
	run(on?: Partial<DrivenOn>): Promise<{ readonly deleted: unknown; readonly done: number }>;
	/** The days of all hints, by user. */
	hints(): Promise<Record<string, string>>;
}

/** A helpdesk whose brand Acorn Outdoor deletes unused accounts after 30 days. */
async function openHouse(parts: Partial<ExpiryParts> = {}): Promise<House> {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const accounts = namespaced(storage, NAMESPACES.accounts);
	const registration = new Registration(namespaced(storage, NAMESPACES.registration));
	const deleted: string[] = [];
	const events: PluginEvent[] = [];
	const errors: string[] = [];
	const logError = (what: string, error: unknown) => void errors.push(`${what}: ${error}`);
	const records = new AccountRecords(accounts, clock, logError);
	const kind = expireAccounts({
		...{ storage, clock, registration, logError },
		brandIds: () => ["acorn", "harbor"],
		find: (userId) => records.find(userId),
		lastUse: async () => undefined,
		hasAgreed: async () => false,
		deleteUser: async (userId) => {
			const isThere = (await records.find(userId)) !== undefined;
			await records.delete(userId);
			deleted.push(...(isThere ? [userId] : []));
			return isThere;
		},
		log: (event) => void events.push(event),
		...parts,
	});
	await registration.set("acorn", { ...POLICY, unusedDays: 30 });
	return {
		...{ clock, storage, deleted, events, errors },
		plant: (...people) =>
			plantPeople(
				storage,
				...people.map((person) => ({ confirmed: false, createdAt: clock.now(), ...person })),
			),
		run: async (on = {}) => {
			const { result, done } = await driveJob(kind, {}, { storage, ...on });
			return { ...(result as { readonly deleted: unknown }), done };
		},
		hints: () => hintsIn(storage),
	};
}

async function hintsIn(storage: HostStorage): Promise<Record<string, string>> {
	const hints: [string, string][] = [];
	for await (const page of pagesOf(storage, [...NAMESPACES.accounts, "unproven"])) {
		hints.push(...page.map(({ key }): [string, string] => [key.at(-1) ?? "", key.at(-2) ?? ""]));
	}
	return Object.fromEntries(hints);
}

function refusingFor(refused: string): (userId: string) => Promise<boolean> {
	return async (userId) => {
		if (userId === refused) {
			throw new Error("the add-on refuses");
		}
		return true;
	};
}

test("an account that nobody has proven or used is deleted after the time of its brand, and not a day earlier", async () => {
	const house = await openHouse();
	await house.plant({ id: "ada" });

	for (let day = 0; day < 29; day += 1) {
		house.clock.advance(DAY);
		await house.run();
	}
	expect(house.deleted).toEqual([]);
	house.clock.advance(2 * DAY);
	expect((await house.run()).deleted).toBe(1);

	expect(house.deleted).toEqual(["ada"]);
	expect(await house.hints()).toEqual({});
	expect(house.events).toEqual([
		expect.objectContaining({ name: "helpdesk.accounts-expired", fields: { deleted: 1 } }),
	]);
	expect(JSON.stringify(house.events)).not.toContain("ada");
});

test.each<[string, Omit<PlantedPerson, "id">, Partial<ExpiryParts>]>([
	["is proven", { confirmed: true }, {}],
	["has a password", { password: "hashed" }, {}],
	["has a passkey", { passkeys: [A_PASSKEY] }, {}],
	["is suspended, because a ban must not lift itself", { status: "suspended" }, {}],
	["was used 29 days ago", {}, { lastUse: async () => new MockClock().now() + 31 * DAY }],
	["was used at a time that is not known", {}, { lastUse: async () => "unknown" }],
	["agreed to log in to a connected helpdesk", {}, { hasAgreed: async () => true }],
	["is of a brand that keeps unused accounts", { brandId: "harbor" }, {}],
])("an account is kept that %s", async (_, about, parts) => {
	const house = await openHouse(parts);
	await house.plant({ id: "ada", ...about }, { id: "unused", brandId: "acorn" });
	// One who has been proven since may still have a hint.
	const key = [...NAMESPACES.accounts, "unproven", about.brandId ?? "acorn", hintDay(0), "ada"];
	await house.storage.commit({ sets: [{ key, value: { since: 0 } }] });
	house.clock.advance(60 * DAY);

	await house.run();

	expect(house.deleted).not.toContain("ada");
	expect(house.deleted).toEqual(Object.keys(parts).length === 0 ? ["unused"] : []);
});

test("the hint of an account that is proven or gone is dropped", async () => {
	const house = await openHouse();
	await house.plant({ id: "ada", confirmed: true });
	for (const id of ["ada", "gone"]) {
		const key = [...NAMESPACES.accounts, "unproven", "acorn", hintDay(0), id];
		await house.storage.commit({ sets: [{ key, value: { since: 0 } }] });
	}

	expect(await house.run()).toEqual({ deleted: 0, done: 2 });

	expect(await house.hints()).toEqual({});
});

test("an account that was used is deleted once that is longer ago than the time of its brand", async () => {
	const used = new MockClock().now() + 20 * DAY;
	const house = await openHouse({ lastUse: async () => used });
	await house.plant({ id: "ada" });

	for (let day = 0; day < 49; day += 1) {
		house.clock.advance(DAY);
		await house.run();
	}
	expect(house.deleted).toEqual([]);
	house.clock.advance(2 * DAY);
	await house.run();

	expect(house.deleted).toEqual(["ada"]);
});

test("an account that somebody proves while it is looked at is kept", async () => {
	const house: House = await openHouse({
		hasAgreed: async () => {
			await house.plant({ id: "ada", confirmed: true });
			return false;
		},
	});
	await house.plant({ id: "ada" });
	house.clock.advance(60 * DAY);

	await house.run();

	expect(house.deleted).toEqual([]);
});

test("an account of an earlier version has its time from the first look on", async () => {
	const house = await openHouse();
	await plantOldPeople(house.storage, { id: "ada", confirmed: false });
	const key = [...NAMESPACES.accounts, "unproven", "acorn", hintDay(0), "ada"];
	await house.storage.commit({ sets: [{ key, value: { since: null } }] });

	await house.run();
	house.clock.advance(29 * DAY);
	await house.run();
	expect(house.deleted).toEqual([]);
	house.clock.advance(3 * DAY);
	await house.run();

	expect(house.deleted).toEqual(["ada"]);
});

test("an account that cannot be read stays as it is, with its hint, and is reported once", async () => {
	const house = await openHouse();
	await house.plant({ id: "ada" }, { id: "bob" }, { id: "unused" });
	for (const id of ["ada", "bob"]) {
		await house.storage.commit({
			sets: [{ key: [...NAMESPACES.accounts, "account", id], value: "?" }],
		});
	}
	house.clock.advance(60 * DAY);

	await house.run();

	expect(house.deleted).toEqual(["unused"]);
	expect(Object.keys(await house.hints()).sort()).toEqual(["ada", "bob"]);
	expect(house.errors).toHaveLength(1);
	expect(house.errors.join()).toContain("2 values under accounts/account cannot be read");
});

test.each<[string, Partial<ExpiryParts>]>([
	["deleteUser", { deleteUser: refusingFor("user-1") }],
	["lastUse", { lastUse: async ({ id }) => refusingFor("user-1")(id).then(() => undefined) }],
])(
	"an account for which %s fails keeps no other one, and is tried again in a week",
	async (_, parts) => {
		const { deleteUser = async () => true } = parts;
		const deleted: string[] = [];
		const house = await openHouse({
			...parts,
			deleteUser: async (userId) => {
				await deleteUser(userId);
				deleted.push(userId);
				return true;
			},
		});
		await new Registration(namespaced(house.storage, NAMESPACES.registration)).set("harbor", {
			...{ ...POLICY, unusedDays: 30 },
		});
		await house.plant({ id: "user-0" }, { id: "user-1" }, { id: "user-2" });
		await house.plant({ id: "user-3", brandId: "harbor" });
		house.clock.advance(60 * DAY);

		expect((await house.run()).deleted).toBe(3);
		await house.run();

		expect(deleted).toEqual(["user-0", "user-2", "user-3"]);
		expect(await house.hints()).toEqual({ "user-1": hintDay(house.clock.now() + 7 * DAY) });
		expect(house.errors).toEqual([
			"an unconfirmed account does not expire: Error: the add-on refuses",
			"some unconfirmed accounts do not expire: Error: 1 could not be deleted, and are tried again in a week",
		]);
	},
);

test("a storage that does not answer puts no account off", async () => {
	const house = await openHouse({
		deleteUser: async () => {
			throw new StorageError("unavailable");
		},
	});
	await house.plant({ id: "ada" });
	house.clock.advance(60 * DAY);
	const before = await house.hints();

	await expect(house.run()).rejects.toThrow(StorageError);

	expect(await house.hints()).toEqual(before);
});

test("a hint that cannot be read stays, and the others are looked at", async () => {
	const house = await openHouse();
	await house.plant({ id: "unused" });
	const key = [...NAMESPACES.accounts, "unproven", "acorn", hintDay(0), "ada"];
	await house.storage.commit({ sets: [{ key, value: "?" }] });
	house.clock.advance(60 * DAY);

	await house.run();

	expect(house.deleted).toEqual(["unused"]);
	expect((await house.storage.get(key))?.value).toBe("?");
	expect(house.errors).toHaveLength(1);
});

test("a brand whose rules cannot be read deletes nobody, and the log says so", async () => {
	const house = await openHouse();
	await house.plant({ id: "ada" });
	await house.storage.commit({
		sets: [{ key: [...NAMESPACES.registration, "acorn"], value: "?" }],
	});
	house.clock.advance(60 * DAY);

	await house.run();

	expect(house.deleted).toEqual([]);
	expect(house.errors).toHaveLength(1);
});

test("a changed setting holds within a week", async () => {
	const house = await openHouse();
	const registration = new Registration(namespaced(house.storage, NAMESPACES.registration));
	await registration.set("acorn", { ...POLICY, unusedDays: 90 });
	await house.plant({ id: "ada" });
	house.clock.advance(40 * DAY);
	await house.run();
	await registration.set("acorn", { ...POLICY, unusedDays: 30 });

	house.clock.advance(7 * DAY);
	await house.run();

	expect(house.deleted).toEqual(["ada"]);
});

test.each([{ twice: true }, { crashAfter: 1 }, { crashAfter: 2 }, { crashAfter: 3 }])(
	"each step can be done twice: %o",
	async (on) => {
		const house = await openHouse();
		const people = Array.from({ length: 45 }, (_, index) => ({
			id: `user-${String(index).padStart(2, "0")}`,
			...(index % 3 === 0 && { status: "suspended" as const }),
		}));
		await house.plant(...people);
		house.clock.advance(60 * DAY);

		await house.run(on);

		const kept = people.filter((person) => "status" in person).map(({ id }) => id);
		expect(house.deleted.sort()).toEqual(
			people.map(({ id }) => id).filter((id) => !kept.includes(id)),
		);
		expect(Object.keys(await house.hints()).sort()).toEqual(kept);
	},
);

test("a step has few keys, lists few entries and deletes few users, however many are due", async () => {
	const house = await openHouse();
	await house.plant(...Array.from({ length: 100 }, (_, index) => ({ id: `user-${index}` })));
	house.clock.advance(60 * DAY);
	house.storage.costsSoFar();

	await house.run();

	const { mostKeys, longestList, counts } = house.storage.costsSoFar();
	expect(house.deleted).toHaveLength(100);
	const steps = Object.entries(counts).filter(([what]) => /^commit.*jobs\/job/.test(what));
	// A step deletes up to three.
	expect(steps.reduce((all, [, count]) => all + count, 0)).toBeGreaterThan(33);
	expect(mostKeys).toBeLessThanOrEqual(50);
	expect(longestList).toBeLessThanOrEqual(20);
});
