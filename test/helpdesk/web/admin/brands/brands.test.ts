import { expect, test } from "vitest";
import { parseUrl } from "../../../../../src/contract/parse-url.ts";
import { RETIRE_BRAND } from "../../../../../src/helpdesk/add-ons/jobs/retire-brand.ts";
import { storedBrandsIn } from "../../../../../src/helpdesk/helpdesk.ts";
import { connectedHelpdesksOf } from "../../../../../src/helpdesk/namespaces.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { formsIn } from "../../../../../src/testing/forms-in.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { requestAt } from "../../../../kit/helpdesk/request-at.ts";

const BRANDS = "/admin/settings/general/brands";
const ADD = `${BRANDS}/add`;
const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com" };
const DETAILS = { locale: "de", timeZone: "Europe/Berlin" };

async function open() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const opened = await openHelpdesk({ clock, storage });
	const { operator, portal } = opened;
	const brands = storedBrandsIn({ storage, clock });
	const see = (path: string) => operator.open(`${portal}${path}`);
	const add = async (fields: Readonly<Record<string, string>> = {}) => {
		await see(ADD);
		return operator.submit(ADD, { ...SHOP, ...DETAILS, ...fields });
	};
	const titleAt = async (host: string): Promise<string | undefined> => {
		const { body, status } = await requestAt(portal, "/login", {
			...{ host, headers: { "accept-language": "en" } },
		});
		return /<title>(.*?)<\/title>/.exec(body)?.[1] ?? String(status);
	};
	return { ...opened, clock, storage, brands, see, add, titleAt };
}

function actionsOf({ operator }: Pick<OpenHelpdesk, "operator">): readonly string[] {
	return formsIn(operator.seen.html).map(({ action }) => action);
}

test("languages stand in the order of their names in the language of the reader", async () => {
	const { see, portal, operator } = await open();
	const namesAt = async (path: string, language: string) => {
		await operator.submit("/admin/language", { language });
		const { html } = await see(path);
		const [select = ""] =
			/<select id="(?:locale|language)" .*?<\/select>|<ul class="tabs">.*?<\/ul>/s.exec(html) ?? [];
		const shown = /<option[^>]*>([^<]+)<|<a href="[^"]*\?language=[^"]*"[^>]*>([^<]+)</g;
		return [...select.matchAll(shown)].map(([, option, tab]) => (option ?? tab ?? "").trim());
	};
	const X = "/admin/settings/general/integrations/x-login";
	await operator.open(`${portal}${ADD}`);
	for (const [language, first, last] of [
		["en", "Brazilian Portuguese", "Turkish"],
		["sv", "Brasiliansk portugisiska", "Tyska"],
		["cs", "Angličtina", "Turečtina"],
	] as const) {
		for (const path of [ADD, `${BRANDS}/brand/acorn/texts`, `${X}/simulator`]) {
			const names = await namesAt(path, language);
			expect([path, names[0], names.at(-1)]).toEqual([path, first, last]);
			expect(names).toEqual(names.toSorted(new Intl.Collator(language).compare));
		}
	}
});

test("the brands of the start are listed, and what the start sets is shown with the reason and no form", async () => {
	const opened = await open();

	expect((await opened.see(BRANDS)).html).toContain("Acorn Outdoor");
	const { html } = await opened.see(`${BRANDS}/brand/harbor`);

	expect(html).toContain("This is a sample brand");
	expect(html).toContain("--base-url harbor=URL");
	const actions = actionsOf(opened);
	expect(actions).toContain(`${BRANDS}/brand/harbor/colour`);
	for (const path of ["", "/address", "/retire"]) {
		expect(actions).not.toContain(`${BRANDS}/brand/harbor${path}`);
		const { status } = await opened.operator.post(`${opened.portal}${BRANDS}/brand/harbor${path}`, [
			["_csrf", /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ""],
			...Object.entries({ ...SHOP, ...DETAILS, sure: "harbor" }),
		]);
		expect([path, status]).toEqual([path, 404]);
	}
});

test("a brand that is added is served at once by its host name, and the page says what the proxy needs", async () => {
	const { add, titleAt, operator, helpdesk, see } = await open();
	expect(await titleAt("shop.example.com")).toBe("302");

	const { html, url } = await add();

	expect(url).toContain(`${BRANDS}/brand/shop`);
	expect(html).toContain(`proxy_pass ${helpdesk.listening[0]};`);
	expect(html).toContain("server_name shop.example.com;");
	expect(await titleAt("shop.example.com")).toBe("Log in · Shop");
	expect(helpdesk.brands.map(({ id }) => id)).toEqual(["acorn", "harbor", "shop"]);

	await operator.submit(`${BRANDS}/brand/shop`, { name: "Store", ...DETAILS, locale: "en" });
	expect(await titleAt("shop.example.com")).toBe("Log in · Store");
	expect((await see(BRANDS)).html).toContain("English, Europe/Berlin");
});

test.each([
	["id", { id: "Shop" }, "Enter 1 to 32 of a-z"],
	["id", { id: "acorn" }, "There is a brand with this id already"],
	["id", { id: "shop-device" }, "none of -, -device and -anyway"],
	["name", { name: " \u200B " }, "Enter a name"],
	["name", { name: "acorn outdoor" }, "cannot be told apart"],
	["url", { url: "http://shop.example.com" }, "not an address such as"],
	["url", { url: "https://shop.example.com/help" }, "Leave out the path"],
	["url", { url: "https://user:word@shop.example.com" }, "Leave out the user name"],
	["url", { url: "https://shop.example.com:25" }, "Browsers open no page"],
	["locale", { locale: "xx" }, "Choose one of the languages"],
	["locale", { locale: "x y" }, "Choose one of the languages"],
	["locale", { locale: "" }, "Choose one of the languages"],
	["timeZone", { timeZone: "Mars/Olympus" }, "Choose one of the time zones"],
])(
	"a brand is not added with a wrong %s, and the field says why: %j",
	async (field, typed, why) => {
		const { add, brands } = await open();

		const { status, html } = await add(typed);

		expect(status).toBe(400);
		expect(html).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
		const problem = new RegExp(`id="${field}-problem"[^>]*>([^<]*)<`).exec(html)?.[1];
		expect(problem).toContain(why);
		expect((await brands.all()).records.has("shop")).toBe(false);
	},
);

test("an address that the node could not serve is refused before it is stored, in a new brand and in a move", async () => {
	const { add, helpdesk, see, brands } = await open();
	const [, harbor = ""] = helpdesk.listening;

	expect((await add({ url: harbor })).html).toContain("has the same address");
	await add();
	const typed = encodeURIComponent(harbor);
	const { status } = await see(`${BRANDS}/brand/shop/address?url=${typed}`);
	expect(status).toBe(400);
	expect((await brands.all()).records.get("shop")?.url).toBe(SHOP.url);
});

test("another address is asked about first, with what it breaks, and a question changes nothing", async () => {
	const { add, operator, portal, see, storage, titleAt, brands } = await open();
	await add();
	const place = [...connectedHelpdesksOf("shop"), "helpdesk", "desk"];
	await storage.commit({ sets: [{ key: place, value: { name: "a desk of another version" } }] });
	const address = `${BRANDS}/brand/shop/address`;
	await see(address);

	const { html } = await see(`${address}?url=${encodeURIComponent("https://Store.example.com/")}`);

	expect(html).toContain("Move Shop to https://store.example.com?");
	expect(html).toContain("https://store.example.com/login/x-login/callback");
	expect(html).toContain("one whose record cannot be read: nobody can log in there");
	expect(html).toContain("Passkeys belong to a host name");
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	await operator.post(`${portal}${address}`, [
		["_csrf", csrf],
		["url", "https://store.example.com"],
	]);
	expect((await brands.all()).records.get("shop")?.url).toBe(SHOP.url);

	await operator.submit(address);
	expect(operator.seen.html).toContain("The address is changed");
	expect(await titleAt("store.example.com")).toBe("Log in · Shop");
	expect(await titleAt("shop.example.com")).toBe("302");
});

test("another port of the same host keeps passkeys and sessions, and the question does not say otherwise", async () => {
	const { add, see } = await open();
	await add();
	const { html } = await see(
		`${BRANDS}/brand/shop/address?url=${encodeURIComponent("https://shop.example.com:8443")}`,
	);
	expect(html).toContain("/login/x-login/callback");
	expect(html).not.toContain("Passkeys");
});

test("a brand is retired by the job, after its id was typed", async () => {
	const { add, operator, see, storage } = await open();
	await add();
	const retire = `${BRANDS}/brand/shop/retire`;
	const { html } = await see(retire);
	expect(html).toContain("Nobody has an account there.");
	expect(html).toMatch(/<button class="danger"[^>]*>Retire<\/button>/);
	const jobs = async () => {
		const { entries } = await storage.list(["jobs", "job"]);
		return entries.filter(({ value }) => JSON.stringify(value).includes(RETIRE_BRAND));
	};

	expect((await operator.submit(retire, { sure: "Shop" })).status).toBe(400);
	expect(operator.seen.html).toMatch(/id="sure"[^>]*aria-invalid="true"/);
	expect(await jobs()).toEqual([]);

	await operator.submit(retire, { sure: "shop" });
	expect(parseUrl(operator.seen.url)?.pathname).toMatch(/^\/admin\/jobs\//);
	expect(operator.seen.html).toContain("remove the brand");
	expect(await jobs()).toHaveLength(1);
});

test("a brand that is connected to a helpdesk is not retired, and no button says otherwise", async () => {
	const { add, operator, see, storage } = await open();
	await add();
	const retire = `${BRANDS}/brand/shop/retire`;
	await see(retire);
	const { html: before } = operator.seen;
	const place = [...connectedHelpdesksOf("shop"), "helpdesk", "desk"];
	await storage.commit({ sets: [{ key: place, value: { name: "desk" } }] });

	expect((await operator.submit(retire, { sure: "shop" })).status).toBe(400);
	expect(operator.seen.html).toContain("under");
	expect(formsIn(before).some(({ action }) => action === retire)).toBe(true);
	expect((await see(retire)).html).not.toContain('<button class="danger"');
});

test("a stored brand that is not served is listed with the reason, and can be moved", async () => {
	const { brands, clock, see, helpdesk } = await open();
	const [, harbor = ""] = helpdesk.listening;
	await brands.add({ ...SHOP, url: harbor });
	clock.advance(5000);

	expect((await see(BRANDS)).html).toContain("is not served, because Harbor Music (harbor) has");
	const { html } = await see(`${BRANDS}/brand/shop`);
	expect(html).toContain("Not served: The stored brand Shop (shop)");
	expect(html).toContain(`${BRANDS}/brand/shop/address`);
});
