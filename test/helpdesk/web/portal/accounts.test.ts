import { expect, test } from "vitest";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../../kit/eventually.ts";
import { disconnectAnyway } from "../../../kit/helpdesk/disconnect-anyway.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf, registerByLetter } from "../../../kit/helpdesk/register-by-letter.ts";
import { submitStep } from "../../../kit/helpdesk/submit-step.ts";
import { logInUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";
import { mergeUsers, openUserPage, userIdOf } from "../../../kit/helpdesk/users-pages.ts";

const START = "/login/x-login/start";
const PASSWORD = "correct horse";
const GRACE = { name: "Grace", email: "grace@example.com", password: PASSWORD };

async function throughX(visitor: HttpVisitor, { portal }: OpenHelpdesk, page = "/login") {
	await visitor.open(`${portal}${page}`);
	const { url } = await visitor.submit(START);
	return visitor.open(await approveAtX(url));
}

async function register(visitor: HttpVisitor, open: OpenHelpdesk, email: string) {
	return registerByLetter(visitor, open.portal, mailboxOf(open), { ...GRACE, email });
}

/** The letters that were written, as the operator reads them. */
async function mailbox({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html;
}

async function codeIn(open: OpenHelpdesk): Promise<string> {
	return eventually(async () => {
		const [, code] = /code is (\d{4} \d{4} \d{4})/.exec(await mailbox(open)) ?? [];
		expect(code).toBeDefined();
		return code ?? "";
	});
}

async function act(
	open: OpenHelpdesk,
	email: string,
	action: "active" | "suspended" | "delete" | "export",
) {
	const { operator, portal } = open;
	const id = await openUserPage(operator, portal, email);
	if (action === "export") {
		return operator.open(`${portal}/admin/users/${id}/export`);
	}
	if (action === "delete") {
		await operator.open(`${portal}/admin/users/${id}/delete`);
	}
	return operator.submit(`/admin/users/${id}/${action}`);
}

async function setRegistration(open: OpenHelpdesk, fields: Record<string, string>) {
	const { operator, helpdesk } = open;
	const path = "/admin/settings/users/registration";
	await operator.open(new URL(path, helpdesk.adminUrl).href);
	await operator.submit(path, { "acorn-registration": "open", ...fields });
}

test("an account with the address of the X account is linked after a code and consent", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email: "ada@example.com" });
	expect(open.operator.seen.html).toContain("unclaimed");
	const visitor = new HttpVisitor();

	await throughX(visitor, open);
	expect(visitor.seen.html).toContain("Take over your account");
	expect(visitor.seen.headers.get("referrer-policy")).toBe("no-referrer");
	await submitStep(visitor, "send-code");
	await submitStep(visitor, "code", { code: await codeIn(open) });
	expect(visitor.seen.html).toContain("Link X to your account?");
	await submitStep(visitor, "link");
	await visitor.open(`${open.portal}/account`);

	expect(visitor.seen.html).toContain("@ada");
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	expect(open.operator.seen.html).toContain("Active</span>, confirmed");
});

test("an unconfirmed account's password and sessions end when the owner of the address claims it", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const attacker = new HttpVisitor();
	await logInUnconfirmed(attacker, open, { ...GRACE, email: "ada@example.com" });
	const visitor = new HttpVisitor();
	await throughX(visitor, open);
	await submitStep(visitor, "send-code");
	await submitStep(visitor, "code", { code: await codeIn(open) });
	await submitStep(visitor, "link");

	expect((await attacker.open(`${open.portal}/account`)).url).toContain("/login");
	const fields = { email: "ada@example.com", password: PASSWORD };
	expect(await attacker.submit("/login", fields)).toMatchObject({ status: 400 });
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("@ada");
});

test("Connect X, last way in, a password by mail, Disconnect", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await throughX(visitor, open);
	await visitor.open(`${open.portal}/account`);
	expect(visitor.seen.html).toContain("This is your only way to log in.");
	expect(visitor.seen.html).not.toContain("/account/disconnect");
	expect(await disconnectAnyway(visitor, "x:1")).toMatchObject({ status: 409 });
	expect(visitor.seen.html).toContain("only way to log in");

	await visitor.submit("/account/password-link");
	const link = await eventually(async () => {
		const [found] = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(await mailbox(open)) ?? [];
		expect(found).toBeDefined();
		return found ?? "";
	});
	await visitor.open(link);
	expect(visitor.seen.headers.get("referrer-policy")).toBe("no-referrer");
	expect(await visitor.submit("/reset", { password: "short" })).toMatchObject({ status: 400 });
	expect(await visitor.submit("/reset", { password: PASSWORD })).toMatchObject({ status: 200 });
	expect((await visitor.open(`${open.portal}/account`)).url).toContain("/login");
	expect(await visitor.open(link)).toMatchObject({ status: 400 });

	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: "ada@example.com", password: PASSWORD });
	expect((await visitor.submit("/account/disconnect")).html).toContain("disconnected");
	expect(visitor.seen.html).not.toContain("@ada");
	expect(await mailbox(open)).toContain("disconnected from your account");

	expect((await throughX(visitor, open, "/account")).html).toContain("@ada");
});

test("after ten minutes Disconnect and Connect ask for the password again", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await register(visitor, open, "grace@example.com");
	open.clock.advance(10 * 60_000);

	await throughX(visitor, open, "/account");
	expect(visitor.seen.html).toContain("Is it you?");
	expect(await visitor.submit("/login/confirm", { password: "wrong" })).toMatchObject({
		status: 400,
	});
	await visitor.submit("/login/confirm", { password: PASSWORD });
	expect(visitor.seen.html).toContain("Link X to your account?");
	await submitStep(visitor, "link");
	expect(visitor.seen.html).toContain("@ada");

	open.clock.advance(10 * 60_000);
	expect((await visitor.submit("/account/disconnect")).html).toContain("Is it you?");
});

test("the account page and Disconnect stay while X is deactivated; Connect does not", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await register(visitor, open, "grace@example.com");
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("Connect X");
	await throughX(visitor, open, "/account");
	await open.operator.open(`${open.helpdesk.adminUrl}/settings/general/integrations`);
	await open.operator.submit("/admin/settings/general/integrations/x-login/deactivate");
	await open.operator.submit("/admin/settings/general/integrations/x-login/deactivate");

	expect((await visitor.open(`${open.portal}/account`)).html).toContain("@ada");
	expect((await visitor.submit("/account/disconnect")).html).toContain("disconnected");
	expect(visitor.seen.html).not.toContain("Connect X");
});

test("forgot password: the same answer for every address, five letters an hour", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await register(visitor, open, "grace@example.com");
	await visitor.submit("/logout");
	const answers = new Set<string>();
	for (const email of ["grace@example.com", "nobody@example.com", "", "grace@example.com"]) {
		await visitor.open(`${open.portal}/forgot`);
		const seen = await visitor.submit("/forgot", { email });
		answers.add(`${seen.status} ${seen.html.replaceAll(/value="[^"]+"/g, "")}`);
	}
	for (let more = 0; more < 5; more += 1) {
		await visitor.open(`${open.portal}/forgot`);
		await visitor.submit("/forgot", { email: "grace@example.com" });
	}

	expect(answers.size).toBe(1);
	await eventually(async () => {
		expect((await mailbox(open)).split("/reset?token=")).toHaveLength(6);
	});
});

test("registration closed, by approval, with a telephone number", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await setRegistration(open, { "acorn-registration": "closed" });
	const visitor = new HttpVisitor();
	expect((await visitor.open(`${open.portal}/register`)).html).toContain(
		"cannot create an account here",
	);
	expect(await throughX(visitor, open)).toMatchObject({ status: 403 });

	await setRegistration(open, { "acorn-registration": "approval" });
	expect((await throughX(visitor, open)).html).toContain("waiting for approval");
	expect((await throughX(visitor, open)).html).toContain("waiting for approval");
	await act(open, "ada@example.com", "active");
	await throughX(visitor, open);
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("@ada");
	await act(open, "ada@example.com", "delete");
	expect((await visitor.open(`${open.portal}/account`)).url).toContain("/login");

	await setRegistration(open, { "acorn-phone": "on" });
	await throughX(visitor, open, "/login?returnTo=/account");
	expect(visitor.seen.html).toContain("telephone number");
	const german = await visitor.submit("/language", { language: "de" });
	expect([german.url, german.html]).toEqual([
		expect.stringContaining("/complete?returnTo="),
		expect.stringContaining('<html lang="de">'),
	]);
	await visitor.submit("/language", { language: "en" });
	expect(await visitor.submit("/complete", { phone: "call me" })).toMatchObject({ status: 400 });
	await visitor.submit("/complete", { phone: "\u200e+۴۴ ۲۰ ٧٩٤٦ ۰۰۰۰" });
	expect(visitor.seen).toMatchObject({ status: 200, url: `${open.portal}/account` });
	expect(JSON.stringify(await open.storage.list(NAMESPACES.accounts))).toContain(
		"+44 20 7946 0000",
	);
});

test("a user is suspended, exported, merged and deleted, and nothing of X remains", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await throughX(visitor, open);
	await act(open, "ada@example.com", "suspended");
	expect((await visitor.open(`${open.portal}/account`)).url).toContain("/login");
	expect(await throughX(visitor, open)).toMatchObject({ status: 403 });
	await act(open, "ada@example.com", "active");

	const exported = await act(open, "ada@example.com", "export");
	expect(JSON.parse(exported.html)).toMatchObject({
		email: "ada@example.com",
		plugins: { "x-login": { linkedAccounts: [{ id: "x:1", handle: "@ada" }] } },
	});

	const other = new HttpVisitor();
	await register(other, open, "grace@example.com");
	const { operator, portal } = open;
	const [ada, grace] = [
		await userIdOf(operator, portal, "ada@example.com"),
		await userIdOf(operator, portal, "grace@example.com"),
	];
	expect((await mergeUsers(operator, portal, grace, "nobody")).status).toBe(400);
	await mergeUsers(operator, portal, ada, "grace@example.com");
	await throughX(visitor, open);
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("grace@example.com");

	// A deleted user leaves nothing behind, even while the plugin is deactivated.
	await open.operator.open(`${open.helpdesk.adminUrl}/settings/general/integrations`);
	await open.operator.submit("/admin/settings/general/integrations/x-login/deactivate");
	await open.operator.submit("/admin/settings/general/integrations/x-login/deactivate");
	await act(open, "grace@example.com", "delete");
	const everything: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await open.storage.list([], cursor === undefined ? {} : { cursor });
		everything.push(...page.entries.map((entry) => JSON.stringify(entry)));
		cursor = page.cursor;
	} while (cursor !== undefined);
	expect(everything.filter((entry) => /x:1"|@ada|"ada"/.test(entry))).toEqual([]);
});

/** Ways for a stranger to hold an account with the victim's unproven address. */
const SQUATS = {
	"with a password": async (attacker: HttpVisitor, open: OpenHelpdesk) => {
		await logInUnconfirmed(attacker, open, { ...GRACE, email: "victim@example.com" });
		return throughX(attacker, open, "/account");
	},
	"by an address that X asserts": async (attacker: HttpVisitor, open: OpenHelpdesk) => {
		await throughX(attacker, open);
		return attacker.open(`${open.portal}/account`);
	},
};

test.each(Object.entries(SQUATS))(
	"pre-hijack: a password set by the owner of the address drops what a squatter linked %s",
	async (how, squat) => {
		const email = how === "with a password" ? "mallory@example.com" : "victim@example.com";
		const open = await openHelpdesk({}, [
			{ id: "6", screenName: "mallory", name: "Mallory", email },
		]);
		await setUpX(open);
		const attacker = new HttpVisitor();
		expect((await squat(attacker, open)).html).toContain("@mallory");
		const victim = new HttpVisitor();
		await victim.open(`${open.portal}/forgot`);
		await victim.submit("/forgot", { email: "victim@example.com" });
		const link = await eventually(async () => {
			const [found] = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(await mailbox(open)) ?? [];
			expect(found).toBeDefined();
			return found ?? "";
		});
		await victim.open(link);
		await victim.submit("/reset", { password: "the victim's own" });

		await throughX(attacker, open);
		expect((await attacker.open(`${open.portal}/account`)).html).not.toContain(
			"victim@example.com",
		);
	},
);

test("a user who signed up with X keeps it by setting a password in the same browser, with a link for one brand only", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await throughX(visitor, open);
	await visitor.open(`${open.portal}/account`);
	await visitor.submit("/account/password-link");
	const [link = ""] = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(await mailbox(open)) ?? [];
	const elsewhere = link.replace(open.portal, open.helpdesk.brands[1]?.baseUrl ?? "");
	expect((await new HttpVisitor().open(elsewhere)).status).toBe(400);

	await visitor.open(link);
	await visitor.submit("/reset", { password: "correct horse" });
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: "ada@example.com", password: "correct horse" });
	expect(visitor.seen.html).toContain("@ada");
});

test("setting a password ends all sessions and makes other links worthless", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await register(visitor, open, "grace@example.com");
	for (let letter = 0; letter < 2; letter += 1) {
		await visitor.open(`${open.portal}/forgot`);
		await visitor.submit("/forgot", { email: "grace@example.com" });
	}
	const links = await eventually(async () => {
		const found = (await mailbox(open)).match(/http:\/\/127[^\s<]+\/reset\?token=[\w-]+/g) ?? [];
		expect(found).toHaveLength(2);
		return found;
	});
	await visitor.open(links[0] ?? "");
	await visitor.submit("/reset", { password: "another horse" });

	expect(await visitor.open(links[1] ?? "")).toMatchObject({ status: 400 });
	const { operator, helpdesk } = open;
	const other = new HttpVisitor();
	const { email, password } = helpdesk.operator;
	await other.open(`${helpdesk.adminUrl}/login`);
	await other.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${helpdesk.adminUrl}/profile`);
	const fields = { current: password ?? "", new: "a new password of mine" };
	expect((await operator.submit("/admin/profile", fields)).html).toContain("is changed");
	expect((await other.open(`${helpdesk.adminUrl}/users`)).url).toContain("/admin/login");
});

test("guesses at a password are limited, and the right password waits as well", async () => {
	const open = await openHelpdesk({ startLimit: 1000 });
	const visitor = new HttpVisitor();
	await register(visitor, open, "grace@example.com");
	await visitor.submit("/logout");
	const statuses: number[] = [];
	for (let guess = 0; guess < 11; guess += 1) {
		await visitor.open(`${open.portal}/login`);
		const password = guess < 10 ? "wrong" : PASSWORD;
		statuses.push(
			(await visitor.submit("/login", { email: "GRACE@example.com", password })).status,
		);
	}

	expect(statuses.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 400));
	expect(statuses.at(-1)).toBe(429);
	open.clock.advance(60_000);
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const fields = { email: "grace@example.com", password: PASSWORD };
	expect(await visitor.submit("/login", fields)).toMatchObject({ status: 200 });
});

test.each(["字".repeat(254), "\ud800@example.com", `${"a".repeat(600)}@example.com`, "\u0000"])(
	"an address that no storage accepts gets a page and stops no process",
	async (email) => {
		const open = await openHelpdesk();
		await setUpX(open);
		const visitor = new HttpVisitor();
		for (const path of ["/forgot", "/login"]) {
			await visitor.open(`${open.portal}${path}`);
			const fields = path === "/login" ? { email, password: "x" } : { email };
			expect((await visitor.submit(path, fields)).status).toBeLessThan(500);
		}
		await visitor.open(`${open.helpdesk.adminUrl}/login`);
		await visitor.submit("/admin/login", { email, password: "x" });
		expect(visitor.seen.status).toBe(400);
		await new Promise((resolve) => setImmediate(resolve));
		expect((await fetch(`${open.portal}/healthz`)).status).toBe(200);
		expect(open.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
	},
);

test("a deleted user's letters are deleted, and those to the same address at another brand stay", async () => {
	const open = await openHelpdesk();
	const harbor = open.helpdesk.brands[1]?.baseUrl ?? "";
	for (const portal of [open.portal, harbor]) {
		const visitor = new HttpVisitor();
		await register(visitor, { ...open, portal }, "both@example.com");
		await visitor.submit("/account/password-link");
	}
	await eventually(async () => expect((await mailbox(open)).split("/reset?")).toHaveLength(3));

	await act(open, "both@example.com", "delete");

	expect((await mailbox(open)).split("/reset?")).toHaveLength(2);
});

test("an approved or reinstated user is still asked for the telephone number", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await setRegistration(open, { "acorn-registration": "approval", "acorn-phone": "on" });
	const visitor = new HttpVisitor();
	await throughX(visitor, open);
	await act(open, "ada@example.com", "active");

	expect((await throughX(visitor, open)).html).toContain("telephone number");
	await act(open, "ada@example.com", "suspended");
	await act(open, "ada@example.com", "active");
	expect((await throughX(visitor, open)).html).toContain("telephone number");
});
