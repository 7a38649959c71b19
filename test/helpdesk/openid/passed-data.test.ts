import { describe, expect, test } from "vitest";
import {
	isAgreed,
	newData,
	type PassedData,
	textOf,
	withAgreed,
} from "../../../src/helpdesk/openid/passed-data.ts";

const HERE = "desk.example.org";
const THERE = "other.example.org";
const NAMED: PassedData = { claims: ["sub", "name"], hosts: [HERE] };
const WITH_EMAIL: PassedData = { claims: ["sub", "name", "email"], hosts: [HERE] };

describe("a user who has agreed", () => {
	const agreed = withAgreed({}, WITH_EMAIL);

	test.each<readonly [string, PassedData, PassedData]>([
		["is not asked for the same", WITH_EMAIL, { claims: [], hosts: [] }],
		["is not asked for less", NAMED, { claims: [], hosts: [] }],
		[
			"is asked for another claim",
			{ ...WITH_EMAIL, claims: [...WITH_EMAIL.claims, "nickname"] },
			{ claims: ["nickname"], hosts: [] },
		],
		[
			"is asked for another host",
			{ ...NAMED, hosts: [HERE, THERE] },
			{ claims: [], hosts: [THERE] },
		],
		[
			"is asked for a host that has the name of a property",
			{ ...NAMED, hosts: ["constructor"] },
			{ claims: [], hosts: ["constructor"] },
		],
	])("%s", (_, passed, asked) => {
		expect(newData(agreed, passed)).toEqual(asked);
		expect(isAgreed(agreed, passed)).toBe(asked.claims.length + asked.hosts.length === 0);
	});

	test("has agreed to each host by itself", () => {
		const both = withAgreed(agreed, { ...NAMED, hosts: [THERE] });
		expect(newData(both, { ...WITH_EMAIL, hosts: [THERE] })).toEqual({
			claims: ["email"],
			hosts: [],
		});
		expect(isAgreed(both, WITH_EMAIL)).toBe(true);
	});

	test("still agrees to what was not shown again", () => {
		expect(isAgreed(withAgreed(agreed, NAMED), WITH_EMAIL)).toBe(true);
	});
});

test("what a page has shown is another text when anything else is passed on", () => {
	const texts = [NAMED, WITH_EMAIL, { ...NAMED, hosts: [THERE] }].map(textOf);
	expect(new Set(texts).size).toBe(3);
});
