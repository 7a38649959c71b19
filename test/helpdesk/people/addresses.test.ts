import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { linkTo, mailboxOf } from "../../kit/helpdesk/register-by-letter.ts";

const KELVIN = "\u212a";
const LOOK_ALIKE = `${KELVIN}im@example.com`;
const PASSWORD = "correct horse";

function openAccounts(): { accounts: Accounts; storage: HostStorage } {
	const storage = new MemoryStorage(new MockClock());
	const registration = new Registration(namespaced(storage, ["registration"]));
	const accounts = new Accounts(
		namespaced(storage, ["accounts"]),
		registration,
		async () => false,
		() => {},
		CHEAP_HASHER,
		new MockClock(),
	);
	return { accounts, storage };
}

/**
 * Stores an account as versions before the canonical form did: the address as typed, under a key of its Unicode lower
 * case.
 */
async function storeOld(storage: HostStorage, email: string, id: string): Promise<void> {
	const hash = createHash("sha256").update(email.toLowerCase()).digest("base64url");
	const value = {
		brandId: "acorn",
		name: email,
		email,
		locale: "en",
		password: await CHEAP_HASHER.hash(PASSWORD),
		phone: null,
		confirmed: true,
		unclaimed: false,
		status: "active",
		sessionEpoch: 0,
		createdFor: null,
	};
	await namespaced(storage, ["accounts"]).commit({
		sets: [
			{ key: ["account", id], value },
			{ key: ["email", "acorn", hash], value: id },
		],
	});
}

test.each([
	["Ada@Example.com", "ada@example.com"],
	["Ada@Example.com", "ADA@ｅｘａｍｐｌｅ.com"],
	["ada@bücher.example", "ada@xn--bcher-kva.example"],
	["Ada@BÜCHER.example", "ada@bücher.example"],
])("an old account stored as %s is found as %s, and stays the only one", async (stored, typed) => {
	const { accounts, storage } = openAccounts();
	await storeOld(storage, stored, "old");

	expect(await accounts.byEmail("acorn", stored)).toMatchObject({ id: "old", email: stored });
	expect(await accounts.byEmail("acorn", typed)).toMatchObject({ id: "old" });
	const newcomer = { brandId: "acorn", name: "Ada", email: typed, locale: "en" };
	expect(await accounts.addFromTicket(newcomer)).toBeUndefined();

	await accounts.delete("old");
	expect(await accounts.addFromTicket(newcomer)).toMatchObject({ unclaimed: true });
	expect(await accounts.byEmail("acorn", stored)).not.toMatchObject({ id: "old" });
});

test.each([LOOK_ALIKE, "jürgen@example.com", '"a b"@example.com', "ada@intranet"])(
	"the owner of an old account stored as %s logs in with that spelling, and with no other",
	async (stored) => {
		const open = await openHelpdesk();
		await storeOld(open.storage, stored, "old");
		const visitor = new HttpVisitor();
		const logIn = async (email: string) => {
			await visitor.open(`${open.portal}/login?returnTo=/account`);
			return visitor.submit("/login", { email, password: PASSWORD });
		};

		const { status, html } = await logIn(stored.replaceAll(KELVIN, "k").toUpperCase());
		expect([status, html]).toEqual([
			400,
			expect.stringContaining("Incorrect e-mail address or password"),
		]);
		expect((await logIn(` ${stored} `)).html).toContain("Linked accounts");
		await visitor.submit("/account/password-link");
		expect(await lettersOf(open.storage)).toEqual([stored]);
	},
);

test("a look-alike from an older version neither owns an address nor gets its letters", async () => {
	const open = await openHelpdesk();
	await storeOld(open.storage, LOOK_ALIKE, "old");
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/forgot`);
	await visitor.submit("/forgot", { email: "kim@example.com" });
	await visitor.open(`${open.portal}/forgot`);
	await visitor.submit("/forgot", { email: LOOK_ALIKE });

	// Once the second letter is written, a first one would be there as well.
	await eventually(async () => expect(await lettersOf(open.storage)).toEqual([LOOK_ALIKE]));
	const { accounts, storage } = openAccounts();
	await storeOld(storage, LOOK_ALIKE, "old");
	expect(await accounts.ownerOf("acorn", "kim@example.com")).toEqual({ kind: "nobody" });
});

test("nobody registers with a look-alike, or twice with another spelling", async () => {
	const open = await openHelpdesk();
	const register = async (email: string) => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/register`);
		return visitor.submit("/register", { name: "Kim", email, password: PASSWORD });
	};

	for (const email of [LOOK_ALIKE, "ｋｉｍ@example.com", '"kim"@example.com', "kim@127.0.0.1"]) {
		const { status, html } = await register(email);
		expect([status, html]).toEqual([400, expect.stringContaining("Enter an e-mail address like")]);
	}
	const visitor = new HttpVisitor();
	const mailbox = mailboxOf(open);
	await visitor.open(`${open.portal}/register`);
	const fields = { name: "Kim", email: "Kim@ＥＸＡＭＰＬＥ.com", password: PASSWORD };
	await visitor.submit("/register", fields);
	await visitor.open(await linkTo(mailbox, "kim@example.com"));
	expect((await visitor.submit("/register/confirm")).html).toContain("<dd>kim@example.com</dd>");
	await register("kim@example.com");
	await eventually(async () => expect(await mailbox()).toContain("You already have an account"));
});

test("a ticket of a look-alike makes no account", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	await operator.open(`${helpdesk.adminUrl}/users`);

	const answer = await operator.submit("/admin/users/add", { brand: "acorn", email: LOOK_ALIKE });

	expect(answer.status).toBe(400);
	expect(answer.html).toContain("Nobody has registered yet.");
});

test("an operator is found by their address and not by a look-alike", async () => {
	const storage = new MemoryStorage(new MockClock());
	const operators = new Operators(storage, cryptoRandom, CHEAP_HASHER);
	const value = { password: await CHEAP_HASHER.hash(PASSWORD), sessionEpoch: 0 };
	await storage.commit({ sets: [{ key: [addressKey("kim@example.com")], value }] });

	expect(await operators.isPassword("Kim@ｅｘａｍｐｌｅ.com", PASSWORD)).toBe(true);
	expect(await operators.has(LOOK_ALIKE)).toBe(false);
	expect(await operators.isPassword(LOOK_ALIKE, PASSWORD)).toBe(false);
});

test("an operator logs in with any spelling of their address, and is the same operator", async () => {
	const { helpdesk } = await openHelpdesk();
	const password = helpdesk.operator.password ?? "";
	const operator = new HttpVisitor();
	await operator.open(`${helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", { email: " OPERATOR@helpdesk。example", password });

	expect((await operator.open(`${helpdesk.adminUrl}/profile`)).html).toContain(
		"<strong>operator@helpdesk.example</strong>",
	);
});

test("guesses at one account are counted together, however its address is spelled", async () => {
	const open = await openHelpdesk({ startLimit: 100 });
	const visitor = new HttpVisitor();
	const statuses: number[] = [];
	for (const email of [
		...["ada@bücher.example", " ada@bücher.example ", "ADA@BÜCHER.example"],
		...["ada@xn--bcher-kva.example", "Ada@XN--bcher-kva.example", "ada@ｂüｃｈｅｒ.example"],
		...["ada@bu\u0308cher.example", "ada@bücher。example", "aDa@bücher.example"],
		...["adA@bücher.example", "ada@bücher.eXample"],
	]) {
		await visitor.open(`${open.portal}/login`);
		statuses.push((await visitor.submit("/login", { email, password: "a guess" })).status);
	}

	expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
});

test("letters to a deleted user are deleted, whatever spelling of the address they have", async () => {
	const clock = new MockClock();
	const outbox = outboxIn(new MemoryStorage(clock), clock, undefined, () => {});
	for (const to of ["ada@xn--bcher-kva.example", "Ada@bücher.example", LOOK_ALIKE]) {
		await outbox.send({ brandId: "acorn", to, subject: "s", text: "t" });
	}

	await outbox.forget("acorn", "ADA@BÜCHER.example");
	await outbox.forget("acorn", "kim@example.com");

	expect((await keptLetters(outbox)).map(({ to }) => to)).toEqual([LOOK_ALIKE]);
});

async function lettersOf(storage: HostStorage): Promise<string[]> {
	const outbox = outboxIn(storage, new MockClock(), undefined, () => {});
	return (await keptLetters(outbox)).map(({ to }) => to);
}
