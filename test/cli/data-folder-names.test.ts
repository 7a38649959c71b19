import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readStorageOption } from "../../src/cli/helpdesk/storage-option.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

test.each([
	["a question mark", "what?"],
	["what a URL would end with", "a?mode=ro#b"],
	["percent signs", "50%20 %3F"],
	["spaces and letters of other scripts", "Mein Helpdesk 窓口"],
])(
	"finding B12: a data folder with %s is made, backed up, restored and looked at",
	async (_, name) => {
		const folder = await newDataFolder();
		const data = join(folder, name);
		const running = await startHelpdeskProcess(data);
		const visitor = new HttpVisitor();
		expect((await visitor.open(`${running.ready.portals["acorn"]}/healthz`)).html).toBe("ok");
		running.process.kill("SIGTERM");
		await once(running.process, "exit");
		expect(await readdir(folder)).toEqual([name]);
		expect(await readdir(data)).toContain("helpdesk.sqlite");

		const copy = join(folder, `${name} copy`);
		const again = join(folder, `${name} again`);
		expect(runCli(folder, "backup", copy, "--data", data)).toMatchObject({ status: 0 });
		expect(runCli(folder, "restore", copy, "--data", again)).toMatchObject({ status: 0 });
		// A relative path, as people type it. Nothing is active there, which is all that it has to say.
		const { stdout, stderr } = runCli(again, "doctor", "--data", ".");
		expect(`${stdout}${stderr}`).not.toMatch(/no helpdesk|cannot be used|no database/);
		const second = await startHelpdeskProcess(again);
		expect(second.ready.operator.password).toBeNull();
	},
);

test("finding B12: a relative data folder that looks like a URL is a folder", async () => {
	const folder = await newDataFolder();
	await mkdir(join(folder, "file:data?x"), { recursive: true });

	const { stderr } = runCli(folder, "doctor", "--data", "file:data?x");

	expect(stderr).toContain(`no database ${join(folder, "file:data?x", "helpdesk.sqlite")}`);
});

test("the path of sqlite: may have a question mark in the name of a folder, and no unknown parameter", () => {
	const read = (url: string) => readStorageOption(url);

	expect(read("sqlite:/a?b/c.sqlite")).toMatchObject({
		path: "/a?b/c.sqlite",
		synchronous: "normal",
	});
	expect(read("sqlite:/a?b/c.sqlite?synchronous=full")).toMatchObject({
		path: "/a?b/c.sqlite",
		synchronous: "full",
	});
	expect(read("sqlite:/a%3F#b.sqlite")).toMatchObject({ path: "/a%3F#b.sqlite" });
	for (const url of ["sqlite:/a.sqlite?synchronus=full", "sqlite:/a.sqlite?", "sqlite:?x"]) {
		expect(() => read(url)).toThrow("allows only ?synchronous=full after the path");
	}
});
