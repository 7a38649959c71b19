import { expect, onTestFinished, test } from "vitest";
import type { GivenMailServer } from "../../../../../src/helpdesk/mail/mail-servers.ts";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { startHelpdesk } from "../../../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../../../src/ports/crypto-random.ts";
import { eventually } from "../../../../kit/eventually.ts";
import { startFakeSmtp } from "../../../../kit/helpdesk/fake-smtp.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../../../kit/helpdesk/open-helpdesk.ts";

const SERVER = "/admin/mailbox/server";
const PASSWORD = "a password of the server";

/** A helpdesk whose start allows this machine, and a mail server on it. */
async function open() {
	const smtp = await startFakeSmtp();
	const keys = [cryptoRandom.bytes(32)];
	const desk = await openHelpdesk({ keys, allowPrivate: ["127.0.0.1"] });
	const fields = {
		...{ host: "127.0.0.1", port: String(smtp.port), encryption: "off" },
		...{ user: "helpdesk", password: PASSWORD, from: "Help <help@acorn.example>" },
	};
	const save = async (changes: Readonly<Record<string, string>> = {}) => {
		await desk.operator.open(`${desk.helpdesk.adminUrl}/mailbox/server`);
		return desk.operator.submit(SERVER, { ...fields, ...changes });
	};
	return { ...desk, smtp, save, keys };
}

async function writeLetter({ operator, helpdesk }: OpenHelpdesk): Promise<void> {
	await operator.open(`${helpdesk.adminUrl}/operators`);
	await operator.submit("/admin/operators", { email: "eve@helpdesk.example", role: "support" });
}

test("an owner sets a mail server, and sends a test e-mail that shows what the server said", async () => {
	const { save, operator, smtp } = await open();
	const saved = await save();
	expect(saved.html).toContain("The mail server is saved and answers.");

	const { html } = await operator.submit(`${SERVER}/test`);

	expect(html).toContain("The mail server has taken the test e-mail to operator@helpdesk.example.");
	expect(html).toContain("It said: 250 taken");
	expect(smtp.letters[0]).toContain("From: Help <help@acorn.example>");
	expect(smtp.letters[0]).toContain("To: operator@helpdesk.example");
	expect(smtp.clearText.join()).toContain(
		Buffer.from(`\0helpdesk\0${PASSWORD}`).toString("base64"),
	);
});

test("a port may be typed in the digits of any script", async () => {
	const { save, smtp } = await open();
	const persian = String(smtp.port).replace(/./g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[Number(digit)] ?? "");

	expect((await save({ port: persian })).html).toContain("The mail server is saved and answers.");
});

test("the page of the mail server shows no password, and an empty field keeps it", async () => {
	const { save, operator, smtp, helpdesk, storage } = await open();
	expect((await save()).html).not.toContain(PASSWORD);
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox/server`);
	expect(html).toContain("One is set. Leave it empty to keep it.");
	expect(html).not.toContain(PASSWORD);
	expect(JSON.stringify((await storage.list(NAMESPACES.mailServer)).entries)).not.toContain(
		PASSWORD,
	);

	smtp.clearText.length = 0;
	expect((await save({ password: "", from: "desk@acorn.example" })).html).toContain("is saved");

	expect(smtp.clearText.join()).toContain("AUTH");
});

test("another host or user gets no saved password, and nothing is saved without a new one", async () => {
	const { save } = await open();
	await save();
	const other = await startFakeSmtp();

	const { status, html } = await save({ port: String(other.port), password: "" });

	expect(status).toBe(400);
	expect(html).toContain("The saved one is for another host, port, encryption or user");
	expect(html).toMatch(/name="password"[^>]*aria-invalid="true"/);
	expect(other.clearText).toEqual([]);
});

test("a server without TLS is not saved, and gets no password", async () => {
	const { save, smtp } = await open();

	const { status, html } = await save({ encryption: "required" });

	expect(status).toBe(400);
	expect(html).toMatch(/id="encryption-problem" role="alert">Not saved: .*offers no TLS/);
	expect(smtp.clearText.join()).not.toContain("AUTH");
});

test("a private address and clear text need --allow-private, and problems are tied to their fields", async () => {
	const { save } = await open();
	const problemIn = async (name: string, changes: Readonly<Record<string, string>>) => {
		const { status, html } = await save(changes);
		expect([status, html]).toEqual([400, expect.stringContaining("Fix the fields marked below")]);
		return new RegExp(`id="${name}-problem" role="alert">([^<]+)`).exec(html)?.[1];
	};

	expect(await problemIn("host", { host: "10.0.0.7" })).toContain("--allow-private 10.0.0.7");
	expect(await problemIn("host", { host: "127.1.1.1" })).toContain("is not on the internet");
	expect(await problemIn("encryption", { host: "mail.example.com" })).toContain(
		"Choose an encryption",
	);
	expect(await problemIn("host", { host: "smtp://mail.example.com" })).toContain("without smtp://");
	for (const port of ["70000", "0", "-25", "2.5", "1e3", "۷۰۰۰۰"]) {
		expect(await problemIn("port", { port })).toContain("from 1 to 65535");
	}
	expect(await problemIn("from", { from: "a@b.example, c@d.example" })).toContain(
		"one e-mail address",
	);
	expect(await problemIn("user", { user: "" })).toContain("the user that the password is of");
});

test("a server that is away is saved with a warning, and a test e-mail says what is wrong", async () => {
	const { save, operator } = await open();

	const { html } = await save({ port: "1" });
	expect(html).toContain("Saved, but it cannot be used now, and e-mails wait: nothing answers at");

	const tested = await operator.submit(`${SERVER}/test`);
	expect(tested.html).toContain("The test e-mail was not sent: nothing answers at");
});

test("what a mail server says ends with one full stop, and a long answer is not kept whole", async () => {
	const desk = await open();
	const { save, operator, smtp, helpdesk } = desk;
	await save();
	Object.assign(smtp, { refuses: true, refusal: `450 Mailbox busy. ${"x".repeat(3000)}.` });
	const tested = await operator.submit(`${SERVER}/test`);
	expect(tested.html).toMatch(/The test e-mail was not sent: .*x\.<\/p>/);

	await writeLetter(desk);

	await eventually(async () => {
		const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
		const [, problem = ""] = /Not sent yet: (.*) The helpdesk tries again/.exec(html) ?? [];
		expect(problem).toContain("Mailbox busy");
		expect(problem.length).toBeLessThan(1100);
	});
});

test("a password of a mail server may be as long as the keys of some providers", async () => {
	const { save, operator, helpdesk, smtp } = await open();
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox/server`);
	const [, most = ""] = /name="password"[^>]* maxlength="(\d+)"/.exec(html) ?? [];
	const password = "k".repeat(Number(most));

	expect((await save({ password })).html).toContain("The mail server is saved and answers.");

	expect(most).toBe("1000");
	expect(smtp.clearText.join()).toContain(
		Buffer.from(`\0helpdesk\0${password}`).toString("base64"),
	);
});

test("letters go out through the server that is set, on each node without a restart", async () => {
	const desk = await open();
	const { save, smtp, storage, clock, keys } = desk;
	const other = await startHelpdesk(
		await helpdeskOptions({ storage, clock, keys, allowPrivate: ["127.0.0.1"] }),
	);
	onTestFinished(() => other.close());
	expect(other.hasMailServer).toBe(false);
	await save();

	await writeLetter({ ...desk, helpdesk: other });

	await eventually(() => expect(smtp.letters.join()).toContain("To: eve@helpdesk.example"));
	const { html } = await desk.operator.open(`${desk.helpdesk.adminUrl}/mailbox`);
	expect(html).toContain('<span class="outcome came-in">Delivered</span>');
});

test("removing asks first; letters that were written for the server are not shown afterwards", async () => {
	const desk = await open();
	const { save, operator, helpdesk, smtp } = desk;
	await save();
	smtp.refuses = true;
	await writeLetter(desk);
	await eventually(async () =>
		expect((await operator.open(`${helpdesk.adminUrl}/mailbox`)).html).toContain("451"),
	);
	const asked = await operator.open(`${helpdesk.adminUrl}/mailbox/server/remove`);
	expect(asked.html).toContain("1 e-mail waits for it now");

	const removed = await operator.submit(`${SERVER}/remove`);

	expect(removed.html).toContain("The mail server is removed.");
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
	expect(html).toContain("eve@helpdesk.example");
	expect(html).not.toContain("token=");
	expect(html).toContain("This helpdesk has no mail server now");
});

test("a server that the start names is shown without its password, wins, and cannot be changed here", async () => {
	const keys = [cryptoRandom.bytes(32)];
	const mailServer: GivenMailServer = {
		...{ host: "mail.example.com", port: undefined, user: "desk", from: "help@example.com" },
		tls: "implicit",
	};
	const sent: string[] = [];
	const deliver = async ({ to }: { readonly to: string }) => void sent.push(to);
	const { operator, helpdesk, storage } = await openHelpdesk({ keys, deliver, mailServer });
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox/server`);

	expect(html).toContain("<dt>Host</dt><dd>mail.example.com</dd><dt>Port</dt><dd>465</dd>");
	expect(html).toContain("Set, and never shown");
	expect(html).not.toContain('name="host"');
	await operator.submit(`${SERVER}/test`);
	expect(sent).toEqual(["operator@helpdesk.example"]);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	const forged = await operator.post(`${new URL(helpdesk.adminUrl).origin}${SERVER}`, [
		["_csrf", csrf],
		["host", "mail.evil.example"],
		["from", "help@example.com"],
	]);
	expect(forged.status).toBe(404);
	expect((await storage.list(NAMESPACES.mailServer)).entries).toEqual([]);
});

test("a mail server is tried 20 times an hour at most", async () => {
	const { save, operator } = await open();
	await save();
	for (let test = 0; test < 19; test += 1) {
		expect((await operator.submit(`${SERVER}/test`)).status).toBe(200);
	}

	const { status, html } = await operator.submit(`${SERVER}/test`);

	expect([status, html]).toEqual([429, expect.stringContaining("was tried many times")]);
});

test("a user without a password is refused, and no password is said to be saved where none is", async () => {
	const { save } = await open();

	const { status, html } = await save({ password: "" });

	expect(status).toBe(400);
	expect(html).toContain("Enter the password of the user.");
	expect(html).not.toContain("The saved one");
});

test("a form that is refused asks for the password that was typed once more", async () => {
	const { save } = await open();
	const problem = /id="password-problem" role="alert">([^<]+)/;

	expect(problem.exec((await save({ host: "10.0.0.7" })).html)?.[1]).toBe(
		"Enter this again. Typed secrets are neither kept nor shown.",
	);

	const { html } = await save({ host: "10.0.0.7", user: "", password: "" });
	expect(html).not.toMatch(problem);
});
