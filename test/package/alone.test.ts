import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import project from "../../package.json" with { type: "json" };
import { ALONE, runIn } from "./installed.ts";

const DRIVERS = ["libsql", "pg", "@redis/client"] as const;

async function evaluate(program: string) {
	return runIn(ALONE, process.execPath, "--input-type=module", "--eval", program);
}

test("the package brings the libraries of its modules and nothing else", async () => {
	const names = await readdir(join(ALONE, "node_modules"));

	expect(names).toEqual(expect.arrayContaining(["x-login", ...Object.keys(project.dependencies)]));
	for (const name of ["libsql", "pg", "@redis", "esbuild", "hono", "oidc-provider", "vitest"]) {
		expect(names).not.toContain(name);
	}
});

test("every module is imported without a database's package, and holds state in memory", async () => {
	const { stdout, stderr } = await evaluate(`
		const { CONTRACT_VERSION } = await import("x-login/contract");
		const { MemoryStorage, systemClock, loadPlugin } = await import("x-login/host");
		const { createMockHost } = await import("x-login/testing");
		const { readFile } = await import("node:fs/promises");
		const zip = await readFile(new URL(import.meta.resolve("x-login/plugin.zip")));
		const { manifest } = await loadPlugin(zip);
		const storage = new MemoryStorage(systemClock);
		await storage.commit({ sets: [{ key: ["a"], value: 1 }] });
		console.log(CONTRACT_VERSION, typeof createMockHost, manifest.version, (await storage.get(["a"])).value);
	`);

	expect(stderr).toBe("");
	expect(stdout).toMatch(new RegExp(`^\\d+\\.\\d+\\.\\d+ function ${project.version} 1\n$`));
});

test.each([
	["libsql", 'new SqliteStorage("helpdesk.sqlite", systemClock)'],
	["pg", 'await PostgresStorage.open("postgres://127.0.0.1:1/helpdesk", systemClock)'],
	["@redis/client", 'await RedisStorage.open("redis://127.0.0.1:1", systemClock)'],
] as const)("a storage without %s names the line that installs it", async (driver, open) => {
	const { stdout } = await evaluate(`
		const { SqliteStorage, PostgresStorage, RedisStorage, systemClock } = await import("x-login/host");
		try { ${open}; } catch (error) { console.log(error.message); }
	`);

	const line = `npm install ${driver}@${project.peerDependencies[driver]}`;
	expect(stdout).toBe(
		`this storage needs the package ${driver}, which is not installed. Install it: ${line}\n`,
	);
});

test("start without libsql ends with the line that installs it", async () => {
	const args = ["--no", "x-login", "start", "--port", "0", "--data", join(ALONE, "data")];
	const { status, stdout, stderr } = await runIn(ALONE, "npx", ...args);

	expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
	expect(stderr).toContain(`npm install libsql@${project.peerDependencies.libsql}`);
	expect(stderr).not.toMatch(/^\s+at /m);
});

test("the help names the command as it was run", async () => {
	const { stdout } = await runIn(ALONE, "npx", "--no", "--", "x-login", "--help");

	expect(stdout).toContain("npx x-login start");
	expect(stdout).not.toContain("dist/cli.mjs");
});

test("each package of a database may be left out, and is tested in the version that the package asks for", () => {
	for (const driver of DRIVERS) {
		expect(project.peerDependenciesMeta[driver]).toEqual({ optional: true });
		expect(project.peerDependencies[driver]).toBe(`^${project.devDependencies[driver]}`);
	}
});

test("the package carries the licences of all that is bundled in it", async () => {
	const bill = await readFile(join(ALONE, "node_modules/x-login/dist/sbom.cdx.json"), "utf8");
	const { components } = JSON.parse(bill) as {
		readonly components: readonly { readonly name: string; readonly licenses?: unknown }[];
	};

	expect(components.map(({ name }) => name)).toEqual(
		expect.arrayContaining(["hono", "oidc-provider", "nodemailer", "otpauth", "uqr"]),
	);
	expect(components.filter(({ licenses }) => licenses === undefined)).toEqual([]);
});
