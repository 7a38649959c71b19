// A helpdesk on Express 5, written against the installed package alone.
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runIn, VENDOR } from "./installed.ts";

const desk = fileURLToPath(new URL("express-desk", import.meta.url));

test("the routes of a vendor on Express 5 take at most 60 lines", async () => {
	const text = await readFile(join(desk, "routes.mjs"), "utf8");
	const lines = text.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line));

	expect(lines.length).toBeLessThanOrEqual(60);
});

test("the desk keeps the host contract, and what it leaves out is printed by name", async () => {
	await cp(desk, join(VENDOR, "express-desk"), { recursive: true });
	const args = ["--test", "--test-reporter=tap", "express-desk/contract.test.mjs"];
	const { stdout } = await runIn(VENDOR, process.execPath, ...args);

	expect(stdout).toMatch(/^# fail 0$/m);
	expect(stdout).toMatch(/^# skipped 0$/m);
	expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(150);
	expect(stdout).toContain("Buttons are shown in their order");
	const left = [...stdout.matchAll(/the Express desk does without (\S+)\. Left out: (.+)/g)];
	expect(left.map(([, part]) => part).sort()).toEqual([
		...["approval-queue", "approval-queue", "approval-queue"],
		"incomplete-users",
		...["second-brand", "second-brand", "second-brand", "second-brand"],
		...["second-brand", "second-brand", "second-brand"],
		"second-plugin",
		...["unclaimed-users", "unclaimed-users"],
		...["uninstall", "uninstall", "uninstall"],
	]);
});
