// Bundles the plugin and packs its zip, into dist/ beside this file or the folder that is named.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SHIPPED = [
	...["plugin.json", "settings-schema.json", "locales", "icon.svg"],
	...["README.md", "CHANGELOG.md", "LICENSE"],
];

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const out = resolve(process.argv[2] ?? path("dist"));
const folder = mkdtempSync(join(tmpdir(), "magic-word-"));
try {
	const { metafile } = await build({
		absWorkingDir: path("."),
		entryPoints: ["src/plugin.ts"],
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		minify: true,
		metafile: true,
		outfile: join(folder, "plugin.mjs"),
	});
	for (const name of SHIPPED) {
		cpSync(path(name), join(folder, name), { recursive: true });
	}
	const meta = join(folder, "meta.json");
	writeFileSync(meta, JSON.stringify(metafile));
	mkdirSync(out, { recursive: true });
	const pack = [path("../../dist/cli.mjs"), "pack", folder, "--metafile", meta, "--out", out];
	execFileSync(process.execPath, pack, { cwd: path("."), stdio: "inherit" });
} finally {
	rmSync(folder, { recursive: true, force: true });
}
