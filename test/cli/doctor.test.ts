import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pluginSettingsOf } from "../../src/helpdesk/namespaces.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { newFolder, runCli } from "../kit/helpdesk/run-cli.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const X = "/admin/settings/general/integrations/x-login";

/** A helpdesk as `npm start` runs it, on free ports. Its first brand has the printed keys. */
async function startSetUp(data: string) {
	const port = await freePorts();
	const running = await startHelpdeskProcess(data, ["--port", String(port)]);
	const { admin, operator, fakeX } = running.ready;
	const visitor = new HttpVisitor();
	await visitor.open(`${admin}/login`);
	await visitor.submit("/admin/login", {
		email: operator.email,
		password: operator.password ?? "",
	});
	await visitor.open(`${admin}/settings/general/integrations`);
	await visitor.submit(`${X}/activate`);
	const { apiKey, apiKeySecret } = fakeX;
	await visitor.open(`${new URL(admin).origin}${X}?brand=acorn`);
	await visitor.submit(`${X}?brand=acorn`, { apiKey, apiKeySecret });
	return { ...running, port: String(port), visitor };
}

async function refused(...flags: string[]): Promise<string> {
	const folder = await newFolder();
	const { status, stderr } = runCli(folder, "doctor", ...flags);
	expect(status).toBe(2);
	expect(stderr.trim()).not.toContain("\n");
	expect(await readdir(folder)).toEqual([]);
	return stderr;
}

test("without a helpdesk, doctor and backup make nothing and name the folder", async () => {
	expect(await refused()).toMatch(/no helpdesk in the folder \/.*\.helpdesk: no database/);
	expect(await refused("--data", "typo")).toContain("/typo: no database");
	expect(await refused("--storage", "memory:")).toContain("--storage memory:");
	const folder = await newFolder();
	const empty = join(folder, "helpdesk.sqlite");
	await writeFile(empty, "");
	expect(await refused("--data", folder)).toContain(folder);
	expect(await readdir(folder)).toEqual(["helpdesk.sqlite"]);
	expect(await readFile(empty, "utf8")).toBe("");

	const { status, stderr } = runCli(folder, "backup", "copy", "--data", "typo");
	expect([status, stderr]).toEqual([2, expect.stringMatching(/no helpdesk in the folder .*typo/)]);
	expect(await readdir(folder)).toEqual(["helpdesk.sqlite"]);
});

test("doctor tells a page in X's place from X's answers", async () => {
	const data = await newDataFolder();
	const { ready, port } = await startSetUp(data);
	const scenario = { call: "request_token", fault: "block-page", times: "always" };
	const body = JSON.stringify(scenario);
	await fetch(`${ready.fakeX.url}/_fake/scenario`, { method: "POST", body });

	const { status, stdout } = runCli(data, "doctor", "--data", data, "--port", port);

	expect(stdout).toContain("The answer is not from X's API. It is a page of a firewall");
	expect(stdout).not.toMatch(/X knows the keys|callback URL is missing/);
	expect(status).toBe(1);
});

test("doctor asks the fake X of the helpdesk, and says so when none is running", async () => {
	const data = await newDataFolder();
	const { process, port, visitor, ready } = await startSetUp(data);
	const flags = ["doctor", "--data", data, "--port", port];
	const add = "/admin/settings/general/connected-helpdesks/add?brand=acorn&preset=request-tracker";
	await visitor.open(`${new URL(ready.admin).origin}${add}`);
	await visitor.submit(add, { address: "http://127.0.0.1:4" });
	const addHandOff =
		"/admin/settings/general/connected-helpdesks/add-hand-off?brand=acorn&preset=zendesk-jwt";
	await visitor.open(`${new URL(ready.admin).origin}${addHandOff}`);
	await visitor.submit(addHandOff, { address: "http://127.0.0.1:4", secret: "k".repeat(32) });
	const before = (await readdir(data)).sort();

	const { status, stdout } = runCli(data, ...flags);
	expect(stdout).toContain("X knows the keys");
	expect(stdout).toMatch(
		new RegExp(
			`\n  ok {7}The issuer http://127\\.0\\.0\\.1:${port}/oidc has 1 connected helpdesk\\.\n  unknown  There are no keys [^\n]*\n  unknown  Request Tracker \\([\\w-]+\\): nobody has logged in there yet\\.\n`,
		),
	);
	expect(stdout).toMatch(
		/\n {2}unknown {2}Zendesk \(JWT\) \([\w-]+\): nobody has logged in there yet\.\n {2}ok {7}Zendesk \(JWT\) \([\w-]+\): its Shared secret can be decrypted with the key file /,
	);
	expect(stdout).toContain(`/oidc has 0 connected helpdesks.`);
	expect(stdout).toContain("The API key or the API key secret of this brand is missing.");
	expect(status).toBe(1);
	expect((await readdir(data)).sort()).toEqual(before);

	const anywhere = runCli(data, "doctor", "--data", data, "--port", "0");
	expect([anywhere.status, anywhere.stderr]).toEqual([2, expect.stringContaining("--port 0")]);

	const ended = new Promise((resolve) => process.once("exit", resolve));
	process.kill("SIGTERM");
	await ended;
	const away = runCli(data, ...flags);
	expect(away.status).toBe(2);
	expect(away.stderr).toContain("--x-base-url https://api.x.com");
});

test("a wrong key file is named, the result of the last test stays, and so do settings that cannot be read", async () => {
	const data = await newDataFolder();
	const { port, visitor, ready } = await startSetUp(data);
	const settings = `${new URL(ready.admin).origin}${X}?brand=acorn`;
	await visitor.open(settings);
	await visitor.submit(`${X}/test?brand=acorn`);
	const other = join(await newFolder(), "other-key");
	await writeFile(other, randomBytes(32).toString("base64"));
	const flags = ["doctor", "--data", data, "--port", port, "--key-file"];

	const { status, stdout } = runCli(data, ...flags, other, "--json");
	expect(status).toBe(1);
	expect(JSON.parse(stdout).brands[0]).toMatchObject({
		brand: "acorn",
		ok: false,
		checks: [{ text: expect.stringContaining(`cannot be decrypted with the key file ${other}`) }],
	});
	expect((await visitor.open(settings)).html).toContain("X knows the keys");

	const gone = runCli(data, ...flags, join(data, "no", "key"));
	expect(gone.status).toBe(2);
	expect(gone.stderr).toContain("there is no key file");
	expect(await readdir(data)).not.toContain("no");

	const storage = await openStorageAt(`sqlite:${join(data, "helpdesk.sqlite")}`, systemClock);
	const key = [...pluginSettingsOf("x-login"), "acorn"];
	await storage.commit({ sets: [{ key, value: "broken" }] });
	const broken = runCli(data, "doctor", "--data", data, "--port", port);
	expect(broken.status).toBe(1);
	expect(broken.stderr).toContain("a value under plugin-settings cannot be read");
	expect(broken.stdout).toContain("The stored settings cannot be read, and stay as they are.");
	expect((await storage.get(key))?.value).toBe("broken");
	await storage.close();
});

describeOn("PostgreSQL", "doctor with --storage postgres://", (url) => {
	test("doctor makes no schema", async () => {
		const storage = apart(url);
		expect(await refused("--storage", storage)).toContain("nothing is stored in the schema");
		expect(await refused("--storage", storage)).toContain("nothing is stored in the schema");
	});
});

describeOn("Redis", "doctor with --storage redis://", (url) => {
	test("an empty prefix is not a helpdesk", async () => {
		expect(await refused("--storage", apart(url))).toContain(
			"no helpdesk in the storage that --storage names",
		);
	});
});
