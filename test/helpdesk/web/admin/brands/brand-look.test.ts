// How brands look: what an administrator sets reaches the pages and letters of the brand, and nothing in it is more than words.
import { expect, onTestFinished, test } from "vitest";
import { colourSheet } from "../../../../../src/helpdesk/brands/brand-colour.ts";
import { MOST_LOGO_BYTES } from "../../../../../src/helpdesk/brands/logo-file.ts";
import { startHelpdesk } from "../../../../../src/helpdesk/start-helpdesk.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../../../kit/eventually.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { png } from "../../../../kit/helpdesk/pictures.ts";
import { mailboxOf } from "../../../../kit/helpdesk/register-by-letter.ts";
import { requestAt } from "../../../../kit/helpdesk/request-at.ts";

const BRAND = "/admin/settings/general/brands/brand";
const SCRIPT = "<script>alert(1)</script>";

async function open(options: Parameters<typeof openHelpdesk>[0] = {}) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const opened = await openHelpdesk({ clock, storage, ...options });
	const { operator, portal, helpdesk } = opened;
	const save = async (
		part: "colour" | "links" | "texts",
		fields: Readonly<Record<string, string>>,
		brandId = "acorn",
	) => {
		const [language = "en"] = Object.keys(fields)[0]?.split("-") ?? [];
		const texts = `${BRAND}/${brandId}/texts?language=${language}`;
		await operator.open(`${portal}${part === "texts" ? texts : `${BRAND}/${brandId}`}`);
		return operator.submit(`${BRAND}/${brandId}/${part}`, fields);
	};
	/** Sends a file as a browser that names it as it likes. */
	const upload = async (
		bytes: Uint8Array,
		brandId = "acorn",
		name = "logo.png",
		type = "image/png",
	) => {
		const { html } = await operator.open(`${portal}${BRAND}/${brandId}`);
		const body = new FormData();
		body.set("_csrf", /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "");
		body.set("logo", new Blob([new Uint8Array(bytes)], { type }), name);
		return operator.open(`${portal}${BRAND}/${brandId}/logo`, { method: "POST", body });
	};
	const logIn = async (at = portal, language = "en") =>
		(await new HttpVisitor().open(`${at}/login`, { headers: { "accept-language": language } }))
			.html;
	const [, harbor = ""] = helpdesk.listening;
	return { ...opened, clock, storage, save, upload, logIn, harbor };
}

test("a colour is linked by the pages of its brand alone, readable in both schemes, and served by each brand's host", async () => {
	const { save, logIn, portal, harbor, operator } = await open();
	expect(await logIn()).not.toContain("/assets/brand/");

	await save("colour", { colour: "FFE066" });

	expect(operator.seen.html).toContain("People could not read #ffe066 there");
	const [sheet = ""] = /\/assets\/brand\/ffe066\.css\?v=[0-9a-f]{8}/.exec(await logIn()) ?? [];
	for (const site of [portal, harbor]) {
		const answer = await new HttpVisitor().open(`${site}${sheet}`);
		expect(answer.html).toBe(colourSheet("#ffe066"));
		expect(answer.headers.get("content-type")).toBe("text/css; charset=utf-8");
	}
	expect(await logIn(harbor)).not.toContain("/assets/brand/");
	expect((await new HttpVisitor().open(`${portal}/no-such-page`)).html).toContain(sheet);
	expect((await operator.open(`${portal}/admin`)).html).not.toContain("/assets/brand/");

	await save("colour", { colour: "" });
	expect(await logIn()).not.toContain("/assets/brand/");
});

test("what is no colour is refused at its field, and is no style sheet", async () => {
	const { save, portal } = await open();

	const { status, html } = await save("colour", { colour: "red;}body{display:none" });

	expect(status).toBe(400);
	expect(html).toMatch(/id="colour"[^>]*value="red;\}body\{display:none"[^>]*aria-invalid="true"/);
	for (const name of ["red", "ffe06", "FFE066", "ffe066%22"]) {
		const { status: missing } = await new HttpVisitor().open(`${portal}/assets/brand/${name}.css`);
		expect([name, missing]).toEqual([name, 404]);
	}
});

test("a logo stands in place of the name, and is sent from the brand's own host as the picture that it is", async () => {
	const { upload, logIn, portal, harbor, operator } = await open();
	const polyglot = png(40, 12, Buffer.from(`${SCRIPT}<svg onload=alert(1)>`));

	await upload(polyglot, "acorn", "logo.html", "text/html");

	const page = await logIn();
	const [, src = ""] =
		/<img src="([^"]+)" width="40" height="12" alt="Acorn Outdoor">/.exec(page) ?? [];
	const { headers, status } = await requestAt(portal, src, { host: new URL(portal).host });
	expect(status).toBe(200);
	expect(headers.get("content-type")).toBe("image/png");
	expect(headers.get("x-content-type-options")).toBe("nosniff");
	expect(headers.get("content-security-policy")).toContain("default-src 'none'");
	expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
	const shown = await operator.open(`${portal}${BRAND}/acorn/logo`);
	expect(shown.headers.get("content-type")).toBe("image/png");
	expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
	const other = await new HttpVisitor().open(`${harbor}${src}`);
	expect(other.status).toBe(404);
	expect(await logIn(harbor)).not.toContain("<img");
});

test("another logo has another address, and the old one is gone, also after it was removed", async () => {
	const { upload, logIn, portal, operator, storage } = await open();
	const srcIn = (html: string): string =>
		/src="(\/assets\/brand\/logo\/\w+)"/.exec(html)?.[1] ?? "";
	const statusOf = async (src: string) => (await new HttpVisitor().open(`${portal}${src}`)).status;
	await upload(png(40, 12));
	const first = srcIn(await logIn());

	await upload(png(41, 12));

	const second = srcIn(await logIn());
	expect(second).not.toBe(first);
	expect([await statusOf(first), await statusOf(second)]).toEqual([404, 200]);

	await operator.open(`${portal}${BRAND}/acorn`);
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html) ?? [];
	await operator.post(`${portal}${BRAND}/acorn/logo`, [
		["_csrf", csrf],
		["remove", "yes"],
	]);
	expect(await logIn()).not.toContain("<img");
	expect(await statusOf(second)).toBe(404);
	expect((await storage.list(["brand-logos"])).entries).toEqual([]);
});

test.each([
	[
		"an SVG that says it is a PNG",
		Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`),
		"SVG",
	],
	["a page", Buffer.from(`<!doctype html>${SCRIPT}`), "no PNG, JPEG or WebP"],
	["a large file", png(1, 1, new Uint8Array(MOST_LOGO_BYTES)), "at most 64 KB"],
	["an empty file", new Uint8Array(), "Choose a file"],
])("%s is no logo: the field says why, and nothing is stored", async (_, bytes, why) => {
	const { upload, storage } = await open();

	const { status, html } = await upload(bytes);

	expect(status).toBe(400);
	expect(html).toMatch(/id="logo"[^>]*aria-invalid="true"/);
	expect(html).toContain(why);
	expect((await storage.list(["brand-logos"])).entries).toEqual([]);
});

test("links to a privacy policy and terms are those of the brand on its pages and for add-ons, and https alone", async () => {
	const { save, logIn, helpdesk } = await open();
	const links = { privacyPolicyUrl: "https://acorn.example/privacy?a=1&b=2", termsUrl: "" };

	await save("links", links);

	expect(await logIn()).toContain('href="https://acorn.example/privacy?a=1&amp;b=2"');
	expect(helpdesk.brands[0]?.privacyPolicyUrl).toBe(links.privacyPolicyUrl);
	expect(helpdesk.brands[0]?.termsUrl).toMatch(/\/terms$/);
	for (const termsUrl of [
		"javascript:alert(1)",
		"http://acorn.example/",
		"acorn",
		"data:text/html,1",
	]) {
		const { status, html } = await save("links", { ...links, termsUrl });
		expect([termsUrl, status]).toEqual([termsUrl, 400]);
		expect(html).toMatch(/id="termsUrl"[^>]*aria-invalid="true"/);
	}
	expect(helpdesk.brands[0]?.termsUrl).toMatch(/\/terms$/);
});

test("a preview shows texts and stores nothing; saved, they are on the log-in page in their language", async () => {
	const { save, logIn, operator, portal, storage } = await open();
	await operator.open(`${portal}${BRAND}/acorn/texts?language=de`);
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html) ?? [];
	const typed = {
		"de-logIn": "Willkommen bei {brand}.\n\nZweiter Absatz",
		"de-signature": "{address}",
	};

	const preview = await operator.post(`${portal}${BRAND}/acorn/texts/preview`, [
		["_csrf", csrf],
		["language", "de"],
		...Object.entries(typed),
	]);

	expect(preview.html).toContain("Nothing is saved yet");
	expect(preview.html).toContain("<p>Willkommen bei Acorn Outdoor.</p><p>Zweiter Absatz</p>");
	expect((await storage.list(["brands", "look"])).entries).toEqual([]);

	await save("texts", typed);
	expect(await logIn(portal, "de-AT")).toContain("<p>Willkommen bei Acorn Outdoor.</p>");
	expect(await logIn(portal, "en")).not.toContain("Willkommen");
});

test("a text with an unknown placeholder is refused at its field, and what was typed stays there", async () => {
	const { save, storage } = await open();

	const { status, html } = await save("texts", { "en-opening": "Dear {name}", "en-logIn": "Hi" });

	expect(status).toBe(400);
	expect(html).toMatch(/id="en-opening"[^>]*aria-invalid="true"[^>]*>Dear \{name\}</);
	expect(html).toContain("{name} stands for nothing here");
	expect((await storage.list(["brands", "look"])).entries).toEqual([]);
});

test("letters begin and end with the words of their brand in the language of their reader", async () => {
	const opened = await open();
	const { save, portal } = opened;
	await save("texts", {
		"en-opening": "Hello from {brand},",
		"en-signature": `Your team\n${SCRIPT}`,
	});
	await save("texts", { "de-opening": "Guten Tag" });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	const fields = { name: "Grace", email: "grace@example.com", password: "a long password of hers" };
	await visitor.submit("/register", fields);

	const letter = await eventually(async () => {
		const [, found] = (await mailboxOf(opened)()).split("<article");
		return found ?? expect.fail("no letter");
	});

	expect(letter).toMatch(/Hello from Acorn Outdoor,\n\nOpen this link to finish/);
	expect(letter).toMatch(/nobody can finish this registration\.\n\nYour team\n&lt;script&gt;/);
	expect(letter).not.toContain("Guten Tag");
	expect(letter).not.toContain(SCRIPT);
});

test("a name and texts with markup are words on every page that shows them", async () => {
	const opened = await open();
	const { operator, portal, save, clock } = opened;
	const shop = { id: "shop", url: "https://shop.example.com", locale: "en", timeZone: "UTC" };
	await operator.open(`${portal}/admin/settings/general/brands/add`);
	await operator.submit("/admin/settings/general/brands/add", { ...shop, name: `"'>${SCRIPT}` });
	await opened.upload(png(40, 12), "shop");
	const markup = `</p>${SCRIPT}<img src=x onerror=alert(1)>`;
	await save("texts", { "en-logIn": markup, "en-opening": markup, "en-signature": markup }, "shop");
	const texts = operator.seen.html;
	clock.advance(5000);
	const { body: logIn } = await requestAt(portal, "/login", { host: "shop.example.com" });
	const { html: list } = await operator.open(`${portal}/admin/settings/general/brands`);
	const { html: brand } = await operator.open(`${portal}${BRAND}/shop`);

	expect(logIn).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
	for (const [where, html] of Object.entries({ logIn, texts, list, brand })) {
		expect([where, html.includes(SCRIPT)]).toEqual([where, false]);
		expect([where, html.includes("<img src=x")]).toEqual([where, false]);
	}
});

test("another node shows a change after five seconds, at the first listener and at the others", async () => {
	const { save, clock, storage, harbor } = await open();
	const other = await startHelpdesk(await helpdeskOptions({ storage, clock }));
	onTestFinished(() => other.close());
	const pages = async () =>
		Promise.all(
			other.listening.map(async (site) => {
				const { html } = await new HttpVisitor().open(`${site}/login`);
				return /\/assets\/brand\/(\w+)\.css/.exec(html)?.[1];
			}),
		);
	await save("colour", { colour: "#0a7d4f" });
	await save("colour", { colour: "#7d0a4f" }, "harbor");
	expect((await new HttpVisitor().open(`${harbor}/login`)).html).toContain("7d0a4f.css");

	expect(await pages()).toEqual([undefined, undefined]);
	clock.advance(5000);
	expect(await pages()).toEqual(["0a7d4f", "7d0a4f"]);
});

test("a stored look that cannot be read stays: the brand looks plain, and a change is refused", async () => {
	const { save, storage, clock, logIn, log, operator, portal } = await open();
	const key = ["brands", "look", "acorn"];
	const value = { colour: "a gradient of a later version" };
	await storage.commit({ sets: [{ key, value }] });
	clock.advance(5000);

	expect(await logIn()).not.toContain("/assets/brand/");
	expect((await operator.open(`${portal}${BRAND}/acorn`)).html).toContain("cannot be read");
	expect((await save("colour", { colour: "#0a7d4f" })).status).toBe(400);
	expect((await storage.get(key))?.value).toEqual(value);
	expect(log.join("")).toContain("the stored look of the brand acorn cannot be read");
});

test("what a later version added to a look stays when this one changes it", async () => {
	const { save, storage } = await open();
	const key = ["brands", "look", "acorn"];
	const french = { language: "fr", logIn: "Bonjour", opening: "", signature: "" };
	await storage.commit({ sets: [{ key, value: { later: 1, texts: [french] } }] });

	await save("colour", { colour: "#0a7d4f" });
	await save("texts", { "en-logIn": "Hello" });

	expect((await storage.get(key))?.value).toMatchObject({
		...{ later: 1, colour: "#0a7d4f" },
		texts: [french, { language: "en", logIn: "Hello" }],
	});
});
