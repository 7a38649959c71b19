// A helpdesk is backed up while people log in, is killed, and is restored in another place.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Database from "libsql";
import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { CLI, contentOf, run } from "../kit/helpdesk/backups.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { registerByLetter } from "../kit/helpdesk/register-by-letter.ts";
import { newDataFolder, type Ready, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const ADA = "2244994945";
const GRACE = { name: "Grace", email: "grace@example.com", password: "correct horse" };

async function goThroughX(portal: string, accountId: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId }));
	return visitor;
}

async function logInOperator({ admin, operator }: Ready, password: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${admin}/login`);
	await visitor.submit("/admin/login", { email: operator.email, password });
	return visitor;
}

/** The link in the only e-mail that has one. */
async function passwordLink(ready: Ready, password: string): Promise<string> {
	const operator = await logInOperator(ready, password);
	const { html } = await operator.open(`${ready.admin}/mailbox`);
	return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? "";
}

/** The first part of each stored key, and for the data of plugins also the third part. */
async function kindsIn(path: string): Promise<readonly string[]> {
	const database = new Database(path);
	const rows = database.prepare("SELECT key FROM entries").all() as { readonly key: string }[];
	database.close();
	const kinds = rows.map(({ key }) => {
		const [first = "", , third = ""] = key.split("/");
		return first === "plugin-data" ? `${first} ${third}` : first;
	});
	return [...new Set(kinds)];
}

async function setUpX({ admin, fakeX }: Ready, operator: HttpVisitor): Promise<void> {
	const integrations = "/admin/settings/general/integrations";
	const { origin } = new URL(admin);
	await operator.open(`${origin}${integrations}`);
	await operator.submit(`${integrations}/x-login/activate`);
	await operator.open(`${origin}${integrations}/x-login?brand=acorn`);
	const { apiKey, apiKeySecret } = fakeX;
	await operator.submit(`${integrations}/x-login?brand=acorn`, { apiKey, apiKeySecret });
	await operator.open(`${admin}/settings/users/social-login/x-login`);
	await operator.submit("/admin/settings/users/social-login/x-login", { acorn: "on" });
}

/** X is set up, Grace has a link to set a password, and a visitor is in the middle of a log-in. */
async function fillHelpdesk(data: string, ready: Ready, password: string) {
	const portal = ready.portals["acorn"] ?? "";
	const operator = await logInOperator(ready, password);
	await setUpX(ready, operator);
	await goThroughX(portal, ADA);
	const grace = new HttpVisitor();
	const mailbox = async () => (await operator.open(`${ready.admin}/mailbox`)).html;
	await registerByLetter(grace, portal, mailbox, GRACE);
	await grace.submit("/account/password-link");
	const link = await passwordLink(ready, password);
	const onTheWay = new HttpVisitor();
	await onTheWay.open(`${portal}/login`);
	await onTheWay.submit("/login/x-login/start");
	expect(await kindsIn(join(data, "helpdesk.sqlite"))).toEqual(
		expect.arrayContaining(["sessions", "password-resets", "plugin-data pending"]),
	);
	return { portal, grace, link };
}

/** Runs `backup` while people log in. @returns what it printed. */
async function backUpDuringLogIns(folder: string, data: string, portal: string): Promise<string> {
	const command = spawn(process.execPath, [CLI, "backup", folder, "--data", data, "--json"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const printed = text(command.stdout);
	const ended = once(command, "exit");
	let logIns = 0;
	while (command.exitCode === null) {
		const visitor = await goThroughX(portal, ADA);
		expect(visitor.seen.status).toBe(200);
		logIns += 1;
	}
	expect(await ended).toEqual([0, null]);
	expect(logIns).toBeGreaterThan(0);
	return printed;
}

async function expectPrivate(folder: string, names: readonly string[]): Promise<void> {
	for (const name of names) {
		expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
	}
}

test("a helpdesk that is backed up during log-ins works again after a restore", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data, ["--start-limit", "0"]);
	const password = first.ready.operator.password ?? "";
	const { portal, grace, link } = await fillHelpdesk(data, first.ready, password);
	const folder = join(await newDataFolder(), "nightly");
	const printed = await backUpDuringLogIns(folder, data, portal);
	const files = ["key", "fake-x.json", "helpdesk.sqlite", "backup.json"];
	expect(JSON.parse(printed)).toEqual({ folder, files, keyFile: null });
	expect((await stat(folder)).mode & 0o777).toBe(0o700);
	await expectPrivate(folder, files);
	first.process.kill("SIGKILL");
	await once(first.process, "exit");

	const elsewhere = join(await newDataFolder(), "restored");
	const before = await contentOf(folder);
	expect(run(["restore", folder, "--data", elsewhere])).toMatchObject({ status: 0, stderr: "" });
	expect(await contentOf(folder)).toEqual(before);
	await expectPrivate(elsewhere, ["key", "fake-x.json", "helpdesk.sqlite"]);
	const kinds = await kindsIn(join(elsewhere, "helpdesk.sqlite"));
	expect(kinds).toEqual(expect.arrayContaining(["accounts", "plugin-data link", "outbox"]));
	expect(kinds.filter((kind) => /session|reset|pending/.test(kind))).toEqual([]);
	const { ready } = await startHelpdeskProcess(elsewhere);

	expect(ready.operator.password).toBeNull();
	const operator = await logInOperator(ready, password);
	await operator.open(`${ready.admin}/users`);
	expect(operator.seen.html).toContain("grace@example.com");
	const again = ready.portals["acorn"] ?? "";
	// Grace may have logged out since the backup, and used the link.
	expect((await grace.open(`${again}/account`)).url).toContain("/login?");
	const { pathname, search } = new URL(link);
	expect((await grace.open(`${again}${pathname}${search}`)).html).toContain("already used");
	await grace.open(`${again}/login?returnTo=/account`);
	expect((await grace.submit("/login", GRACE)).html).toContain("grace@example.com");
	// Ada is logged in without a question: the keys of the app can be decrypted, and the X account is still linked.
	const ada = await goThroughX(again, ADA);
	expect((await ada.open(`${again}/account`)).html).toContain("ada@example.com");
});
