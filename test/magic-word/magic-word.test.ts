import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { type HostStorage, StorageError } from "x-login/contract";
import { buildMagicWord, logIn, openHouse, storedKeys, userIdOf, WORD } from "./open-house.ts";

let built: { readonly zip: Uint8Array; readonly verdict: string };

beforeAll(async () => {
	built = await buildMagicWord();
});

test("the plugin imports the published kit alone, and validate accepts it", async () => {
	const folder = fileURLToPath(new URL(".", import.meta.url));
	const files = (await readdir(folder, { recursive: true })).filter((name) => /\.ts$/.test(name));
	const texts = await Promise.all(files.map((name) => readFile(`${folder}${name}`, "utf8")));
	const imported = texts.flatMap((text) =>
		[...text.matchAll(/(?:from|import\(?)\s*"([^"]+)"/g)].map(([, name = ""]) => name),
	);

	expect(files).toContain("src/plugin.ts");
	expect(built.verdict).toBe("no problems found\nlanguages: en complete, de complete\n");
	const others = imported.filter(
		(name) => !/^(\.\/(src\/)?[a-z-]+\.ts|node:[a-z_/]+|vitest)$/.test(name),
	);
	expect([...new Set(others)].sort()).toEqual([
		"x-login/contract",
		"x-login/host",
		"x-login/testing",
	]);
});

test("a brand that is switched off or has no word shows no button and logs nobody in", async () => {
	const host = await openHouse(built.zip);
	const { plugin, settings } = host;
	const early = host.newBrowser();
	await early.pressButton();
	expect(await plugin.onActivate()).toEqual({ state: "ready" });

	settings.save("acorn", { magicWord: null });
	expect(await plugin.onActivate()).toEqual({ state: "needs-setup", brandIds: ["acorn"] });
	await expect(host.newBrowser().pressButton()).rejects.toThrow("no button");
	settings.save("acorn", { magicWord: WORD });
	settings.enable("acorn", false);

	await expect(host.newBrowser().pressButton()).rejects.toThrow("no button");
	expect(await host.newBrowser().postStart([])).toMatchObject({ code: "not-available" });
	const fields = { nickname: "ada", word: WORD };
	expect(await early.submitForm(fields)).toMatchObject({ code: "not-available" });
	expect(host.users.all()).toEqual([]);
});

test("a visitor with the word signs up without an e-mail address, and is the same user next time", async () => {
	const host = await openHouse(built.zip);
	const signedUp = await logIn(host.newBrowser(), " Ada_Ł ");
	const again = await logIn(host.newBrowser(), "ADA_Ł");
	const other = await logIn(host.newBrowser(), "grace");

	expect(signedUp).toMatchObject({ kind: "signed-up", returnPath: "/tickets?a=1" });
	expect(again).toMatchObject({ kind: "signed-in", userId: userIdOf(signedUp) });
	expect(other.kind).toBe("signed-up");
	expect(host.users.all().map(({ name, email }) => [name, email])).toEqual([
		["ada_ł", null],
		["grace", null],
	]);
	expect(host.events.map(({ fields }) => fields["code"])).toEqual([
		"signed-up",
		"signed-in",
		"signed-up",
	]);
	const [event] = host.events;
	expect(event?.subject?.reveal()).toBe("magic-word:acorn:ada_ł");
	expect(inspect(host.events, { depth: 9 })).not.toContain("ada_ł");
});

test("simultaneous log-ins with one new nickname make one user", async () => {
	const host = await openHouse(built.zip);
	const browsers = Array.from({ length: 8 }, () => host.newBrowser());
	const answers = await Promise.all(browsers.map((browser) => logIn(browser, "ada")));

	expect(new Set(answers.map(userIdOf)).size).toBe(1);
	expect(host.users.all()).toHaveLength(1);
});

test("a wrong word is counted before it is compared, and ten wrong words block their IP address", async () => {
	const host = await openHouse(built.zip);
	const browsers = Array.from({ length: 30 }, () => host.newBrowser());
	const answers = await Promise.all(
		browsers.map((browser) => logIn(browser, "ada", "canary wrong")),
	);

	const shown = answers.filter(({ kind }) => kind === "page");
	expect(shown).toHaveLength(10);
	expect(JSON.stringify(shown[0])).toContain("not the magic word");
	const refused = answers.filter((answer) => answer.kind === "refused");
	expect(refused.map(({ code }) => code)).toEqual(Array(20).fill("too-many-guesses"));
	expect(await logIn(host.newBrowser(), "ada")).toMatchObject({ code: "too-many-guesses" });
	expect(JSON.stringify(answers)).not.toContain("canary");
	expect((await storedKeys(host)).join()).not.toContain("127.0.0.1");

	host.clock.advance(15 * 60_000);
	expect(await logIn(host.newBrowser(), "ada")).toMatchObject({ kind: "signed-up" });
});

test("the right word does not count as an attempt", async () => {
	const host = await openHouse(built.zip);
	for (let round = 0; round < 12; round += 1) {
		expect(userIdOf(await logIn(host.newBrowser(), "ada"))).not.toBe("");
	}
});

test("an invalid nickname is escaped and refused", async () => {
	const host = await openHouse(built.zip);
	const answer = await logIn(host.newBrowser(), `"><script>'&`);

	expect(answer).toMatchObject({ kind: "page", page: { status: 400 } });
	expect(JSON.stringify(answer)).not.toContain("<script>");
	for (const nickname of ["", "a", "a".repeat(31), "a b", "a\u202eb", "../x"]) {
		expect(await logIn(host.newBrowser(), nickname), nickname).toMatchObject({ kind: "page" });
	}
	expect(host.users.all()).toEqual([]);
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "x"])(
	"the return path %s does not lead to another host",
	async (returnPath) => {
		const host = await openHouse(built.zip);
		const browser = host.newBrowser();
		await browser.postStart([["return_path", returnPath]]);
		const answer = await browser.submitForm({ nickname: "ada", word: WORD });

		expect(answer).toMatchObject({ kind: "signed-up", returnPath: "/" });
	},
);

test("an attempt is valid once, in one browser, for ten minutes", async () => {
	const host = await openHouse(built.zip);
	const fields = { nickname: "ada", word: WORD };
	const browser = host.newBrowser();
	await browser.pressButton();
	const stranger = host.newBrowser();
	const form = Object.entries({ action: "log-in", ...fields });
	expect(await stranger.postForm(form)).toMatchObject({ code: "expired" });

	const answers = await Promise.all([browser.postForm(form), browser.postForm(form)]);
	expect(answers.map(({ kind }) => kind).sort()).toEqual(["refused", "signed-up"]);
	expect(await browser.postForm(form)).toMatchObject({ kind: "redirect", location: "/" });

	const late = host.newBrowser();
	await late.pressButton();
	host.clock.advance(10 * 60_000);
	expect(await late.submitForm(fields)).toMatchObject({ code: "expired" });
	expect((await storedKeys(host)).filter((key) => key.startsWith("attempt"))).toEqual([]);
});

test("a user who is logged in stays logged in", async () => {
	const host = await openHouse(built.zip);
	const browser = host.newBrowser();
	await browser.pressButton("/a");
	browser.currentUser = { id: "somebody", provenAt: 0 };

	expect(await browser.postStart([["return_path", "/b"]])).toMatchObject({ location: "/b" });
	expect(
		await browser.postForm([
			["nickname", "ada"],
			["word", WORD],
		]),
	).toMatchObject({ kind: "redirect", location: "/" });
	expect(host.users.all()).toEqual([]);
});

test("a visitor reads the pages in their language, or else in English", async () => {
	const host = await openHouse(built.zip);
	const browser = host.newBrowser({ locale: "de-AT" });
	expect(JSON.stringify(await browser.pressButton())).toContain("Zauberwort");
	const cancelled = await browser.submit("cancel");

	expect(cancelled).toMatchObject({ kind: "cancelled", code: "cancelled" });
	expect(JSON.stringify(cancelled)).toContain("Anmeldung abgebrochen");
	const stranger = host.newBrowser({ locale: "fr" });
	expect(JSON.stringify(await stranger.pressButton())).toContain("Magic word");
});

test.each([
	["suspended", "refused", "suspended"],
	["awaiting-approval", "refused", "awaiting-approval"],
	["refused", "refused", "sign-up-refused"],
	["incomplete", "complete-profile", undefined],
] as const)("the log-in of a user who is %s ends as %s", async (creation, kind, code) => {
	const host = await openHouse(built.zip);
	host.users.nextCreation = creation;

	const answer = await logIn(host.newBrowser(), "ada");

	expect(answer).toMatchObject({ kind, ...(code && { code }) });
	if (creation === "refused") {
		expect(await storedKeys(host)).not.toContain("nickname acorn ada");
		host.users.nextCreation = "active";
		expect(await logIn(host.newBrowser(), "ada")).toMatchObject({ kind: "signed-up" });
	}
});

test("a brand with closed registration signs nobody up and has no button on the register page", async () => {
	const host = await openHouse(built.zip);
	const browser = host.newBrowser({ brandId: "harbor" });
	await expect(browser.pressButton("/", "register")).rejects.toThrow("no button");

	expect(await logIn(browser, "ada")).toMatchObject({ code: "sign-up-closed" });
	expect(host.users.all()).toEqual([]);
});

test("the log-in page asks to try again while the storage is unavailable", async () => {
	let away = false;
	const host = await openHouse(
		built.zip,
		(storage): HostStorage => ({
			get: (key) => storage.get(key),
			commit: (commit) => {
				return away ? Promise.reject(new StorageError("away")) : storage.commit(commit);
			},
			take: (key) => storage.take(key),
			list: (prefix, options) => storage.list(prefix, options),
		}),
	);
	const browser = host.newBrowser();
	await browser.pressButton();
	away = true;
	const fields = { nickname: "ada", word: WORD };
	expect(await browser.submitForm(fields)).toMatchObject({
		code: "helpdesk-unavailable",
		page: { status: 503 },
	});
	away = false;
	await browser.openForm("/login/continue");
	expect(await browser.submitForm(fields)).toMatchObject({ kind: "signed-up" });
});

test("every end has words in both languages, and an unknown code has none", async () => {
	const host = await openHouse(built.zip);
	const { ENDS } = await import("./src/log-in.ts");
	for (const code of [...Object.keys(ENDS), "signed-in", "signed-up", "complete-profile"]) {
		for (const locale of ["en", "de"]) {
			const words = await host.plugin.explain({ code, problem: null }, locale);
			expect(words?.text, `${code} ${locale}`).toMatch(/^\p{L}.+\.$/u);
		}
	}
	expect(await host.plugin.explain({ code: "nothing", problem: null }, "en")).toBeUndefined();
});
