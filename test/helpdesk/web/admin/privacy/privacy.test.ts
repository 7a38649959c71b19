import { Window } from "happy-dom";
import { expect, test } from "vitest";
import { loadPlugin } from "../../../../../src/artifact/load/load-plugin.ts";
import { readPlugin } from "../../../../../src/artifact/load/read-plugin.ts";
import { packArchive } from "../../../../../src/artifact/zip/pack-archive.ts";
import { builtPlugin } from "../../../../kit/artifact/built-plugin.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../../../kit/artifact/tiny-plugin.ts";
import { openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const PRIVACY = `${INTEGRATIONS}/x-login/privacy`;

function documentOf(html: string) {
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

test("the page has the whole text in each language of the plugin, for one brand, with a button to copy it", async () => {
	const { portal, operator } = await openHelpdesk();
	const plugin = await builtPlugin();

	const document = documentOf((await operator.open(`${portal}${PRIVACY}?brand=harbor`)).html);

	const all = [...document.querySelectorAll("textarea")];
	const areas = all.filter(({ id }) => id.startsWith("text-"));
	expect(areas.map((area) => area.getAttribute("lang")).sort()).toEqual(
		[...plugin.locales.keys()].sort(),
	);
	const copied = [...document.querySelectorAll("button[data-copy]")].map((button) =>
		button.getAttribute("data-copy"),
	);
	expect(copied).toEqual(all.map(({ value }) => value));
	for (const area of areas) {
		expect(area.hasAttribute("readonly")).toBe(true);
		expect(area.value).toContain("Harbor Music");
		expect(area.value).toMatch(/90|۹۰/);
		expect(area.value).not.toMatch(/[{}]/);
		expect(area.value.split(/\s+/).length).toBeGreaterThan(100);
		expect(document.querySelector(`#${area.getAttribute("aria-labelledby")}`)?.textContent).toMatch(
			/^[A-Z]/,
		);
	}
});

test("both lists begin with the languages of the brand and of the operator, which alone are open, and then follow the names", async () => {
	const { portal, operator } = await openHelpdesk();
	const headers = { "accept-language": "de" };
	const document = documentOf((await operator.open(`${portal}${PRIVACY}`, { headers })).html);

	const lists = ["text-", "helpdesks-"].map((kind) =>
		[...document.querySelectorAll("details")].filter(
			(each) => each.querySelector("textarea")?.id.startsWith(kind) === true,
		),
	);
	for (const list of lists) {
		const names = list.map((each) => each.querySelector("summary")?.textContent ?? "");
		expect(names.slice(0, 2)).toEqual(["Englisch", "Deutsch"]);
		expect(names.slice(2)).toEqual(names.slice(2).sort(new Intl.Collator("de").compare));
		expect(list.map(({ open }) => open)).toEqual(names.map((_, index) => index < 2));
	}
});

test("the page and the portal say which data goes to connected helpdesks, in each language", async () => {
	const { portal, operator } = await openHelpdesk();
	const document = documentOf((await operator.open(`${portal}${PRIVACY}`)).html);
	for (const tag of ["en", "de", "fa", "pt-BR"]) {
		const text = document.querySelector(`#helpdesks-${tag}`)?.textContent ?? "";
		expect(text.length).toBeGreaterThan(100);
		const page = await operator.open(`${portal}/privacy`, { headers: { "accept-language": tag } });
		expect(documentOf(page.html).body.textContent).toContain(text);
	}
});

test("the integrations and the settings of a brand link to the text, active or not", async () => {
	const open = await openHelpdesk();
	const { portal, operator } = open;
	expect((await operator.open(`${portal}${INTEGRATIONS}`)).html).toContain(`href="${PRIVACY}"`);
	expect((await operator.open(`${portal}${PRIVACY}`)).html).toContain("Acorn Outdoor");
	expect((await operator.open(`${portal}${PRIVACY}?brand=%3Cb%3E`)).status).toBe(404);

	await setUpX(open);

	await operator.open(`${portal}${INTEGRATIONS}/x-login?brand=harbor`);
	expect(operator.seen.html).toContain(`href="${PRIVACY}?brand=harbor"`);
});

test("the text is for operators", async () => {
	const { portal } = await openHelpdesk();

	const answer = await fetch(`${portal}${PRIVACY}`, { redirect: "manual" });

	expect(answer.status).toBe(303);
	expect(answer.headers.get("location")).toMatch(/^\/admin\/login\?returnTo=/);
});

test("a plugin without the text has no such page, and a plugin whose text is in no locale is refused", async () => {
	const plugin = await loadPlugin(packArchive(tinyPlugin()));
	const { portal, operator } = await openHelpdesk({ plugin });
	await operator.open(`${portal}${INTEGRATIONS}`);
	expect(operator.seen.html).not.toContain("Privacy text");
	expect((await operator.open(`${portal}${INTEGRATIONS}/tiny/privacy`)).status).toBe(404);

	const texts = { ...TINY_MANIFEST.texts, privacyPolicy: "nowhere" };
	const files = tinyPlugin({ "plugin.json": JSON.stringify({ ...TINY_MANIFEST, texts }) });
	expect(() => readPlugin(files, "20.18.1")).toThrow(/invalid-locale|nowhere/);
});

test("markup in a plugin's text is shown as text", async () => {
	const texts = { ...TINY_MANIFEST.texts, privacyPolicy: "policy" };
	const policy = "</textarea><script>alert(1)</script> {brand}";
	const locale = JSON.parse(Buffer.from(tinyPlugin().get("locales/en.json") ?? "").toString());
	const plugin = await loadPlugin(
		packArchive(
			tinyPlugin({
				"plugin.json": JSON.stringify({ ...TINY_MANIFEST, texts }),
				"locales/en.json": JSON.stringify({ ...locale, policy }),
			}),
		),
	);
	const { portal, operator } = await openHelpdesk({ plugin });

	const { html } = await operator.open(`${portal}${INTEGRATIONS}/tiny/privacy`);

	expect(html).not.toContain("<script>");
	expect(documentOf(html).querySelector("textarea")?.value).toBe(
		"</textarea><script>alert(1)</script> Acorn Outdoor",
	);
});
