// What the set-up check says about OAuth 2.0: what it can ask X, what only a log-in shows, and whether the other protocol
// is in use.
import { expect, test } from "vitest";
import de from "../../locales/de.json" with { type: "json" };
import en from "../../locales/en.json" with { type: "json" };
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { keysFor, openHouse } from "../kit/plugin/open-house.ts";

type House = Awaited<ReturnType<typeof openHouse>>;

async function checks({ host }: House) {
	const report = await host.plugin.checkSetup("brand");
	for (const { message, values } of report.checks) {
		for (const texts of [en, de] as Readonly<Record<string, string>>[]) {
			expect(Object.keys(texts)).toContain(message);
			const placeholders = [...(texts[message] ?? "").matchAll(/\{(\w+)\}/g)].map(
				([, name]) => name,
			);
			expect(Object.keys(values)).toEqual(expect.arrayContaining(placeholders));
		}
	}
	return report.checks;
}

async function check(house: House, id: string) {
	return (await checks(house)).find((each) => each.id === id);
}

test("the check under OAuth 2.0 makes one call, involves no visitor, stores nothing and says what it cannot know", async () => {
	const house = await openHouse({ protocol: "oauth2" });

	expect(await checks(house)).toMatchObject([
		{ id: "address", state: "ok" },
		{ id: "connection-oauth2", state: "ok", message: "check.oauth2.ok" },
		{ id: "return", state: "unknown", message: "check.return.unknown" },
		{ id: "profile", state: "unknown" },
	]);
	expect(house.fakeX.stats()).toMatchObject({ calls: { oauth2_token: 1 }, total: 1 });
	expect((await house.host.storage.list([])).entries).toEqual([]);
});

test("where both protocols are chosen, each is checked by a call of its own, and the clock once", async () => {
	const house = await openHouse({ protocol: "oauth2-else-oauth1" });

	expect((await checks(house)).map(({ id, state }) => `${id} ${state}`)).toEqual([
		"address ok",
		"connection-oauth2 ok",
		"return unknown",
		"connection ok",
		"clock ok",
		"profile unknown",
	]);
	expect(house.fakeX.stats()).toMatchObject({ calls: { oauth2_token: 1, request_token: 1 } });

	house.fakeX.answerNext({ call: "oauth2_token", fault: "130", times: "always" });
	expect(await check(house, "connection-oauth2")).toMatchObject({
		state: "failed",
		message: "x-problem.over-capacity",
	});
	expect(await check(house, "connection")).toMatchObject({ state: "ok" });
});

test("a wrong or missing Client Secret is found, and an app may be of a type that has none", async () => {
	const house = await openHouse({ protocol: "oauth2" });
	house.host.settings.save("brand", { clientSecret: "wrong" });
	expect(await check(house, "connection-oauth2")).toMatchObject({
		state: "failed",
		message: "x-problem.bad-client",
	});

	// The app is of a type that needs its secret.
	house.host.settings.save("brand", { clientSecret: null });
	expect(await check(house, "connection-oauth2")).toMatchObject({
		message: "x-problem.bad-client",
	});
	house.fakeX.answerNext({ call: "oauth2_token", fault: "invalid-code" });
	expect(await check(house, "connection-oauth2")).toMatchObject({
		state: "ok",
		message: "check.oauth2.ok-public",
	});
});

test.each([
	["oauth2", ["check.keys.missing-client"]],
	["oauth2-else-oauth1", ["check.keys.missing-client", "check.keys.missing"]],
	["oauth1", ["check.keys.missing"]],
] as const)("under %s without keys, the missing ones are named", async (protocol, messages) => {
	const house = await openHouse();
	const none = { apiKey: null, apiKeySecret: null };
	house.host.settings.save("brand", { ...none, protocol });
	const keys = (await checks(house)).filter(({ id }) => id === "keys");

	expect(keys.map(({ state, message }) => `${state} ${message}`)).toEqual(
		messages.map((message) => `failed ${message}`),
	);
	expect(house.fakeX.stats().total).toBe(0);
});

test("keys for one protocol of two are not enough", async () => {
	const house = await openHouse();
	house.host.settings.save("brand", { protocol: "oauth2-else-oauth1" });
	expect((await checks(house)).map(({ id, state }) => `${id} ${state}`)).toEqual([
		"address ok",
		"keys failed",
		"connection ok",
		"clock ok",
		"profile unknown",
	]);
});

test("log-ins that began and did not come back make a wrong Client ID or callback URL likely, until X takes a code", async () => {
	const house = await openHouse({ protocol: "oauth2" });
	const { host } = house;
	await goToX(host.newBrowser());
	await goToX(host.newBrowser());
	expect(await check(house, "return")).toMatchObject({ state: "unknown" });
	const third = host.newBrowser();
	const page = await goToX(third);
	expect(await check(house, "return")).toEqual({
		id: "return",
		state: "likely",
		message: "check.return.likely",
		values: { count: "3", callbackUrl: host.brands[0]?.callbackUrl },
	});

	// Anybody can make up a denial or a code, so only a code that X takes counts.
	await third.openCallback(await cancelAtX(page));
	const fourth = host.newBrowser();
	const back = new URL(await approveAtX(await goToX(fourth)));
	back.searchParams.set("code", "made-up");
	await fourth.openCallback(back.href);
	expect(await check(house, "return")).toMatchObject({ state: "likely" });
	// It counts even if the profile fails after that, and the check says so.
	house.fakeX.answerNext({ call: "users_me", fault: "credits-depleted", times: 2 });
	await throughX(host.newBrowser());
	expect(await check(house, "return")).toMatchObject({ state: "ok", message: "check.return.ok" });
	expect(await check(house, "profile-oauth2")).toMatchObject({
		state: "likely",
		message: "x-problem.no-credits",
	});
	await throughX(host.newBrowser());
	expect(await check(house, "profile-oauth2")).toBeUndefined();
	host.clock.advance(25 * 60 * 60_000);
	expect(await check(house, "return")).toMatchObject({ state: "ok" });
	for (const browser of [host.newBrowser(), host.newBrowser(), host.newBrowser()]) {
		await goToX(browser);
	}
	expect(await check(house, "return")).toMatchObject({ state: "likely" });
	await throughX(host.newBrowser());
	expect(await check(house, "return")).toMatchObject({ state: "ok" });
});

test("an unknown Client ID is found by the test, and by log-ins that end on X's own page", async () => {
	const house = await openHouse({ protocol: "oauth2" });
	house.host.settings.save("brand", { clientId: "of-nobody" });
	for (const browser of [
		house.host.newBrowser(),
		house.host.newBrowser(),
		house.host.newBrowser(),
	]) {
		await expect(approveAtX(await goToX(browser))).rejects.toThrow("no page to act on");
	}
	const messages = (await checks(house)).map(({ message }) => message);
	expect(messages).toContain("x-problem.unknown-client");
	expect(messages).toContain("check.return.likely");
});

test("what is known of one Client ID says nothing about another", async () => {
	const house = await openHouse({ protocol: "oauth2" });
	await throughX(house.host.newBrowser());
	expect(await check(house, "return")).toMatchObject({ state: "ok" });
	house.host.settings.save("brand", { clientId: "another" });
	expect(await check(house, "return")).toMatchObject({ state: "unknown" });
});

test.each([
	["130", "over-capacity", "likely"],
	["credits-depleted", "no-credits", "failed"],
] as const)(
	"after X's fault %s, the check says since when and why log-ins begin under OAuth 1.0a, and what happens next",
	async (fault, problem, state) => {
		const house = await openHouse({ protocol: "oauth2-else-oauth1" });
		const { host, fakeX } = house;
		expect(await check(house, "fallback")).toBeUndefined();
		const since = host.clock.now();
		fakeX.answerNext({ call: "users_me", fault, times: "always" });
		const browser = host.newBrowser();
		await browser.openCallback(await approveAtX(await goToX(browser)));

		const minute = (at: number) =>
			`${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
		expect(await check(house, "fallback")).toEqual({
			id: "fallback",
			state,
			message: "check.fallback",
			values: { since: minute(since), next: minute(since + 60_000) },
		});
		expect(await check(house, "fallback-cause")).toMatchObject({
			state,
			message: `x-problem.${problem}`,
		});

		// Without the other protocol there is no way around.
		host.settings.save("brand", keysFor("oauth2"));
		expect(await check(house, "fallback")).toBeUndefined();
		host.settings.save("brand", keysFor("oauth2-else-oauth1"));
		fakeX.clearScenarios();
		host.clock.advance(60_000);
		await throughX(host.newBrowser());
		expect(await check(house, "fallback")).toBeUndefined();
	},
);

test("both protocols are asked at once, so that a silent X costs the time of one call", async () => {
	const house = await openHouse({ protocol: "oauth2-else-oauth1" });
	for (const call of ["request_token", "oauth2_token"] as const) {
		house.fakeX.answerNext({ call, fault: "hang", times: "always" });
	}
	const checking = checks(house);
	const calls = () => house.fakeX.stats().calls;
	await expect.poll(calls, { timeout: 4_000 }).toMatchObject({ oauth2_token: 1, request_token: 1 });
	const found = (await checking).filter(({ id }) => id.startsWith("connection"));
	expect(found.map(({ message }) => message)).toEqual(["x-problem.timeout", "x-problem.timeout"]);
});
