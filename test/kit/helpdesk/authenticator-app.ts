import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The code that an authenticator app shows (RFC 4226 and RFC 6238). The arithmetic is its own, so that both sides are not wrong
 * together.
 *
 * @param key in base32.
 * @param now milliseconds since the epoch.
 * @param steps how many steps of 30 seconds later; below zero: earlier.
 */
export function codeOf(key: string, now: number, steps = 0): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + steps));
	const mac = createHmac("sha1", bytesOf(key)).update(counter).digest();
	const offset = (mac.at(-1) ?? 0) & 15;
	const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
	return String(number).padStart(6, "0");
}

/** A code that is not right at a time. */
export function wrongCode(key: string, now: number): string {
	const right = [-1, 0, 1].map((steps) => codeOf(key, now, steps));
	return ["000000", "000001", "000002", "000003"].find((each) => !right.includes(each)) ?? "";
}

/** The key on the page where a second factor is set up. */
export function keyIn(html: string): string {
	const [, key = ""] = /<code class="key">([A-Z2-7 ]+)<\/code>/.exec(html) ?? [];
	return key.replaceAll(" ", "");
}

/** The recovery codes on the page that shows them. */
export function recoveryCodesIn(html: string): readonly string[] {
	return [...html.matchAll(/<li><code>([a-z2-9 ]+)<\/code><\/li>/g)].map(([, code = ""]) => code);
}

function bytesOf(base32: string): Uint8Array {
	const bits = [...base32].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"));
	const bytes = bits.join("").match(/.{8}/g) ?? [];
	return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}
