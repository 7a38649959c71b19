// Finding 7: a mail server without STARTTLS took the password and a link to set a password.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import {
	inClearText,
	type MailServer,
	readMailServer,
} from "../../../src/helpdesk/mail/mail-server.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import { smtpDelivery, tryMailServer } from "../../../src/helpdesk/mail/smtp.ts";
import { NoTlsError } from "../../../src/helpdesk/mail/smtp-problem.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { type FakeSmtp, type StartTls, startFakeSmtp } from "../../kit/helpdesk/fake-smtp.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";

const LETTER = {
	brandId: "acorn",
	to: "ada@example.com",
	subject: "Set a password",
	text: "https://help.example.com/password/secret-link",
};
const LOGIN = Buffer.from("\0user\0secret-password").toString("base64");

const TOKEN = "3ibz-XSGKr-1Lag82J3nlQUH9bozf--HRR2d0lLmP4s";
const LINK = `https://help.example.com/register/confirm?token=${TOKEN}`;
/** A server that answers a line now and then has answered many times when this is over. */
const SHORT = { stepMs: 5000, wholeMs: 300 };

/** The mail server at an address that is not a loopback one, and leads to this machine. */
function beyondLoopback({ port }: FakeSmtp, query = ""): MailServer {
	return readMailServer(`smtp://user:secret-password@0.0.0.0:${port}${query}`);
}

function outboxFor(server: MailServer, log: string[] = []): Outbox {
	const clock = new MockClock();
	const report = (what: string, error: unknown) => log.push(`${what}: ${error}`);
	const outbox = outboxIn(new MemoryStorage(clock), clock, smtpDelivery(server), report);
	onTestFinished(() => outbox.close());
	return outbox;
}

async function certificate(name: "" | "mail-"): Promise<StartTls> {
	const file = (part: string) =>
		readFile(
			fileURLToPath(new URL(`../../fixtures/tls/${name}${part}.pem`, import.meta.url)),
			"utf8",
		);
	return { key: await file("key"), cert: await file("cert") };
}

function expectNothingSecret({ clearText, overTls, letters }: FakeSmtp): void {
	expect(letters).toEqual([]);
	const heard = [...clearText, ...overTls].join("\n");
	expect(heard).not.toMatch(/^(AUTH|MAIL|DATA)/m);
	for (const secret of [LOGIN, "secret-password", "secret-link", LETTER.to]) {
		expect(heard).not.toContain(secret);
	}
}

test.each([
	["offers no STARTTLS, or somebody in the middle takes the offer away", undefined],
	["agrees to STARTTLS and goes on in clear text", "pretends" as const],
])(
	"clear text: a mail server beyond loopback that %s gets neither the password nor a letter",
	async (_, startTls) => {
		const smtp = await startFakeSmtp(undefined, startTls);
		const log: string[] = [];
		const outbox = outboxFor(beyondLoopback(smtp), log);

		await outbox.send(LETTER);

		await eventually(async () => {
			expect(await keptLetters(outbox)).toMatchObject([{ problem: expect.stringMatching(/./) }]);
		});
		expectNothingSecret(smtp);
		await outbox.deliverAll();
		expect(log).toEqual(["letters wait: a letter stays in Outgoing e-mail, which says why"]);
	},
);

test("clear text: the kept letter says what to do about a mail server without TLS", async () => {
	const smtp = await startFakeSmtp();
	const outbox = outboxFor(beyondLoopback(smtp));

	await outbox.send(LETTER);

	await eventually(async () => {
		const [letter] = await keptLetters(outbox);
		expect(letter?.problem).toBe(
			"the mail server 0.0.0.0 offers no TLS (STARTTLS), and was sent neither the password nor a letter. Name a mail server with TLS, or add tls=off to its URL to send in clear text",
		);
	});
});

test.each(["busy", "busy at STARTTLS"] as const)(
	"a mail server that is %s is not said to have no TLS, gets nothing, and nobody is told to send in clear text",
	async (startTls) => {
		const smtp = await startFakeSmtp(undefined, startTls);

		const refusal = await tryMailServer(beyondLoopback(smtp)).catch((error: unknown) => error);

		expect(refusal).toBeInstanceOf(Error);
		expect(refusal).not.toBeInstanceOf(NoTlsError);
		expect(String(refusal)).not.toContain("clear text");
		expectNothingSecret(smtp);
	},
);

test.each(["", "mail-"] as const)(
	"clear text: the certificate of a mail server is checked (%scert.pem)",
	async (name) => {
		const smtp = await startFakeSmtp(undefined, await certificate(name));
		const outbox = outboxFor(beyondLoopback(smtp));

		await outbox.send(LETTER);

		await eventually(async () => {
			const [letter] = await keptLetters(outbox);
			expect(letter?.problem).toContain("the certificate of the mail server 0.0.0.0");
			expect(letter?.problem).toContain("NODE_EXTRA_CA_CERTS");
		});
		expectNothingSecret(smtp);
	},
);

test("clear text is sent where the URL says tls=off, and on loopback where there is no TLS", async () => {
	const smtp = await startFakeSmtp();

	await smtpDelivery(beyondLoopback(smtp, "?tls=off"))(LETTER);
	await smtpDelivery(readMailServer(smtp.url))(LETTER);

	expect(smtp.letters).toHaveLength(2);
	expect(smtp.clearText.join("\n")).toContain(LOGIN);
});

test("the problem of a letter never shows the password, even if the mail server repeats it", async () => {
	const smtp = await startFakeSmtp();
	smtp.refusesLogin = true;
	const outbox = outboxFor(beyondLoopback(smtp, "?tls=off"));

	await outbox.send(LETTER);

	await eventually(async () => {
		const [letter] = await keptLetters(outbox);
		expect(letter?.problem).toContain("535 no: AUTH PLAIN ***");
	});
});

test("what a mail server says when it takes a letter never shows the password", async () => {
	const smtp = Object.assign(await startFakeSmtp(), { taken: `250 taken from ${LOGIN}` });

	const answer = await smtpDelivery(beyondLoopback(smtp, "?tls=off"))(LETTER);

	expect(answer).toBe("250 taken from ***");
});

test.each([
	["EHLO", "a try", (server: MailServer) => tryMailServer(server, undefined, SHORT)],
	["RCPT", "a letter", (server: MailServer) => smtpDelivery(server, undefined, SHORT)(LETTER)],
	["DATA", "a letter", (server: MailServer) => smtpDelivery(server, undefined, SHORT)(LETTER)],
])("a mail server whose answer to %s never ends does not hold %s for ever", async (at, _, call) => {
	const smtp = Object.assign(await startFakeSmtp(), { endlessAt: at });

	await expect(call(readMailServer(smtp.url))).rejects.toThrow("did not answer in time");

	await eventually(() => expect(smtp.open).toBe(0));
});

test.each([
	["refuses it", "554 listed: {link}, and again {link}"],
	["takes it", "250 taken, has {link}"],
])("what a mail server says when it %s shows no link of the letter", async (_, reply) => {
	const taken = reply.replaceAll("{link}", LINK);
	const smtp = Object.assign(await startFakeSmtp(), { taken });
	const send = smtpDelivery(readMailServer(smtp.url));

	const said = String(await send({ ...LETTER, text: `Open ${LINK} now.` }).catch(String));

	expect(said).toContain("https://help.example.com/register/confirm?token=***");
	expect(said).not.toContain(TOKEN.slice(0, 6));
	expect(said).not.toContain(TOKEN.slice(-6));
});

test("a reply with the word certificate is not taken for a wrong certificate", async () => {
	const smtp = Object.assign(await startFakeSmtp(), { taken: "554 no certificate of mine" });
	const sent = smtpDelivery(readMailServer(smtp.url))(LETTER);
	await expect(sent).rejects.toThrow(/^Message failed: 554 no certificate of mine$/);
});

test.each([
	["smtp://mail.example.com", "required"],
	["smtp://mail", "required"],
	["smtp://user:pw@10.0.0.5:25?from=help@example.com", "required"],
	["smtp://[2001:db8::1]", "required"],
	["smtp://localhost.example.com", "required"],
	["smtp://127.0.0.1.example.com", "required"],
	["smtp://mail.example.com?tls=off", "off"],
	["smtps://mail.example.com", "implicit"],
	["smtps://localhost", "implicit"],
	["smtp://localhost:25", "offered"],
	["smtp://LOCALHOST", "offered"],
	["smtp://127.0.0.1", "offered"],
	["smtp://127.1", "offered"],
	["smtp://127.255.255.254", "offered"],
	["smtp://[::1]:2525", "offered"],
])("%s has TLS %s", (url, tls) => {
	expect(readMailServer(url).tls).toBe(tls);
});

test.each([
	["smtp://mail.example.com?ignoreTLS=true", "smtp://mail.example.com?tls=off"],
	["smtp://h?from=a@b.example&tls.rejectUnauthorized=false", "smtp://h?from=a@b.example"],
	["smtps://mail.example.com?requireTLS=false&ignoreTLS=true", "smtps://mail.example.com"],
	["smtps://mail.example.com?tls=off", "smtps://mail.example.com"],
	["smtp://mail.example.com?tls=on", "smtp://mail.example.com"],
])("the parameters of %s are refused, and %s is proposed", (url, instead) => {
	expect(() => readMailServer(url)).toThrow(expect.objectContaining({ instead }));
	expect(() => readMailServer(instead)).not.toThrow();
});

test.each([
	"smtp://user:secret/password@mail.example.com",
	"smtp://user:1/secret-password@mail.example.com",
	"smtp://user:1?secret-password@mail.example.com",
	"smtp://user:1#secret-password@mail.example.com",
	"smtp://user:secret%password@mail.example.com",
	"http://user:secret-password@mail.example.com",
	"smtp://",
])("%s is refused without being repeated", (url) => {
	expect(() => readMailServer(url)).toThrow(/^(?!.*secret)/);
});

test("the login and the sender of a URL may have special characters", () => {
	const { login, ...server } = readMailServer(
		"smtp://a%40b:p%2Fq%3F%23@h:26?from=Help <help@b.example>",
	);
	expect(server).toEqual({
		...{ host: "h", port: 26, tls: "required" },
		from: "Help <help@b.example>",
	});
	expect([login?.user, login?.password.reveal()]).toEqual(["a@b", "p/q?#"]);
	expect(inClearText("smtp://u:p%2F@h:25?from=help@b.example")).toBe(
		"smtp://u:p%2F@h:25?from=help@b.example&tls=off",
	);
});

test.each([
	["help@example.com", "an address"],
	["Help+<help@example.com>", "a name and an address"],
	[
		"%22Help,+all+day%22+<help%2Bx@b%C3%BCcher.example>",
		"a name with a comma, a plus sign and an IDN",
	],
	["help@mailhost", "a host name without a domain"],
])("finding B11: from=%s is one sender: %s", (from) => {
	const wanted = new URLSearchParams(`from=${from}`).get("from");
	expect(readMailServer(`smtp://h?from=${from}`).from).toBe(wanted);
});

test.each([
	["", "empty"],
	["Help", "a name alone"],
	["a@b.example,c@d.example", "two addresses"],
	["a@b.example;c@d.example", "two addresses with a semicolon"],
	["a@b.example&from=c@d.example", "two senders"],
	["team:a@b.example;", "a group"],
	["a@b.example%0D%0ABcc:eve@example.com", "a second header"],
	["Help%0A<a@b.example>", "a line end in the name"],
	["help+x@example.com", "a plus sign, which is a space in a URL"],
	["help@", "an address without a host"],
	["@example.com", "a host alone"],
	["h%C3%A9lp@example.com", "a local part that mail servers do not take"],
])("finding B11: from=%s is refused, because it is %s", (from) => {
	expect(() => readMailServer(`smtp://u:secret@h?from=${from}`)).toThrow(
		"has a from that is not one e-mail address. Write from=help@example.com",
	);
	expect(() => readMailServer(`smtp://u:secret@h?from=${from}`)).not.toThrow("secret");
});
