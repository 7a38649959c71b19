import { expect, test } from "vitest";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test.each([0, 1, 8, 32, 4095, 4096, 4097, 100_000])("gives %i bytes", (length) => {
	expect(cryptoRandom.bytes(length)).toHaveLength(length);
});

test("never gives the same bytes twice, nor wiped ones", () => {
	const seen = new Set<string>();
	for (let count = 0; count < 10_000; count += 1) {
		seen.add(hex(cryptoRandom.bytes(16)));
	}

	expect(seen.size).toBe(10_000);
	expect(seen).not.toContain("0".repeat(32));
});

test("returned bytes belong to the caller", () => {
	const first = cryptoRandom.bytes(32);
	const before = hex(first);
	const second = cryptoRandom.bytes(32).fill(0);
	cryptoRandom.bytes(4096);

	expect(hex(first)).toBe(before);
	expect(hex(second)).toBe("0".repeat(64));
	expect(hex(cryptoRandom.bytes(32))).not.toBe("0".repeat(64));
});

test("every value of a byte is about as frequent", () => {
	const counts = new Array<number>(256).fill(0);
	for (let count = 0; count < 32_768; count += 1) {
		for (const byte of cryptoRandom.bytes(8)) {
			counts[byte] = (counts[byte] ?? 0) + 1;
		}
	}

	// 1024 of each are expected, with a standard deviation of 32. A difference of ten deviations never happens.
	expect(Math.min(...counts)).toBeGreaterThan(1024 - 320);
	expect(Math.max(...counts)).toBeLessThan(1024 + 320);
});

test.each([-1, Number.NaN])("%d is not a number of bytes", (length) => {
	expect(() => cryptoRandom.bytes(length)).toThrow(RangeError);
});
