import { expect, test } from "vitest";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import { BrandSettingsReader } from "../../../src/plugin/settings/brand-settings-reader.ts";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { MockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../../kit/plugin/at-x.ts";
import { endsIn } from "../../kit/plugin/attempts.ts";
import { keysFor, openHouse } from "../../kit/plugin/open-house.ts";

async function recordIn({ storage }: MockHost): Promise<Record<string, unknown> | undefined> {
	const entry = await storage.get(["oauth2", "brand"]);
	return entry?.value as Record<string, unknown> | undefined;
}

test("a code of an app that the administrator has replaced is not redeemed by the new one, and costs no call", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	const browser = host.newBrowser();
	const back = await approveAtX(await goToX(browser));
	host.settings.save("brand", { ...keysFor("oauth2"), clientId: "another" });
	fakeX.resetStats();
	expect(await browser.openCallback(back)).toMatchObject({ code: "login-expired" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 0, users_me: 0 });
});

test("a visitor of the old app who comes back says nothing about the new one", async () => {
	const { host } = await openHouse({ protocol: "oauth2" });
	const browser = host.newBrowser();
	const back = await cancelAtX(await goToX(browser));
	host.settings.save("brand", { ...keysFor("oauth2"), clientId: "another" });
	await goToX(host.newBrowser());
	await browser.openCallback(back);
	expect(await recordIn(host)).toMatchObject({ cameBackAt: null, unfinished: 1 });
});

test("a made-up code does not count as a visitor who came back", async () => {
	const { host } = await openHouse({ protocol: "oauth2" });
	const browser = host.newBrowser();
	const back = new URL(await approveAtX(await goToX(browser)));
	back.searchParams.set("code", "made-up");
	await browser.openCallback(back.href);
	expect(await recordIn(host)).toMatchObject({ cameBackAt: null, unfinished: 1 });
});

test("a code is sent once, even if the profile fails while the administrator replaces the Client Secret", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	const browser = host.newBrowser();
	const back = await approveAtX(await goToX(browser));
	fakeX.answerNext({ call: "oauth2_token", fault: "slow" });
	fakeX.answerNext({ call: "users_me", fault: "credits-depleted", times: "always" });
	const returned = browser.openCallback(back);
	await expect.poll(() => fakeX.stats().calls["oauth2_token"]).toBe(1);
	host.settings.save("brand", { ...keysFor("oauth2"), clientSecret: "a-new-one" });
	await returned;
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 2 });
	expect(endsIn(host)[0]?.fields.problem).toBe("no-credits");
});

test("a token of a type that the plugin does not know is not used", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	const body = JSON.stringify({ token_type: "mac", access_token: "T", scope: "users.read" });
	fakeX.answerNext({ call: "oauth2_token", status: 200, body });
	expect(await throughX(host.newBrowser())).toMatchObject({ code: "x-unavailable" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
});

test("no network of a visitor is stored, and a brand whose links are deleted keeps no record", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2-else-oauth1" });
	fakeX.answerNext({ call: "users_me", status: 401, body: "{}", times: "always" });
	for (const network of ["192.0.2.1", "192.0.2.2"]) {
		const browser = host.newBrowser();
		browser.clientAddress = network;
		await throughX(browser);
	}
	expect(Object.keys((await recordIn(host)) ?? {})).toEqual([
		"unfinished",
		"otherSince",
		"problem",
		"triedAgainAt",
		"pauseMs",
		"trialsLeft",
		"isTrying",
		"about",
		"cameBackAt",
	]);
	await host.plugin.purgeLinks("brand");
	expect(await recordIn(host)).toBeUndefined();
});

test.each([
	["stored and cannot be opened", true, []],
	["not there, as of a public app", false, ["oauth2"]],
] as const)("a Client Secret that is %s leaves the right protocols", async (_, has, expected) => {
	const values = {
		protocol: "oauth2",
		clientId: "client-id",
		mode: "login-and-signup",
		allowedDomains: "",
		blockedDomains: "",
		linking: "prove",
	};
	const host: Pick<HelpdeskHost, "settings" | "secrets"> = {
		settings: { read: async () => ({ enabled: true, values, sources: {}, version: "1" }) },
		secrets: {
			get: async () => undefined,
			has: async (_id, name) => has && name === "clientSecret",
		},
	};
	const { ways } = await new BrandSettingsReader(host as HelpdeskHost).read("brand");
	expect(ways.map(({ protocol }) => protocol)).toEqual(expected);
});
