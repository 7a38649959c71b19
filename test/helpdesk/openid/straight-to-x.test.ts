// A helpdesk's button may lead straight to X: for a person who presses it, and for nothing else.
import { describe, expect, test } from "vitest";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { PEOPLE } from "../../kit/helpdesk/people-with-x.ts";
import { type AnswerAt, requestAt } from "../../kit/helpdesk/request-at.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { agree, type OpenProvider, openProvider } from "../../kit/openid/open-provider.ts";

const PERSON = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** The first call to X of a helpdesk looks at its clock as well. It has been made. */
async function openStraight(helpdesk: Partial<HelpdeskOptions> = {}): Promise<OpenProvider> {
	const desk = { straightToX: true };
	const open = await openProvider({ desk, helpdesk, accounts: PEOPLE });
	await logInWithX(open, "3");
	return open;
}

/** Logs in with X without any helpdesk. */
async function logInWithX({ portal }: OpenProvider, accountId: string): Promise<void> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	const { html } = await visitor.open(await approveAtX(url, { accountId }));
	expect(html).toContain("/logout");
}

type Headers = Readonly<Record<string, string>>;

/** Sends one request with the headers of a browser. `fetch` sends its own `Sec-Fetch-Mode`. */
async function send(
	visitor: HttpVisitor,
	url: string,
	headers: Headers,
	method = "GET",
	body?: URLSearchParams,
): Promise<{ readonly answer: AnswerAt; readonly location: string }> {
	const { origin, host, pathname, search } = new URL(url);
	const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const answer = await requestAt(origin, pathname + search, {
		...{ method, host, ...(body && { body }) },
		headers: { ...headers, ...(cookie && { cookie }) },
	});
	for (const line of answer.headers.getSetCookie()) {
		const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
		visitor.cookies.set(name, value);
	}
	return { answer, location: new URL(answer.headers.get("location") ?? url, url).href };
}

/** The request of a button that sends a form. @returns where it leads at once. */
async function sendForm(
	{ party }: OpenProvider,
	headers: Headers,
	visitor: HttpVisitor,
): Promise<string> {
	const { origin, pathname, searchParams } = new URL((await party.begin()).url);
	return (await send(visitor, origin + pathname, headers, "POST", searchParams)).location;
}

/** Goes to the helpdesk's button, and on from there as these headers say. @returns where this leads. */
async function press(
	{ party }: OpenProvider,
	headers: Headers,
	more: Headers = {},
	visitor = new HttpVisitor(),
): Promise<string> {
	const begun = await party.begin(more);
	const { location } = await send(visitor, begun.url, PERSON);
	return new URL(location).pathname.startsWith("/connect/")
		? (await send(visitor, location, headers)).location
		: location;
}

test("one click on the helpdesk's button leads to X, and back as the same user", async () => {
	const open = await openStraight();
	const visitor = new HttpVisitor();
	const before = open.fakeX.stats().total;
	const begun = await open.party.begin();
	const { location } = await send(visitor, begun.url, PERSON);
	const { location: there } = await send(visitor, location, PERSON);
	expect(there).toContain(open.fakeX.url);
	await visitor.open(await approveAtX(there, { accountId: "1" }));
	const { url } = await agree(visitor);
	expect((await open.party.redeem(url, begun)).claims()).toMatchObject({ nickname: "ada_at_x" });
	const throughProvider = open.fakeX.stats().total - before;

	// The same log-in without a helpdesk costs X as many calls.
	const start = open.fakeX.stats().total;
	await logInWithX(open, "2");
	expect(throughProvider).toBe(open.fakeX.stats().total - start);
});

describe("no call to X is made, and the page with the button is shown, for", () => {
	test.each<readonly [string, Readonly<Record<string, string>>]>([
		["an image", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }],
		["a frame", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
		["an old frame", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "frame" }],
		["an object", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "object" }],
		["a script", { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }],
		["a browser that loads in advance", { ...PERSON, "sec-purpose": "prefetch" }],
		["one that renders in advance", { ...PERSON, "sec-purpose": "prefetch;prerender" }],
		["an older browser that loads in advance", { ...PERSON, purpose: "prefetch" }],
		["a client that does not say", {}],
		["a client that says half of it", { "sec-fetch-mode": "navigate" }],
	])("%s", async (_, headers) => {
		const open = await openStraight();
		const before = open.fakeX.stats().total;
		const visitor = new HttpVisitor();
		const there = await press(open, headers, {}, visitor);
		expect(there).toContain("/login?returnTo=%2Fconnect%2F");
		expect((await visitor.open(there)).html).toContain("Log in to go on to Acorn Desk.");
		expect(open.fakeX.stats().total).toBe(before);
	});

	test("a request that is not right, or that must ask nobody", async () => {
		const open = await openStraight();
		const before = open.fakeX.stats().total;
		await press(open, PERSON, { redirect_uri: "https://evil.example/" });
		await press(open, PERSON, { code_challenge_method: "plain" });
		await press(open, PERSON, { client_id: "another-0123456789ab" });
		const there = await press(open, PERSON, { prompt: "none" });
		expect(there.startsWith(`${REDIRECT_URI}?error=login_required`)).toBe(true);
		expect(open.fakeX.stats().total).toBe(before);
	});

	test("a request of another browser, an unknown path, and a HEAD request", async () => {
		const open = await openStraight();
		const visitor = new HttpVisitor();
		const { location } = await send(visitor, (await open.party.begin()).url, PERSON);
		const before = open.fakeX.stats().total;
		for (const page of [location, `${open.portal}/connect/x`, `${open.portal}/connect/`]) {
			const { answer } = await send(new HttpVisitor(), page, PERSON);
			expect([page, answer.status]).toEqual([page, 404]);
		}
		await send(visitor, location, PERSON, "HEAD");
		expect(open.fakeX.stats().total).toBe(before);
		// The page works all the same for the person who opens it.
		expect((await send(visitor, location, PERSON)).location).toContain(open.fakeX.url);
	});
});

test("a flood makes no more calls to X than one network may start log-ins", async () => {
	const left = 3;
	const open = await openStraight({ startLimit: left + 1 });
	const visitor = new HttpVisitor();
	const { location } = await send(visitor, (await open.party.begin()).url, PERSON);
	const before = open.fakeX.stats().total;
	expect((await send(visitor, location, PERSON)).location).toContain(open.fakeX.url);
	const perStart = open.fakeX.stats().total - before;
	expect(perStart).toBeGreaterThan(0);
	for (let round = 0; round < 20; round += 1) {
		await send(visitor, location, PERSON);
		await press(open, PERSON);
	}
	expect(open.fakeX.stats().total - before).toBe(left * perStart);
	expect((await send(visitor, location, PERSON)).answer.status).toBe(429);
});

describe("a button that sends a form", () => {
	test("leads a person to X, and itself makes no call to X", async () => {
		const open = await openStraight();
		const visitor = new HttpVisitor();
		const before = open.fakeX.stats().total;
		const { location } = await send(visitor, await sendForm(open, PERSON, visitor), PERSON);
		expect(open.fakeX.stats().total).toBe(before);
		expect(new URL(location).pathname).toMatch(/^\/connect\//);
		expect((await send(visitor, location, PERSON)).location).toContain(open.fakeX.url);
	});

	test.each<readonly [string, Headers]>([
		["a script", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty" }],
		["a frame", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
		["a client that does not say", {}],
	])("leads %s to the page with the button, as an address does", async (_, headers) => {
		const open = await openStraight();
		const visitor = new HttpVisitor();
		const before = open.fakeX.stats().total;
		const { location } = await send(visitor, await sendForm(open, headers, visitor), headers);
		const there = await send(visitor, location, headers);
		expect(there.location).toContain("/login?returnTo=%2Fconnect%2F");
		expect(open.fakeX.stats().total).toBe(before);
	});

	test("of which the answer to one is sent as another form leads nowhere", async () => {
		const open = await openStraight();
		const visitor = new HttpVisitor();
		const { location } = await send(visitor, await sendForm(open, PERSON, visitor), PERSON);
		const before = open.fakeX.stats().total;
		const { answer } = await send(visitor, location, PERSON, "POST", new URLSearchParams());
		expect([answer.status, open.fakeX.stats().total]).toEqual([403, before]);
	});
});
