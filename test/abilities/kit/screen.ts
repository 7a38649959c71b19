import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Browser, CDPSession, Page } from "playwright-core";
import { ASSETS } from "../../../src/helpdesk/web/assets.ts";

const IN_PAGE = ["in-page.js", "look.js", "forms.js"].map((name) =>
	fileURLToPath(new URL(name, import.meta.url)),
);

/** A way to look at pages. */
export interface Mode {
	readonly width: number;
	readonly height: number;
	readonly colorScheme?: "light" | "dark";
	readonly forcedColors?: "active" | "none";
	/** Device pixels for each pixel of CSS, as where a page is enlarged. */
	readonly scale?: number;
}

/** One tab of a browser that shows recorded pages one after the other. */
export interface Screen {
	set(mode: Mode): Promise<void>;
	/** Runs a function of `abilities`, which lies in the page. */
	run<Result>(call: string, ...args: readonly unknown[]): Promise<Result>;
}

/** @param origin of the portal, whose style sheets the pages use. */
export async function openScreen(browser: Browser, origin: string): Promise<Screen> {
	const context = await browser.newContext({ locale: "en", bypassCSP: true });
	const page = await context.newPage();
	await page.goto(`${origin}/privacy`);
	for (const source of [axe.source, ...IN_PAGE.map((path) => readFileSync(path, "utf8"))]) {
		await page.evaluate(source);
	}
	const run: Screen["run"] = (call, ...args) =>
		page.evaluate(`abilities.${call}(...${JSON.stringify(args)})`);
	await run("install", ASSETS.script.body);
	const devtools = await context.newCDPSession(page);
	// From here on the browser shows what has the focus, as it does after a key press.
	await page.keyboard.press("Tab");
	return { run, set: (mode) => setMode(page, devtools, mode) };
}

async function setMode(page: Page, devtools: CDPSession, mode: Mode): Promise<void> {
	const { width, height, colorScheme = "light", forcedColors = "none", scale = 1 } = mode;
	await page.emulateMedia({ colorScheme, forcedColors });
	await page.setViewportSize({ width, height });
	await devtools.send("Emulation.setDeviceMetricsOverride", {
		...{ width, height, deviceScaleFactor: scale, mobile: false },
	});
}
