import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = await readFile(join(root, "src/testing/README.md"), "utf8");
const run = promisify(execFile);

/** The programs that a newcomer saves, by file name. */
const programs = new Map(
	[...readme.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```/gms)].map(([, name = "", text = ""]) => [
		name,
		text,
	]),
);

/** A folder like a newcomer's copy of the repository, with all programs saved. */
async function checkout(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "kit-readme-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const name of ["dist", "node_modules", "src"]) {
		await symlink(join(root, name), join(folder, name));
	}
	await cp(join(root, "package.json"), join(folder, "package.json"));
	await mkdir(join(folder, "test"));
	await cp(join(root, "test/magic-word"), join(folder, "test/magic-word"), { recursive: true });
	for (const [name, text] of programs) {
		await writeFile(join(folder, name), text);
	}
	return folder;
}

async function node(folder: string, ...args: string[]): Promise<string> {
	const env = { ...process.env, NODE_OPTIONS: "" };
	return (await run(process.execPath, args, { cwd: folder, env })).stdout;
}

test("the plugin of the first five minutes is built, tested, signed and verified as the README says", async () => {
	const folder = await checkout();
	const shells = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = ""]) => text);
	const [build = "", watch, sign = "", watchX, pack = "", ...others] = shells;
	expect(watch).toBe("npm start -- --watch my-plugin\n");
	expect(watchX).toBe("npm start -- --watch\n");
	expect(others).toEqual([]);

	const built = await run("sh", ["-ec", build], { cwd: folder });
	expect(built.stdout).toContain("no problems found");
	const tested = await node(folder, "--test", "--test-reporter=tap", "my-plugin.test.mjs");
	expect(tested).toMatch(/^# pass 2$/m);
	const signed = await run("sh", ["-ec", sign], { cwd: folder });
	expect(signed.stdout).toContain("magic-word-1.0.0.zip.sig");
	await rm(join(folder, "publisher"));
	await rm(join(folder, "publisher.pub"));
	const packed = await run("sh", ["-ec", pack], { cwd: folder });
	expect(packed.stdout).toContain("no problems found");
});

test("the log-in with X from the button to its end runs", async () => {
	expect(await node(await checkout(), "try.mjs")).toContain("ada@example.com");
});

test("the example of the fake X runs", async () => {
	expect(await node(await checkout(), "faults.mjs")).toContain("verify_credentials");
});

test("a vendor runs the contracts with the published kit and Node's own test runner", async () => {
	const args = ["--test", "--test-reporter=tap", "contract.test.mjs"];
	const stdout = await node(await checkout(), ...args);

	expect(stdout).toMatch(/^# fail 0$/m);
	expect(Number(/^# tests (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(120);
	expect(stdout).toContain("50 simultaneous calls with one key create one user");
	expect(stdout).toContain("a storage in memory keeps the storage contract");
});
