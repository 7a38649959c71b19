import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import manifest from "../../plugin.json" with { type: "json" };
import { readArchive } from "../../src/artifact/read-archive.ts";
import { builtArtifact } from "../built-artifact.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function buildIn(timeZone: string): Promise<Uint8Array> {
	const copy = await mkdtemp(join(tmpdir(), "build-"));
	onTestFinished(() => rm(copy, { recursive: true, force: true }));
	const skipped = new Set(
		["node_modules", "dist", ".git", ".helpdesk", "test"].map((name) => join(root, name)),
	);
	await cp(root, copy, { recursive: true, filter: (source) => !skipped.has(source) });
	await symlink(join(root, "node_modules"), join(copy, "node_modules"));
	await promisify(execFile)(process.execPath, ["build.mjs"], {
		cwd: copy,
		env: { ...process.env, TZ: timeZone },
	});
	return readFile(join(copy, "dist", `${manifest.id}-${manifest.version}.zip`));
}

test("two builds in two places and two time zones are the same bytes", async () => {
	const east = await buildIn("Asia/Kolkata");
	const west = await buildIn("America/New_York");

	expect(Buffer.compare(east, west)).toBe(0);
	expect(Buffer.compare(east, await builtArtifact())).toBe(0);
});

test("the artifact holds what a marketplace needs and nothing else", async () => {
	expect([...readArchive(await builtArtifact()).keys()].sort()).toEqual([
		"LICENSE",
		"README.md",
		"icon.svg",
		"locales/de.json",
		"locales/en.json",
		"package.json",
		"plugin.json",
		"plugin.mjs",
		"settings-schema.json",
	]);
});

test("the bundle is small, makes no code from text and needs nothing but node:crypto", async () => {
	const bundle = Buffer.from(readArchive(await builtArtifact()).get("plugin.mjs") ?? "").toString();

	expect(bundle.length).toBeLessThanOrEqual(100 * 1024);
	expect(bundle).not.toMatch(
		/\beval\s*\(|\bFunction\s*\(|new Function|\bimport\s*\(|\brequire\s*\(/,
	);
	const imported = [...bundle.matchAll(/\bfrom\s*"([^"]+)"/g)].map(([, name]) => name);
	expect(new Set(imported)).toEqual(new Set(["node:crypto"]));
});

test("plugin.json and package.json have one version", () => {
	expect(manifest.version).toBe(packageJson.version);
});
