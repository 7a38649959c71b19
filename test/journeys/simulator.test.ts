import fc from "fast-check";
import { Window } from "happy-dom";
import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import type { SimulatedStep, Simulation } from "../../src/contract/simulation.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

const ADDRESS = "ada@example.com";

async function simulate(
	host: MockHost,
	answers: Readonly<Record<string, string>>,
	visitorLocale = "en",
): Promise<Simulation> {
	const made = { brandId: "brand", locale: "en", visitorLocale, answers };
	const simulation = await host.plugin.simulate(made);
	if (simulation === undefined) {
		throw new Error("there is no such brand");
	}
	return simulation;
}

/** The texts of a page, with placeholders for addresses, handles and trace codes. */
function words(markup: string): string[] {
	const { document } = new Window();
	document.body.innerHTML = markup;
	const texts = [...document.querySelectorAll("h1, p, label, button, summary, a")];
	return texts.map(({ textContent }) =>
		(textContent ?? "")
			.replace(/[\w.]+@example\.com/g, "ADDRESS")
			.replace(/@\w+/g, "@HANDLE")
			.replace(/[0-9A-Z]{4}-[0-9A-Z]{4}/, "TRACE"),
	);
}

function ofReal(response: LoginResponse): unknown {
	return "page" in response
		? [response.page.title, response.page.status, words(response.page.html)]
		: response.kind;
}

function ofSimulated(step: SimulatedStep | undefined): unknown {
	return step?.kind === "page"
		? [step.page.title, step.page.status, words(step.page.html)]
		: step?.sentence;
}

interface Case {
	readonly name: string;
	readonly answers: Readonly<Record<string, string>>;
	readonly accountId?: string;
	readonly prepare?: (host: MockHost) => void;
	/** The visitor's action on each page but the last, from the log-in on. */
	readonly steps?: readonly ((browser: MockBrowser, host: MockHost) => Promise<LoginResponse>)[];
}

const user = (change: object) => (host: MockHost) => {
	host.users.add({ brandId: "brand", email: ADDRESS, ...change });
};
const giveAddress = (browser: MockBrowser) => browser.submit("email", { email: "new@example.com" });
const askForCode = (browser: MockBrowser) => browser.submit("send-code");
const giveCode = (browser: MockBrowser, host: MockHost) =>
	browser.submit("code", { code: host.mail.codeFor(ADDRESS) });

const CASES: readonly Case[] = [
	{
		name: "no e-mail",
		answers: { email: "missing" },
		accountId: NO_EMAIL.id,
		steps: [giveAddress],
	},
	{
		name: "the address of a user",
		answers: { email: "of-confirmed-user" },
		prepare: user({}),
		steps: [askForCode, giveCode],
	},
	{
		name: "the address of a user, trusted",
		answers: { email: "of-confirmed-user", linking: "trust-confirmed" },
		prepare: (host) => {
			user({})(host);
			host.settings.save("brand", { linking: "trust-confirmed" });
		},
	},
	{
		name: "the address of a person who wrote a ticket",
		answers: { email: "of-unclaimed-user" },
		prepare: user({ confirmed: false, unclaimed: true }),
		steps: [askForCode, giveCode],
	},
	{
		name: "a suspended user",
		answers: { email: "of-suspended-user" },
		prepare: user({ status: "suspended" }),
	},
	{ name: "staff", answers: { email: "of-staff" }, prepare: user({ role: "staff" }) },
	{
		name: "link-only",
		answers: { mode: "link-only" },
		prepare: (host) => host.settings.save("brand", { mode: "link-only" }),
	},
	{
		name: "a domain that may not sign up",
		answers: { domainAllowed: "false" },
		prepare: (host) => host.settings.save("brand", { blockedDomains: "example.com" }),
	},
];

test.each(CASES)("the simulator shows what a log-in shows: $name", async (each) => {
	const { host } = await openHouse();
	each.prepare?.(host);
	const browser = host.newBrowser();

	const real = [await throughX(browser, each.accountId ? { accountId: each.accountId } : {})];
	for (const step of each.steps ?? []) {
		real.push(await step(browser, host));
	}

	const { steps } = await simulate(host, each.answers);
	expect(steps.slice(0, real.length).map(ofSimulated)).toEqual(real.map(ofReal));
});

test("the simulator shows what a log-in shows: registration closed, as at the brand", async () => {
	const { host } = await openHouse({ brands: [mockBrand("brand", { registrationOpen: false })] });

	const real = await throughX(host.newBrowser());

	const { steps, questions } = await simulate(host, {});
	expect(ofSimulated(steps[0])).toEqual(ofReal(real));
	const registration = questions.find(({ name }) => name === "registrationOpen");
	expect(registration).toMatchObject({ chosen: "", matters: true });
	expect(registration?.options[0]?.label).toBe("Current setting: Closed");
	const open = await simulate(host, { registrationOpen: "true" });
	expect(open.steps[0]).toMatchObject({
		kind: "outcome",
		sentence: expect.stringContaining("created"),
	});
});

test("the simulator shows what a log-in shows: an X account that is linked to another user", async () => {
	const { host } = await openHouse();
	await throughX(host.newBrowser());
	host.users.add({ brandId: "brand", email: "other@example.com", password: "secret" });
	const other = host.newBrowser();
	other.logIn("other@example.com", "secret");

	const real = await throughX(other, { page: "account", returnPath: "/account" });

	const { steps } = await simulate(host, { visitor: "linking", linked: "active-user" });
	expect(ofSimulated(steps[0])).toEqual(ofReal(real));
});

test("a German visitor's pages are German, and the administrator's texts are English", async () => {
	const { host } = await openHouse();

	const { steps, questions } = await simulate(host, { email: "missing" }, "de-AT");

	expect(steps[0]).toMatchObject({ page: { title: "Wie lautet Ihre E-Mail-Adresse?" } });
	expect(steps[2]).toMatchObject({ sentence: expect.stringContaining("An account is created") });
	expect(questions[0]?.label).toBe("Who presses the button");
});

test("in Persian the facts of a rule stand between Persian marks, and a handle keeps its sign at the left", async () => {
	const { host } = await openHouse();
	const made = { brandId: "brand", locale: "fa", visitorLocale: "fa" };
	const answers = { email: "of-confirmed-user", linking: "prove" };
	const simulation = await host.plugin.simulate({ ...made, answers });
	const reasons =
		simulation?.steps.flatMap(({ decision }) => decision?.reason ?? []).join("") ?? "";
	const pages = simulation?.steps
		.map((step) => (step.kind === "page" ? step.page.html : ""))
		.join("");

	expect(reasons).toContain("؛ ");
	expect(reasons).not.toContain(";");
	expect(pages).toContain('<bdi dir="ltr"><strong>@jane_doe</strong></bdi> <span class="arrow">');
});

test("whatever the answers, no text is missing, no page leads anywhere and no id occurs twice", async () => {
	const { host } = await openHouse();
	const { questions } = await simulate(host, {});
	const answers = fc.record(
		Object.fromEntries(
			questions.map(({ name, options }) => [
				name,
				fc.constantFrom(...options.map(({ value }) => value)),
			]),
		),
	);

	await fc.assert(
		fc.asyncProperty(answers, fc.constantFrom("en", "de"), async (given, locale) => {
			const made = { brandId: "brand", locale, visitorLocale: locale, answers: given };
			const simulation = await host.plugin.simulate(made);
			const all = JSON.stringify(simulation);
			expect(all).not.toMatch(/simulate\.|settings\.|\{\w+\}/);
			expect(all).not.toMatch(/(action|href)=\\"(?!#\\")/);
			const ids = [...all.matchAll(/ id=\\"([^"\\]+)/g)].map(([, id]) => id);
			expect(ids).toEqual([...new Set(ids)]);
			for (const { name, chosen, options } of simulation?.questions ?? []) {
				expect(chosen).toBe(given[name]);
				expect(options.map(({ value }) => value)).toContain(chosen);
			}
		}),
		{ numRuns: 300 },
	);
});

test("a question without an answer, or with a wrong one, gets its first option", async () => {
	const { host } = await openHouse();
	const plain = await simulate(host, {});
	const first = plain.questions.map(({ name, options }) => [name, options[0]?.value ?? ""]);

	expect(await simulate(host, Object.fromEntries(first))).toEqual(plain);
	for (const nonsense of ["__proto__", "constructor", "x".repeat(100_000), "<script>"]) {
		const answers = Object.fromEntries(plain.questions.map(({ name }) => [name, nonsense]));
		expect(await simulate(host, { ...answers, [nonsense]: "1" })).toEqual(plain);
	}
});

test("a question matters if another answer changes the result", async () => {
	const { host } = await openHouse();
	const matters = async (answers: Readonly<Record<string, string>>) =>
		(await simulate(host, answers)).questions
			.filter((each) => each.matters)
			.map(({ name }) => name);

	expect(await matters({ linked: "active-user" })).toEqual(["visitor", "linked"]);
	expect(await matters({ email: "missing" })).toContain("typedEmail");
	expect(await matters({})).not.toContain("typedEmail");
});

test("an X account of the logged-in user is called impossible if nobody is logged in", async () => {
	const { host } = await openHouse();

	expect((await simulate(host, { linked: "visitor" })).impossible).toContain("cannot happen");
	expect((await simulate(host, { linked: "visitor", visitor: "linking" })).impossible).toBe(
		undefined,
	);
});

test("a simulation stores nothing, sends nothing, emits no event and never calls X", async () => {
	const { host, fakeX } = await openHouse();
	const before = await host.storage.list([]);

	await simulate(host, { email: "missing", typedEmail: "of-confirmed-user" });
	await simulate(host, { mode: "link-only" });

	expect(await host.storage.list([])).toEqual(before);
	expect(host.mail.sent).toEqual([]);
	expect(host.events).toEqual([]);
	expect(host.users.all()).toEqual([]);
	expect(fakeX.stats().total).toBe(0);
	const unknown = { brandId: "nobody", locale: "en", visitorLocale: "en", answers: {} };
	expect(await host.plugin.simulate(unknown)).toBe(undefined);
});
