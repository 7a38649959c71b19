import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../kit/browser/open-browser.ts";

const LIGHT = { name: "light", width: 1280, colorScheme: "light", locale: "en" } as const;

/** The ways to look at a page. */
const FORMS = [
	LIGHT,
	{ ...LIGHT, name: "dark", colorScheme: "dark" },
	{ ...LIGHT, name: "phone", width: 375 },
	{ ...LIGHT, name: "german", locale: "de" },
] as const;

/** The cookies of somebody, which each form of a page is opened with. */
type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

export interface Camera {
	/** How many pictures were taken. */
	readonly taken: number;
	/** Somebody with a browser of their own, to do what comes before the pictures. */
	newPerson(): Promise<Page>;
	/**
	 * Takes a picture of a page in each form.
	 *
	 * @returns the addresses that its links lead to.
	 */
	take(name: string, address: string, cookies: Cookies): Promise<readonly string[]>;
}

export async function openCamera(
	folder: string,
	atEnd: (end: () => unknown) => void,
): Promise<Camera> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const browser = await openBrowser();
	atEnd(() => browser.close());
	let taken = 0;
	// Contexts stay open: where Chromium is one process, it ends with the first context that is closed.
	const pages = await Promise.all(
		FORMS.map(async ({ name, width, colorScheme, locale }) => {
			const viewport = { width, height: 800 };
			const context = await browser.newContext({ colorScheme, locale, viewport });
			return { name, page: await context.newPage() };
		}),
	);
	return {
		get taken() {
			return taken;
		},
		newPerson: async () => (await browser.newContext({ locale: "en" })).newPage(),
		take: async (name, address, cookies) => {
			const links = new Set<string>();
			for (const form of pages) {
				await form.page.context().clearCookies();
				await form.page.context().addCookies(cookies);
				await form.page.goto(address);
				const path = join(folder, `${name}.${form.name}.png`);
				await form.page.screenshot({ path, fullPage: true });
				taken += 1;
				for (const link of await linksOf(form.page)) {
					links.add(link);
				}
			}
			return [...links];
		},
	};
}

async function linksOf(page: Page): Promise<readonly string[]> {
	return page.$$eval("a[href]", (links) =>
		links.map((link) => new URL(link.getAttribute("href") ?? "", link.baseURI).href),
	);
}
