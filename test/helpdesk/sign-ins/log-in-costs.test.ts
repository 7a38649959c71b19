import { expect, test } from "vitest";
import type { LogInPrices } from "../../../src/contract/log-in-prices.ts";
import { costsByBrand, costsOf } from "../../../src/helpdesk/sign-ins/log-in-costs.ts";
import type { DayCount } from "../../../src/helpdesk/sign-ins/people-of-day.ts";

const PRICES: LogInPrices = {
	currency: "USD",
	source: "costs.source",
	readOn: "2026-08-22",
	protocols: [
		{ protocol: "oauth1", name: "OAuth 1.0a", perPersonAndDay: null },
		{ protocol: "oauth2", name: "OAuth 2.0", perPersonAndDay: 0.01 },
	],
};
const DAY = Date.UTC(2026, 10, 5);

function counted(protocol: string, people: number, changes: Partial<DayCount> = {}): DayCount {
	return { day: DAY, brandId: "acorn", protocol, people, unnamed: 0, ...changes };
}

type Expected = readonly [cost: number | null, costOfAll: number | null];

test.each([
	["nobody", [], [null, null], [0, 0]],
	["people by the protocol without a price", [counted("oauth1", 812)], [null, null], [0, 8.12]],
	["people by the protocol with a price", [counted("oauth2", 40)], [null, null], [0.4, 0.4]],
	["people by both", [counted("oauth1", 60), counted("oauth2", 40)], [null, null], [0.4, 1]],
	[
		"people on several days",
		[counted("oauth2", 40), counted("oauth2", 2, { day: DAY + 86_400_000 })],
		[null, null],
		[0.42, 0.42],
	],
	["attempts that named nobody", [counted("oauth2", 0, { unnamed: 7 })], [null, null], [0, 0]],
] satisfies [string, DayCount[], Expected, Expected][])("%s", (_, counts, ...expected) => {
	const costs = costsOf(counts, PRICES).protocols.map(({ cost, costOfAll }) => [cost, costOfAll]);

	expect(costs).toEqual(
		expected.map((amounts) =>
			amounts.map((amount) => (amount === null ? null : expect.closeTo(amount, 6))),
		),
	);
});

test("each brand has its own costs, and the one with the most people comes first", () => {
	const counts = [
		counted("oauth2", 1, { brandId: "birch" }),
		counted("oauth2", 3, { brandId: "acorn" }),
		counted("oauth1", 2, { brandId: "acorn", unnamed: 4 }),
		counted("oauth2", 1, { brandId: "cedar" }),
	];

	const brands = costsByBrand(counts, PRICES);

	expect(brands).toMatchObject([
		{ brandId: "acorn", people: 5, unnamed: 4, protocols: [{ people: 2 }, { people: 3 }] },
		{ brandId: "birch", people: 1, unnamed: 0 },
		{ brandId: "cedar", people: 1, unnamed: 0 },
	]);
});

test("a protocol that the plugin has no price for is shown by its id, and has no price", () => {
	const [, , third] = costsOf([counted("oauth3", 2), counted("oauth2", 1)], PRICES).protocols;

	expect(third).toEqual({
		...{ protocol: "oauth3", name: "oauth3", people: 2 },
		...{ cost: null, costOfAll: null },
	});
});
