import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

// What is meant for an empty folder runs in test/package.
test("X's own plugin is packed, validated and verified in a clone as the README says", async () => {
	const readme = await readFile(join(root, "src/testing/README.md"), "utf8");
	const shells = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = ""]) => text);
	const [, , , watchX, pack = "", ...others] = shells;
	expect(watchX).toBe("npm start -- --watch\n");
	expect(others).toEqual([]);
	const folder = await mkdtemp(join(tmpdir(), "kit-readme-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await symlink(join(root, "dist"), join(folder, "dist"));

	const { stdout } = await promisify(execFile)("sh", ["-ec", pack], { cwd: folder });

	expect(stdout).toContain("no problems found");
});
