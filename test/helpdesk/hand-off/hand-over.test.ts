// A visitor on the way to a helpdesk that takes a signed token: what they see, and what the helpdesk gets.
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import {
	agree,
	changeAccount,
	confirmedUser,
	deliver,
	deliveryIn,
	openHandOff,
} from "../../kit/hand-off/open-hand-off.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { requestAt } from "../../kit/helpdesk/request-at.ts";

test("SupportPal gets a user who has agreed, by a form that leads to the page that was asked for", async () => {
	const open = await openHandOff("supportpal", { desk: { remoteBrandId: 3 } });
	const visitor = await confirmedUser(open);
	const wayOn = `${open.product.address}/tickets?a=1&b=2`;
	await visitor.open(`${open.page}?redirect=${encodeURIComponent(wayOn)}`);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
	expect(visitor.seen.html).toContain(
		"your e-mail address: <bdi><strong>grace@example.com</strong></bdi>",
	);
	expect(visitor.seen.html).not.toContain("your name");
	const { headers } = await agree(visitor);
	expect(headers.get("cache-control")).toBe("no-store");
	expect(headers.get("referrer-policy")).toBe("no-referrer");
	expect(visitor.seen.html).toMatch(/<main [^>]*data-submit>/);
	const delivery = deliveryIn(visitor);
	expect(delivery.action).toBe(`${open.product.address}/simpleauth/login`);
	expect(Object.fromEntries(delivery.fields)).toEqual({
		token: expect.any(String),
		redirect: wayOn,
		brand_id: "3",
	});
	expect(await deliver(delivery)).toMatchObject({ status: 302, location: wayOn });
	expect(open.product.arrivals[0]?.verdict).toMatchObject({ kind: "in", who: "grace@example.com" });
	expect(await deliver(delivery)).toMatchObject({ status: 403, body: "it was used before" });

	// The second time there is no question, and each page has a token of its own.
	await visitor.open(open.page);
	const second = deliveryIn(visitor);
	await visitor.open(open.page);
	expect(deliveryIn(visitor).fields.get("token")).not.toBe(second.fields.get("token"));
	expect(await deliver(second)).toMatchObject({ status: 302 });
});

test("Zendesk gets the name and an id that never changes besides the address", async () => {
	const open = await openHandOff("zendesk-jwt");
	const visitor = await confirmedUser(open);
	const wayOn = `${open.product.address}/hc/requests`;
	const asked = new URLSearchParams({
		brand_id: "1",
		locale_id: "8",
		return_to: wayOn,
		timestamp: "1",
	});
	await visitor.open(`${open.page}?${asked}`);
	await agree(visitor);
	const delivery = deliveryIn(visitor);
	expect([...delivery.fields.keys()]).toEqual(["jwt", "return_to"]);
	expect(await deliver(delivery)).toMatchObject({ status: 302, location: wayOn });
	expect(open.product.arrivals[0]?.verdict).toMatchObject({
		claims: { name: "Grace Hopper", external_id: `x-${visitor.userId}` },
	});
});

test("a Docs site of Help Scout gets the token in the address, without a page in between", async () => {
	const open = await openHandOff("help-scout");
	const visitor = await confirmedUser(open);
	await visitor.open(`${open.page}?returnTo=%2Farticle%2F1`);
	const { url, headers } = await agree(visitor);
	expect(url).toContain(`${open.product.address}/authcallback?token=`);
	expect(new URL(url).searchParams.get("returnTo")).toBe("/article/1");
	expect(headers.get("referrer-policy")).toBe("no-referrer");
	const there = await fetch(url, { redirect: "manual" });
	expect(there.headers.get("location")).toBe(`${open.product.address}/article/1`);

	const again = await visitor.open(`${open.page}?returnTo=%2Farticle%2F2`);
	expect(again.url).toContain(`${open.product.address}/authcallback?token=`);
	expect(open.product.arrivals[0]?.verdict).toMatchObject({ who: "grace@example.com" });
});

test("a visitor logs in first, on a page that says for which helpdesk, and keeps the way on", async () => {
	const open = await openHandOff("supportpal");
	await confirmedUser(open);
	const visitor = new HttpVisitor();
	const wayOn = `${open.product.address}/tickets`;
	await visitor.open(`${open.page}?redirect=${encodeURIComponent(wayOn)}`);
	expect(new URL(visitor.seen.url).pathname).toBe("/login");
	expect(visitor.seen.html).toContain("Log in to go on to Support Desk.");
	const login = { email: "grace@example.com", password: "a long password of somebody" };
	await visitor.submit("/login", login);
	await agree(visitor);
	expect(deliveryIn(visitor).fields.get("redirect")).toBe(wayOn);
});

test("pages on the way that name no path know the helpdesk all the same, until the visitor is there", async () => {
	const open = await openHandOff("help-scout");
	const visitor = await confirmedUser(open);
	const stranger = new HttpVisitor();
	await stranger.open(open.page);
	const { html, headers } = await stranger.open(`${open.portal}/register`);
	expect(html).toContain("Log in to go on to Support Desk.");
	expect(headers.get("content-security-policy")).toContain(` ${open.product.address};`);
	const front = await stranger.open(`${open.portal}/forgot`);
	expect(front.html).not.toContain("Support Desk");
	await visitor.open(open.page);
	expect(visitor.cookies.get("way-acorn")).toBe(encodeURIComponent(open.path));
	await agree(visitor);
	expect(visitor.cookies.get("way-acorn")).toBe("");
});

test("a way on that is too long to remember is left out, and the visitor gets there all the same", async () => {
	const open = await openHandOff("supportpal");
	await confirmedUser(open);
	const visitor = new HttpVisitor();
	const wayOn = `${open.product.address}/${"a".repeat(900)}`;
	await visitor.open(`${open.page}?redirect=${encodeURIComponent(wayOn)}`);
	const login = { email: "grace@example.com", password: "a long password of somebody" };
	await visitor.submit("/login", login);
	await agree(visitor);
	expect(deliveryIn(visitor).fields.has("redirect")).toBe(false);
});

test("a visitor with X whose address is not proven proves it, and then gets there", async () => {
	const open = await openHandOff("supportpal");
	const visitor = new HttpVisitor();
	await visitor.open(open.page);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId: "1" }));
	expect(visitor.seen.status).toBe(403);
	expect(visitor.seen.html).toContain("takes only one that you have confirmed here");
	expect(visitor.seen.html).toContain(
		`href="/account/email?returnTo=${encodeURIComponent(open.path)}"`,
	);
	expect(deliveryIn(visitor).action).toBe("");
});

describe("there is no token, and a page that says so, for", () => {
	test.each([
		["an address that nobody has proven", { confirmed: false }, {}, "that you have confirmed here"],
		["no address", { confirmed: false, email: "" }, {}, "that you have confirmed here"],
		[
			"an account that nobody has claimed",
			{ confirmed: true, unclaimed: true },
			{},
			"that you have confirmed here",
		],
		[
			"an address that is never passed on",
			{ confirmed: true },
			{ neverAsserted: ["example.com"] },
			"does not take grace@example.com from here",
		],
	])("%s", async (_, account, desk, sentence) => {
		for (const kind of ["supportpal", "zendesk-jwt", "help-scout"] as const) {
			const open = await openHandOff(kind, { desk });
			const visitor = await confirmedUser(open, "grace@example.com", account);
			const { status, html, url } = await visitor.open(open.page);
			expect([kind, status]).toEqual([kind, 403]);
			expect(html).toContain(sentence);
			expect(url).toBe(open.page);
			// Neither does it help to send the form that other visitors see.
			const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
			await visitor.post(open.page, [
				["_csrf", csrf],
				["answer", "go"],
			]);
			expect(visitor.seen.html).toContain(sentence);
			expect(deliveryIn(visitor).action).toBe("");
		}
	});

	test.each([
		["a suspended user", { status: "suspended" }],
		["a user whose sessions have ended", { sessionEpoch: 1 }],
	])("%s, who is logged out", async (_, change) => {
		const open = await openHandOff("supportpal");
		const visitor = await confirmedUser(open);
		await visitor.open(open.page);
		await agree(visitor);
		await changeAccount(open.storage, visitor.userId, change);
		await visitor.open(open.page);
		expect(new URL(visitor.seen.url).pathname).toBe("/login");
		expect(deliveryIn(visitor).action).toBe("");
	});
});

test("a visitor who has not agreed, or who goes back, takes nothing to the helpdesk", async () => {
	const open = await openHandOff("help-scout");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await visitor.submit(open.path, { answer: "cancel" });
	expect(new URL(visitor.seen.url).pathname).toBe("/account");
	await visitor.open(open.page);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
});

test("a user sees the helpdesk on the account page, and is asked again after taking it back", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	await visitor.open(`${open.portal}/account`);
	expect(visitor.seen.html).toContain("<strong>Support Desk</strong>");
	await visitor.submit("/account/withdraw");
	expect(visitor.seen.html).not.toContain("<strong>Support Desk</strong>");
	await visitor.open(open.page);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
});

test("a test shows what the helpdesk would receive, and sends nothing", async () => {
	const open = await openHandOff("zendesk-jwt");
	const visitor = await confirmedUser(open);
	const { html } = await visitor.open(`${open.page}/test`);
	expect(html).toContain("What Support Desk would receive");
	expect(html).toContain("<dt><code>email</code></dt><dd>grace@example.com</dd>");
	expect(html).not.toContain("eyJ");
	expect(open.product.arrivals).toEqual([]);
	expect(await open.helpdesks().lastUsed(open.id)).toBeUndefined();
	await new HttpVisitor().open(`${open.page}/test`);
});

test("a test of a helpdesk whose kind this version does not know says so, and blames no address", async () => {
	const open = await openHandOff("supportpal", { desk: { preset: "later" } });
	const visitor = await confirmedUser(open);
	const { status, html } = await visitor.open(`${open.page}/test`);
	expect(status).toBe(404);
	expect(html).toContain("does not know the kind of helpdesk “later”, so nobody gets to Support");
	expect(html).not.toContain("grace@example.com");
});

test("the helpdesk's page of last use knows of a hand-off", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	expect(await open.helpdesks().lastUsed(open.id)).toBeUndefined();
	await agree(visitor);
	expect(await open.helpdesks().lastUsed(open.id)).toBeGreaterThan(0);
});

test("the page is in German for a browser that asks for it", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	const { html } = await visitor.open(open.page, { headers: { "accept-language": "de" } });
	expect(html).toContain("Weiter zu Support Desk");
	expect(html).toContain("Die Schaltfläche wirkt eine Minute lang.");
});

test("neither HEAD nor a browser that loads in advance gets a token", async () => {
	const open = await openHandOff("supportpal", { withApi: true });
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	const calls = open.product.calls.length;
	const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const { host } = new URL(open.portal);
	const ask = (method: string, headers: Readonly<Record<string, string>>) =>
		requestAt(open.portal, open.path, { method, host, headers: { ...headers, cookie } });
	expect(await ask("HEAD", {})).toMatchObject({ status: 405, body: "" });
	for (const headers of [{ "sec-purpose": "prefetch;prerender" }, { purpose: "prefetch" }]) {
		const answer = await ask("GET", headers);
		expect(answer.status).toBe(503);
		expect(answer.all).not.toContain("eyJ");
	}
	expect(open.product.calls.length).toBe(calls);
	expect((await ask("GET", {})).all).toContain("eyJ");
});

test("one network gets no more tokens than it may start log-ins", async () => {
	const open = await openHandOff("supportpal", { withApi: true, helpdesk: { startLimit: 3 } });
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	await visitor.open(open.page);
	await visitor.open(open.page);
	const calls = open.product.calls.length;
	const { status, headers } = await visitor.open(open.page);
	expect(status).toBe(429);
	expect(headers.get("retry-after")).toMatch(/^\d+$/);
	expect(open.product.calls.length).toBe(calls);
});

test("a helpdesk's button may lead straight to X, for a person who presses it", async () => {
	const open = await openHandOff("supportpal", { desk: { straightToX: true } });
	const { host } = new URL(open.portal);
	const person = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
	const press = async (headers: Readonly<Record<string, string>>) => {
		const before = open.fakeX.stats().total;
		const answer = await requestAt(open.portal, open.path, { host, headers });
		const location = answer.headers.get("location") ?? "";
		return [location.startsWith(open.fakeX.url), open.fakeX.stats().total > before];
	};
	expect(await press(person)).toEqual([true, true]);
	for (const headers of [
		{},
		{ ...person, "sec-fetch-dest": "iframe" },
		{ "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
		{ ...person, "sec-purpose": "prefetch" },
	]) {
		expect(await press(headers)).toEqual([false, false]);
	}
});
