import { expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { goToX, throughX, titleOf } from "../../kit/plugin/at-x.ts";
import { endsIn } from "../../kit/plugin/attempts.ts";
import { ADA, keysFor, openHouse } from "../../kit/plugin/open-house.ts";

test("a visitor signs up and logs in again under OAuth 2.0, with two calls each time", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 1 });
	fakeX.resetStats();
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-in" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 1, request_token: 0 });
	const [link] = (await host.plugin.exportLinks("brand", undefined)).links;
	expect(link?.identityId).toBe(`x:${ADA.id}`);
	expect(endsIn(host).map(({ fields }) => fields["protocol"])).toEqual(["oauth2", "oauth2"]);
});

test("the authorization request has the state, the challenge and no more rights than needed", async () => {
	const { host } = await openHouse({ protocol: "oauth2" });
	const asked = new URL(await goToX(host.newBrowser())).searchParams;
	expect([...asked.keys()]).toEqual([
		"response_type",
		"client_id",
		"redirect_uri",
		"scope",
		"state",
		"code_challenge",
		"code_challenge_method",
	]);
	expect(asked.get("scope")).toBe("users.read tweet.read users.email");
	expect(asked.get("code_challenge_method")).toBe("S256");
	host.settings.save("brand", { ...keysFor("oauth2"), mode: "link-only" });
	const linkOnly = new URL(await goToX(host.newBrowser())).searchParams;
	expect(linkOnly.get("scope")).toBe("users.read tweet.read");
});

test("a visitor who says no at X costs no call", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	const browser = host.newBrowser();
	const back = await cancelAtX(await goToX(browser));
	fakeX.resetStats();
	expect(await browser.openCallback(back)).toMatchObject({ kind: "cancelled", code: "cancelled" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 0, users_me: 0 });
});

test("the same person is the same user under both protocols", async () => {
	const { host } = await openHouse();
	const first = await throughX(host.newBrowser());
	host.settings.save("brand", keysFor("oauth2"));
	const second = await throughX(host.newBrowser());
	expect(second).toMatchObject({ kind: "signed-in", userId: "userId" in first && first.userId });
});

test("a log-in finishes under the protocol that it began with", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	const back = await approveAtX(await goToX(browser));
	host.settings.save("brand", keysFor("oauth2-else-oauth1"));
	const later = host.newBrowser();
	const laterBack = await approveAtX(await goToX(later));
	expect(new URL(laterBack).searchParams.has("code")).toBe(true);
	host.settings.save("brand", { ...keysFor("oauth2-else-oauth1"), protocol: "oauth1" });
	expect(await browser.openCallback(back)).toMatchObject({ kind: "signed-up" });
	expect(await later.openCallback(laterBack)).toMatchObject({ kind: "signed-in" });
});

test("a profile that X refuses twice ends the log-in, and nobody is named", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	fakeX.answerNext({ call: "users_me", status: 503, body: "{}", times: 2 });
	const seen = await throughX(host.newBrowser());
	expect(seen).toMatchObject({ kind: "refused", code: "x-unavailable" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 2 });
	fakeX.answerNext({ call: "users_me", status: 503, body: "{}" });
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(titleOf(seen)).not.toBe("");
});
