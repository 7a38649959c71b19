import { expect, test } from "vitest";
import { PasswordResets } from "../../../src/helpdesk/people/password-resets.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const HOUR = 60 * 60_000;

function openResets() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const resets = new PasswordResets(storage, clock, cryptoRandom);
	const ask = (network: string) => resets.start("ada", 0, HOUR, "asked", network);
	return { clock, storage, resets, ask };
}

test("counts of letters hold no address of a network", async () => {
	const { ask, storage } = openResets();
	await ask("203.0.113.1");

	const { entries } = await storage.list([]);
	expect(entries.map(({ key: [kind] }) => kind)).toEqual(["letters", "reset"]);
	expect(JSON.stringify(entries)).not.toContain("203.0.113.1");
});

test("a stranger who asks for letters does not stop the owner of the account, who comes from another network", async () => {
	const { ask } = openResets();
	for (let letter = 0; letter < 5; letter += 1) {
		expect(await ask("203.0.113.1")).toBeDefined();
	}

	expect(await ask("203.0.113.1")).toBeUndefined();
	expect(await ask("198.51.100.1")).toBeDefined();
});

test("a network gets five letters an hour, even if it asks for all of them at once", async () => {
	const { ask, clock } = openResets();
	const asked = await Promise.all(Array.from({ length: 20 }, () => ask("203.0.113.1")));
	expect(asked.filter((token) => token !== undefined)).toHaveLength(5);

	clock.advance(HOUR);
	expect(await ask("203.0.113.1")).toBeDefined();
});

test("the address of a visitor who asks for a letter is not stored in clear", async () => {
	const { ask, storage } = openResets();
	await ask("203.0.113.1");

	const { entries } = await storage.list([]);

	expect(entries).toHaveLength(2);
	expect(JSON.stringify(entries)).not.toContain("203.0.113.1");
});

test("letters that somebody asked for use up none that the helpdesk writes unasked", async () => {
	const { ask, resets } = openResets();
	for (let letter = 0; letter < 6; letter += 1) {
		await ask("203.0.113.1");
	}

	expect(await resets.start("ada", 0, HOUR, "last-way-in")).toBeDefined();
});
