import { expect, test } from "vitest";
import { secret } from "../../../../src/contract/secret.ts";
import {
	newTotpKey,
	stepOfCode,
	totpUri,
} from "../../../../src/helpdesk/people/second-factor/totp.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { codeOf } from "../../../kit/helpdesk/authenticator-app.ts";

/** "12345678901234567890" in base32. */
const RFC_KEY = secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

// RFC 6238, appendix B, SHA-1. Its codes have eight digits: those with six are their last six (RFC 4226, section 5.3).
test.each([
	[59, "94287082"],
	[1111111109, "07081804"],
	[1111111111, "14050471"],
	[1234567890, "89005924"],
	[2000000000, "69279037"],
	[20000000000, "65353130"],
])("the code of RFC 6238 at second %d is right", (seconds, code) => {
	const now = seconds * 1000;
	expect(stepOfCode(RFC_KEY, code.slice(-6), now)).toBe(Math.floor(seconds / 30));
	expect(codeOf(RFC_KEY.reveal(), now)).toBe(code.slice(-6));
});

test("a key has 160 bits, and is another one each time", () => {
	const keys = Array.from({ length: 50 }, () => newTotpKey(cryptoRandom).reveal());
	expect(keys.every((key) => /^[A-Z2-7]{32}$/.test(key))).toBe(true);
	expect(new Set(keys).size).toBe(keys.length);
	expect(String(newTotpKey(cryptoRandom))).toBe("[secret]");
});

test("a code counts in its step, in the one before and in the one after, and in no other", () => {
	const now = 1_000_000 * 30_000 + 12_345;
	const steps = [-3, -2, -1, 0, 1, 2, 3];
	const found = steps.map((each) => stepOfCode(RFC_KEY, codeOf(RFC_KEY.reveal(), now, each), now));
	expect(found).toEqual([
		undefined,
		undefined,
		999_999,
		1_000_000,
		1_000_001,
		undefined,
		undefined,
	]);
});

test.each([
	["287 082", 1],
	[" 287-082 ", 1],
	["２８７０８２", 1],
	["۲۸۷۰۸۲", 1],
	["۲۸۷ ۰۸۲", 1],
	["٢٨٧٠٨٢", 1],
	["۲۸۷۰۸۳", undefined],
	["", undefined],
	["28708", undefined],
	["2870820", undefined],
	["two eight seven", undefined],
	["287082".repeat(50_000), undefined],
])("what is typed is read as people mean it: %#", (typed, step) => {
	expect(stepOfCode(RFC_KEY, typed, 59_000)).toBe(step);
});

test("the address for apps names the helpdesk, the operator and all parameters", () => {
	const uri = totpUri(RFC_KEY, { issuer: "Acorn & Co: Help", account: "ada+x@example.com" });
	const { protocol, host, pathname, searchParams } = new URL(uri.reveal());
	expect([protocol, host]).toEqual(["otpauth:", "totp"]);
	expect(decodeURIComponent(pathname)).toBe("/Acorn & Co: Help:ada+x@example.com");
	expect(Object.fromEntries(searchParams)).toEqual({
		...{ issuer: "Acorn & Co: Help", secret: RFC_KEY.reveal() },
		...{ algorithm: "SHA1", digits: "6", period: "30" },
	});
	expect(`${uri}`).toBe("[secret]");
});
