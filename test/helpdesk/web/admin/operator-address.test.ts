import { expect, test } from "vitest";
import type { MailMessage } from "../../../../src/contract/mail.ts";
import type { HelpdeskOptions } from "../../../../src/helpdesk/helpdesk.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { otherSession } from "../../../kit/deeds/world.ts";
import { codeOf } from "../../../kit/helpdesk/authenticator-app.ts";
import type { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { keptLetters } from "../../../kit/helpdesk/kept-letters.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../kit/helpdesk/open-sites.ts";
import { setUpSecondFactor } from "../../../kit/helpdesk/second-factor.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const MINUTE = 60_000;
const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const NEW = "ada@home.example";
const PASSWORD = "a long password of hers";
const LOG_IN = "/admin/login";
const ADDRESS = "/admin/profile/address";
const CODE = `${ADDRESS}/code`;
const WRONG = "000000000000";

/** The administration with an owner who is logged in, and a mail server. */
async function open(given: Partial<HelpdeskOptions> = {}) {
	const clock = new MockClock();
	const sent: MailMessage[] = [];
	const deliver = async (letter: MailMessage) => {
		sent.push(letter);
	};
	const storage = new MemoryStorage(clock);
	const sites = openSites(await helpdeskOptions({ clock, storage, deliver, ...given }));
	const { core, url } = sites;
	await core.operators.makeFirst();
	await core.operators.add(ADA, "owner", PASSWORD);
	await core.operators.add(BEN, "support", "a long password of his");
	const logIn = async (visitor = sites.visitor(), email = ADA, password = PASSWORD) => {
		await visitor.open(`${url}${LOG_IN}`);
		await visitor.submit(LOG_IN, { email, password });
		return visitor;
	};
	const isIn = async (visitor: HttpVisitor) =>
		(await visitor.open(`${url}/admin/users`)).url === `${url}/admin/users`;
	/** The texts of the letters to an address. */
	const lettersTo = async (email: string) => {
		clock.advance(5 * MINUTE);
		await core.outbox.deliverAll();
		return sent.filter(({ to }) => to === email).map(({ text }) => text);
	};
	const ask = async (visitor: HttpVisitor, email = NEW): Promise<string> => {
		await visitor.open(`${url}/admin/profile`);
		await visitor.submit(ADDRESS, { email });
		const [text = ""] = (await lettersTo(email)).slice(-1);
		return /\d{4} \d{4} \d{4}/.exec(text)?.[0] ?? "";
	};
	const owner = await logIn();
	return { ...sites, clock, storage, owner, logIn, isIn, lettersTo, ask };
}

test("an operator changes their address by the code in a letter to the new one, and stays logged in", async () => {
	const { core, url, owner, logIn, isIn, lettersTo, ask } = await open();
	const other = await logIn();
	const before = owner.cookies.get("admin-acorn");
	const code = await ask(owner);
	expect(await core.operators.has(NEW)).toBe(false);
	await owner.submit(CODE, { code: WRONG });
	expect([
		owner.seen.status,
		owner.seen.html.includes("right. Enter the one from the last e-mail."),
	]).toEqual([400, true]);
	expect(await keptLetters(core.outbox, ADA)).toEqual([]);

	await owner.submit(CODE, { code });

	expect(owner.seen.url).toBe(`${url}/admin/profile?done=address`);
	expect(owner.seen.html).toContain("Your e-mail address is changed");
	expect(owner.seen.html).toContain(`<strong>${NEW}</strong>`);
	expect(owner.seen.html.match(/\(this browser\)/g)).toHaveLength(1);
	expect(owner.cookies.get("admin-acorn")).not.toBe(before);
	expect([await isIn(owner), await isIn(other)]).toEqual([true, false]);
	expect((await owner.open(`${url}/admin/operators`)).html).toContain(NEW);
	expect(await isIn(await logIn(undefined, NEW))).toBe(true);
	expect(await isIn(await logIn(undefined, ADA))).toBe(false);
	const [letter = "", ...more] = await lettersTo(ADA);
	expect([letter.includes(NEW), letter.includes(`operator reset ${NEW}`), more]).toEqual([
		...[true, true, []],
	]);
});

test("the trail names the old address and the new one", async () => {
	const { url, owner, ask } = await open();
	const code = await ask(owner);
	await owner.submit(CODE, { code });
	const { html } = await owner.open(`${url}/admin/audit?deed=operator.change-address`);
	const [, rows = ""] = html.split("<tbody>");
	expect(rows.match(/<tr/g)).toHaveLength(1);
	expect([rows.includes(ADA), rows.includes(NEW), rows.includes(code)]).toEqual([
		true,
		true,
		false,
	]);
	const asked = await owner.open(`${url}/admin/audit?deed=operator.ask-address-code`);
	expect(asked.html.split("<tbody>")[1]).toContain(NEW);
});

test("a code can be asked for ten minutes after a proof, and takes no further one", async () => {
	const { url, clock, owner, ask, isIn, core } = await open();
	await owner.open(`${url}/admin/profile`);
	clock.advance(10 * MINUTE);
	await owner.submit(ADDRESS, { email: NEW });
	expect(new URL(owner.seen.url).pathname).toBe("/admin/prove");
	await owner.submit("/admin/prove", { password: PASSWORD });
	expect(new URL(owner.seen.url).pathname).toBe("/admin/profile");
	clock.advance(5 * MINUTE);
	const code = await ask(owner);
	clock.advance(4 * MINUTE);
	await owner.submit(CODE, { code });
	expect(await core.operators.has(NEW)).toBe(true);
	expect(await isIn(owner)).toBe(true);
	// The proof is as old as it was.
	clock.advance(2 * MINUTE);
	await owner.open(`${url}/admin/profile`);
	await owner.submit(ADDRESS, { email: "ada@third.example" });
	expect(new URL(owner.seen.url).pathname).toBe("/admin/prove");
});

test("a code in a thief's browser is worth nothing, also with the same session", async () => {
	const { core, url, owner, ask, logIn, visitor } = await open();
	const code = await ask(owner);
	const other = await logIn(visitor());
	await other.open(`${url}/admin/profile`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(other.seen.html)?.[1] ?? "";
	await other.post(`${url}${CODE}`, [
		["_csrf", csrf],
		["code", code],
	]);
	expect([other.seen.status, await core.operators.has(NEW)]).toEqual([400, false]);
});

test("an address of somebody else is refused only to those who read its mail", async () => {
	const { core, url, logIn, ask } = await open();
	const ben = await logIn(undefined, BEN, "a long password of his");
	const code = await ask(ben, ADA);
	await ben.open(`${url}/admin/profile`);
	expect(ben.seen.html).toContain(`A code was sent to <strong>${ADA}</strong>`);
	await ben.submit(CODE, { code });
	expect([ben.seen.status, ben.seen.html.includes("another operator logs in")]).toEqual([
		409,
		true,
	]);
	expect(await core.operators.roleOf(ADA)).toBe("owner");
	expect(await core.operators.roleOf(BEN)).toBe("support");
	const noted = await core.audit.log.page({ deed: "operator.address-code-failed" });
	expect(noted.entries).toMatchObject([{ actorId: BEN, reason: "taken" }]);
});

test("without a mail server the profile says what to do instead, and takes no address", async () => {
	const { core, url, owner } = await open({ deliver: undefined });
	const { html } = await owner.open(`${url}/admin/profile`);
	expect(html).toContain("operator add");
	expect(html).not.toContain(`action="${ADDRESS}"`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	for (const path of [ADDRESS, CODE]) {
		await owner.post(`${url}${path}`, [
			["_csrf", csrf],
			["email", NEW],
			["code", WRONG],
		]);
		expect(owner.seen.status).toBe(403);
	}
	expect(await keptLetters(core.outbox)).toEqual([]);
});

test("nobody is written to at the address that the helpdesk made up", async () => {
	const { core, url, logIn, visitor, ask, lettersTo } = await open();
	const password = (await core.operators.reset(FIRST_OPERATOR)) ?? "";
	const first = await logIn(visitor(), FIRST_OPERATOR, password);
	const code = await ask(first);
	await first.submit(CODE, { code });
	expect(first.seen.url).toBe(`${url}/admin/profile?done=address`);
	expect(await lettersTo(FIRST_OPERATOR)).toEqual([]);
	expect(await core.operators.roleOf(NEW)).toBe("owner");
});

test("a second factor is asked for at the new address", async () => {
	const { url, clock, owner, ask, logIn, isIn } = await open();
	const { key, recoveryCodes } = await setUpSecondFactor(owner, url, clock);
	const code = await ask(owner);
	await owner.submit(CODE, { code });
	expect(owner.seen.html).toContain("10 recovery codes are left.");
	const browser = await logIn(undefined, NEW);
	expect(browser.seen.html).toContain("Enter the code");
	await browser.submit("/admin/login/code", { code: codeOf(key, clock.now()) });
	expect(await isIn(browser)).toBe(true);
	const another = await logIn(undefined, NEW);
	await another.submit("/admin/login/code", { recovery: recoveryCodes[0] ?? "" });
	expect(await isIn(another)).toBe(true);
});

test("a session that is ended while its address changes does not come back", async () => {
	const clock = new MockClock();
	const storage = new PausingStorage(new MemoryStorage(clock));
	const { core, url, owner, logIn, ask, isIn } = await open({ clock, storage });
	const other = await logIn();
	const code = await ask(owner);
	const session = otherSession((await other.open(`${url}/admin/profile`)).html);
	const { reached, goOn } = storage.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && keys.some(([first]) => first === "operators"),
	);
	const changing = owner.submit(CODE, { code });
	await reached;
	const csrf = /name="_csrf" value="([^"]+)"/.exec(other.seen.html)?.[1] ?? "";
	await other.post(`${url}/admin/profile/sessions/end`, [
		["_csrf", csrf],
		["session", session],
	]);
	goOn();
	await changing;
	expect([owner.seen.url, await isIn(owner)]).toEqual([`${url}${LOG_IN}`, false]);
	expect(await core.operators.has(NEW)).toBe(true);
	expect(await isIn(await logIn(undefined, NEW))).toBe(true);
});

test("codes that are asked for again and again are refused for an hour", async () => {
	const { clock, owner, url } = await open();
	await owner.open(`${url}/admin/profile`);
	await owner.submit(ADDRESS, { email: NEW });
	for (let each = 0; each < 4; each += 1) {
		clock.advance(1000);
		// Another code.
		await owner.submit(ADDRESS);
		expect(owner.seen.status).toBe(200);
	}
	await owner.submit(ADDRESS);
	expect(owner.seen.status).toBe(429);
	expect(Number(owner.seen.headers.get("retry-after"))).toBeGreaterThan(3000);
	expect(owner.seen.html).toContain("Too many codes were sent. Wait 60 minutes");
});
