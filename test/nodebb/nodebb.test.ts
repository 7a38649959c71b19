// Log in with X in NodeBB, with the built plugin, the fake X, and fakes of the functions of NodeBB that the example calls.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type FakeNodebb, freePort, makeFakeNodebb, startFakeNodebb } from "./open-fake-nodebb.ts";

const LIBRARY = new URL("nodebb-plugin-x-login/library.cjs", import.meta.url);
const ADA = { id: "7001", screenName: "ada", name: "Ada Lovelace", email: "ada@example.com" };
const BOB = { id: "7002", screenName: "bob", name: "Bob" };

const LONG = {
	id: "7003",
	screenName: "a_handle_of_20_signs",
	name: "Long",
	email: "l@example.com",
};
const OTHER_ADA = { id: "7004", screenName: "ada", name: "Ada", email: "other@example.com" };
const ACCOUNTS = [ADA, BOB, LONG, OTHER_ADA];
const WAITING = "Your new account must be approved first";
/** The functions of NodeBB that the tests of this file have called so far. */
const called = new Set<string>();

async function openForum(): Promise<FakeNodebb> {
	const port = await freePort();
	const keys = { apiKey: "api-key", apiKeySecret: "api-key-secret" };
	const callbacks = [`http://127.0.0.1:${port}/forum/x-login/callback`];
	const fakeX = await startFakeX({ apps: [{ ...keys, callbacks }], accounts: ACCOUNTS });
	onTestFinished(() => fakeX.close());
	const origins = { "api.x.com": fakeX.url };
	const forum = await startFakeNodebb(await makeFakeNodebb(), port, { ...keys, origins });
	onTestFinished(async () => {
		const functions = await forum.order("functions");
		functions.called.forEach((name) => {
			called.add(name);
		});
	});
	return forum;
}

/** Goes from NodeBB's log-in page to X and back. @returns what the visitor sees. */
async function throughX(forum: FakeNodebb, { id }: { id: string }, visitor = new HttpVisitor()) {
	const { html } = await visitor.open(`${forum.url}/login`);
	expect(html).toContain('<a href="/forum/x-login">Log in with X</a>');
	await visitor.open(`${forum.url}/x-login`);
	await visitor.submit("/forum/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId: id }));
	return visitor;
}

/** Sends the form of the last page whose hidden field `action` has this value. */
async function step(visitor: HttpVisitor, action: string, fields: Record<string, string> = {}) {
	const form = formsIn(visitor.seen.html)
		.map(hiddenFields)
		.find((hidden) => hidden.some(([name, value]) => name === "action" && value === action));
	expect(form, visitor.seen.html).toBeDefined();
	const target = new URL("/forum/x-login/continue", visitor.seen.url).href;
	await visitor.post(target, [...(form ?? []), ...Object.entries(fields)]);
}

/** Signs up with an address that X does not give, so that a letter with a code comes. */
async function proveAddress(forum: FakeNodebb, visitor: HttpVisitor, email: string): Promise<void> {
	await step(visitor, "email", { email });
	const letters = await forum.order("letters");
	const code = letters.findLast(({ to }) => to === email)?.text.match(/\d{4} \d{4} \d{4}/)?.[0];
	await step(visitor, "code", { code: code ?? "" });
}

function titleOf({ seen }: HttpVisitor): string | undefined {
	return /<title>([^<]*)</.exec(seen.html)?.[1];
}

test("the example has at most 160 lines", async () => {
	const lines = (await readFile(LIBRARY, "utf8")).split("\n");
	const own = lines.filter((line) => !/^\s*(?:\/\/.*|\/\*\*.*\*\/)?$/.test(line));

	expect(own.length).toBeLessThanOrEqual(160);
});

test("people sign up with X, and X leads them to the same user from then on", async () => {
	const forum = await openForum();
	const first = await throughX(forum, ADA);
	const again = await throughX(forum, ADA);

	expect([first.seen.html, again.seen.html]).toEqual(["uid 1", "uid 1"]);
	expect(await forum.order("people")).toMatchObject([{ uid: 1, username: "ada" }]);
	const { html } = await first.open(`${forum.url}/register`);
	expect(html).toContain('<a href="/forum/x-login">Sign up with X</a>');
	expect(await forum.order("sessions")).toContainEqual({ uid: 1, meta: expect.anything() });
});

test("people come back to the page that they wanted, with an address that a code has confirmed", async () => {
	const forum = await openForum();
	const visitor = new HttpVisitor();
	await visitor.open(`${forum.url}/topic/1`);
	await throughX(forum, BOB, visitor);
	expect(visitor.seen.html).toContain("<header>Forum</header>");
	await proveAddress(forum, visitor, "bob@example.com");

	expect(visitor.seen).toMatchObject({ url: `${forum.url}/topic/1`, html: "uid 1" });
	const [person] = await forum.order("people");
	expect(person).toMatchObject({ email: "bob@example.com", "email:confirmed": 1 });
});

test("a handle becomes a user name that is free and allowed", async () => {
	const forum = await openForum();
	await forum.order("add", { username: "ada" });
	await throughX(forum, ADA);
	await throughX(forum, LONG);
	const people = await forum.order("people");

	expect(people.map(({ username }) => username)).toEqual(["ada", "ada 0", "a_handle_of_20_s"]);
});

test("people who come back from X in two tabs at once become one user", async () => {
	const forum = await openForum();
	const tabs = [new HttpVisitor(), new HttpVisitor()];
	for (const tab of tabs) {
		await tab.open(`${forum.url}/x-login`);
		await tab.submit("/forum/x-login/start");
	}
	const ways = await Promise.all(
		tabs.map(({ seen }) => approveAtX(seen.url, { accountId: ADA.id })),
	);
	await Promise.all(tabs.map((tab, index) => tab.open(ways[index] ?? "")));

	expect(tabs.map(({ seen }) => seen.html)).toEqual(["uid 1", "uid 1"]);
	expect(await forum.order("people")).toHaveLength(1);
});

test("people wait in the queue once, and get in once somebody has approved them", async () => {
	const forum = await openForum();
	await forum.order("queueNewUsers", true);
	expect(titleOf(await throughX(forum, ADA))).toBe(WAITING);
	expect(titleOf(await throughX(forum, ADA))).toBe(WAITING);
	expect(await forum.order("queue")).toMatchObject([{ username: "ada", ip: "127.0.0.1" }]);
	// The user names of others, in the queue and out of it, are no reason to refuse somebody, and lead to nobody's account.
	expect(titleOf(await throughX(forum, OTHER_ADA))).toBe(WAITING);
	expect(await forum.order("queue")).toMatchObject([
		{ username: "ada" },
		{ username: expect.stringMatching(/^ada\d{4}$/) },
	]);
	await forum.order("add", { username: "ada" });
	await forum.order("approve", "ada");
	const later = await throughX(forum, ADA);

	expect(later.seen.html).toBe("uid 2");
	expect(await forum.order("people")).toMatchObject([{ username: "ada" }, { username: "ada 0" }]);
	expect(titleOf(await throughX(forum, OTHER_ADA))).toBe(WAITING);
});

test("people who prove their address again after an approval come to their own account", async () => {
	const forum = await openForum();
	await forum.order("queueNewUsers", true);
	const visitor = await throughX(forum, BOB);
	await proveAddress(forum, visitor, "bob@example.com");
	expect(titleOf(visitor)).toBe(WAITING);
	await forum.order("approve", "bob");
	const later = await throughX(forum, BOB);
	await proveAddress(forum, later, "bob@example.com");
	await step(later, "link");

	expect(later.seen.html, titleOf(later)).toBe("uid 1");
	expect(await forum.order("people")).toMatchObject([
		{ username: "bob", email: "bob@example.com", "email:confirmed": 1 },
	]);
});

test("an address that waits in the queue waits there once, for all people who come with it", async () => {
	const forum = await openForum();
	await forum.order("queueNewUsers", true);
	await throughX(forum, ADA);
	const visitor = await throughX(forum, BOB);
	await proveAddress(forum, visitor, ADA.email);

	expect(titleOf(visitor)).toBe(WAITING);
	expect(await forum.order("queue")).toHaveLength(1);
});

test("after a rejection, X leads nobody to the account of another person with the user name", async () => {
	const forum = await openForum();
	await forum.order("queueNewUsers", true);
	await throughX(forum, ADA);
	await forum.order("reject", "ada");
	await forum.order("add", { username: "ada" });
	expect(titleOf(await throughX(forum, ADA))).toBe(WAITING);
	await forum.order("reject", "ada");
	await forum.order("configure", { registrationType: "disabled" });

	expect(titleOf(await throughX(forum, ADA))).toBe("No account is linked to this X account");
});

test("banned people do not come in, and a session that the browser had ends", async () => {
	const forum = await openForum();
	const visitor = await throughX(forum, ADA);
	await visitor.open(`${forum.url}/logout`);
	await forum.order("change", 1, { banned: true });
	expect(titleOf(await throughX(forum, ADA))).toBe("Your account is suspended");
	await forum.order("change", 1, { banned: false });
	// The ban comes between the plugin's answer and the session.
	await forum.order("banAfterLooks", 1);
	const session = visitor.cookies.get("express.sid");
	await throughX(forum, ADA, visitor);

	expect(visitor.seen.url).toBe(`${forum.url}/login`);
	expect((await visitor.open(`${forum.url}/`)).html).toBe("uid 0");
	expect(visitor.cookies.get("express.sid")).not.toBe(session);
});

test("the addresses of staff lead nowhere", async () => {
	const forum = await openForum();
	const staff = { username: "chief", email: ADA.email, "email:confirmed": 1, isStaff: true };
	await forum.order("add", staff);

	expect(titleOf(await throughX(forum, ADA))).toBe("This address cannot be used with X");
	expect(await forum.order("people")).toHaveLength(1);
});

test("the owner of an address that nobody had confirmed takes over the account", async () => {
	const forum = await openForum();
	const early = { username: "early", email: "bob@example.com", password: "hash-of-a-stranger" };
	const uid = await forum.order("add", early);
	const stranger = new HttpVisitor();
	await stranger.open(`${forum.url}/as/${uid}?at=${Date.now()}`);
	const visitor = await throughX(forum, BOB);
	await proveAddress(forum, visitor, "bob@example.com");
	await step(visitor, "link");

	expect(visitor.seen.html).toBe(`uid ${uid}`);
	const [person] = await forum.order("people");
	expect(person).toMatchObject({ username: "early", "email:confirmed": 1 });
	expect(person?.password).toBeUndefined();
	expect((await stranger.open(`${forum.url}/`)).html).toBe("uid 0");
});

test("an address that only looks like another one in lower case is nobody's", async () => {
	const forum = await openForum();
	const kelvin = { username: "kelvin", email: "\u212Aate@example.com", "email:confirmed": 1 };
	await forum.order("add", kelvin);
	const visitor = await throughX(forum, BOB);
	await proveAddress(forum, visitor, "kate@example.com");

	expect(titleOf(visitor)).toBe("Your account could not be created");
});

test("users connect X to their account, and prove who they are first", async () => {
	const forum = await openForum();
	const uid = await forum.order("add", { username: "carl", password: "hash" });
	const visitor = new HttpVisitor();
	await visitor.open(`${forum.url}/as/${uid}?at=0`);
	await visitor.open(`${forum.url}/x-login`);
	await visitor.submit("/forum/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId: ADA.id }));
	expect(visitor.seen.url).toBe(`${forum.url}/login`);
	const session = (await forum.order("sessions")).find(({ forceLogin }) => forceLogin === 1);
	const wanted = session?.returnTo ?? "";
	expect(wanted).toMatch(/^\/x-login\/continue\?login=/);
	await visitor.open(`${forum.url}/x-login/log-in?returnTo=//elsewhere.example/`);
	expect(await forum.order("sessions")).toContainEqual(expect.objectContaining({ returnTo: "/" }));
	await visitor.open(`${forum.url}/as/${uid}?at=${Date.now()}`);
	// As NodeBB's log-in goes on.
	await visitor.open(forum.url + wanted);
	await step(visitor, "link");

	expect(visitor.seen.url).toBe(`${forum.url}/x-login`);
	expect(visitor.seen.html).toContain("Your account is connected to X");
	expect((await throughX(forum, ADA)).seen.html).toBe(`uid ${uid}`);
});

test("a deleted user leaves nothing, and logging out deletes the cookies", async () => {
	const forum = await openForum();
	const visitor = await throughX(forum, ADA);
	const ofPlugin = () => [...visitor.cookies].filter(([name]) => name.startsWith("x-login."));
	expect(ofPlugin().join()).toMatch(/finished,./);
	await visitor.open(`${forum.url}/logout`);
	expect(ofPlugin().map(([, value]) => value)).toEqual(["", ""]);
	await forum.order("delete", 1);
	const storage = new SqliteStorage(join(forum.folder, "x-login.sqlite"), systemClock);
	const kept = await Promise.all(["nodebb", "plugin"].map((part) => storage.list([part])));
	storage.close();
	expect(kept.flatMap(({ entries }) => entries.map(({ key }) => key))).toEqual([
		["plugin", "x-login", "profiles", "nodebb"],
	]);
	expect(JSON.stringify(kept)).not.toMatch(/7001|ada/i);

	expect((await throughX(forum, ADA)).seen.html).toBe("uid 2");
});

test("a user whom NodeBB is deleting can connect nothing any more", async () => {
	const forum = await openForum();
	const uid = await forum.order("add", { username: "carl", password: "hash" });
	const visitor = new HttpVisitor();
	await visitor.open(`${forum.url}/as/${uid}?at=${Date.now()}`);
	expect((await visitor.open(`${forum.url}/x-login`)).html).toContain("/forum/x-login/start");
	await forum.order("beginToDelete", uid);
	await visitor.submit("/forum/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId: ADA.id }));

	expect(titleOf(visitor)).toBe("Another user started this");
});

test("the example calls the functions that are faked, and no others", async () => {
	const forum = await openForum();
	await new HttpVisitor().open(`${forum.url}/login`);
	const { faked } = await forum.order("functions");

	expect([...called].sort()).toEqual(faked);
});
