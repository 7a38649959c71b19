// A visitor chooses the language of the pages, and the browser remembers it.
import { expect, test } from "vitest";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { CountingStorage } from "../../../kit/storage/counting-storage.ts";

const GERMAN = { headers: { "accept-language": "de-AT" } };

test("a choice counts on each page, leads back to the page, and comes before what the browser asks for", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { portal } = open;
	const visitor = new HttpVisitor();
	const page = `${portal}/login?returnTo=%2Faccount`;
	expect((await visitor.open(page)).html).toContain('<html lang="en">');

	const chosen = await visitor.submit("/language", { language: "de" });

	expect([chosen.status, chosen.url]).toEqual([200, page]);
	expect(chosen.html).toContain('<html lang="de">');
	expect(chosen.html).toContain("Mit X anmelden");
	expect(chosen.html).toContain('<option value="de" lang="de" selected>Deutsch</option>');
	const english = { headers: { "accept-language": "en-GB" } };
	for (const path of ["/register", "/nowhere", "/account/nowhere"]) {
		expect([path, (await visitor.open(`${portal}${path}`, english)).html]).toEqual([
			path,
			expect.stringContaining('<html lang="de">'),
		]);
	}
});

test("what the browser asks for names the region of the chosen language", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/`, GERMAN);
	await visitor.submit("/language", { language: "de" });

	expect((await visitor.open(`${portal}/`, GERMAN)).html).toContain('<html lang="de-AT">');
	expect((await visitor.open(`${portal}/`)).html).toContain('<html lang="de">');
});

test.each([["tlh"], [""], ["constructor"], ['de"><script>']])(
	"a language %j that no page has changes nothing",
	async (language) => {
		const { portal } = await openHelpdesk();
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/`, GERMAN);

		await visitor.submit("/language", { language });

		expect((await visitor.open(`${portal}/`, GERMAN)).html).toContain('<html lang="de-AT">');
		expect([...visitor.cookies.keys()].filter((name) => name.includes("language"))).toEqual([]);
	},
);

test("a choice needs the proof of the page, and leads to no other site", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/`);
	expect((await visitor.post(`${portal}/language`, [["language", "de"]])).status).toBe(403);

	await visitor.open(`${portal}/`);
	const { url } = await visitor.submit("/language", {
		language: "de",
		return_to: "https://evil.example/",
	});
	expect(url).toBe(`${portal}/`);
});

test("pages of a brand are in the chosen language at no further operation of the storage", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const { portal } = await openHelpdesk({ clock, storage });
	const countOf = async (act: () => Promise<unknown>): Promise<number> => {
		storage.costsSoFar();
		await act();
		return storage.costsSoFar().operations;
	};
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const plain = await countOf(() => visitor.open(`${portal}/login`));

	const choosing = await countOf(() => visitor.submit("/language", { language: "de" }));
	expect(choosing).toBeLessThanOrEqual(2 * plain);
	expect(await countOf(() => visitor.open(`${portal}/login`))).toBe(plain);
});

test("a handle keeps its direction on a page that is written from right to left", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	const persian = { headers: { "accept-language": "fa" } };
	await visitor.open(`${open.portal}/login`, persian);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));

	const { html } = await visitor.open(`${open.portal}/account`, persian);
	expect(html).toContain('<html lang="fa" dir="rtl">');
	expect(html).toMatch(/<span class="handle" dir="ltr">(?:.|\n)* @ada<\/span>/);
});

test("Persian is written from right to left, and other languages are not", async () => {
	const { portal } = await openHelpdesk();
	const pageIn = async (tag: string) =>
		(await new HttpVisitor().open(`${portal}/login`, { headers: { "accept-language": tag } })).html;

	expect(await pageIn("fa-IR")).toContain('<html lang="fa-IR" dir="rtl">');
	expect(await pageIn("fr")).toContain('<html lang="fr">');
});
