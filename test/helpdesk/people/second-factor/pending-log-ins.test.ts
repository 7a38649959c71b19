import { beforeEach, expect, test } from "vitest";
import {
	type HalfLogIn,
	PendingLogIns,
} from "../../../../src/helpdesk/people/second-factor/pending-log-ins.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";

const [OLD, NEW] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const ADA: HalfLogIn = { email: "ada@example.com", sessionEpoch: 3, browser: "token" };

let clock: MockClock;
let pending: PendingLogIns;

beforeEach(() => {
	clock = new MockClock();
	pending = new PendingLogIns(clock, [OLD]);
});

test("a right password waits five minutes for the code", () => {
	const text = pending.begin(ADA);
	clock.advance(5 * 60_000 - 1);
	expect(pending.isOf(text, ADA)).toBe(true);
	clock.advance(1);
	expect(pending.isOf(text, ADA)).toBe(false);
});

test.each<[string, HalfLogIn]>([
	["another operator", { ...ADA, email: "ben@example.com" }],
	["another browser", { ...ADA, browser: "another" }],
	["an operator whose sessions have ended since", { ...ADA, sessionEpoch: 4 }],
])("the form of a log-in is worth nothing for %s", (_, other) => {
	expect(pending.isOf(pending.begin(ADA), other)).toBe(false);
});

test("a form that somebody made up or changed is worth nothing", () => {
	const text = pending.begin(ADA);
	const [until = "", signed = ""] = text.split(".");
	const forged = ["", "1.2", text.slice(0, -1), `${Number(until) + 60_000}.${signed}`, `${text}A`];
	expect(forged.map((each) => pending.isOf(each, ADA))).toEqual(forged.map(() => false));
	expect(pending.isOf(new PendingLogIns(clock, [NEW]).begin(ADA), ADA)).toBe(false);
});

test("a form survives the replacement of the key", () => {
	const text = pending.begin(ADA);
	expect(new PendingLogIns(clock, [NEW, OLD]).isOf(text, ADA)).toBe(true);
});
