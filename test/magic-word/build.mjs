// `node build.mjs [FOLDER [FLAGS OF PACK]]` bundles the plugin and packs its zip into FOLDER, by default dist/ beside this file.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SHIPPED = [
	...["plugin.json", "settings-schema.json", "locales", "icon.svg"],
	...["README.md", "CHANGELOG.md", "LICENSE"],
];

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const [out = path("dist"), ...flags] = process.argv.slice(2);
const cli = fileURLToPath(new URL("cli.mjs", import.meta.resolve("x-login/host")));
const folder = mkdtempSync(join(tmpdir(), "magic-word-"));
try {
	const { metafile } = await build({
		entryPoints: [path("src/plugin.ts")],
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
	const pack = [cli, "pack", folder, "--metafile", meta, "--out", out, ...flags];
	execFileSync(process.execPath, pack, { stdio: "inherit" });
} finally {
	rmSync(folder, { recursive: true, force: true });
}
