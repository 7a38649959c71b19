// The README of plugin developers, from an empty folder with the installed package.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import project from "../../package.json" with { type: "json" };
import { blocksIn, runIn, VENDOR } from "./installed.ts";

const README = "src/testing/README.md";
const [install = "", watch = "", sign = ""] = await blocksIn(README, "sh");
const INSTALLED = [
	"npm pack ../x-login",
	`npm install --save-dev ./x-login-${project.version}.tgz esbuild libsql`,
];

async function node(...args: string[]): Promise<string> {
	const { stdout, stderr } = await runIn(VENDOR, process.execPath, ...args);
	return stdout + stderr;
}

beforeAll(async () => {
	for (const code of await blocksIn(README, "js")) {
		const [, name = ""] = /^\/\/ (\S+)\n/.exec(code) ?? [];
		await writeFile(join(VENDOR, name), code);
	}
});

test("the plugin of the first five minutes is built, tested, signed and verified as the README says", async () => {
	const lines = install.trimEnd().split("\n");
	expect(lines.slice(0, 2)).toEqual(INSTALLED);

	const built = await runIn(VENDOR, "sh", "-ec", lines.slice(2).join("\n"));
	expect(built.stdout + built.stderr).toContain("no problems found");
	expect(await node("--test", "--test-reporter=tap", "my-plugin.test.mjs")).toMatch(/^# pass 2$/m);
	const signed = await runIn(VENDOR, "sh", "-ec", sign);
	expect(signed.stdout + signed.stderr).toContain("magic-word-1.0.0.zip.sig");
	await Promise.all(["publisher", "publisher.pub"].map((name) => rm(join(VENDOR, name))));
});

test("the helpdesk runs with the plugin of the folder in the place of X", async () => {
	expect(watch).toBe("npx x-login start --watch my-plugin\n");
	const args = ["start", "--watch", "my-plugin", "--port", "0", "--data", "watched", "--json"];
	const helpdesk: ChildProcess = spawn(join(VENDOR, "node_modules/.bin/x-login"), args, {
		cwd: VENDOR,
		env: { ...process.env, NODE_OPTIONS: "" },
		stdio: ["ignore", "pipe", "inherit"],
	});
	onTestFinished(async () => {
		helpdesk.kill();
		await once(helpdesk, "exit");
	});
	const [line] = await once(helpdesk.stdout ?? helpdesk, "data");
	const { portals } = JSON.parse(String(line)) as { readonly portals: Record<string, string> };

	expect((await fetch(`${portals["acorn"]}/login`)).status).toBe(200);
});

test("the log-in with X from the button to its end runs", async () => {
	expect(await node("try.mjs")).toContain("ada@example.com");
});

test("the example of the fake X runs", async () => {
	expect(await node("faults.mjs")).toContain("verify_credentials");
});

test("a vendor runs the contracts with the published kit and Node's own test runner", async () => {
	const output = await node("--test", "--test-reporter=tap", "contract.test.mjs");

	expect(output).toMatch(/^# fail 0$/m);
	expect(Number(/^# tests (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(120);
	expect(output).toContain("50 simultaneous calls with one key create one user");
	expect(output).toContain("a storage in memory keeps the storage contract");
});
