import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { openConnection } from "../kit/helpdesk/raw-http.ts";
import { registerByLetter } from "../kit/helpdesk/register-by-letter.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

test.each([
	["no command", [], "there is no command"],
	["an unknown command", ["dance"], "dance"],
	["an unknown flag", ["start", "--surprise"], "--surprise"],
	["a port that is not a number", ["start", "--port", "http"], "--port http is not a port"],
	["a port that is too high", ["start", "--port", "65535"], "--port 65535"],
	["an unknown storage", ["start", "--storage", "ftp:secret-password@x"], "--storage"],
	["a limit that is not a number", ["start", "--start-limit", "many"], "--start-limit many"],
	[
		"a proxy that is not a range",
		["start", "--trust-proxy", "10.0.0.0/99"],
		"--trust-proxy 10.0.0.0/99",
	],
	["a host with a port", ["start", "--allow-private", "rt:443"], "--allow-private rt:443 is not"],
	["an unknown brand", ["start", "--base-url", "nobody=https://a.example"], "the brands are"],
	["a base URL with a path", ["start", "--base-url", "acorn=https://a.example/x"], "no path"],
	["a sender that is empty", ["start", "--smtp", "smtp://127.0.0.1:1?from="], "--smtp has a from"],
	[
		"two senders",
		["start", "--smtp", "smtp://u:secret-password@127.0.0.1:1?from=a@b.example,c@d.example"],
		"--smtp has a from that is not one e-mail address",
	],
	["plain http beyond loopback", ["start", "--x-base-url", "http://api.x.com"], "only on loopback"],
])("%s ends with one clear sentence and exit code 2", async (_, args, sentence) => {
	const data = await newDataFolder();
	const { status, stderr } = runCli(data, ...args, ...(args.length > 1 ? ["--data", data] : []));

	expect(status).toBe(2);
	expect(stderr).toContain(sentence);
	expect(stderr).not.toMatch(/^\s+at /m);
	expect(stderr).not.toContain("secret-password");
});

test("a broken key file or database is named and left as it is", async () => {
	const data = await newDataFolder();
	await writeFile(join(data, "key"), "short");
	expect(runCli(data, "start", "--data", data, "--port", "0")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("key file"),
	});

	const other = await newDataFolder();
	await writeFile(join(other, "helpdesk.sqlite"), "not a database, by any means ".repeat(50));
	expect(runCli(other, "start", "--data", other, "--port", "0")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("helpdesk.sqlite cannot be used"),
	});
});

test("users, sessions and settings survive kill -9, and the operator's password is printed once", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data);
	const visitor = new HttpVisitor();
	const portal = first.ready.portals["acorn"] ?? "";
	const operator = new HttpVisitor();
	await operator.open(`${first.ready.admin}/login`);
	const { email, password } = first.ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	const mailbox = async () => (await operator.open(`${first.ready.admin}/mailbox`)).html;
	const fields = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await registerByLetter(visitor, portal, mailbox, fields);
	await operator.open(`${first.ready.admin}/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	first.process.kill("SIGKILL");
	await once(first.process, "exit");

	const { ready } = await startHelpdeskProcess(data);

	expect(ready.operator.password).toBeNull();
	expect({ ...ready.fakeX, url: "" }).toEqual({ ...first.ready.fakeX, url: "" });
	const account = await visitor.open(`${ready.portals["acorn"]}/account`);
	expect(account.html).toContain("grace@example.com");
	await operator.open(`${ready.admin}/settings/general/integrations`);
	expect(operator.seen.html).toContain("Deactivate");
	expect((await fetch(`${ready.portals["harbor"]}/healthz`)).status).toBe(200);
});

test("the flags about browsers and connections reach the brands", async () => {
	const port = await freePorts();
	const { printed } = await startHelpdeskProcess(await newDataFolder(), [
		...["--storage", "memory:", "--port", String(port), "--max-connections", "2"],
		...["--base-url", "acorn=https://help.example", "--hsts-subdomains"],
	]);

	const { headers } = await fetch(`http://127.0.0.1:${port}/login`);

	expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
	for (let count = 0; count < 4; count += 1) {
		(await openConnection(`http://127.0.0.1:${port + 1}`)).write("GET / HTTP/1.1\r\n");
	}
	await expect.poll(printed).toContain('"helpdesk.connections-full"');
});

test("no fake X is started when --x-base-url names an X", async () => {
	const { ready } = await startHelpdeskProcess(await newDataFolder(), [
		"--storage",
		"memory:",
		"--x-base-url",
		"https://api.x.com",
	]);

	expect(ready.fakeX).toBeNull();
});

test.each([
	["without --smtp", [], ["Harbor Music"]],
	["with --smtp", ["--smtp", "smtp://127.0.0.1:1"], []],
])(
	"finding 11: off loopback %s, the start says where nobody can register with a password",
	async (_, flags, named) => {
		const { printed } = await startHelpdeskProcess(await newDataFolder(), [
			...["--base-url", "harbor=https://music.example.com"],
			...flags,
		]);

		const lines = printed()
			.split("\n")
			.filter((line) => line.includes("nobody can register with a password"));

		expect(lines.map((line) => /at (.*?):/.exec(line)?.[1])).toEqual(named);
	},
);
