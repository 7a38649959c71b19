import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "../kit/browser/open-browser.ts";
import type { Camera } from "../kit/walk/camera.ts";

const HEIGHT = 800;
const LIGHT = { name: "light", width: 1280, colorScheme: "light", locale: "en" } as const;

/** A way to look at a page. */
interface Form {
	readonly name: string;
	/** In pixels. */
	readonly width: number;
	readonly colorScheme: "light" | "dark";
	/** BCP 47. */
	readonly locale: string;
}

/** The ways to look at a page in English. */
export const FORMS: readonly Form[] = [
	LIGHT,
	{ ...LIGHT, name: "dark", colorScheme: "dark" },
	{ ...LIGHT, name: "phone", width: 375 },
];

/** A page in a language. @param locale BCP 47. */
export function inLanguage(locale: string): Form {
	return { ...LIGHT, name: locale, locale };
}

export interface PictureCamera extends Camera {
	/** How many pictures were taken. */
	readonly taken: number;
}

export async function openCamera(
	folder: string,
	looks: readonly Form[],
	atEnd: (end: () => unknown) => void,
): Promise<PictureCamera> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const browser = await openBrowser();
	atEnd(() => browser.close());
	let taken = 0;
	// Contexts stay open: where Chromium is one process, it ends with the first context that is closed.
	const forms = await Promise.all(
		looks.map(async ({ name, width, colorScheme, locale }) => {
			const viewport = { width, height: HEIGHT };
			const context = await browser.newContext({ colorScheme, locale, viewport });
			return { name, width, locale, page: await context.newPage() };
		}),
	);
	const takeIn = async (
		those: typeof forms,
		...[name, address, cookies]: Parameters<Camera["take"]>
	): Promise<readonly string[]> => {
		const links = new Set<string>();
		for (const { name: form, width, page } of those) {
			await page.context().clearCookies();
			await page.context().addCookies(cookies);
			await page.setViewportSize({ width, height: HEIGHT });
			await page.goto(address);
			// What stays in sight while a page scrolls would cover a part of a picture that is taken while it does.
			const height = await page.evaluate<number>("document.documentElement.scrollHeight");
			await page.setViewportSize({ width, height });
			await page.screenshot({ path: join(folder, `${name}.${form}.png`) });
			taken += 1;
			for (const link of await linksOf(page)) {
				links.add(link);
			}
		}
		return [...links];
	};
	return {
		languages: [...new Set(["en", ...looks.map(({ locale }) => locale)])],
		get taken() {
			return taken;
		},
		newPerson: async () => (await browser.newContext({ locale: "en" })).newPage(),
		take: (...asked) => takeIn(forms, ...asked),
		takeAnswer: async (name, { url, html, language }) => {
			// A page that leads on by itself, or sends its form, stays.
			const body = html.replace(/<meta http-equiv="refresh"[^>]*>| data-submit(?=>)/g, "");
			// What was answered in English alone is seen in each form. English comes first.
			const those = language === "en" ? forms : forms.filter(({ locale }) => locale === language);
			for (const { page } of those) {
				await page.route(url, (route) => route.fulfill({ contentType: "text/html", body }));
			}
			await takeIn(those, name, url, []);
			for (const { page } of those) {
				await page.unrouteAll();
			}
		},
	};
}

async function linksOf(page: Page): Promise<readonly string[]> {
	return page.$$eval("a[href]", (links) =>
		links.map((link) => new URL(link.getAttribute("href") ?? "", link.baseURI).href),
	);
}
