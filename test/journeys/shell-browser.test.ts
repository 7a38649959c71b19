// The frame of the administration in a real browser: on a phone, by the keyboard, and without script.
import { expect, onTestFinished, test } from "vitest";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { fillPeople, personOf, RARE_TRACE_CODE } from "../kit/helpdesk/fill-people.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

const PHONES = [320, 375];
const DESK = 1280;

/** A helpdesk with people and sign-ins, and a browser tab with its operator logged in. Scripts do not run in it. */
async function openTab() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await fillPeople(storage, { people: 60, now: clock.now(), signIns: 200 });
	const open = await openHelpdesk({ storage, clock });
	await setUpX(open);
	const { origin } = new URL(open.portal);
	await open.operator.open(`${origin}/admin/jobs`);
	const { url } = await open.operator.submit("/admin/jobs");
	const jobId = new URL(url).pathname.split("/").at(-1) ?? "";
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const context = await browser.newContext({ javaScriptEnabled: false });
	await context.addCookies(
		[...open.operator.cookies].map(([name, value]) => ({ name, value, url: origin })),
	);
	const { userId } = personOf(5, clock.now());
	return { page: await context.newPage(), origin, userId, jobId };
}

test("no page with much in it scrolls sideways on a phone", async () => {
	const { page, origin, userId, jobId } = await openTab();
	const wide: string[] = [];
	for (const path of [
		...["users", "users?q=anna", `users/${userId}`, "sign-ins?period=month", "audit", "jobs"],
		...[`jobs/${jobId}`, `sign-ins/attempt?trace=${RARE_TRACE_CODE}`],
	]) {
		await page.goto(`${origin}/admin/${path}`);
		// A page has no script that could see the difference between a phone and a window that is made as narrow as one.
		for (const width of PHONES) {
			await page.setViewportSize({ width, height: 640 });
			const found = await page.evaluate<number>("document.scrollingElement.scrollWidth");
			wide.push(...(found > width ? [`${path}: ${found} at ${width}`] : []));
		}
	}
	expect(wide).toEqual([]);
});

test("on a phone the menu opens and leads on, without script", async () => {
	const { page, origin } = await openTab();
	await page.setViewportSize({ width: 320, height: 640 });
	await page.goto(`${origin}/admin/users`);
	const menu = page.getByRole("navigation", { name: "Menu" });
	expect(await menu.isVisible()).toBe(false);
	await page.locator("summary", { hasText: "Menu" }).click();
	await menu.getByRole("link", { name: "Sign-ins", exact: true }).click();
	await page.getByRole("heading", { name: "Sign-ins", level: 1 }).waitFor();

	await page.setViewportSize({ width: DESK, height: 800 });
	expect(await menu.isVisible()).toBe(true);
	expect(await page.locator("summary", { hasText: "Menu" }).isVisible()).toBe(false);
});

test("the first key press leads to a link past the menu, and the link to the content", async () => {
	const { page, origin } = await openTab();
	await page.setViewportSize({ width: DESK, height: 800 });
	await page.goto(`${origin}/admin/users`);
	await page.keyboard.press("Tab");
	const skip = page.getByRole("link", { name: "Skip to content" });
	expect(await skip.evaluate((link) => link.matches(":focus"))).toBe(true);
	expect((await skip.boundingBox())?.width).toBeGreaterThan(50);
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	expect(
		await page.evaluate("document.querySelector('main').contains(document.activeElement)"),
	).toBe(true);
});
