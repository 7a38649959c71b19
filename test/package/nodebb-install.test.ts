// The one command that installs the packed package, and the example, into a NodeBB.
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { freePort, startFakeNodebb } from "../nodebb/open-fake-nodebb.ts";
import { runIn } from "./installed.ts";

const INSTALL = fileURLToPath(new URL("../nodebb/install.sh", import.meta.url));
const EXPRESS = fileURLToPath(new URL("../../node_modules/express", import.meta.url));

/** A folder that looks like a NodeBB that is set up. Its program writes down how it was called. */
async function makeFolder(url: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "nodebb-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, "package.json"), '{ "name": "nodebb", "version": "4.15.1" }');
	await writeFile(join(folder, "config.json"), JSON.stringify({ url: `${url}/` }));
	await writeFile(join(folder, "nodebb"), '#!/bin/sh\necho "$@" >> calls\n');
	await chmod(join(folder, "nodebb"), 0o755);
	return folder;
}

test("one command installs the package and the example into a NodeBB, and says what to enter", async () => {
	const port = await freePort();
	const folder = await makeFolder(`http://127.0.0.1:${port}/forum`);
	// The second time is after an upgrade of NodeBB.
	await runIn(folder, "sh", INSTALL, folder);
	const { status, stdout, stderr } = await runIn(folder, "sh", INSTALL, folder);

	expect(status, stderr).toBe(0);
	expect(stdout).toContain(`http://127.0.0.1:${port}/forum/x-login/callback\n`);
	expect(await readFile(join(folder, "calls"), "utf8")).toBe(
		"activate nodebb-plugin-x-login\nbuild tpl\n".repeat(2),
	);
	await mkdir(join(folder, "node_modules"), { recursive: true });
	await symlink(EXPRESS, join(folder, "node_modules/express"));
	const keys = { apiKey: "api-key", apiKeySecret: "api-key-secret" };
	const forum = await startFakeNodebb(folder, port, keys);
	const page = await fetch(`${forum.url}/x-login`);
	expect(await page.text()).toContain('action="/forum/x-login/start"');
});

test("a folder that is no NodeBB is left alone", async () => {
	const folder = await mkdtemp(join(tmpdir(), "nodebb-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const { status, stderr } = await runIn(folder, "sh", INSTALL, folder);

	expect(status).toBe(2);
	expect(stderr).toContain("usage: sh test/nodebb/install.sh NODEBB_FOLDER");
});
