// A form that asks for a letter and is sent twice: a double click, or a page of the past.
import { describe, expect, test } from "vitest";
import type { FormField } from "../../src/contract/login-request.ts";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const BUDGET = 5;
const EMAIL = "ada@example.com";

/** The fields of a form on the last page, with what is typed. */
function formOf(
	browser: MockBrowser,
	action: string,
	typed: readonly FormField[] = [],
): FormField[] {
	const markup = browser.seen && "page" in browser.seen ? browser.seen.page.html : "";
	const fields = formsIn(markup)
		.map(hiddenFields)
		.find((each) => each.some(([name, value]) => name === "action" && value === action));
	return [...(fields ?? []), ...typed];
}

function pageOf(response: LoginResponse) {
	return "page" in response ? response.page : undefined;
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	async function atAddressForm() {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		expect(titleOf(await throughX(browser, { accountId: NO_EMAIL.id }))).toBe(
			"What is your e-mail address?",
		);
		return { host, browser };
	}

	/** How many more letters the X account gets, which uses them up. */
	async function lettersLeft(host: MockHost): Promise<number> {
		const before = host.mail.sent.length;
		const browser = host.newBrowser();
		await throughX(browser, { accountId: NO_EMAIL.id });
		for (let each = 0; each <= BUDGET; each += 1) {
			await browser.submit(each === 0 ? "email" : "send-code", { email: "other@example.com" });
		}
		return host.mail.sent.length - before;
	}

	test.each([
		["one after the other", false],
		["at the same moment", true],
	])("two clicks on one form %s send one letter and use one of the budget", async (_, atOnce) => {
		const { host, browser } = await atAddressForm();
		const form = formOf(browser, "email", [["email", EMAIL]]);

		const first = browser.postForm(form);
		if (!atOnce) {
			await first;
		}
		const second = await browser.postForm(form);

		expect(pageOf(second)).toEqual(pageOf(await first));
		expect(pageOf(second)).toMatchObject({ status: 200, title: "Enter the code" });
		expect(host.mail.sent).toHaveLength(1);
		expect(await lettersLeft(host)).toBe(BUDGET - 1);
		expect(await browser.submit("code", { code: host.mail.codeFor(EMAIL) })).toMatchObject({
			kind: "signed-up",
		});
	});

	test("two clicks on the button that sends a code to X's own address send one letter", async () => {
		const { host } = await openHouse();
		host.users.add({ brandId: "brand", email: EMAIL, confirmed: true });
		const browser = host.newBrowser();
		await throughX(browser, { accountId: ADA.id });
		const form = formOf(browser, "send-code");

		await browser.postForm(form);
		const second = await browser.postForm(form);

		expect(pageOf(second)).toMatchObject({ status: 200, title: "Enter the code" });
		expect(host.mail.sent).toHaveLength(1);
	});

	test("a new page sends a new letter at once, to the same address or to another one", async () => {
		const { host, browser } = await atAddressForm();
		await browser.submit("email", { email: EMAIL });

		await browser.submit("send-code");
		await browser.submit("send-code");

		expect(host.mail.sent.map(({ to }) => to)).toEqual([EMAIL, EMAIL, EMAIL]);
	});

	test("a page of the past sends a letter to another address", async () => {
		const { host, browser } = await atAddressForm();
		const form = formOf(browser, "email");
		await browser.postForm([...form, ["email", "typo@example.com"]]);

		await browser.postForm([...form, ["email", EMAIL]]);

		expect(host.mail.sent.map(({ to }) => to)).toEqual(["typo@example.com", EMAIL]);
	});

	test.each<[string, (host: MockHost, browser: MockBrowser) => Promise<void> | void]>([
		["has expired", (host) => host.clock.advance(10 * 60_000)],
		[
			"was tried five times",
			async (_, browser) => {
				for (let each = 0; each < 5; each += 1) {
					await browser.submit("code", { code: "0000 0000 0000" });
				}
			},
		],
	])("a page of the past sends another letter if the code of the first %s", async (_, spend) => {
		const { host, browser } = await atAddressForm();
		const form = formOf(browser, "email", [["email", EMAIL]]);
		await browser.postForm(form);
		await spend(host, browser);

		await browser.postForm(form);

		expect(host.mail.sent).toHaveLength(2);
	});

	test("a form of an older version, which does not count letters, sends one each time", async () => {
		const { host, browser } = await atAddressForm();
		const form = formOf(browser, "email", [["email", EMAIL]]).filter(
			([name]) => name !== "letters",
		);

		await browser.postForm(form);
		await browser.postForm(form);

		expect(host.mail.sent).toHaveLength(2);
	});
});
