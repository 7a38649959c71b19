import { expect, test } from "vitest";
import { SigningKeys } from "../../../src/helpdesk/openid/signing-keys.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const FIVE_MINUTES = 5 * 60_000;

function openKeys() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const reports: string[] = [];
	const node = (...keys: readonly number[]) => {
		const vault = new Vault((keys.length === 0 ? [7] : keys).map((each) => keyOf(each)));
		const report = (what: string, error: unknown) => reports.push(`${what}: ${error}`);
		return new SigningKeys("acorn", storage, vault, clock, report);
	};
	return { clock, storage, reports, node };
}

function keyOf(byte: number): Uint8Array {
	return new Uint8Array(32).fill(byte);
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

test("a rotation with another key file is refused, and changes nothing", async () => {
	const { node, storage } = openKeys();
	await node(7).current();
	const before = await storage.get(["signing-keys"]);
	await expect(node(8).rotate()).rejects.toThrow("--key-file");
	expect(await storage.get(["signing-keys"])).toEqual(before);
	// A new key before the old one is another matter.
	await node(8, 7).rotate();
	expect((await node(8, 7).current()).keys).toHaveLength(4);
});

test("a rotation makes no first keys, which another key file would seal", async () => {
	const { node, storage } = openKeys();
	expect(await node(8).rotate()).toBeUndefined();
	expect(await storage.get(["signing-keys"])).toBeUndefined();
});

test("keys that cannot be decrypted are left out and reported once, whether they sign or not", async () => {
	const { node, clock, reports } = openKeys();
	const { keys } = await node(7).current();
	await node(8, 7).rotate();
	const old = node(7);
	for (const wait of [0, FIVE_MINUTES, FIVE_MINUTES]) {
		clock.advance(wait);
		expect((await old.current()).keys).toEqual(keys);
	}
	expect(reports).toEqual([expect.stringMatching(/some signing keys are left out.*--key-file/)]);
	await node(8, 7).rotate();
	// Now no key is left that the old key file opens.
	await expect(old.current()).rejects.toThrow(/brand acorn.*another key file.*--key-file/);
});

test("stored keys are encrypted", async () => {
	const { node, storage } = openKeys();
	const { keys } = await node().current();
	const { entries } = await storage.list(["signing-keys"]);
	const stored = JSON.stringify([...entries, await storage.get(["signing-keys"])]);
	expect(stored).not.toContain(keys[0]?.["d"]);
	expect(stored).not.toContain(keys[1]?.["d"]);
});
