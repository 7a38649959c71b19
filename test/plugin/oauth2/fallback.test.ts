import { describe, expect, test } from "vitest";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { FakeX } from "../../../src/testing/fake-x/fake-x.ts";
import { goToX, throughX } from "../../kit/plugin/at-x.ts";
import type { House } from "../../kit/plugin/attempts.ts";
import { markupOf } from "../../kit/plugin/code-forms.ts";
import { keysFor, openHouse } from "../../kit/plugin/open-house.ts";

const MINUTE = 60_000;
const BOTH = { protocol: "oauth2-else-oauth1" } as const;

const CREDITS = JSON.stringify({
	title: "CreditsDepleted",
	type: "https://api.twitter.com/2/problems/credits",
});
const UNAUTHORIZED = JSON.stringify({ title: "Unauthorized", type: "about:blank", status: 401 });

let networks = 0;

/** A network that no other visitor comes from. */
function anotherNetwork(): string {
	networks += 1;
	return `198.51.${Math.floor(networks / 250)}.${networks % 250}`;
}

/** Whether the next log-in begins under OAuth 2.0. */
async function beginsUnderOAuth2({ host }: House, network = anotherNetwork()): Promise<boolean> {
	const browser = host.newBrowser();
	browser.clientAddress = network;
	return new URL(await goToX(browser)).searchParams.has("state");
}

async function throughXFrom({ host }: House, network: string): Promise<LoginResponse> {
	const browser = host.newBrowser();
	browser.clientAddress = network;
	return throughX(browser);
}

function answerAlways(fakeX: FakeX, call: "oauth2_token" | "users_me", status: number, body = "") {
	fakeX.answerNext({ call, status, body, times: "always" });
}

/** X has failed a minute ago, and works again. */
async function dueForTrial(): Promise<House> {
	const house = await openHouse(BOTH);
	const { host, fakeX } = house;
	answerAlways(fakeX, "users_me", 503);
	await throughX(host.newBrowser());
	fakeX.clearScenarios();
	host.clock.advance(MINUTE);
	return house;
}

describe("OAuth 2.0, else 1.0a", () => {
	test.each([
		["a token call that X is too busy for", "oauth2_token", 503, ""],
		["a profile that X is too busy for", "users_me", 503, ""],
		["credits that are spent", "users_me", 402, CREDITS],
	] as const)(
		"%s: the visitor gets one button to OAuth 1.0a, and so does everybody after",
		async (_, call, status, body) => {
			const house = await openHouse(BOTH);
			const { host, fakeX } = house;
			answerAlways(fakeX, call, status, body);
			const browser = host.newBrowser();
			const refused = await throughX(browser);
			expect(refused).toMatchObject({ kind: "refused" });
			expect(markupOf(refused).match(/<form/g)).toHaveLength(1);
			expect(markupOf(refused)).toContain('name="way" value="other"');

			expect(await beginsUnderOAuth2(house)).toBe(false);
			const again = await browser.submitForm({}, { way: "other" });
			const { location } = again as Extract<LoginResponse, { kind: "redirect" }>;
			expect(new URL(location).pathname).toBe("/oauth/authenticate");
			expect(await browser.openCallback(await approveAtX(location))).toMatchObject({
				kind: "signed-up",
			});
			const { name, fields } = host.events.find((each) => each.name === "x.oauth1-instead") ?? {};
			expect([name, fields?.["problem"]]).toEqual([
				"x.oauth1-instead",
				call === "users_me" && status === 402 ? "no-credits" : "over-capacity",
			]);
		},
	);

	test("a time-out of the token call opens it", async () => {
		const house = await openHouse(BOTH);
		house.fakeX.answerNext({ call: "oauth2_token", fault: "hang", times: "always" });
		expect(await throughX(house.host.newBrowser())).toMatchObject({ code: "x-other-protocol" });
		expect(await beginsUnderOAuth2(house)).toBe(false);
	});

	test("fresh tokens that X refuses open it when three networks have met them, and not before", async () => {
		const house = await openHouse(BOTH);
		answerAlways(house.fakeX, "users_me", 401, UNAUTHORIZED);
		for (let again = 0; again < 5; again += 1) {
			const refused = await throughXFrom(house, "192.0.2.1");
			expect(markupOf(refused)).toContain('name="way" value="other"');
		}
		await throughXFrom(house, "192.0.2.2");
		expect(await beginsUnderOAuth2(house)).toBe(true);
		await throughXFrom(house, "192.0.2.3");
		expect(await beginsUnderOAuth2(house)).toBe(false);
	});

	test("a log-in that succeeds between them starts the count again", async () => {
		const house = await openHouse(BOTH);
		const refuse = () =>
			house.fakeX.answerNext({ call: "users_me", status: 401, body: UNAUTHORIZED, times: 2 });
		for (const network of ["192.0.2.1", "192.0.2.2"]) {
			refuse();
			await throughXFrom(house, network);
		}
		expect(await throughXFrom(house, "192.0.2.9")).toMatchObject({ kind: "signed-up" });
		refuse();
		await throughXFrom(house, "192.0.2.3");
		expect(await beginsUnderOAuth2(house)).toBe(true);
	});

	test.each([
		["a code that was made up", (url: URL) => url.searchParams.set("code", "made-up")],
		["a denial", (url: URL) => asDenied(url, "access_denied")],
		["an error that was made up", (url: URL) => asDenied(url, "server_error")],
	])("a visitor cannot open it by %s", async (_, change) => {
		const house = await openHouse(BOTH);
		for (let network = 1; network <= 5; network += 1) {
			const browser = house.host.newBrowser();
			browser.clientAddress = `192.0.2.${network}`;
			const back = new URL(await approveAtX(await goToX(browser)));
			change(back);
			const ended = await browser.openCallback(back.href);
			expect(markupOf(ended)).not.toContain('name="way"');
		}
		expect(await beginsUnderOAuth2(house)).toBe(true);
	});

	test("a Client Secret that is wrong does not open it, because the administrator has to act", async () => {
		const house = await openHouse(BOTH);
		answerAlways(house.fakeX, "oauth2_token", 401, '{"error":"unauthorized_client"}');
		expect(await throughX(house.host.newBrowser())).toMatchObject({ code: "x-misconfigured" });
		expect(await beginsUnderOAuth2(house)).toBe(true);
	});

	test("one log-in of all nodes tries OAuth 2.0 again after a minute, then after pauses that double, and closes it", async () => {
		const house = await openHouse(BOTH);
		const { host, fakeX } = house;
		answerAlways(fakeX, "users_me", 503);
		await throughXFrom(house, anotherNetwork());
		host.clock.advance(MINUTE - 1);
		expect(await beginsUnderOAuth2(house)).toBe(false);
		host.clock.advance(1);
		expect(await throughXFrom(house, anotherNetwork())).toMatchObject({ code: "x-other-protocol" });
		expect(await beginsUnderOAuth2(house)).toBe(false);
		host.clock.advance(2 * MINUTE - 1);
		expect(await beginsUnderOAuth2(house)).toBe(false);
		host.clock.advance(1);
		fakeX.clearScenarios();
		const began = await Promise.all([1, 2, 3].map(() => beginsUnderOAuth2(house)));
		expect(began.filter((each) => each)).toHaveLength(1);

		host.clock.advance(4 * MINUTE);
		expect(await throughXFrom(house, anotherNetwork())).toMatchObject({ kind: "signed-up" });
		expect(host.events.some(({ name }) => name === "x.oauth2-again")).toBe(true);
		expect(await beginsUnderOAuth2(house)).toBe(true);
		expect(await beginsUnderOAuth2(house)).toBe(true);
	});

	test("a call with a made-up code keeps visitors from a trial while X exchanges no codes", async () => {
		const house = await openHouse(BOTH);
		const { host, fakeX } = house;
		answerAlways(fakeX, "oauth2_token", 503);
		await throughX(host.newBrowser());
		host.clock.advance(MINUTE);
		fakeX.resetStats();
		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
		expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
	});

	test("other keys start over", async () => {
		const house = await openHouse(BOTH);
		answerAlways(house.fakeX, "users_me", 402, CREDITS);
		await throughX(house.host.newBrowser());
		expect(await beginsUnderOAuth2(house)).toBe(false);
		const { host } = house;
		const { values } = await host.settings.read("brand");
		host.settings.save("brand", { ...values, clientId: "another" });
		expect(await beginsUnderOAuth2(house)).toBe(true);
	});
});

test("under OAuth 2.0 alone a fault of X opens nothing, and the visitor may try again", async () => {
	const house = await openHouse({ protocol: "oauth2" });
	answerAlways(house.fakeX, "users_me", 503);
	const refused = await throughX(house.host.newBrowser());
	expect(markupOf(refused)).not.toContain('name="way"');
	expect(await beginsUnderOAuth2(house)).toBe(true);
});

test("a field that asks for the other way changes nothing where the administrator allows one", async () => {
	for (const protocol of ["oauth1", "oauth2"] as const) {
		const { host } = await openHouse({ protocol });
		const url = new URL(await goToX(host.newBrowser(), { fields: { way: "other" } }));
		expect(url.searchParams.has("state")).toBe(protocol === "oauth2");
	}
});

test("300 log-ins that begin and fail at once wait for none of the others", async () => {
	const house = await openHouse(BOTH);
	const { host, fakeX } = house;
	const browsers = Array.from({ length: 300 }, () => host.newBrowser());
	const addresses = await Promise.all(browsers.map((browser) => goToX(browser)));
	expect(addresses.every((url) => new URL(url).searchParams.has("state"))).toBe(true);
	answerAlways(fakeX, "users_me", 503);
	const backs: string[] = [];
	for (const url of addresses) {
		backs.push(await approveAtX(url));
	}
	const ended = await Promise.all(backs.map((url, index) => browsers[index]?.openCallback(url)));
	expect(new Set(ended.map((each) => each && "code" in each && each.code))).toEqual(
		new Set(["x-other-protocol"]),
	);
});

function asDenied(url: URL, error: string): void {
	url.searchParams.delete("code");
	url.searchParams.set("error", error);
}

test("X that answers 401 to every exchange opens it for three networks, as on 30 June 2026", async () => {
	const house = await openHouse(BOTH);
	answerAlways(house.fakeX, "oauth2_token", 401, UNAUTHORIZED);
	await throughXFrom(house, "192.0.2.1");
	await throughXFrom(house, "192.0.2.2");
	expect(await beginsUnderOAuth2(house)).toBe(true);
	await throughXFrom(house, "192.0.2.3");
	expect(await beginsUnderOAuth2(house)).toBe(false);
});

test("refusals that are more than ten minutes apart are not several", async () => {
	const house = await openHouse(BOTH);
	answerAlways(house.fakeX, "users_me", 401, UNAUTHORIZED);
	for (const network of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) {
		await throughXFrom(house, network);
		house.host.clock.advance(5 * MINUTE);
	}
	expect(house.host.events.map(({ name }) => name)).not.toContain("x.oauth1-instead");
});

test("a fault that X has with one code alone does not open it", async () => {
	const house = await openHouse(BOTH);
	house.fakeX.answerNext({ call: "oauth2_token", status: 503, body: "" });
	const refused = await throughX(house.host.newBrowser());
	expect(refused).toMatchObject({ code: "x-unavailable" });
	expect(markupOf(refused)).not.toContain('name="way"');
	expect(await beginsUnderOAuth2(house)).toBe(true);
});

test("visitors who press the button and never come back do not keep it open", async () => {
	const house = await dueForTrial();
	for (let press = 0; press < 20; press += 1) {
		expect(await beginsUnderOAuth2(house, "192.0.2.7")).toBe(press === 0);
	}
	expect(await beginsUnderOAuth2(house)).toBe(true);
	expect(await throughXFrom(house, anotherNetwork())).toMatchObject({ kind: "signed-up" });
	expect(await beginsUnderOAuth2(house)).toBe(true);
	expect(await beginsUnderOAuth2(house)).toBe(true);
});

test("the other wording of RFC 6749 closes it as well", async () => {
	const house = await dueForTrial();
	house.fakeX.answerNext({ call: "oauth2_token", status: 400, body: '{"error":"invalid_grant"}' });
	expect(await beginsUnderOAuth2(house)).toBe(true);
});

test("the page with the button says that it takes the other way", async () => {
	const house = await openHouse(BOTH);
	answerAlways(house.fakeX, "users_me", 402, CREDITS);
	const refused = markupOf(await throughX(house.host.newBrowser()));
	expect(refused).toContain("<h1>X has a fault at the moment</h1>");
	expect(refused).toContain("Press the button: it takes the other one");
});

test("refusals that one visitor causes in three networks do not keep it open, because another of their log-ins succeeds", async () => {
	const house = await openHouse(BOTH);
	const { host, fakeX } = house;
	await throughX(host.newBrowser());
	const browser = host.newBrowser();
	const page = await goToX(browser);
	answerAlways(fakeX, "users_me", 401, UNAUTHORIZED);
	for (const network of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) {
		await throughXFrom(house, network);
	}
	// X ends a person's earlier token when they log in once more.
	expect(await beginsUnderOAuth2(house)).toBe(true);
	host.clock.advance(MINUTE);
	for (const network of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) {
		await throughXFrom(house, network);
	}
	expect(await beginsUnderOAuth2(house)).toBe(false);
	fakeX.clearScenarios();
	expect(await browser.openCallback(await approveAtX(page))).toMatchObject({
		kind: "signed-in",
	});
	expect(await beginsUnderOAuth2(house)).toBe(true);
});

test("a log-in under OAuth 1.0a does not close it, whatever was refused before", async () => {
	const house = await openHouse(BOTH);
	const { fakeX } = house;
	fakeX.answerNext({ call: "users_me", status: 401, body: UNAUTHORIZED, times: 2 });
	await throughXFrom(house, "192.0.2.1");
	answerAlways(fakeX, "users_me", 402, CREDITS);
	await throughXFrom(house, "192.0.2.2");
	expect(await throughXFrom(house, "192.0.2.3")).toMatchObject({ kind: "signed-up" });
	expect(await beginsUnderOAuth2(house)).toBe(false);
});

test("a choice for all brands locks nobody out of a brand that has the keys of the other protocol alone", async () => {
	const { host } = await openHouse();
	host.settings.save("brand", { ...keysFor("oauth1"), protocol: "oauth2" });
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
});
