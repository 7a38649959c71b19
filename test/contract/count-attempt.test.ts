import { expect, test } from "vitest";
import { countAttempt } from "../../src/contract/count-attempt.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";

const MINUTE = 60_000;
const GUESSES = { key: ["guesses", "ada"], most: 3, windowMs: MINUTE };

function counting() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	return { clock, storage };
}

test("as many attempts as allowed pass, and the next one learns how long it has to wait", async () => {
	const { clock, storage } = counting();
	for (let attempt = 0; attempt < 3; attempt += 1) {
		expect(await countAttempt({ clock, storage }, GUESSES)).toBe(0);
		clock.advance(10_000);
	}

	expect(await countAttempt({ clock, storage }, GUESSES)).toBe(30_000);
});

test("a refused attempt writes nothing, and the window ends when it would have ended without it", async () => {
	const { clock, storage } = counting();
	for (let attempt = 0; attempt < 3; attempt += 1) {
		await countAttempt({ clock, storage }, GUESSES);
	}
	const before = await storage.get(GUESSES.key);
	await countAttempt({ clock, storage }, GUESSES);

	expect(await storage.get(GUESSES.key)).toEqual(before);
	clock.advance(MINUTE);
	expect(await countAttempt({ clock, storage }, GUESSES)).toBe(0);
});

test("an attempt that is only asked about is not counted", async () => {
	const { clock, storage } = counting();
	const asked = { ...GUESSES, isOnlyAsked: true };
	expect(await countAttempt({ clock, storage }, asked)).toBe(0);
	expect(await storage.get(GUESSES.key)).toBeUndefined();
	for (let attempt = 0; attempt < 3; attempt += 1) {
		await countAttempt({ clock, storage }, GUESSES);
	}

	expect(await countAttempt({ clock, storage }, asked)).toBe(MINUTE);
});

test("simultaneous attempts do not exceed the allowance", async () => {
	const { clock, storage } = counting();

	const waits = await Promise.all(
		Array.from({ length: 300 }, () => countAttempt({ clock, storage }, GUESSES)),
	);

	expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
});

test("each key has its own count", async () => {
	const { clock, storage } = counting();
	for (let attempt = 0; attempt < 4; attempt += 1) {
		await countAttempt({ clock, storage }, GUESSES);
	}

	expect(await countAttempt({ clock, storage }, { ...GUESSES, key: ["guesses", "bob"] })).toBe(0);
});

test("a count that cannot be read is refused and kept", async () => {
	const { clock, storage } = counting();
	await storage.commit({ sets: [{ key: GUESSES.key, value: "many" }] });

	await expect(countAttempt({ clock, storage }, GUESSES)).rejects.toThrow(
		"cannot be read: guesses",
	);
	expect((await storage.get(GUESSES.key))?.value).toBe("many");
});
