import { expect, test } from "vitest";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test.each([0, 1, 8, 32, 4095, 4096, 4097, 100_000])("gives %i bytes", (length) => {
	expect(cryptoRandom.bytes(length)).toHaveLength(length);
});

test("never gives the same twice, and never what was wiped", () => {
	const seen = new Set<string>();
	for (let count = 0; count < 10_000; count += 1) {
		seen.add(hex(cryptoRandom.bytes(16)));
	}

	expect(seen.size).toBe(10_000);
	expect(seen).not.toContain("0".repeat(32));
});

test("what was given is the caller's own", () => {
	const first = cryptoRandom.bytes(32);
	const before = hex(first);
	const second = cryptoRandom.bytes(32).fill(0);
	cryptoRandom.bytes(4096);

	expect(hex(first)).toBe(before);
	expect(hex(second)).toBe("0".repeat(64));
	expect(hex(cryptoRandom.bytes(32))).not.toBe("0".repeat(64));
});

test("every value of a byte comes about as often", () => {
	const counts = new Array<number>(256).fill(0);
	for (let count = 0; count < 32_768; count += 1) {
		for (const byte of cryptoRandom.bytes(8)) {
			counts[byte] = (counts[byte] ?? 0) + 1;
		}
	}

	// 1024 each, with a standard deviation of 32: ten of them never happen.
	expect(Math.min(...counts)).toBeGreaterThan(1024 - 320);
	expect(Math.max(...counts)).toBeLessThan(1024 + 320);
});

test.each([-1, Number.NaN])("%d bytes are none", (length) => {
	expect(() => cryptoRandom.bytes(length)).toThrow(RangeError);
});
