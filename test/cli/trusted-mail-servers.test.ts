// A mail server that an owner saves is spoken to over TLS, and only with a certificate that is trusted and has its name.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type FakeSmtp, startFakeSmtp } from "../kit/helpdesk/fake-smtp.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const SERVER = "/admin/mailbox/server";
const PASSWORD = "secret-password";
const NOT_ACCEPTED = "Saved, but it cannot be used now, and e-mails wait: the certificate of the";

/** A file of a certificate for localhost and 127.0.0.1, or of the other one, for 0.0.0.0 alone. */
function pem(name: "cert" | "key" | "mail-cert" | "mail-key"): string {
	return fileURLToPath(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
}

async function certificate(whose: "" | "mail-" = "") {
	const [key, cert] = await Promise.all(
		[pem(`${whose}key`), pem(`${whose}cert`)].map((file) => readFile(file, "utf8")),
	);
	return { key: key ?? "", cert: cert ?? "" };
}

/** A helpdesk that trusts the first certificate, with an owner who is logged in. */
async function openTrusting() {
	const hosts = ["localhost", "127.0.0.1", "127.0.0.2"];
	const { ready } = await startHelpdeskProcess(
		await newDataFolder(),
		hosts.flatMap((host) => ["--allow-private", host]),
		{ NODE_EXTRA_CA_CERTS: pem("cert") },
	);
	const operator = new HttpVisitor();
	await operator.open(`${ready.admin}/login`);
	const { email, password } = ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	return {
		operator,
		save: async ({ port }: FakeSmtp, encryption: string, host = "localhost") => {
			await operator.open(`${ready.admin}/mailbox/server`);
			return operator.submit(SERVER, {
				...{ host, port: String(port), encryption, user: "helpdesk", password: PASSWORD },
				from: "help@acorn.example",
			});
		},
	};
}

/** A server of each encryption. */
function startWith(
	encryption: "implicit" | "required",
	tls: Awaited<ReturnType<typeof certificate>>,
	address = "127.0.0.1",
): Promise<FakeSmtp> {
	return encryption === "implicit"
		? startFakeSmtp(undefined, undefined, { address, tls })
		: startFakeSmtp(undefined, tls, { address });
}

test("a saved mail server with a trusted certificate gets login and e-mails over TLS, from the first byte and by STARTTLS", async () => {
	const { operator, save } = await openTrusting();
	for (const encryption of ["implicit", "required"] as const) {
		const smtp = await startWith(encryption, await certificate());

		const saved = await save(smtp, encryption);
		expect([encryption, saved.html]).toEqual([
			encryption,
			expect.stringContaining("The mail server is saved and answers."),
		]);
		const { html } = await operator.submit(`${SERVER}/test`);

		expect(html).toContain("The mail server has taken the test e-mail");
		expect(smtp.letters).toHaveLength(1);
		const login = Buffer.from(`\0helpdesk\0${PASSWORD}`).toString("base64");
		expect(smtp.overTls.join("\n")).toContain(`AUTH PLAIN ${login}`);
		expect(smtp.clearText.join("\n")).not.toMatch(/AUTH|MAIL|DATA/);
	}
});

test.each([
	["is not trusted", "mail-", "localhost", "127.0.0.1"],
	["has another name", "", "127.0.0.2", "127.0.0.2"],
] as const)(
	"a saved mail server whose certificate %s gets neither the password nor an e-mail",
	async (_, whose, host, address) => {
		const { operator, save } = await openTrusting();
		for (const encryption of ["implicit", "required"] as const) {
			const smtp = await startWith(encryption, await certificate(whose), address);

			const saved = await save(smtp, encryption, host);
			const { html } = await operator.submit(`${SERVER}/test`);

			expect([encryption, saved.html]).toEqual([encryption, expect.stringContaining(NOT_ACCEPTED)]);
			expect(html).toContain("The test e-mail was not sent: the certificate of the mail server");
			expect(smtp.letters).toEqual([]);
			expect([...smtp.clearText, ...smtp.overTls].join("\n")).not.toMatch(/AUTH|MAIL|DATA/);
		}
	},
);
