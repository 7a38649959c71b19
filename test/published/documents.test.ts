// The documents are right about files, commands and sizes.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import project from "../../package.json" with { type: "json" };
import { MAX_ZIP_BYTES } from "../../src/artifact/zip/zip-directory.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";
import { MAX_LIST_BYTES, MAX_PASTED_BYTES } from "../../src/helpdesk/web/admin/uploads.ts";

const MIB = 1024 * 1024;
/** The name of an event, and that of a warning, where it is logged. */
const EVENT =
	/name: "([a-z-]+\.[a-z-]+)",\s*(?:level|message): |\b(?:warn\(\s*|"(?:info|warn|error)", )"([a-z-]+\.[a-z-]+)",/g;
const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const DOCUMENTS = [
	"README.md",
	"src/contract/README.md",
	"src/helpdesk/README.md",
	"src/helpdesk/HARDENING.md",
	"src/helpdesk/coming-from/README.md",
	"src/plugin/README.md",
	"src/plugin/login/README.md",
	"src/testing/README.md",
	"test/bench/README.md",
	"test/fixtures/README.md",
	"test/bench/growth/README.md",
	".github/ASVS.md",
	".github/CONTRIBUTING.md",
	".github/SECURITY.md",
];

const read = (name: string): Promise<string> => readFile(join(root, name), "utf8");

/** The name by which GitHub links to a heading. */
function anchorOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}_ -]/gu, "")
		.replaceAll(" ", "-");
}

describe.each(DOCUMENTS)("%s", (name) => {
	test("leads to files and headings that are there", async () => {
		const text = await read(name);
		const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, link = ""]) => link)
			.filter((link) => !link.startsWith("https://"));
		for (const link of links) {
			const [path = "", anchor] = link.split("#");
			const target = path === "" ? name : join(dirname(name), path);
			await expect(stat(join(root, target)), link).resolves.toBeDefined();
			if (anchor !== undefined) {
				const headings = (await read(target)).matchAll(/^#+ (.*)$/gm);
				expect([...headings].map(([, heading = ""]) => anchorOf(heading))).toContain(anchor);
			}
		}
	});

	test("names scripts and flags that exist", async () => {
		const text = await read(name);
		const named = [...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z]+)(?! --prefix)\b/g)]
			.filter(({ index }) => !text.slice(index, index + 40).includes("--prefix"))
			.map(([, script = ""]) => script);
		expect(named.filter((script) => !(script in project.scripts))).toEqual([]);
		for (const [, flags = ""] of text.matchAll(/^npm start -- (.*)$/gm)) {
			const words = flags.match(/'[^']*'|[^\s']+/g) ?? [];
			const args = words.map((word) => word.replaceAll("'", ""));
			expect(() => readStartOptions(args), flags).not.toThrow();
		}
	});
});

test("the hardening page lets a proxy pass the largest list of links, and says how large it may be", async () => {
	const text = await read("src/helpdesk/HARDENING.md");

	const [, size = ""] = /client_max_body_size (\d+)m;/.exec(text) ?? [];

	expect(Number(size) * MIB).toBeGreaterThan(MAX_LIST_BYTES + MAX_PASTED_BYTES);
	expect(text).toContain(
		`| ${MAX_LIST_BYTES / MIB} MiB as a file, ${MAX_PASTED_BYTES / MIB} MiB as text `,
	);
	expect(text).toContain(`| ${MAX_ZIP_BYTES / MIB} MiB as a zip; `);
});

test("the hardening page names every event of the log", async () => {
	const text = await read("src/helpdesk/HARDENING.md");
	const rooms = ["cli", "helpdesk", "plugin"];
	const files = await Promise.all(
		rooms.map(async (room) =>
			(await readdir(join(root, "src", room), { recursive: true }))
				.filter((file) => file.endsWith(".ts"))
				.map((file) => `src/${room}/${file}`),
		),
	);
	const names = new Set<string>();
	for (const file of files.flat()) {
		const code = await read(file);
		for (const [, event, warning] of code.matchAll(EVENT)) {
			names.add(event ?? warning ?? "");
		}
	}

	expect(names.size).toBeGreaterThan(20);
	expect([...names].filter((name) => !text.includes(`| \`${name}\` `))).toEqual([]);
});

test("the README has at most 170 lines, and its first log-in within the first 40", async () => {
	const lines = (await read("README.md")).split("\n");

	expect(lines.length).toBeLessThanOrEqual(170);
	expect(lines.slice(0, 40).join("\n")).toContain("press **Log in with X**");
});

test("the operator's commands for backup and restore run in a folder with a helpdesk", async () => {
	const folder = await mkdtemp(join(tmpdir(), "operator-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await symlink(join(root, "dist"), join(folder, "dist"));
	await cp(join(root, "test/fixtures/0.1.0/sqlite"), join(folder, ".helpdesk"), {
		recursive: true,
	});
	const commands = [
		...(await read("src/helpdesk/README.md")).matchAll(
			/^node dist\/cli\.mjs ((?:backup|restore).*)$/gm,
		),
	].map(([, command = ""]) => command.split(" "));
	const [backup = [], restore = []] = commands;
	expect(commands).toHaveLength(2);

	await run(process.execPath, ["dist/cli.mjs", ...backup], { cwd: folder });
	await rm(join(folder, ".helpdesk"), { recursive: true });
	await run(process.execPath, ["dist/cli.mjs", ...restore], { cwd: folder });

	expect((await stat(join(folder, ".helpdesk"))).isDirectory()).toBe(true);
});

test("the commands of the hardening page run one after the other", async () => {
	const folder = await mkdtemp(join(tmpdir(), "hardened-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await symlink(join(root, "dist"), join(folder, "dist"));
	const text = await read("src/helpdesk/HARDENING.md");
	const [prepare = "", start = "", backup = "", restore = "", ...others] = [
		...text.matchAll(/^```sh\n(.*?)^```$/gms),
	].map(([, command = ""]) => command);
	expect(others).toEqual([]);

	// No mail server of that name is called from here.
	await run("sh", ["-ec", prepare.replace("mail.example.com", "127.0.0.1:1")], { cwd: folder });
	const child = spawn("sh", ["-ec", `umask 077; exec ${start.trim()} --port 0`], { cwd: folder });
	onTestFinished(() => void child.kill());
	const [greeting] = await once(child.stdout, "data");
	await run("sh", ["-ec", backup], { cwd: folder });
	await run("sh", ["-ec", restore], { cwd: folder });

	expect(String(greeting)).toContain("https://help.example.com");
	expect((await stat(join(folder, "rehearsal/helpdesk.sqlite"))).size).toBeGreaterThan(0);
	for (const path of ["secrets/key", "secrets/smtp", "data/helpdesk.sqlite"]) {
		expect((await stat(join(folder, path))).mode & 0o077, path).toBe(0);
	}
});
