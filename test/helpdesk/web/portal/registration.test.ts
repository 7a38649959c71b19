import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../../kit/eventually.ts";
import { HttpVisitor, type Seen } from "../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import {
	linkTo,
	mailboxOf,
	type Registrant,
	registerByLetter,
} from "../../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";

const PASSWORD = "correct horse";
const GRACE: Registrant = { name: "Grace", email: "grace@example.com", password: PASSWORD };
const REGISTRATION = "/admin/settings/users/registration";

async function askToRegister(
	open: Pick<OpenHelpdesk, "portal">,
	registrant: Registrant,
	visitor = new HttpVisitor(),
): Promise<Seen> {
	await visitor.open(`${open.portal}/register`);
	return visitor.submit("/register", { ...registrant });
}

async function setRegistration(open: OpenHelpdesk, fields: Record<string, string>) {
	await open.operator.open(`${open.portal}${REGISTRATION}`);
	await open.operator.submit(REGISTRATION, { "acorn-registration": "open", ...fields });
}

/** Status, headers and body of an answer, without what differs from visitor to visitor. */
function comparable({ status, headers, html }: Seen, email: string): unknown {
	const names = [...headers].filter(([name]) => !["date", "content-length"].includes(name));
	return [status, names, html.replaceAll(/value="[^"]+"/g, "").replaceAll(email, "")];
}

test("finding 11: the answer is the same whether or not an address has an account, and opens no session", async () => {
	const open = await openHelpdesk();
	await registerByLetter(new HttpVisitor(), open.portal, mailboxOf(open), GRACE);
	await addUnconfirmed(open.storage, { ...GRACE, email: "older@example.com" });
	await open.operator.open(`${open.portal}/admin/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email: "tim@example.com" });
	const answers = new Set<string>();

	for (const email of [
		...["nobody@example.com", GRACE.email, "older@example.com", "tim@example.com"],
		open.helpdesk.operator.email,
	]) {
		const visitor = new HttpVisitor();
		const seen = await askToRegister(open, { ...GRACE, email }, visitor);
		answers.add(JSON.stringify(comparable(seen, email)));
		expect(seen).toMatchObject({ status: 200, url: `${open.portal}/register` });
		expect((await visitor.open(`${open.portal}/account`)).url).toContain("/login");
	}

	expect(answers.size).toBe(1);
});

test("finding 11: the password of a registration logs nobody in before the letter, so that trying it says nothing either", async () => {
	const open = await openHelpdesk();
	await addUnconfirmed(open.storage, { ...GRACE, password: "hers alone" });
	const answers = new Set<string>();

	for (const email of [GRACE.email, "nobody@example.com"]) {
		const visitor = new HttpVisitor();
		await askToRegister(open, { ...GRACE, email }, visitor);
		await linkTo(mailboxOf(open), email);
		await visitor.open(`${open.portal}/login`);
		const seen = await visitor.submit("/login", { email, password: PASSWORD });
		answers.add(JSON.stringify(comparable(seen, email)));
		expect(seen.status).toBe(400);
	}

	expect(answers.size).toBe(1);
});

test("finding 11: an answer waits for no look-up of the address", async () => {
	const open = await openHelpdesk();
	const { storage } = open;
	const get = storage.get.bind(storage);
	let isHeld = true;
	storage.get = async (key) => {
		if (key[0] === "accounts" && key[1] === "email") {
			await eventually(() => expect(isHeld).toBe(false));
		}
		return get(key);
	};

	const seen = await askToRegister(open, GRACE);

	expect(seen.html).toContain("Look at your mail");
	isHeld = false;
	await linkTo(mailboxOf(open), GRACE.email);
});

test("finding 11: the owner of an account who is registered by a stranger keeps it, and hears of it by letter", async () => {
	const open = await openHelpdesk();
	const grace = new HttpVisitor();
	await registerByLetter(grace, open.portal, mailboxOf(open), GRACE);

	await askToRegister(open, { ...GRACE, name: "Mallory", password: "mallory's own" });

	await eventually(async () => {
		expect(await mailboxOf(open)()).toContain("You already have an account at Acorn Outdoor");
	});
	expect((await grace.open(`${open.portal}/account`)).html).toContain("<bdi>Grace</bdi>");
	const login = new HttpVisitor();
	await login.open(`${open.portal}/login?returnTo=/account`);
	const { email, password } = GRACE;
	expect((await login.submit("/login", { email, password })).html).toContain("<bdi>Grace</bdi>");
});

test("finding 11: a link that a stranger caused asks the owner of the address for a name and a password", async () => {
	const open = await openHelpdesk();
	const mallory = new HttpVisitor();
	await askToRegister(open, { ...GRACE, name: "Mallory", password: "mallory's own" }, mallory);
	const link = await linkTo(mailboxOf(open), GRACE.email);
	const owner = new HttpVisitor();

	const page = await owner.open(link);
	expect(page.headers.get("referrer-policy")).toBe("no-referrer");
	expect(page.html).toContain("You opened this link in another browser");
	expect(await owner.submit("/register/confirm", { name: "", password: PASSWORD })).toMatchObject({
		status: 400,
		html: expect.stringContaining("Enter your name"),
	});
	expect(
		await owner.submit("/register/confirm", { name: "G", password: "password" }),
	).toMatchObject({ status: 400, html: expect.stringContaining("Many people use this password") });
	const { url, html } = await owner.submit("/register/confirm", {
		name: "Grace",
		password: PASSWORD,
	});

	expect([url, html]).toEqual([
		`${open.portal}/account`,
		expect.stringContaining("<bdi>Grace</bdi>"),
	]);
	await mallory.open(`${open.portal}/login`);
	expect(
		await mallory.submit("/login", { email: GRACE.email, password: "mallory's own" }),
	).toMatchObject({ status: 400 });
	expect((await mallory.open(link)).html).toContain("expired or was already used");
});

test("a program that opens links in mail, without the cookie or with it, finishes nothing", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await askToRegister(open, GRACE, visitor);
	const link = await linkTo(mailboxOf(open), GRACE.email);

	for (const reader of [new HttpVisitor(), visitor]) {
		expect((await reader.open(link)).status).toBe(200);
	}

	await open.operator.open(`${open.portal}/admin/users`);
	expect(open.operator.seen.html).toContain("Nobody has registered yet.");
});

test("an account under 0.2.0 whose address nobody has proven still logs in with its password", async () => {
	const open = await openHelpdesk();
	// A password that nobody may choose today.
	await addUnconfirmed(open.storage, { ...GRACE, password: "password" });
	const visitor = new HttpVisitor();

	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: GRACE.email, password: "password" });

	expect(visitor.seen.html).toContain("<bdi>Grace</bdi>");
});

test("registration with approval, with a telephone number, closed", async () => {
	const open = await openHelpdesk();
	const mailbox = mailboxOf(open);
	await setRegistration(open, { "acorn-registration": "approval" });
	const grace = new HttpVisitor();
	await registerByLetter(grace, open.portal, mailbox, GRACE);
	expect(grace.seen).toMatchObject({
		status: 202,
		html: expect.stringContaining("waiting for approval"),
	});

	await setRegistration(open, { "acorn-phone": "on" });
	const ida = new HttpVisitor();
	await registerByLetter(ida, open.portal, mailbox, { ...GRACE, email: "ida@example.com" });
	expect(ida.seen.html).toContain("We need your telephone number");

	const late = new HttpVisitor();
	await askToRegister(open, { ...GRACE, email: "late@example.com" }, late);
	const link = await linkTo(mailbox, "late@example.com");
	await setRegistration(open, { "acorn-registration": "closed" });
	expect(await late.open(link)).toMatchObject({ status: 403 });
	const posted = await late.post(`${open.portal}/register`, [["_csrf", "x"]]);
	expect(posted.status).toBe(403);
	expect((await late.open(`${open.portal}/register`)).html).not.toContain('action="/register"');
});

test("letters are in the language of the visitor, or of the account", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	const german = { headers: { "accept-language": "de-AT" } };
	const { html } = await visitor.open(`${open.portal}/register`, german);
	const proof = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	const body = new URLSearchParams({ _csrf: proof, ...GRACE });

	const sent = await visitor.open(`${open.portal}/register`, { ...german, method: "POST", body });

	expect(sent.html).toContain("Sehen Sie in Ihre E-Mails");
	await visitor.open(await linkTo(mailboxOf(open), GRACE.email), german);
	expect(visitor.seen.html).toContain("Registrierung abschließen");
	await visitor.submit("/register/confirm");
	await askToRegister(open, GRACE);
	await eventually(async () => {
		expect(await mailboxOf(open)()).toContain("Sie haben schon ein Konto bei Acorn Outdoor");
	});
});

test.each([
	["short", "This password is too short"],
	["x".repeat(257), "longer than 256 characters"],
	["        ", "repeats the same few characters"],
	["password", "Many people use this password"],
	["12345678", "Many people use this password"],
	["grace@example.com", "Strangers can guess this password"],
	["Acorn Outdoor", "Strangers can guess this password"],
	["GRACE hopper 1906", "Strangers can guess this password"],
])("finding 8: nobody registers with %j, and the page says why", async (password, sentence) => {
	const open = await openHelpdesk();

	const { status, html } = await askToRegister(open, { ...GRACE, name: "Grace Hopper", password });

	expect([status, html]).toEqual([400, expect.stringContaining(sentence)]);
	expect(html).toContain('value="grace@example.com"');
});

test("finding 8: passwords are never cut, neither by the browser nor at the log-in", async () => {
	const open = await openHelpdesk();
	const password = Array.from({ length: 256 }, (_, index) => "abcdefghk"[(index * index) % 9]).join(
		"",
	);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/register`);
	expect(visitor.seen.html).not.toMatch(/type="password"[^>]*maxlength/);
	await registerByLetter(visitor, open.portal, mailboxOf(open), { ...GRACE, password });
	await visitor.submit("/logout");
	await visitor.open(`${open.portal}/login?returnTo=/account`);

	const { email } = GRACE;
	expect(await visitor.submit("/login", { email, password: `${password}x` })).toMatchObject({
		status: 400,
	});
	expect((await visitor.submit("/login", { email, password })).html).toContain("<bdi>Grace</bdi>");
});

test.each([
	["password1234", "Many people use the new password"],
	["operator@helpdesk.example", "Strangers can guess the new password"],
	["harbor music 12", "Strangers can guess the new password"],
	["abcabcabcabc", "repeats the same few characters"],
	["wxvkqzjrpq", "at least 12 characters"],
])("finding 8: no operator chooses %j", async (next, sentence) => {
	const { operator, helpdesk } = await openHelpdesk();
	await operator.open(`${helpdesk.adminUrl}/profile`);

	const current = helpdesk.operator.password ?? "";
	const { status, html } = await operator.submit("/admin/profile", { current, new: next });

	expect([status, html]).toEqual([400, expect.stringContaining(sentence)]);
});

test("finding 17: a typed name is stored and shown without control, bidi and invisible characters", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	const name = "Grace\u202e\u200b\u0007 <b>\u3164Hopper";

	await registerByLetter(visitor, open.portal, mailboxOf(open), { ...GRACE, name });

	expect(visitor.seen.html).toContain("<bdi>Grace &lt;b&gt;Hopper</bdi>");
	for (const invisible of ["\u202e\u2066", "\u3164", " ", "x".repeat(81)]) {
		const { status, html } = await askToRegister(open, { ...GRACE, name: invisible });
		expect([status, html]).toEqual([400, expect.stringContaining("Enter your name")]);
	}
});

const PUBLIC = new Map([["harbor", "https://music.example.com"]]);

test("finding 11: off loopback and without a mail server nobody registers with a password, and Registration says so", async () => {
	const open = await openHelpdesk({ baseUrls: PUBLIC });
	const [acorn = "", harbor = ""] = open.helpdesk.listening;
	const visitor = new HttpVisitor();

	const { html } = await visitor.open(`${harbor}/register`);
	expect(html).toContain("You cannot register with a password here");
	expect(html).not.toContain('type="password"');
	await visitor.open(`${harbor}/login`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	const fields = [["_csrf", proof] as const, ...Object.entries(GRACE)];
	expect(await visitor.post(`${harbor}/register`, fields)).toMatchObject({ status: 403 });

	expect((await new HttpVisitor().open(`${acorn}/register`)).html).toContain('action="/register"');
	await open.operator.open(`${open.portal}${REGISTRATION}`);
	expect(open.operator.seen.html).toContain("Nobody can register at Harbor Music with a password");
	expect(open.operator.seen.html).not.toContain("Nobody can register at Acorn Outdoor");
});

test("off loopback and without a mail server, the pages that write a link to set a password say whom to ask for it", async () => {
	const sentence = "We cannot send e-mails at the moment.";
	const open = await openHelpdesk({ baseUrls: PUBLIC });
	const [acorn = "", harbor = ""] = open.helpdesk.listening;
	await addUnconfirmed(open.storage, GRACE, "harbor");
	await addUnconfirmed(open.storage, GRACE);
	const known = new HttpVisitor();
	await known.open(`${harbor}/login`);
	await known.submit("/login", { email: GRACE.email, password: PASSWORD });
	await known.open(`${harbor}/account`);
	expect((await known.submit("/account/password-link")).html).toContain(sentence);

	const answers = new Set<string>();
	for (const email of [GRACE.email, "nobody@example.com"]) {
		const visitor = new HttpVisitor();
		await visitor.open(`${harbor}/forgot`);
		const seen = await visitor.submit("/forgot", { email });
		answers.add(JSON.stringify(comparable(seen, email)));
		expect(seen.html).toContain(sentence);
	}
	expect(answers.size).toBe(1);
	// The operators find the link.
	expect(await linkTo(mailboxOf(open), GRACE.email, "/reset")).toContain("music.example.com");

	const onLoopback = new HttpVisitor();
	await onLoopback.open(`${acorn}/forgot`);
	const { html } = await onLoopback.submit("/forgot", { email: GRACE.email });
	expect(html).toContain("we have sent it a link");
});

test("with a mail server visitors register with a password anywhere", async () => {
	const letters: string[] = [];
	const deliver = async ({ text }: { readonly text: string }) => void letters.push(text);
	const open = await openHelpdesk({ baseUrls: PUBLIC, deliver });

	await askToRegister({ portal: open.helpdesk.listening[1] ?? "" }, GRACE);

	await eventually(() => {
		expect(letters.join()).toContain("https://music.example.com/register/confirm?token=");
	});
	await open.operator.open(`${open.portal}${REGISTRATION}`);
	expect(open.operator.seen.html).not.toContain("Nobody can register at");
});

test("finding 12: logging in with the password proves no address; the owner who sets one from a letter ends everything", async () => {
	const email = "ada@example.com";
	const open = await openHelpdesk();
	await setUpX(open);
	const id = await addUnconfirmed(open.storage, { ...GRACE, email });
	const squatter = new HttpVisitor();
	await squatter.open(`${open.portal}/login?returnTo=/account`);
	await squatter.submit("/login", { email, password: PASSWORD });
	expect(squatter.seen.html).toContain(email);
	const key = ["accounts", "account", id];
	expect((await open.storage.get(key))?.value).toMatchObject({ confirmed: false });

	const owner = new HttpVisitor();
	await owner.open(`${open.portal}/forgot`);
	await owner.submit("/forgot", { email });
	await owner.open(await linkTo(mailboxOf(open), email, "/reset"));
	await owner.submit("/reset", { password: "another horse" });

	expect((await open.storage.get(key))?.value).toMatchObject({ confirmed: true });
	expect((await squatter.open(`${open.portal}/account`)).url).toContain("/login");
	expect(await squatter.submit("/login", { email, password: PASSWORD })).toMatchObject({
		status: 400,
	});
});

test("a visitor who signs up with X while a registration waits keeps X when they open the link", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await askToRegister(open, { ...GRACE, email: "ada@example.com" }, visitor);
	const link = await linkTo(mailboxOf(open), "ada@example.com");
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));

	// The log-in with X has given the browser another session.
	expect((await visitor.open(link)).html).toContain("You opened this link in another browser");
	expect(visitor.seen.html).toContain("Disconnect X @ada");
	await visitor.submit("/register/confirm", { name: "Ada", password: PASSWORD });

	expect(visitor.seen.html).toContain("@ada");
	expect(visitor.seen.html).toContain("You can log in with your e-mail address and password.");
});
