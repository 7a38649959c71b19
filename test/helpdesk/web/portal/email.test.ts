import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../../kit/eventually.ts";
import { HttpVisitor, type Seen } from "../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf, registerByLetter } from "../../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed, logInUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";

const PASSWORD = "correct horse";
const EMAIL = "ada@example.com";
const ONWARD = "/privacy?from=desk";
const PAGE = `/account/email?returnTo=${encodeURIComponent(ONWARD)}`;

/** A helpdesk in which @ada is logged in by X, whose word is all there is about her address. */
async function openWithAda() {
	const open = await openHelpdesk();
	await setUpX(open);
	const ada = await throughX(open);
	return { open, ada };
}

async function throughX({ portal }: OpenHelpdesk): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	return visitor;
}

/** The letters to an address as the operator reads them, newest first, once there are so many beside X's welcome. */
async function lettersTo(open: OpenHelpdesk, email: string, count = 1): Promise<string[]> {
	return eventually(async () => {
		const letters = (await mailboxOf(open)())
			.split("<article")
			.filter((each) => each.includes(`To ${email},`) && !each.includes("Welcome to"));
		expect(letters).toHaveLength(count);
		return letters;
	});
}

async function codeTo(open: OpenHelpdesk, email = EMAIL, count = 1): Promise<string> {
	const [letter = ""] = await lettersTo(open, email, count);
	const [, code = ""] = /code is (\d{4} \d{4} \d{4})\./.exec(letter) ?? [];
	return code;
}

async function ask(open: OpenHelpdesk, visitor: HttpVisitor, email = EMAIL, page = PAGE) {
	// So that the newest letter is the first in the mailbox.
	open.clock.advance(1);
	await visitor.open(`${open.portal}${page}`);
	return visitor.submit("/account/email", { email });
}

/** What a visitor sees, without what differs from visitor to visitor. */
function comparable({ status, headers, html, url }: Seen, email: string): unknown {
	const names = [...headers].filter(([name]) => !["date", "content-length"].includes(name));
	const page = html.replaceAll(/name="_csrf" value="[^"]+"/g, "").replaceAll(email, "");
	return [status, names, page, url];
}

test("a user whose address only X vouches for confirms it by code, stays logged in and goes on", async () => {
	const { open, ada } = await openWithAda();
	const elsewhere = await throughX(open);
	await ada.open(`${open.portal}/account`);
	expect(ada.seen.html).toContain('<a href="/account/email">Confirm your e-mail address</a>');
	await ada.open(`${open.portal}${PAGE}`);
	expect(ada.seen.html).toContain(`value="${EMAIL}"`);
	await ada.submit("/account/email", { email: EMAIL });
	expect(ada.seen).toMatchObject({ status: 200, url: `${open.portal}${PAGE}` });
	expect(ada.seen.html).toContain('autocomplete="one-time-code" maxlength="100"');
	expect(await ada.submit("/account/email/code", { code: "1" })).toMatchObject({ status: 400 });
	expect(ada.seen.html).toContain("That code isn&#39;t right.");

	const end = await ada.submit("/account/email/code", { code: `Code: ${await codeTo(open)}` });

	expect(end).toMatchObject({ status: 200, url: `${open.portal}${ONWARD}` });
	await ada.open(`${open.portal}/account`);
	expect(ada.seen.html).toContain(`<dd>${EMAIL}</dd>`);
	expect(ada.seen.html).not.toContain("/account/email");
	// Every other browser is logged out. X opens the account again.
	expect((await elsewhere.open(`${open.portal}/account`)).url).toContain("/login");
	const again = await throughX(open);
	expect((await again.open(`${open.portal}/account`)).html).toContain("@ada");
	expect((await lettersTo(open, EMAIL, 2)).join()).toContain("is confirmed");
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	expect(open.operator.seen.html).toContain("Active</span>, confirmed");
});

test("from the account page and back; a proven address leads on at once", async () => {
	const { open, ada } = await openWithAda();
	await ask(open, ada, EMAIL, "/account/email");
	const code = await codeTo(open);

	const end = await ada.submit("/account/email/code", { code });

	expect(end.url).toBe(`${open.portal}/account?done=email`);
	expect(end.html).toContain("Your e-mail address is confirmed.");
	expect((await ada.open(`${open.portal}${PAGE}`)).url).toBe(`${open.portal}${ONWARD}`);
	expect((await ada.open(`${open.portal}/account/email?returnTo=//evil.example`)).url).toBe(
		`${open.portal}/account?done=email`,
	);
});

test("a user with an unproven password is told that it ends, and it does", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await logInUnconfirmed(visitor, open, { name: "Grace", email: EMAIL, password: PASSWORD });
	await visitor.open(`${open.portal}/account/email`);
	expect(visitor.seen.html).toContain("the password of your account ends");
	await visitor.submit("/account/email", { email: EMAIL });

	await visitor.submit("/account/email/code", { code: await codeTo(open) });

	expect(visitor.seen.html).toContain("Your account has no password.");
	const login = new HttpVisitor();
	await login.open(`${open.portal}/login`);
	const fields = { email: EMAIL, password: PASSWORD };
	expect(await login.submit("/login", fields)).toMatchObject({ status: 400 });
	expect((await lettersTo(open, EMAIL, 2)).join()).toContain("password that was set before");
});

test("the answer is the same for every owner of the address, and only its owner gets a letter that says so", async () => {
	const { open } = await openWithAda();
	await registerByLetter(new HttpVisitor(), open.portal, mailboxOf(open), {
		...{ name: "Grace", email: "grace@example.com", password: PASSWORD },
	});
	await open.operator.open(`${open.portal}/admin/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email: "tim@example.com" });
	const staff = open.helpdesk.operator.email;
	const answers = new Set<string>();

	for (const email of ["nobody@example.com", "grace@example.com", "tim@example.com", staff]) {
		// Another browser each time, because a browser stays at its address.
		const visitor = await throughX(open);
		answers.add(JSON.stringify(comparable(await ask(open, visitor, email), email)));
		const wrong = await visitor.submit("/account/email/code", { code: "000000000000" });
		answers.add(JSON.stringify(comparable(wrong, email)));
	}

	expect(answers.size).toBe(2);
	expect(await codeTo(open, "nobody@example.com")).not.toBe("");
	expect((await lettersTo(open, "grace@example.com", 2))[0]).toContain("another account");
	expect((await lettersTo(open, "tim@example.com"))[0]).toContain("another account");
	expect((await lettersTo(open, staff))[0]).toContain("operator of the helpdesk");
});

test("an answer waits for no look-up of the address", async () => {
	const { open, ada } = await openWithAda();
	await ada.open(`${open.portal}${PAGE}`);
	const { storage } = open;
	const get = storage.get.bind(storage);
	let isHeld = true;
	storage.get = async (key) => {
		if (key[0] === "accounts" && key[1] === "email") {
			await eventually(() => expect(isHeld).toBe(false));
		}
		return get(key);
	};

	await ada.submit("/account/email", { email: EMAIL });

	expect(ada.seen.html).toContain("The twelve digits");
	isHeld = false;
	await lettersTo(open, EMAIL);
});

test("nobody who is logged out comes here, and a log-in leads back", async () => {
	const { open } = await openWithAda();
	const visitor = new HttpVisitor();

	await visitor.open(`${open.portal}${PAGE}`);

	const { pathname, searchParams } = new URL(visitor.seen.url);
	expect([pathname, searchParams.get("returnTo")]).toEqual(["/login", PAGE]);
	const post = await visitor.request(`${open.portal}/account/email/code`, { method: "POST" });
	expect(post.status).toBe(415);
});

test("a form without a proof of this browser asks for nothing", async () => {
	const { open, ada } = await openWithAda();

	await ada.post(`${open.portal}/account/email`, [["email", "mallory@example.com"]]);

	expect(ada.seen.status).toBe(403);
	expect((await ada.open(`${open.portal}${PAGE}`)).html).not.toContain("The twelve digits");
});

test("after log out everywhere a code is worth nothing, not even after the next log-in", async () => {
	const { open, ada } = await openWithAda();
	await ask(open, ada);
	const page = ada.seen;
	const code = await codeTo(open);
	const elsewhere = await throughX(open);
	await elsewhere.open(`${open.portal}/account`);
	await elsewhere.submit("/account/log-out-everywhere");

	await ada.submit("/account/email/code", { code });
	expect(new URL(ada.seen.url).pathname).toBe("/login");

	// The same browser, logged in again, has to ask again.
	const { url } = await ada.submit("/login/x-login/start");
	await ada.open(await approveAtX(url));
	expect(page.html).toContain("The twelve digits");
	expect((await ada.open(`${open.portal}${PAGE}`)).html).not.toContain("The twelve digits");
});

test("a code works in no other browser of the same user, where the page asks for a code of its own", async () => {
	const { open, ada } = await openWithAda();
	await ask(open, ada);
	const code = await codeTo(open);
	const elsewhere = await throughX(open);
	const { html } = await elsewhere.open(`${open.portal}${PAGE}`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];

	await elsewhere.post(`${open.portal}/account/email/code`, [
		["_csrf", proof],
		["code", code],
		["return_to", ONWARD],
	]);

	expect(elsewhere.seen.html).toContain("There is no code to enter in this browser");
	expect(elsewhere.seen.html).toContain(`name="return_to" value="${ONWARD}"`);
	await ask(open, elsewhere);
	const wrong = await elsewhere.submit("/account/email/code", { code });
	expect(wrong.html).toContain("That code isn&#39;t right.");
});

test("another address than the account's takes a recent proof, the account's own does not", async () => {
	const { open, ada } = await openWithAda();
	open.clock.advance(10 * 60_000);

	await ask(open, ada, "mallory@example.com");
	const { pathname, searchParams } = new URL(ada.seen.url);
	expect([pathname, searchParams.get("returnTo")]).toEqual(["/login/confirm", PAGE]);
	await ask(open, ada, " Ada@EXAMPLE.com");

	expect(ada.seen.html).toContain("The twelve digits");
	expect(await codeTo(open)).not.toBe("");
});

test("an hour has five letters for a user, and the page says how long to wait", async () => {
	const { open, ada } = await openWithAda();
	await ask(open, ada);
	for (let letter = 2; letter <= 5; letter += 1) {
		// From the third on, the form holds the address.
		await ada.submit("/account/email", letter > 2 ? {} : { email: EMAIL });
	}
	expect(ada.seen.status).toBe(200);

	await ada.submit("/account/email");

	expect(ada.seen).toMatchObject({ status: 429 });
	expect(ada.seen.headers.get("retry-after")).toBe("3600");
	expect(ada.seen.html).toContain("ask for a new code in 60 minutes");
	expect(await lettersTo(open, EMAIL, 5)).toHaveLength(5);
});

test("after two letters the page offers no other address, and takes none", async () => {
	const { open, ada } = await openWithAda();
	await ask(open, ada, "typo@example.com");
	expect(ada.seen.html).toContain("Use another address");
	await ada.submit("/account/email", { email: EMAIL });
	expect(ada.seen.html).not.toContain("Use another address");
	expect(ada.seen.html).toContain("After two e-mails the address stays");

	const proof = /name="_csrf" value="([^"]+)"/.exec(ada.seen.html)?.[1] ?? "";
	await ada.post(`${open.portal}/account/email`, [
		["_csrf", proof],
		["email", "third@example.com"],
	]);

	expect(ada.seen.status).toBe(400);
	expect(await mailboxOf(open)()).not.toContain("third@example.com");
});

test("where letters do not reach visitors, the page says so, the account page has no link, and no code is written", async () => {
	const open = await openHelpdesk({ baseUrls: new Map([["harbor", "https://music.example.com"]]) });
	const [, harbor = ""] = open.helpdesk.listening;
	const grace = { name: "Grace", email: EMAIL, password: PASSWORD };
	await addUnconfirmed(open.storage, grace, "harbor");
	const visitor = new HttpVisitor();
	await visitor.open(`${harbor}/login`);
	await visitor.submit("/login", { email: EMAIL, password: PASSWORD });
	expect((await visitor.open(`${harbor}/account`)).html).not.toContain("/account/email");

	const page = await visitor.open(`${harbor}/account/email`);
	expect([page.status, page.html]).toEqual([
		403,
		expect.stringContaining("We cannot send e-mails"),
	]);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(page.html) ?? [];
	const fields = [["_csrf", proof] as const, ["email", EMAIL] as const];
	expect(await visitor.post(`${harbor}/account/email`, fields)).toMatchObject({ status: 403 });
	expect(await mailboxOf(open)()).not.toContain(`To ${EMAIL},`);
});

test("in German", async () => {
	const { open, ada } = await openWithAda();

	const page = await ada.open(`${open.portal}${PAGE}`, { headers: { "accept-language": "de" } });

	expect(page.html).toContain("<h1>E-Mail-Adresse bestätigen</h1>");
});
