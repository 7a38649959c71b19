// Every page of the plugin, the portal, the administration and the fake X is judged by what people need: eyes that see little
// contrast, a keyboard, a screen of 320 pixels, a language of long words. One living helpdesk answers with all pages, and one
// tab shows them one after the other without opening them again.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LANGUAGES } from "../../src/helpdesk/locale/locale.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";
import { takePluginCalls } from "../kit/walk/answers.ts";
import { livingHelpdesk } from "../kit/walk/living-helpdesk.ts";
import { firstPortal, takePictures } from "../kit/walk/pages.ts";
import { faultsOf } from "./kit/findings.ts";
import { FINDINGS, PLANTED, PLANTED_WORDS, SPACED } from "./kit/planted-page.ts";
import { recordMailServer, recordQuestions } from "./kit/questions.ts";
import { openRecorder, type Recorded } from "./kit/recorder.ts";
import { isOf, routesOfPages } from "./kit/routes.ts";
import { type Mode, openScreen, type Screen } from "./kit/screen.ts";

const PHONE: Mode = { width: 320, height: 640 };
const DESK: Mode = { width: 1280, height: 800 };
/** What is 1280 pixels wide, at 200 %. */
const ENLARGED: Mode = { width: 640, height: 400, scale: 2 };
/** The rules of axe that depend on colours, and those that depend on where things are. */
const COLOURS = ["color-contrast", "link-in-text-block"];
const PLACES = ["target-size", "scrollable-region-focusable"];

/** The routes that answer with no page of their own. */
const NO_PAGES: ReadonlyMap<string, string> = new Map([
	["/admin/login/code", "shows the log-in; the page that asks for a code is an answer of the walk"],
	[
		"/admin/settings/general/integrations/:pluginId/delete-kept",
		"asks as uninstall does, after it",
	],
	["/admin/settings/general/brands/brand/:brandId/logo", "an image"],
	...[
		"/admin/users/:id/export",
		"/admin/audit/export",
		"/admin/sign-ins/export",
		"/admin/settings/general/integrations/:pluginId/links.csv",
		"/admin/jobs/:id/file",
	].map((path) => [path, "a file"] as const),
	...[
		"/1.1/account/verify_credentials.json",
		"/2/users/me",
		"/.well-known/oauth-authorization-server",
		"/.well-known/oauth-protected-resource",
		"/_fake/stats",
		"/_fake/scenario",
	].map((path) => [path, "for programs"] as const),
]);

/** The pages of the walk that are answered with an error, or lead on. */
const OTHERS: ReadonlyMap<string, string> = new Map([
	["admin.mailbox.server.remove", "there is no mail server; the page is measured apart"],
	["admin.settings.general.connected-helpdesks.helpdesk.one.test", "leads to the log-in"],
	["portal.openid.log-out", "leads to the page that asks"],
	...[
		...["admin.no-such-page", "fake-x.dead-token", "fake-x.oauth2.wrong", "portal.connect.over"],
		...["portal.hand-off.error", "portal.not-found", "portal.openid.error", "portal.trial.over"],
		...["portal.refused.foreign-callback", "portal.register.over", "portal.reset.over"],
	].map((name) => [name, "the page of an error"] as const),
]);

const ends: (() => unknown)[] = [];
let browser: Browser;
let screen: Screen;
let pages: readonly Recorded[];

const FLAGS = ["--start-limit", "0", "--storage", "memory:"];

beforeAll(async () => {
	browser = await openBrowser();
	const atEnd = (end: () => unknown) => ends.push(end);
	const start = (...flags: readonly string[]): Promise<Ready> =>
		livingHelpdesk(atEnd, ...FLAGS, ...flags);
	const [ready, developed] = await Promise.all([start(), start("--watch")]);
	const recorder = openRecorder(browser);
	await takePictures(recorder, ready);
	await takePluginCalls(recorder, developed);
	pages = [...recorder.pages.values()];
	screen = await openScreen(browser, firstPortal(ready));
	for (const { name, html } of pages) {
		await screen.run("keep", name, Object.fromEntries(html));
	}
});
afterAll(async () => {
	await browser.close();
	for (const end of ends.reverse()) {
		await end();
	}
});

/** The measures that a page passes in one language. */
const SEEN = [["weakTexts"], ["weakFields"], ["smallTargets"], ["unseenFocus"]] as const;
const FILLED_IN = [["unfillable"], ["unannounced"], ["chartsWithoutTable"]] as const;

/** What measures find on all pages. @param calls functions of the page, with what they are given. */
async function faultsIn(
	mode: Mode,
	language: string,
	...calls: readonly (readonly [call: string, ...args: unknown[]])[]
): Promise<readonly string[]> {
	await screen.set(mode);
	const faults: string[] = [];
	for (const { name } of pages) {
		const found = await screen.run<readonly string[]>("judge", name, language, calls);
		faults.push(...faultsOf(name, found));
	}
	return faults;
}

test("each measure finds the faults of a page that has them", async () => {
	await screen.set(PHONE);
	await screen.run("keep", "planted", { en: PLANTED });
	for (const [call, parts] of FINDINGS) {
		const found = await screen.run<readonly string[]>("judge", "planted", "en", [[call]]);
		for (const part of parts) {
			expect(found.join("\n"), call).toContain(part);
		}
	}
	const unspaced = await screen.run<readonly string[]>("judge", "planted", "en", [
		["layoutFindings"],
	]);
	expect(unspaced.filter((each) => SPACED.some((part) => each.includes(part)))).toEqual([]);
	const again = ["axeInNewPlaces"];
	expect(await screen.run("judge", "planted", "en", [again])).toEqual([]);
});

test("words that are too long in one language, or a third longer, are found", async () => {
	await screen.set(PHONE);
	await screen.run("keep", "planted words", PLANTED_WORDS);
	const found = await screen.run<readonly string[]>("layoutOf", "planted words", ["en", "de"]);
	expect(found.map((each) => each.split(" “")[0])).toEqual([
		"de: leaves its box: main > p.fits",
		"a third longer: leaves its box: main > p.fits",
	]);
});

test("the walk has every page of the administration, the portal and the fake X", async () => {
	const paths = pages.map(({ address }) => new URL(address).pathname);
	const routes = await routesOfPages();
	expect(routes.length).toBeGreaterThan(70);
	const left = routes.filter((route) => !paths.some((path) => isOf(path, route)));
	expect(left.sort()).toEqual([...NO_PAGES.keys()].sort());
});

test("each page of the walk is the one that was asked for", () => {
	const others = pages.filter(({ isOther }) => isOther).map(({ name }) => name);
	expect(others.sort()).toEqual([...OTHERS.keys()].sort());
});

test("axe finds nothing on a phone, texts, targets and focus are seen, fields can be filled in, and errors are announced", async () => {
	expect(pages.length).toBeGreaterThan(100);
	expect(await faultsIn(PHONE, "en", ["axeFindings"], ...SEEN, ...FILLED_IN)).toEqual([]);
});

test.each([
	["in the dark scheme", { ...PHONE, colorScheme: "dark" }],
	["in forced colours", { ...PHONE, forcedColors: "active" }],
] as const)("each text and each field can be seen %s", async (name, mode) => {
	const own = [["weakTexts"], ["weakFields"]] as const;
	const faults = await faultsIn(mode, "en", ["axeInNewPlaces", name, COLOURS], ...own);
	expect(faults).toEqual([]);
});

test("from right to left, targets are large enough and what scrolls can have the focus", async () => {
	const faults = await faultsIn(PHONE, "fa", ["axeFindings", PLACES], ["smallTargets"]);
	expect(faults).toEqual([]);
});

test("what has the focus is seen at 200 %, in the dark scheme, and targets are large enough", async () => {
	const mode: Mode = { ...ENLARGED, colorScheme: "dark" };
	const own = [["smallTargets"], ["unseenFocus"]] as const;
	expect(await faultsIn(mode, "en", ["axeFindings", PLACES], ...own)).toEqual([]);
});

test("with the text spacing that readers may set, no text is cut off or overlaps, in English and in German", async () => {
	for (const language of ["en", "de"]) {
		expect(await faultsIn(PHONE, language, ["spacedFindings"])).toEqual([]);
	}
});

test.each([
	["on a phone", PHONE, [...LANGUAGES.keys()]],
	["on a wide screen", DESK, [...LANGUAGES.keys()]],
] as const)(
	"no text is cut off, overlaps or makes a page scroll sideways %s, in any language and in one a third longer",
	async (_, mode, languages) => {
		await screen.set(mode);
		const faults: string[] = [];
		for (const { name } of pages) {
			const found = await screen.run<readonly string[]>("layoutOf", name, languages);
			faults.push(...faultsOf(name, found));
		}
		expect(faults).toEqual([]);
	},
);

test.each([
	["each question before a deed passes", recordQuestions],
	["the pages about a mail server that is set pass", recordMailServer],
])("%s the same measures, in any language", async (_, record) => {
	const languages = [...LANGUAGES.keys()];
	const recorded = await record(languages);
	const faults: string[] = [];
	for (const mode of [PHONE, DESK]) {
		await screen.set(mode);
		for (const { name, html } of recorded) {
			await screen.run("keep", name, html);
			const layout = await screen.run<readonly string[]>("layoutOf", name, languages);
			const calls = mode === PHONE ? [["axeFindings"], ...SEEN, ...FILLED_IN] : [];
			const found = await screen.run<readonly string[]>("judge", name, "en", calls);
			faults.push(...faultsOf(name, [...layout, ...found]));
		}
	}
	expect(faults).toEqual([]);
});
