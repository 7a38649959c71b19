import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import schema from "../../settings-schema.json" with { type: "json" };
import { readStartOptions } from "../../src/cli/start-options.ts";
import { compileAgainstPublished } from "./compile-against-published.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = await readFile(join(root, "README.md"), "utf8");

function examples(language: string): string[] {
	return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
		([, code = ""]) => code,
	);
}

test("the plugin developer's example runs", async () => {
	const [example = ""] = examples("js");
	const folder = await mkdtemp(join(tmpdir(), "readme-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await symlink(join(root, "dist"), join(folder, "dist"));
	await symlink(join(root, "node_modules"), join(folder, "node_modules"));
	await writeFile(join(folder, "package.json"), await readFile(join(root, "package.json")));
	await writeFile(join(folder, "try.mjs"), example);

	const { stdout } = await promisify(execFile)(process.execPath, ["try.mjs"], { cwd: folder });

	expect(stdout).toContain("ada@example.com");
});

test.each([
	["connects a plugin", "createPlugin"],
	["checks a helpdesk", "describeHostContract"],
])("the vendor's example that %s compiles", async (_, name) => {
	const example = examples("ts").find((each) => each.includes(name)) ?? "";

	expect(example).toContain(name);
	expect(await compileAgainstPublished(example)).toBe("");
});

test("the tables name every setting and every flag, and no other", () => {
	const rows = [...readme.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name);
	const flags = rows.filter((name) => name.startsWith("--")).map((flag) => flag.split(" "));

	expect(rows.filter((name) => !name.startsWith("--"))).toEqual(Object.keys(schema.properties));
	const values: Record<string, string> = {
		N: "7",
		DIR: "d",
		URL: "https://x.example",
		"BRAND=URL": "acorn=https://a.example",
		FILE: "f",
		CIDR: "10.0.0.0/8",
		"--storage": "memory:",
		"--smtp": "smtp://mail.example:25",
	};
	for (const [flag = "", placeholder] of flags) {
		const value = values[flag] ?? values[placeholder ?? ""];
		expect(
			() => readStartOptions(value === undefined ? [flag] : [flag, value]),
			flag,
		).not.toThrow();
	}
	expect(flags).toHaveLength(Object.keys(readStartOptions([])).length);
});
