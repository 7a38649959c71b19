import { expect, test } from "vitest";
import { storedBrandsIn } from "../../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { API_KEY_SECRET, openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";
import { freePorts } from "../../../kit/helpdesk/start-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const X = `${INTEGRATIONS}/x-login`;
const SOCIAL_LOGIN = "/admin/settings/users/social-login";
const REGISTRATION = "/admin/settings/users/registration";
const PAGES = [
	...["/admin", "/admin/users", "/admin/sign-ins", REGISTRATION, INTEGRATIONS, X],
	...[`${X}/links`, `${X}/simulator`, `${X}/privacy`, SOCIAL_LOGIN],
	...[`${SOCIAL_LOGIN}/x-login`, "/admin/settings/general/add-ons"],
];

/** A helpdesk with one configured brand and this many in storage, with the keys of X for all of them. */
async function open(stored: number) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const brands = storedBrandsIn({ storage, clock });
	const port = await freePorts();
	const help = { id: "help", name: "Help", url: `http://127.0.0.1:${port}`, locale: "en" };
	await brands.note([help]);
	for (let index = 1; index <= stored; index += 1) {
		clock.advance(1);
		const id = `b${index}`;
		await brands.add({ id, name: `Brand no. ${index}`, url: `https://${id}.example.com` });
	}
	const opened = await openHelpdesk({ storage, clock, port, configuredBrands: [help] });
	const { operator, portal } = opened;
	await operator.open(`${portal}${INTEGRATIONS}`);
	await operator.submit(`${X}/activate`);
	await operator.open(`${portal}${X}?brand=*`);
	await operator.submit(`${X}?brand=*`, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	return { ...opened, clock, brands };
}

test("with one brand, each page of the administration works, and none speaks of others", async () => {
	const { operator, portal } = await open(0);

	for (const path of PAGES) {
		const { status, html } = await operator.open(`${portal}${path}`);
		expect([path, status]).toEqual([path, 200]);
		expect(html).not.toMatch(/acorn|harbor|undefined/i);
	}
	const { html } = await operator.open(`${portal}${X}?brand=help`);
	expect(html).toContain(`${portal}/login/x-login/callback`);
	expect(html).not.toContain("One app can serve all brands");
});

test("with a hundred brands, most of them stored, each page works and lists all of them", async () => {
	const { operator, portal, log } = await open(99);

	for (const path of PAGES) {
		const { status } = await operator.open(`${portal}${path}`);
		expect([path, status]).toEqual([path, 200]);
	}
	await operator.open(`${portal}${SOCIAL_LOGIN}/x-login`);
	const names = [...operator.seen.html.matchAll(/role="switch" name="(\w+)"/g)].map(([, id]) => id);
	expect(names).toEqual(["help", ...Array.from({ length: 99 }, (_, index) => `b${index + 1}`)]);
	await operator.submit(
		`${SOCIAL_LOGIN}/x-login`,
		Object.fromEntries(names.map((id) => [id, "on"])),
	);
	await operator.open(`${portal}${SOCIAL_LOGIN}/x-login`);
	expect(operator.seen.html.match(/role="switch" name="\w+" checked/g)).toHaveLength(100);
	await operator.open(`${portal}${REGISTRATION}`);
	await operator.submit(REGISTRATION, { "b99-registration": "closed" });
	const { html } = await operator.open(`${portal}${X}?brand=b99`);
	expect(html).toContain("https://b99.example.com/login/x-login/callback");
	expect(html).toContain("enter these 99 callback URLs there as well.</summary>");
	expect(html).toContain("One app at X takes at most 10 callback URLs, and your brands have 100.");
	expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test("a form that was opened before a brand was added leaves that brand as it is", async () => {
	const { operator, portal, clock, brands } = await open(1);
	const manage = `${portal}${SOCIAL_LOGIN}/x-login`;
	await operator.open(manage);
	const before = operator.seen;
	await brands.add({ id: "late", name: "Late", url: "https://late.example.com" });
	clock.advance(5000);
	await operator.open(manage);
	await operator.submit(`${SOCIAL_LOGIN}/x-login`, { help: "on", late: "on", "late-anyway": "on" });
	const isOn = (id: string) => new RegExp(`name="${id}" checked`).test(operator.seen.html);
	await operator.open(manage);
	expect([isOn("help"), isOn("b1"), isOn("late")]).toEqual([true, false, true]);

	operator.seen = before;
	await operator.submit(`${SOCIAL_LOGIN}/x-login`, { b1: "on" });

	await operator.open(manage);
	expect([isOn("help"), isOn("b1"), isOn("late")]).toEqual([false, true, true]);
});
