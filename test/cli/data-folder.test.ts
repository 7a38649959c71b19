import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeOnce } from "../../src/cli/helpdesk/data-folder.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";

test("when many make a file at once, one makes it and all read the same", async () => {
	const folder = await newDataFolder();
	const path = join(folder, "key");
	const made = await Promise.all(
		Array.from({ length: 50 }, (_, index) => makeOnce(path, `content ${index}`)),
	);

	expect(new Set(made).size).toBe(1);
	expect(await readdir(folder)).toEqual(["key"]);
	expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a file that exists is only read, and a file that cannot be made is named", async () => {
	const folder = await newDataFolder();
	const path = join(folder, "key");
	await writeFile(path, "mine");
	await chmod(folder, 0o500);

	expect(await makeOnce(path, "other")).toBe("mine");
	expect(await readdir(folder)).toEqual(["key"]);
	await expect(makeOnce(join(folder, "no", "key"), "")).rejects.toThrow("cannot be written");
	await expect(makeOnce(folder, "")).rejects.toThrow("cannot be read");
});
