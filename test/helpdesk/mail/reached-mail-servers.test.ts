import type { LookupAddress } from "node:dns";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import type { MailServer } from "../../../src/helpdesk/mail/mail-server.ts";
import { smtpDelivery, tryMailServer } from "../../../src/helpdesk/mail/smtp.ts";
import { NoTlsError } from "../../../src/helpdesk/mail/smtp-problem.ts";
import type { Reach } from "../../../src/ports/public-lookup.ts";
import { startFakeSmtp } from "../../kit/helpdesk/fake-smtp.ts";

const LETTER = { brandId: "acorn", to: "ada@example.com", subject: "Code", text: "1234 5678" };
const HERE: LookupAddress = { address: "127.0.0.1", family: 4 };

/** A server as an owner has typed it in. */
function typed(port: number, server: Partial<MailServer> = {}): MailServer {
	const login = { user: "helpdesk", password: secret("secret-password") };
	const from = "help@example.com";
	return { host: "mail.example.com", port, tls: "required", login, from, ...server };
}

/** A reach in which a name leads to these addresses, one look-up after the other. */
function leading(...answers: readonly LookupAddress[]): Reach & { readonly asked: string[] } {
	const asked: string[] = [];
	const resolve = async (host: string) => {
		asked.push(host);
		return [answers[asked.length - 1] ?? HERE];
	};
	return { allowPrivate: [], resolve, asked };
}

test("a name that leads into the own network is not called, whatever it led to before", async () => {
	const smtp = await startFakeSmtp();
	const reach = leading(HERE);

	const sent = smtpDelivery(typed(smtp.port), reach)(LETTER);

	await expect(sent).rejects.toThrow(
		"the mail server mail.example.com is not called, because its address is private or reserved. If it is in your own network, start the helpdesk with --allow-private mail.example.com",
	);
	expect(smtp.clearText).toEqual([]);
});

test("a connection is made to the address that was judged, by one look-up", async () => {
	const smtp = await startFakeSmtp();
	const reach = leading(HERE, { address: "10.0.0.1", family: 4 });
	const judged: string[] = [];
	const isGlobal = (address: string) => judged.push(address) > 0;

	const tried = tryMailServer(typed(smtp.port), { ...reach, isGlobal });

	await expect(tried).rejects.toThrow(NoTlsError);
	expect([reach.asked, judged]).toEqual([["mail.example.com"], ["127.0.0.1"]]);
	expect(smtp.clearText.join()).toMatch(/^EHLO/);
	expect(smtp.clearText.join()).not.toMatch(/AUTH|MAIL/);
});

test.each(["127.0.0.1", "10.0.0.7", "::1", "169.254.169.254"])(
	"the address %s is not called",
	async (host) => {
		const smtp = await startFakeSmtp();
		const sent = smtpDelivery(typed(smtp.port, { host }), { allowPrivate: [] })(LETTER);
		await expect(sent).rejects.toThrow("its address is private or reserved");
		expect(smtp.clearText).toEqual([]);
	},
);

test("a host that the start allows may have a private address and may be called in clear text", async () => {
	const smtp = await startFakeSmtp();
	const server = typed(smtp.port, { host: "127.0.0.1", tls: "off" });

	const answer = await smtpDelivery(server, { allowPrivate: ["127.0.0.1"] })(LETTER);

	expect(smtp.letters).toHaveLength(1);
	expect(answer).toContain("250 taken");
});

test.each(["off", "offered"] as const)(
	"a host that the start no longer allows is not called with encryption %s",
	async (tls) => {
		const smtp = await startFakeSmtp();
		const reach = { ...leading(HERE), isGlobal: () => true };

		const sent = smtpDelivery(typed(smtp.port, { tls }), reach)(LETTER);

		await expect(sent).rejects.toThrow("because its settings say no encryption");
		expect(smtp.clearText).toEqual([]);
	},
);

test("a server in the own network that offers no TLS gets nothing where TLS is set", async () => {
	const smtp = await startFakeSmtp();
	const server = typed(smtp.port, { host: "127.0.0.1" });

	const sent = smtpDelivery(server, { allowPrivate: ["127.0.0.1"] })(LETTER);

	await expect(sent).rejects.toThrow(
		"offers no TLS (STARTTLS), and was sent neither the password nor a letter. Name a mail server with TLS",
	);
	expect(smtp.clearText.join()).not.toMatch(/AUTH|MAIL/);
});

test("the certificate of a server that an owner has set is checked, for the name of the host", async () => {
	const file = (name: string) =>
		readFile(fileURLToPath(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url)), "utf8");
	const [key, cert] = await Promise.all([file("mail-key"), file("mail-cert")]);
	const smtp = await startFakeSmtp(undefined, { key, cert });
	const reach = { ...leading(HERE), isGlobal: () => true };

	const sent = smtpDelivery(typed(smtp.port), reach)(LETTER);

	await expect(sent).rejects.toThrow("the certificate of the mail server mail.example.com is not");
	expect([...smtp.clearText, ...smtp.overTls].join()).not.toMatch(/AUTH|MAIL/);
});

test("what went wrong is said in plain words, before what the server or the network said", async () => {
	const smtp = Object.assign(await startFakeSmtp(), { refusesLogin: true });
	const reach = { allowPrivate: ["127.0.0.1"] };
	const server = typed(smtp.port, { host: "127.0.0.1", tls: "off" });
	const problemOf = (changes: Partial<MailServer>) =>
		smtpDelivery({ ...server, ...changes }, reach)(LETTER).catch(String);

	const login = await problemOf({});
	expect(login).toContain("does not accept the user and the password; check both: ");
	expect(login).not.toContain("secret-password");
	expect(await problemOf({ port: 1 })).toContain("nothing answers at the mail server 127.0.0.1");
	expect(await problemOf({ tls: "implicit" })).toContain("does not begin with TLS at this port");
	const unknown = Promise.reject(
		Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }),
	);
	const lost = smtpDelivery(typed(25), { allowPrivate: [], resolve: () => unknown })(LETTER);
	await expect(lost).rejects.toThrow("the mail server mail.example.com cannot be found");
});
