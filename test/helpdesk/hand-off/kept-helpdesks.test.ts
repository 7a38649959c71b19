// How helpdesks that take a signed token are kept: their secrets, and records of other versions.
import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import {
	type ConfiguredHandOff,
	HandOffHelpdesks,
	type NewHandOffHelpdesk,
} from "../../../src/helpdesk/hand-off/hand-off-helpdesks.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DESK, KEY } from "../../kit/hand-off/handed.ts";

const { id: _id, secret: _secret, apiToken: _token, createdAt: _at, ...NEW } = DESK;
const DESK_ONLY: NewHandOffHelpdesk = NEW;
const [OLD, YOUNG] = [cryptoRandom.bytes(32), cryptoRandom.bytes(32)];

function open(
	storage: MemoryStorage,
	keys: readonly Uint8Array[] = [OLD],
	configured: readonly ConfiguredHandOff[] = [],
) {
	return new HandOffHelpdesks(
		...(["acorn", storage, new Vault(keys), new MockClock(), cryptoRandom] as const),
		() => expect.fail("it cannot be read"),
		configured,
	);
}

test("secrets are sealed with the new key, and the old one is not needed any more", async () => {
	const storage = new MemoryStorage(new MockClock());
	const added = await open(storage).add(DESK_ONLY, { secret: KEY, apiToken: secret("token") });
	const keyless = await open(storage).add({ ...DESK_ONLY, name: "Without" }, {});
	await open(storage, [YOUNG, OLD]).reseal();
	const after = open(storage, [YOUNG]);
	const found = (await after.find(added?.id ?? "")) ?? expect.fail("none");
	expect(after.secretOf(found, "secret")?.reveal()).toBe(KEY.reveal());
	expect(after.secretOf(found, "apiToken")?.reveal()).toBe("token");
	expect(await after.find(keyless?.id ?? "")).toMatchObject({ secret: null, apiToken: null });
});

test("a stored helpdesk that a configured one hides is sealed with the new key, too", async () => {
	const storage = new MemoryStorage(new MockClock());
	const added = (await open(storage).add(DESK_ONLY, { secret: KEY })) ?? expect.fail("none");
	const hiding = { brandId: "acorn", id: added.id, helpdesk: DESK_ONLY, secrets: {} };
	await open(storage, [YOUNG, OLD], [hiding]).reseal();

	const after = open(storage, [YOUNG]);
	const found = (await after.find(added.id)) ?? expect.fail("none");
	expect(after.secretOf(found, "secret")?.reveal()).toBe(KEY.reveal());
});

test("a helpdesk whose secret cannot be opened keeps no other from the new key", async () => {
	const storage = new MemoryStorage(new MockClock());
	const lost = cryptoRandom.bytes(32);
	await open(storage, [lost]).add({ ...DESK_ONLY, name: "Lost" }, { secret: KEY });
	const ids: string[] = [];
	for (const name of ["A", "B", "C", "D"]) {
		const added = await open(storage).add({ ...DESK_ONLY, name }, { secret: KEY });
		ids.push(added?.id ?? "");
	}
	await open(storage, [YOUNG, OLD]).reseal();

	const after = open(storage, [YOUNG]);
	for (const id of ids) {
		const found = (await after.find(id)) ?? expect.fail("none");
		expect(after.secretOf(found, "secret")?.reveal()).toBe(KEY.reveal());
	}
});

test("fields that a later version added stay, and those that are left out have their defaults", async () => {
	const storage = new MemoryStorage(new MockClock());
	const { secret: _s, apiToken: _t, remoteBrandId: _b, ...least } = DESK;
	const key = ["helpdesk", DESK.id];
	await storage.commit({ sets: [{ key, value: { ...least, later: "x" } }] });
	const helpdesks = open(storage);
	expect(await helpdesks.find(DESK.id)).toEqual({ ...DESK, later: "x" });
	await helpdesks.change(DESK.id, { ...DESK_ONLY, name: "Renamed" }, { secret: KEY });
	expect((await storage.get(key))?.value).toMatchObject({ later: "x", name: "Renamed" });
});

test("a record of any other form is refused and stays", async () => {
	const storage = new MemoryStorage(new MockClock());
	const key = ["helpdesk", DESK.id];
	for (const wrong of [{ address: 1 }, { secret: 1 }, { otherSites: "x" }, { createdAt: "x" }]) {
		const value = { ...DESK, ...wrong };
		await storage.commit({ sets: [{ key, value }] });
		await expect(open(storage).find(DESK.id)).rejects.toThrow("cannot be read");
		expect((await storage.get(key))?.value).toEqual(value);
	}
});

test("a configured helpdesk hides a stored one of its id, and nothing else changes it", async () => {
	const storage = new MemoryStorage(new MockClock());
	const configured = {
		brandId: "acorn",
		id: "desk",
		helpdesk: DESK_ONLY,
		secrets: { secret: KEY },
	};
	const helpdesks = open(
		storage,
		[OLD],
		[configured, { ...configured, brandId: "harbor", id: "x" }],
	);
	const all = await helpdesks.all();
	expect(all.map(({ id }) => id)).toEqual(["desk"]);
	const [desk = expect.fail("none")] = all;
	expect(helpdesks.secretOf(desk, "secret")?.reveal()).toBe(KEY.reveal());
	expect(await helpdesks.change("desk", { ...DESK_ONLY, name: "Other" }, {})).toBeUndefined();
	await helpdesks.remove("desk");
	expect((await helpdesks.find("desk"))?.name).toBe(DESK.name);
});
