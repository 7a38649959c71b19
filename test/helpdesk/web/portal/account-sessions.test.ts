import { expect, onTestFinished, test } from "vitest";
import type { HostStorage } from "../../../../src/contract/storage.ts";
import { type Helpdesk, startHelpdesk } from "../../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../../kit/helpdesk/open-helpdesk.ts";
import { addUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";
import { actOnUser } from "../../../kit/helpdesk/users-pages.ts";
import { allEntries } from "../../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const MINUTE = 60_000;
const END = "/account/sessions/end";
const END_OTHERS = "/account/sessions/end-others";
const ADA = { name: "Ada", email: "ada@example.com", password: "several words of Ada" };
const GRACE = { name: "Grace", email: "grace@example.com", password: "several words of Grace" };

async function open(
	keys = [cryptoRandom.bytes(32)],
	clock = new MockClock(),
	storage: HostStorage = new MemoryStorage(clock),
) {
	const opened = await openHelpdesk({ keys, clock, storage });
	const adaId = await addUnconfirmed(storage, ADA);
	await addUnconfirmed(storage, GRACE);
	return { ...opened, clock, storage, adaId };
}

async function logIn({ portal }: OpenHelpdesk, { email, password } = ADA): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email, password });
	expect(visitor.seen.html).toContain(email);
	return visitor;
}

async function isIn(visitor: HttpVisitor, portal: string): Promise<boolean> {
	return (await visitor.open(`${portal}/account`)).url === `${portal}/account`;
}

function items(visitor: HttpVisitor): readonly string[] {
	return [...visitor.seen.html.matchAll(/<li class="linked">(.*?)<\/li>/gs)].map(([, item = ""]) =>
		item
			.replace(/<[^>]*>/g, " ")
			.replace(/\s+/g, " ")
			.trim(),
	);
}

function portalOf({ brands }: Helpdesk): string {
	return brands[0]?.baseUrl ?? "";
}

test("the account page lists the user's sessions with device, network and time, and marks this browser's", async () => {
	const desk = await open();
	const first = await logIn(desk);
	desk.clock.advance(5 * MINUTE);
	await logIn(desk);
	await logIn(desk, GRACE);

	await first.open(`${desk.portal}/account`);

	expect(items(first)).toEqual([
		"node Network 127.0.0.0/24 Logged in since Jan 15, 2026, 12:05 PM (UTC) End",
		"node (this browser) Network 127.0.0.0/24 Logged in since Jan 15, 2026, 12:00 PM (UTC) End",
	]);
});

test("an ended session of a user is over at the next request, on another node too", async () => {
	const keys = [cryptoRandom.bytes(32)];
	const desk = await open(keys);
	const { storage, clock, portal } = desk;
	const second = await startHelpdesk(await helpdeskOptions({ storage, clock, keys }));
	onTestFinished(() => second.close());
	const owner = await logIn(desk);
	clock.advance(1);
	const other = await logIn(desk);
	expect(await isIn(other, portalOf(second))).toBe(true);

	await owner.open(`${portal}/account`);
	await owner.submit(END);

	expect(owner.seen.html).toContain("The session has ended.");
	expect(await isIn(other, portalOf(second))).toBe(false);
	expect(await isIn(other, portal)).toBe(false);
	expect(await isIn(owner, portalOf(second))).toBe(true);
});

test("a user ends no session of somebody else", async () => {
	const desk = await open();
	const grace = await logIn(desk, GRACE);
	const ada = await logIn(desk);
	await grace.open(`${desk.portal}/account`);
	const [, id = ""] = /name="session" value="([^"]*)"/.exec(grace.seen.html) ?? [];
	const [, csrf = ""] = /name="_csrf" value="([^"]*)"/.exec(ada.seen.html) ?? [];

	await ada.post(`${desk.portal}${END}`, [
		["_csrf", csrf],
		["session", id],
	]);

	expect(await isIn(grace, desk.portal)).toBe(true);
});

test("a user who ends the session of their own browser is logged out", async () => {
	const desk = await open();
	const owner = await logIn(desk);

	await owner.submit(END);

	expect(await isIn(owner, desk.portal)).toBe(false);
});

test.each([END, END_OTHERS])("%s asks who it is ten minutes after the last proof", async (path) => {
	const desk = await open();
	const owner = await logIn(desk);
	const other = await logIn(desk);
	desk.clock.advance(10 * MINUTE);
	await owner.open(`${desk.portal}/account`);

	await owner.submit(path);

	expect(owner.seen.url).toContain("/login/confirm");
	expect(await isIn(other, desk.portal)).toBe(true);
});

test("a stolen cookie of a user is worth nothing after “Log out everywhere else”, and the owner stays in", async () => {
	const desk = await open();
	const owner = await logIn(desk);
	const other = await logIn(desk);
	const thief = new HttpVisitor();
	for (const [name, value] of owner.cookies) {
		thief.cookies.set(name, value);
	}
	expect(await isIn(thief, desk.portal)).toBe(true);
	await owner.open(`${desk.portal}/account`);

	await owner.submit(END_OTHERS);

	expect(owner.seen.html).toContain("You are logged out in all other browsers.");
	expect(items(owner)).toHaveLength(1);
	expect(await isIn(thief, desk.portal)).toBe(false);
	expect(await isIn(other, desk.portal)).toBe(false);
	expect(await isIn(owner, desk.portal)).toBe(true);
});

test("a thief whose request is under way when the owner logs out everywhere else is out", async () => {
	const clock = new MockClock();
	const storage = new PausingStorage(new MemoryStorage(clock));
	const desk = await open(undefined, clock, storage);
	const [owner, thief] = [await logIn(desk), await logIn(desk)];
	await owner.open(`${desk.portal}/account`);
	await thief.open(`${desk.portal}/account`);
	const { reached, goOn } = storage.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && keys.some(([first]) => first === "accounts"),
	);
	const underWay = thief.submit(END_OTHERS);
	await reached;
	await owner.submit(END_OTHERS);
	expect(owner.seen.html).toContain("You are logged out in all other browsers.");

	goOn();
	await underWay;

	expect(await isIn(thief, desk.portal)).toBe(false);
});

test("nothing of the sessions of a deleted user is left", async () => {
	const desk = await open();
	await logIn(desk, GRACE);
	const left = await allEntries(desk.storage, ["sessions", "portal"]);
	await logIn(desk);
	await logIn(desk);

	await actOnUser(desk.operator, desk.portal, desk.adaId, "delete");

	expect(await allEntries(desk.storage, ["sessions", "portal"])).toEqual(left);
});
