import { expect, test } from "vitest";
import { KnownDevices } from "../../../src/helpdesk/people/known-devices.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const ADA = { email: "ada@example.com", sessionEpoch: 1 };
const DAY = 24 * 60 * 60_000;

function openDevices(keys = [cryptoRandom.bytes(32)]) {
	const clock = new MockClock();
	return { clock, keys, devices: new KnownDevices(clock, cryptoRandom, keys) };
}

test("a cookie makes a browser known for one account, in any spelling of its address", () => {
	const { devices } = openDevices();
	const cookie = devices.cookieFor({ ...ADA, email: "Ada@ｅｘａｍｐｌｅ.com" });

	expect(devices.deviceOf(cookie, ADA)).toMatch(/^[\w-]{22}$/);
	expect(devices.deviceOf(cookie, { ...ADA, email: "eve@example.com" })).toBeUndefined();
	expect(devices.deviceOf(cookie, { ...ADA, email: "" })).toBeUndefined();
	expect(cookie).not.toContain("ada");
});

test("a browser is forgotten when all sessions of the account end", () => {
	const { devices } = openDevices();

	expect(devices.deviceOf(devices.cookieFor(ADA), { ...ADA, sessionEpoch: 2 })).toBeUndefined();
});

test("browsers are told apart", () => {
	const { devices } = openDevices();
	const known = [1, 2].map(() => devices.deviceOf(devices.cookieFor(ADA), ADA));

	expect(new Set(known).size).toBe(2);
});

test("a browser is forgotten after 180 days", () => {
	const { clock, devices } = openDevices();
	const cookie = devices.cookieFor(ADA);

	clock.advance(180 * DAY - 1);
	expect(devices.deviceOf(cookie, ADA)).toBeDefined();
	clock.advance(1);
	expect(devices.deviceOf(cookie, ADA)).toBeUndefined();
});

test("without the key nobody can make a cookie, extend its life or change its name", () => {
	const { devices } = openDevices();
	const cookie = devices.cookieFor(ADA);
	const [until = "", id = "", signed = ""] = cookie.split(".");
	const forged = [
		undefined,
		"",
		"x",
		`${until}.${id}`,
		`${until}.${id}.`,
		`${until}9.${id}.${signed}`,
		`${until}.${"A".repeat(22)}.${signed}`,
		`${until}.${id}.${"A".repeat(43)}`,
		`${cookie}.`,
		` ${cookie}`,
		openDevices().devices.cookieFor(ADA),
	];

	expect(forged.map((each) => devices.deviceOf(each, ADA))).toEqual(forged.map(() => undefined));
});

test("a browser stays known as long as the key that signed its cookie is kept", () => {
	const { keys, devices } = openDevices();
	const cookie = devices.cookieFor(ADA);
	const newer = cryptoRandom.bytes(32);

	expect(openDevices([newer, ...keys]).devices.deviceOf(cookie, ADA)).toBeDefined();
	expect(openDevices([newer]).devices.deviceOf(cookie, ADA)).toBeUndefined();
});
