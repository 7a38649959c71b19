// Pages in Persian in a real browser: what is written from left to right keeps its order on them.
import { expect, onTestFinished, test } from "vitest";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { fillPeople } from "../kit/helpdesk/fill-people.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

/** A tab of a browser in Persian with the operator logged in. */
async function openTab() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await fillPeople(storage, { people: 20, now: clock.now(), signIns: 100 });
	const open = await openHelpdesk({ storage, clock });
	await setUpX(open);
	const { origin } = new URL(open.portal);
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const context = await browser.newContext({ locale: "fa" });
	await context.addCookies(
		[...open.operator.cookies].map(([name, value]) => ({ name, value, url: origin })),
	);
	return { page: await context.newPage(), origin };
}

/** Whether the first letter of an element's text stands left of its last one. */
const STARTS_AT_THE_LEFT = `(element) => {
	const [text] = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
	const leftOf = (at) => {
		const range = document.createRange();
		range.setStart(text, at);
		range.setEnd(text, at + 1);
		return range.getBoundingClientRect().left;
	};
	return leftOf(0) < leftOf(text.length - 1);
}`;

/** The computed value of a property. */
const styleOf = (name: string) => `(element) => getComputedStyle(element)["${name}"]`;

test("times, addresses, chart labels and icons have their direction on a page from right to left", async () => {
	const { page, origin } = await openTab();
	const evaluated = (selector: string, script: string) =>
		page.evaluate<unknown[]>(`[...document.querySelectorAll('${selector}')].map(${script})`);

	await page.goto(`${origin}/admin/profile`);
	const times = await evaluated("main time", STARTS_AT_THE_LEFT);
	expect(times.length).toBeGreaterThan(0);
	expect(times).not.toContain(false);
	expect(await evaluated(".side a[href$=sign-ins] .icon", styleOf("transform"))).toEqual([
		"matrix(-1, 0, 0, 1, 0, 0)",
	]);
	expect(await evaluated(".side a[href$=users] .icon", styleOf("transform"))).toEqual(["none"]);

	await page.goto(`${origin}/admin/settings/general/alerts`);
	expect(await evaluated("input[type=url]", styleOf("direction"))).toEqual(["ltr"]);
	expect(await evaluated("input[type=url]", styleOf("textAlign"))).toEqual(["right"]);

	await page.goto(`${origin}/admin/sign-ins?period=month`);
	const labels = 'svg[aria-labelledby^=away] text.label[x="0"]';
	const shown = await evaluated(labels, STARTS_AT_THE_LEFT);
	expect(shown.length).toBeGreaterThan(2);
	expect(shown).not.toContain(true);
});
