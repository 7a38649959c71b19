// What an operator reads under Sign-ins about the cost of log-ins.
import { parse } from "csv-parse/sync";
import { type Document, Window } from "happy-dom";
import { expect, test } from "vitest";
import type { LoginEndedFields } from "../../../../../src/contract/login-ended.ts";
import { LANGUAGES, localeFor } from "../../../../../src/helpdesk/locale/locale.ts";
import { costsByBrand, costsOf } from "../../../../../src/helpdesk/sign-ins/log-in-costs.ts";
import type { DayCount } from "../../../../../src/helpdesk/sign-ins/people-of-day.ts";
import { logInCostsCard } from "../../../../../src/helpdesk/web/admin/sign-ins/log-in-costs-card.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { builtPlugin } from "../../../../kit/artifact/built-plugin.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { end, openLedger } from "../../../../kit/helpdesk/open-ledger.ts";
import { ENGLISH } from "../../../../kit/helpdesk/said-in-english.ts";

/** Log-ins of one day, before the day of the test. */
async function logIns(
	{ storage }: OpenHelpdesk,
	day: string,
	accounts: readonly string[],
	fields: Partial<LoginEndedFields> = { protocol: "oauth2" },
	brandId = "acorn",
): Promise<void> {
	const room = namespaced(storage, ["sign-ins", "x-login"]);
	const { ledger } = openLedger({
		storage: room,
		clock: new MockClock(Date.parse(`${day}T12:00:00Z`)),
	});
	for (const account of accounts) {
		const about = account === "" ? {} : { subject: `x:${account}` };
		ledger.record({ ...end(fields, about), brandId });
	}
	await ledger.close();
}

function documentOf(html: string): Document {
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

async function cardOf({ operator, helpdesk }: OpenHelpdesk, rest = "") {
	const { html } = await operator.open(`${helpdesk.adminUrl}/sign-ins${rest}`);
	return documentOf(html).querySelector("section.costs");
}

type Element = Awaited<ReturnType<typeof cardOf>>;

function textOf(element: Element): string {
	return element?.textContent?.replace(/\s+/g, " ") ?? "";
}

/** The rows of the first table. */
function rowsOf(element: Element): string[][] {
	return [...(element?.querySelector("table")?.querySelectorAll("tbody tr") ?? [])].map((row) =>
		[...row.children].map((cell) => cell.textContent ?? ""),
	);
}

test("before the first log-in the page says what X charges, and where that is from", async () => {
	const card = await cardOf(await openHelpdesk());

	expect(textOf(card)).toContain("Cost at X in January 2026");
	expect(textOf(card)).toContain("X publishes no price for OAuth 1.0a.");
	expect(textOf(card)).toContain("With OAuth 2.0, X charges $0.01 for each person and day.");
	expect(textOf(card)).toContain(
		"This is an estimate from the prices of 22 August 2026. X's own console has the bill. X's price list: https://",
	);
	expect(textOf(card)).toContain("No log-in of this month is counted yet.");
	const link = card?.querySelector("a");
	expect(link?.getAttribute("href")).toBe("https://docs.x.com/x-api/getting-started/pricing");
	expect(link?.getAttribute("rel")).toBe("noreferrer");
});

test("a brand with OAuth 1.0a reads what OAuth 2.0 would have cost, and the other way round", async () => {
	const open = await openHelpdesk();
	await logIns(open, "2026-01-12", ["1", "2", "2"], { protocol: "oauth1" });
	await logIns(open, "2026-01-13", ["2"], { protocol: "oauth1" });
	await logIns(open, "2026-01-13", ["1"], undefined, "harbor");

	const acorn = await cardOf(open, "?brand=acorn");
	const harbor = await cardOf(open, "?brand=harbor");

	expect(rowsOf(acorn)).toEqual([
		["Acorn Outdoor"],
		["OAuth 1.0a", "3", "no price", "no price"],
		["OAuth 2.0", "0", "$0.00", "$0.03"],
	]);
	expect(textOf(acorn)).toContain("The first day with a counted log-in is 12 January.");
	expect(rowsOf(harbor)).toEqual([
		["Harbor Music"],
		["OAuth 1.0a", "0", "no price", "no price"],
		["OAuth 2.0", "1", "$0.01", "$0.01"],
	]);
});

test("all brands are added up, and the cost by one protocol is at most what it says where both were used", async () => {
	const open = await openHelpdesk();
	await logIns(open, "2026-01-01", ["1", "2"]);
	await logIns(open, "2026-01-14", ["1"], { protocol: "oauth1" }, "harbor");

	const card = await cardOf(open, "?period=day");

	expect(rowsOf(card)).toEqual([
		["All brands"],
		["OAuth 1.0a", "1", "no price", "no price"],
		["OAuth 2.0", "2", "$0.02", "at most $0.03"],
		["Acorn Outdoor"],
		["OAuth 1.0a", "0", "no price", "no price"],
		["OAuth 2.0", "2", "$0.02", "$0.02"],
		["Harbor Music"],
		["OAuth 1.0a", "1", "no price", "no price"],
		["OAuth 2.0", "0", "$0.00", "$0.01"],
	]);
	expect(textOf(card)).not.toContain("The first day with a counted log-in");
});

test("the month before is below, and what is older is not", async () => {
	const open = await openHelpdesk();
	await logIns(open, "2025-12-31", ["1", "2"]);
	await logIns(open, "2026-01-01", ["1"]);

	const card = await cardOf(open);

	expect(rowsOf(card)).toContainEqual(["OAuth 2.0", "1", "$0.01", "$0.01"]);
	const before = card?.querySelector("details");
	expect(before?.querySelector("summary")?.textContent).toBe("December 2025");
	expect(textOf(before ?? null)).toContain("OAuth 2.02$0.02$0.02");
});

test("an error before X named anybody costs nothing, and the page says so", async () => {
	const open = await openHelpdesk();
	const failed = { protocol: "oauth2", outcome: "refused", problem: "credits" } as const;
	await logIns(open, "2026-01-14", ["", ""], failed);

	const card = await cardOf(open);

	expect(rowsOf(card)).toContainEqual(["OAuth 2.0", "0", "$0.00", "$0.00"]);
	expect(textOf(card)).toContain(
		"In 2 attempts, an error at X came before X said who the person is. This costs nothing.",
	);
});

test("the page of an attempt and the file for spreadsheets name the protocol", async () => {
	const open = await openHelpdesk();
	await logIns(open, "2026-01-14", ["1"]);

	const page = await open.operator.open(
		`${open.helpdesk.adminUrl}/sign-ins/attempt?trace=7F3K-9QWD`,
	);
	const file = await open.operator.open(`${open.helpdesk.adminUrl}/sign-ins/export`);

	expect(documentOf(page.html).querySelector("dl")?.textContent).toContain("ProtocolOAuth 2.0");
	expect(parse(file.html, { bom: true, columns: true })).toMatchObject([{ protocol: "oauth2" }]);
});

test("a plugin that exports no prices, as those of contract 1.0, has no costs", async () => {
	const plugin = await builtPlugin();
	const open = await openHelpdesk({ plugin: { ...plugin, logInPrices: undefined } });
	await logIns(open, "2026-01-14", ["1"]);

	expect(await cardOf(open)).toBeNull();
});

test("names are text, and of very many brands those with the most people are listed", async () => {
	const { logInPrices: prices } = await builtPlugin();
	if (prices === undefined) {
		throw new Error("the plugin exports no prices");
	}
	const month = Date.UTC(2026, 0);
	const counts = Array.from(
		{ length: 500 },
		(_, index): DayCount => ({
			...{ day: month, brandId: `brand-${index}`, protocol: "oauth2" },
			...{ people: index, unnamed: 0 },
		}),
	);
	const shown = {
		...{ month, firstDay: month },
		...{ total: costsOf(counts, prices), brands: costsByBrand(counts, prices) },
	};

	const markup = await logInCostsCard(
		{
			provider: '"><script>1</script>',
			prices,
			source: "<script>",
			current: shown,
			previous: shown,
		},
		(brandId) => `<script>${brandId}</script>`,
		ENGLISH,
	);

	const document = documentOf(String(markup));
	expect(document.querySelectorAll("script")).toHaveLength(0);
	const [first, second] = [...document.querySelectorAll("th[scope=rowgroup]")];
	expect(first?.textContent).toBe("All brands");
	expect(second?.textContent).toBe("<script>brand-499</script>");
	expect(document.querySelectorAll("table")[0]?.querySelectorAll("tbody")).toHaveLength(21);
	expect(document.body.textContent).toContain(
		"Only the 20 brands with the most people are listed. For the others, choose a brand above.",
	);
});

test.each([...LANGUAGES.keys()])("in %s, no sentence ends in two full stops", async (tag) => {
	const { logInPrices: prices } = await builtPlugin();
	if (prices === undefined) {
		throw new Error("the plugin exports no prices");
	}
	const [month, day] = [Date.UTC(2026, 0), Date.UTC(2026, 0, 5)];
	const counts = [{ day, brandId: "acorn", protocol: "oauth2", people: 3, unnamed: 0 }] as const;
	const shown = {
		...{ month, firstDay: day, countedUntil: day },
		...{ total: costsOf(counts, prices), brands: costsByBrand(counts, prices) },
	};
	const about = { provider: "X", prices, source: "", current: shown, previous: shown };
	const html = await logInCostsCard(about, (brandId) => brandId, localeFor(undefined, tag));
	expect(textOf(documentOf(String(html)).querySelector("section.costs"))).not.toContain("..");
});
