import { expect, test } from "vitest";
import { SigningKeys } from "../../../src/helpdesk/openid/signing-keys.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const FIVE_MINUTES = 5 * 60_000;

function openKeys() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const vault = new Vault([new Uint8Array(32).fill(7)]);
	const node = () => new SigningKeys("acorn", storage, vault, clock);
	return { clock, storage, node };
}

test("nodes that make the first keys at once get the same ones", async () => {
	const { node } = openKeys();
	const sets = await Promise.all([node(), node(), node()].map((each) => each.current()));
	const [first] = sets;
	expect(first?.keys.map(({ alg }) => alg)).toEqual(["ES256", "RS256"]);
	for (const set of sets) {
		expect(set).toEqual(first);
	}
});

test("new keys are published for five minutes before they sign, and the old ones stay published", async () => {
	const { node, clock } = openKeys();
	const before = await node().current();
	const signsFrom = await node().rotate();
	expect(signsFrom).toBe(clock.now() + FIVE_MINUTES);

	const published = await node().current();
	expect(published.keys.slice(0, 2)).toEqual(before.keys);
	expect(published.keys).toHaveLength(4);
	expect(published.version).not.toBe(before.version);

	clock.advance(FIVE_MINUTES);
	const after = await node().current();
	expect(after.keys.slice(0, 2)).toEqual(published.keys.slice(2));
	expect(after.keys.slice(2)).toEqual(before.keys);
	expect(after.version).not.toBe(published.version);
});

test("the keys of two rotations ago go", async () => {
	const { node, clock } = openKeys();
	const oldest = await node().current();
	await node().rotate();
	clock.advance(FIVE_MINUTES);
	await node().rotate();
	const { keys } = await node().current();
	expect(keys).toHaveLength(4);
	expect(keys).not.toContainEqual(oldest.keys[0]);
});

test("a second rotation within five minutes keeps the keys that sign", async () => {
	const { node } = openKeys();
	const signing = await node().current();
	await node().rotate();
	await node().rotate();
	expect((await node().current()).keys.slice(0, 2)).toEqual(signing.keys);
});

test("stored keys are encrypted", async () => {
	const { node, storage } = openKeys();
	const { keys } = await node().current();
	const { entries } = await storage.list(["signing-keys"]);
	const stored = JSON.stringify([...entries, await storage.get(["signing-keys"])]);
	expect(stored).not.toContain(keys[0]?.["d"]);
	expect(stored).not.toContain(keys[1]?.["d"]);
});
