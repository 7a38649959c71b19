import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { operatorOf } from "../kit/helpdesk/operator-of.ts";
import { registerByLetter } from "../kit/helpdesk/register-by-letter.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import {
	endHelpdesk,
	freePorts,
	newDataFolder,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const REGISTRATION = "/admin/settings/users/registration";

/** The title of a page, asked for under a host name as a proxy passes it on. */
async function titleAt(port: number, host: string, path = "/login"): Promise<string> {
	const html = await new Promise<string>((resolve, reject) => {
		const asked = request({ host: "127.0.0.1", port, path, headers: { host } }, (answer) => {
			let text = "";
			answer.setEncoding("utf8");
			answer.on("data", (part) => {
				text += part;
			});
			answer.on("end", () => resolve(`${answer.statusCode} ${text}`));
		});
		asked.on("error", reject).end();
	});
	return /<title>(.*?)<\/title>/.exec(html)?.[1] ?? html;
}

test("configured brands listen on --port and the ports after it, and are in the ready line with their addresses", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const running = await startHelpdeskProcess(data, [
		...["--port", String(port), "--brand", "help=Smith, Jones & Co,https://help.example.com"],
		...["--brand", `shop=Shop,http://localhost:${port + 1}`],
	]);

	expect(running.ready).toMatchObject({
		portals: { help: "https://help.example.com", shop: `http://localhost:${port + 1}` },
		admin: "https://help.example.com/admin",
	});
	expect(Object.keys(running.ready.portals)).toEqual(["help", "shop"]);
	expect(await titleAt(port, "help.example.com")).toBe("Log in · Smith, Jones &amp; Co");
	expect(await titleAt(port, "help.example.com", "/admin/login")).toContain("Log in");
	expect(await titleAt(port + 1, `localhost:${port + 1}`)).toBe("Log in · Shop");
	const listed = runCli(data, "brands", "list", "--data", data);
	expect(listed.stdout).toMatch(/^configured help .*Smith, Jones & Co\nconfigured shop /);
	expect(listed.stdout).not.toContain("acorn");
});

test("one configured brand is enough, from a file, on a free port, in its language", async () => {
	const data = await newDataFolder();
	const file = join(data, "brands.json");
	const brand = { id: "help", name: "Hilfe", url: "https://hilfe.example.com", locale: "de" };
	await writeFile(file, JSON.stringify([brand]));
	const running = await startHelpdeskProcess(data, ["--brands-file", file]);

	expect(running.ready.portals).toEqual({ help: "https://hilfe.example.com" });
	expect(running.printed()).not.toContain("brands.");
	const doctor = runCli(
		data,
		"doctor",
		"--data",
		data,
		"--port",
		"0",
		"--brands-file",
		file,
		"--json",
	);
	expect(JSON.parse(doctor.stdout)).toMatchObject({
		brands: [
			{
				...{ brand: "help", name: "Hilfe" },
				checks: expect.arrayContaining([
					expect.objectContaining({
						text: expect.stringContaining("https://hilfe.example.com/login/x-login/callback"),
					}),
				]),
			},
		],
		leftOut: [],
	});
});

test("a start that leaves out a brand with people names it, and they are there again with it", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const first = await startHelpdeskProcess(data, ["--port", String(port)]);
	const operator = await operatorOf(first);
	const portal = first.ready.portals["harbor"] ?? "";
	const mailbox = async () => (await operator.open(`${first.ready.admin}/mailbox`)).html;
	const visitor = new HttpVisitor();
	const person = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await registerByLetter(visitor, portal, mailbox, person);
	await endHelpdesk(first);

	const help = ["--brand", `help=Help,http://127.0.0.1:${port}`, "--port", String(port)];
	const second = await startHelpdeskProcess(data, help);
	await eventually(() => expect(second.printed()).toContain('"brands.left-out"'));
	expect(second.printed()).toMatch(
		/the brand Harbor Music \(harbor\) has people or settings.*--brand 'harbor=Harbor Music,/,
	);
	// Nobody has ever been at Acorn, and nothing is set there.
	expect(second.printed()).not.toContain("acorn");
	const doctor = runCli(data, "doctor", "--data", data, ...help, "--json");
	expect(JSON.parse(doctor.stdout)).toMatchObject({
		brands: [{ brand: "help" }],
		leftOut: [{ brand: "harbor", name: "Harbor Music" }],
	});
	await endHelpdesk(second);

	const harbor = ["--brand", `harbor=My Music,${portal}`];
	const third = await startHelpdeskProcess(data, [...help, ...harbor]);
	expect(third.printed()).not.toContain("brands.left-out");
	const account = await visitor.open(`${portal}/account`);
	expect(account.html).toContain("grace@example.com");
	expect(account.html).toContain("My Music");
	await endHelpdesk(third);

	// Help has no people, but its registration is set, and with the sample brands it is left out.
	const fourth = await startHelpdeskProcess(data, [...help, ...harbor]);
	const again = new HttpVisitor();
	await again.open(`${fourth.ready.admin}/login`);
	const password = first.ready.operator.password ?? "";
	await again.submit("/admin/login", { email: first.ready.operator.email, password });
	await again.open(`${new URL(fourth.ready.admin).origin}${REGISTRATION}`);
	await again.submit(REGISTRATION, { "help-registration": "closed" });
	await endHelpdesk(fourth);
	const fifth = await startHelpdeskProcess(data, ["--port", String(port)]);
	await eventually(() => expect(fifth.printed()).toContain('"brands.left-out"'));
	expect(fifth.printed()).toContain(`--brand help=Help,http://127.0.0.1:${port}`);
	expect(fifth.ready.portals).toEqual({
		acorn: `http://127.0.0.1:${port}`,
		harbor: `http://127.0.0.1:${port + 1}`,
	});
});

test("a brand is added while the helpdesk runs, served by host name at the first port, changed and removed", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const running = await startHelpdeskProcess(data, ["--port", String(port)]);
	const brands = (...args: string[]) => runCli(data, "brands", ...args, "--data", data);
	expect(brands("list").stdout).toMatch(/^sample +acorn .*\nsample +harbor .*\n$/);
	expect(await titleAt(port, "shop.example.com")).toContain("302");

	const added = brands(
		"add",
		"shop=Shop, Ltd,https://shop.example.com",
		"--locale",
		"de",
		"--time-zone",
		"Asia/Tokyo",
		"--json",
	);
	expect(JSON.parse(added.stdout)).toEqual({
		brand: {
			...{ id: "shop", name: "Shop, Ltd", url: "https://shop.example.com" },
			...{ locale: "de", timeZone: "Asia/Tokyo" },
		},
	});
	const patience = { timeout: 60_000, interval: 500 };
	await expect.poll(() => titleAt(port, "shop.example.com"), patience).toBe("Anmelden · Shop, Ltd");
	for (const host of ["SHOP.example.com", "shop.example.com:443"]) {
		expect(await titleAt(port, host)).toBe("Anmelden · Shop, Ltd");
	}
	expect(await titleAt(port, "shop.example.com", "/admin")).not.toContain("Settings");
	expect(await titleAt(port, `127.0.0.1:${port}`)).toBe("Log in · Acorn Outdoor");
	for (const [at, host] of [
		[port + 1, "shop.example.com"],
		[port, "evil.example"],
		[port, "shop.example.com.evil.example"],
	] as const) {
		expect(await titleAt(at, host)).toContain("302");
	}

	const moved = brands("change", "shop", "--url", "https://store.example.com", "--name", "Store");
	expect(moved.stdout).toContain("callback URL changes");
	await expect.poll(() => titleAt(port, "store.example.com"), patience).toBe("Anmelden · Store");
	expect(await titleAt(port, "shop.example.com")).toContain("302");

	expect(brands("remove", "shop").stdout).toContain("Its id is never used again.");
	await expect.poll(() => titleAt(port, "store.example.com"), patience).toContain("302");
	expect(brands("add", "shop=New,https://new.example.com")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("ids are never used again"),
	});
	expect(running.printed()).not.toContain('"level":"error"');
});

test("a brand with people is removed only with --keep-people, which keeps their data, and without connected helpdesks", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const first = await startHelpdeskProcess(data, ["--port", String(port)]);
	const brands = (...args: string[]) => runCli(data, "brands", ...args, "--data", data);
	const shop = `http://localhost:${port}`;
	expect(brands("add", `shop=Shop,${shop}`).status).toBe(0);
	const operator = await operatorOf(first);
	await expect
		.poll(() => titleAt(port, `localhost:${port}`), { timeout: 60_000, interval: 500 })
		.toBe("Log in · Shop");
	const mailbox = async () => (await operator.open(`${first.ready.admin}/mailbox`)).html;
	const person = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await registerByLetter(new HttpVisitor(), shop, mailbox, person);

	expect(brands("remove", "shop")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("1 person has an account at the brand shop"),
	});
	expect(brands("list").stdout).toContain("stored     shop");
	const list = "/admin/settings/general/connected-helpdesks";
	const add = `${list}/add?brand=shop&preset=request-tracker`;
	await operator.open(new URL(add, first.ready.admin).href);
	const { html } = await operator.submit(add, { address: "http://127.0.0.1:4" });
	expect(brands("remove", "shop", "--keep-people")).toMatchObject({
		status: 2,
		stderr:
			"the brand shop is connected to Request Tracker, and nobody could log in there any more; remove it under Connected helpdesks first\n",
	});
	expect(brands("list").stdout).toContain("stored     shop");
	const [, remove = ""] = /href="([^"]*\/remove\?brand=shop)"/.exec(html) ?? [];
	await operator.open(new URL(remove, first.ready.admin).href);
	await operator.submit(remove);
	const handOff = `${list}/add-hand-off?brand=shop&preset=supportpal`;
	await operator.open(new URL(handOff, first.ready.admin).href);
	const there = { address: "https://support.example.com", name: "Support Desk" };
	await operator.submit(handOff, { ...there, secret: "a-key-that-SupportPal-has-made" });
	expect(brands("remove", "shop", "--keep-people").stderr).toContain("connected to Support Desk");
	const [, removeIt = ""] = /href="([^"]*\/remove\?brand=shop)"/.exec(operator.seen.html) ?? [];
	await operator.open(new URL(removeIt, first.ready.admin).href);
	await operator.submit(removeIt);
	expect(brands("remove", "shop", "--keep-people").stdout).toContain("their data stays");
	await endHelpdesk(first);

	const second = await startHelpdeskProcess(data, ["--port", String(port)]);
	expect(second.printed()).not.toContain("brands.left-out");
	expect(Object.keys(second.ready.portals)).toEqual(["acorn", "harbor"]);
	const backup = join(await newDataFolder(), "backup");
	const restored = join(await newDataFolder(), "restored");
	expect(runCli(data, "backup", backup, "--data", data).status).toBe(0);
	expect(runCli(data, "restore", backup, "--data", restored).status).toBe(0);
	expect(runCli(data, "brands", "list", "--data", restored).stdout).toBe(brands("list").stdout);
});

test("stored brands are in the ready line, and a configured id that was removed is refused", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data);
	const brands = (...args: string[]) => runCli(data, "brands", ...args, "--data", data);
	brands("add", "shop=Shop,https://shop.example.com");
	brands("add", "open=Open,https://open.acme.com");
	brands("add", "old=Old,https://old.example.com");
	brands("remove", "old");
	await endHelpdesk(first);

	const second = await startHelpdeskProcess(data);
	expect(Object.keys(second.ready.portals)).toEqual(["acorn", "harbor", "shop"]);
	// At the fake X everybody could log in as anybody.
	expect(second.printed()).toMatch(/"brands.not-served".*Open \(open\) at https:\/\/open.acme.com/);
	await endHelpdesk(second);

	const refused = runCli(
		data,
		"start",
		"--data",
		data,
		"--port",
		"0",
		"--brand",
		"old=Old,https://o.example",
	);
	expect([refused.status, refused.stderr]).toEqual([
		2,
		expect.stringMatching(/The id old belonged to Old, which was removed on .*Give another id/),
	]);
});

test.each([
	["no action", [], "list, add, change, remove"],
	["an unknown action", ["dance"], "list, add, change, remove"],
	["two brands", ["remove", "a", "b"], "one brand"],
	["an unknown flag", ["list", "--surprise"], "--surprise"],
	["a storage that ends with its helpdesk", ["list", "--storage", "memory:"], "--storage memory:"],
	["a place without a helpdesk", ["list"], "there is no helpdesk in the folder"],
])("brands with %s ends with one clear sentence and exit code 2", async (_, args, sentence) => {
	const data = await newDataFolder();
	const { status, stderr } = runCli(data, "brands", ...args, "--data", data);

	expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
	expect(stderr).not.toMatch(/^\s+at /m);
});

test("what a command about brands cannot do is said in one sentence", async () => {
	const data = await newDataFolder();
	await startHelpdeskProcess(data);
	for (const [args, sentence] of [
		[["add"], "ID=NAME,URL"],
		[["add", "a=A"], "brands add a=A,https://help.example.com"],
		[["add", "a=A,https://a.example/x"], "leave out the path"],
		[["add", "acorn=A,https://a.example"], "sample brand"],
		[["change", "a"], "--name NAME, --url URL, --locale TAG, --time-zone ZONE"],
		[["change", "a", "--name", "A"], "There is no brand “a”"],
		[["remove", "a"], "There is no brand “a”"],
		[["remove"], "takes the id of a brand"],
		[["add", "a=A,https://a.example", "--time-zone", "Tokyo"], "“Tokyo” is not the time zone"],
		[["list", "a"], "lists all of them"],
	] as const) {
		const { status, stderr } = runCli(data, "brands", ...args, "--data", data);
		expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
	}
});

test("brands remove --delete-people waits until a helpdesk that runs has deleted everybody", async () => {
	const data = await newDataFolder();
	const port = await freePorts();
	const running = await startHelpdeskProcess(data, ["--port", String(port)]);
	const brands = (...args: string[]) => runCli(data, "brands", ...args, "--data", data);
	const shop = `http://localhost:${port}`;
	expect(brands("add", `shop=Shop,${shop}`).status).toBe(0);
	const operator = await operatorOf(running);
	await expect
		.poll(() => titleAt(port, `localhost:${port}`), { timeout: 60_000, interval: 500 })
		.toBe("Log in · Shop");
	const mailbox = async () => (await operator.open(`${running.ready.admin}/mailbox`)).html;
	const person = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await registerByLetter(new HttpVisitor(), shop, mailbox, person);
	expect(brands("remove", "shop", "--delete-people", "--keep-people")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("takes one of --keep-people and --delete-people"),
	});

	const removed = brands("remove", "shop", "--delete-people");

	expect(removed).toMatchObject({
		status: 0,
		stdout: expect.stringContaining("1 person was deleted, with everything"),
	});
	expect(brands("list").stdout).toContain("removed    shop");
	expect(brands("remove", "acorn", "--delete-people").stderr).toContain(
		"no brand acorn in the storage",
	);
	const jobs = await operator.open(`${running.ready.admin}/jobs`);
	expect(jobs.html).toContain("Delete the people of shop, and remove the brand");
	expect(await mailbox()).not.toContain("grace@example.com");
	expect(running.printed()).not.toContain('"level":"error"');
});
