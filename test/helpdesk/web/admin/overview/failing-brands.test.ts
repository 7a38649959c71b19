import { expect, onTestFinished, test } from "vitest";
import type { LoginEndedFields } from "../../../../../src/contract/login-ended.ts";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { ADMIN_ORIGIN, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { end } from "../../../../kit/helpdesk/open-ledger.ts";

const MINUTE = 60_000;
const NO_CALLBACK: Partial<LoginEndedFields> = {
	...{ outcome: "refused", code: "x-misconfigured", problem: "callback-not-approved" },
	awayMs: null,
};

/** Twelve brands with the button of X, where X refuses the callback URLs of some. */
async function openTwelve(failing: readonly string[]) {
	const clock = new MockClock();
	const configuredBrands = Array.from({ length: 12 }, (_, index) => ({
		...{ id: `brand-${index + 1}`, name: `Brand ${index + 1}`, locale: "en" },
		url: `https://brand-${index + 1}.example.com`,
	}));
	const admin = openAdmin(await helpdeskOptions({ clock, configuredBrands }));
	onTestFinished(() => admin.core.close());
	await admin.core.operators.makeFirst();
	const addOn = (await admin.core.addOns.find("x-login")) ?? expect.fail("no X");
	await addOn.plugin.activate();
	for (const { id } of configuredBrands) {
		await addOn.settings.enable(id, true);
	}
	for (const brandId of failing) {
		addOn.ledger.record({ ...end(NO_CALLBACK), brandId });
		addOn.ledger.record({ ...end(NO_CALLBACK), brandId });
	}
	await addOn.ledger.settled();
	clock.advance(2 * MINUTE);
	await admin.core.alerts.duty.run();
	const headers = { cookie: `admin-acorn=${await admin.openSession(FIRST_OPERATOR)}` };
	const pageAt = async (path: string): Promise<string> =>
		(await admin.app.request(`${ADMIN_ORIGIN}${path}`, { headers })).text();
	return {
		addOn,
		integrations: () => pageAt("/admin/settings/general/integrations"),
		/** The rows of the brands, by name. */
		rows: async (): Promise<ReadonlyMap<string, string>> => {
			const page = await pageAt("/admin");
			const rows = page.matchAll(/<tr><td><strong>(Brand \d+)<\/strong>.*?<\/tr>/gs);
			return new Map([...rows].map(([row, name = ""]) => [name, row]));
		},
	};
}

test("a brand at which log-ins fail comes first, however many brands there are", async () => {
	const { rows } = await openTwelve(["brand-12"]);

	const shown = await rows();

	expect([...shown.keys()].slice(0, 2)).toEqual(["Brand 12", "Brand 1"]);
	expect(shown.size).toBe(10);
	expect(shown.get("Brand 12")).toContain("Failing since");
});

test("what to do about failing log-ins names the callback URL of that brand", async () => {
	const { rows } = await openTwelve(["brand-1", "brand-2"]);

	const shown = await rows();

	for (const number of [1, 2]) {
		const own = `https://brand-${number}.example.com/login/x-login/callback`;
		const named = shown.get(`Brand ${number}`)?.match(/https:[\w./-]+\/callback/g) ?? [];
		expect([...new Set(named)]).toEqual([own]);
	}
});

test("brands that were switched off are not said to fail, and hide none that does", async () => {
	const failing = Array.from({ length: 7 }, (_, index) => `brand-${index + 1}`);
	const { addOn, rows, integrations } = await openTwelve(failing);
	expect((await rows()).get("Brand 1")).toContain("Failing since");

	for (const brandId of failing.slice(0, 6)) {
		await addOn.settings.enable(brandId, false);
	}

	const shown = await rows();
	expect(shown.get("Brand 1")).not.toContain("Failing since");
	expect(shown.get("Brand 7")).toContain("Failing since");
	const page = await integrations();
	expect(page).toContain("Brand 7, since");
	expect(page).not.toContain("Brand 1, since");
});
