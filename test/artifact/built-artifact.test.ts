import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import manifest from "../../plugin.json" with { type: "json" };
import { validateArchive, validateFiles } from "../../src/artifact/validate/validate-plugin.ts";
import { readArchive } from "../../src/artifact/zip/read-archive.ts";
import { readFolder } from "../../src/artifact/zip/read-folder.ts";
import { verifyArchive } from "../../src/artifact/zip/verify-archive.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const DRAWINGS = [
	...["guide/app-older.svg", "guide/app.svg", "guide/authentication-older.svg"],
	...["guide/authentication.svg", "guide/callback.svg", "guide/client.svg", "guide/email.svg"],
	...["guide/keys-older.svg", "guide/keys.svg", "guide/type.svg"],
];

const LOCALES = [
	...["cs", "da", "de", "en", "es", "fa", "fr", "nb"],
	...["nl", "pl", "pt-BR", "pt", "ru", "sr", "sv", "tr"],
].map((tag) => `locales/${tag}.json`);

interface Component {
	readonly name: string;
	readonly version: string;
	readonly licenses: readonly {
		readonly license: { readonly id: string; readonly text: { readonly content: string } };
	}[];
}

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

test("the artifact holds the files that a marketplace needs and no others", async () => {
	expect([...readArchive(await builtArtifact()).keys()].sort()).toEqual([
		"ACCESSIBILITY.md",
		"CHANGELOG.md",
		"LICENSE",
		"README.md",
		...DRAWINGS,
		"icon.svg",
		"integrity.json",
		...LOCALES,
		"package.json",
		"plugin.json",
		"plugin.mjs",
		"sbom.cdx.json",
		"settings-page.json",
		"settings-schema.json",
	]);
});

test("the zip has less than 300 KB, and the guide draws with texts and the colour of the page", async () => {
	const zip = await builtArtifact();
	const files = readArchive(zip);

	expect(zip.length).toBeLessThan(300 * 1024);
	for (const name of DRAWINGS) {
		const drawing = Buffer.from(files.get(name) ?? "").toString();
		expect(drawing, name).toContain('font-family="system-ui, sans-serif"');
		expect(drawing, name).toContain("</text>");
		// Black on a dark page, or white on a light one, would not be seen. White is the knob of a switch.
		const paints = [...drawing.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, paint]) => paint);
		const known = new Set(["none", "currentColor", "#3b7cf0", "#fff"]);
		expect(paints.filter((paint) => !known.has(paint ?? ""))).toEqual([]);
	}
});

test("the bundle is small, makes no code from text and needs nothing but node:crypto", async () => {
	const bundle = Buffer.from(readArchive(await builtArtifact()).get("plugin.mjs") ?? "").toString();

	expect(bundle.length).toBeLessThan(122_880);
	expect(bundle).not.toMatch(
		/\beval\s*\(|\bFunction\s*\(|new Function|\bimport\s*\(|\brequire\s*\(/,
	);
	const imported = [...bundle.matchAll(/\bfrom\s*"([\w:@/.-]+)"/g)].map(([, name]) => name);
	expect(new Set(imported)).toEqual(new Set(["node:crypto"]));
});

test("the plugin adds nothing to the Reflect of the helpdesk's process, which may have a polyfill of its own", async () => {
	const script = `
		const before = Reflect.ownKeys(Reflect).length;
		await import(${JSON.stringify(pathToFileURL(join(root, "dist/plugin/plugin.mjs")))});
		console.log(Reflect.ownKeys(Reflect).length - before);`;
	const node = [process.execPath, ["--input-type=module", "--eval", script]] as const;

	expect((await promisify(execFile)(...node)).stdout).toBe("0\n");
});

test("the validator finds no problems, neither in the zip nor in its folder", async () => {
	expect(validateArchive(await builtArtifact())).toEqual([]);

	const { files, findings } = await readFolder(join(root, "dist/plugin"));
	expect([...findings, ...validateFiles(files)]).toEqual([]);
});

test("the artifact verifies, and is unsigned", async () => {
	expect(verifyArchive(await builtArtifact())).toEqual([
		expect.objectContaining({ code: "unsigned", severity: "warning" }),
	]);
});

test("the bill of materials names the bundled packages with their licences, and no others", async () => {
	const bytes = readArchive(await builtArtifact()).get("sbom.cdx.json");
	const bill = JSON.parse(Buffer.from(bytes ?? "").toString());
	const packageLock = await readFile(join(root, "package-lock.json"), "utf8");

	expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
	expect(bill.metadata.component).toMatchObject({ name: "x-login", version: manifest.version });
	const components: readonly Component[] = bill.components;
	expect(components.map(({ name, licenses: [known] }) => [name, known?.license.id])).toEqual([
		["@abraham/reflection", "MIT"],
		["oauth-1.0a", "MIT"],
		["oauth4webapi", "MIT"],
		["tslib", "0BSD"],
		["tsyringe", "MIT"],
	]);
	for (const { name, version, licenses } of components) {
		expect(licenses[0]?.license.text.content, name).toMatch(/permission|license/i);
		expect(packageLock, name).toContain(`"version": "${version}"`);
	}
	expect(JSON.stringify(bill)).not.toMatch(/timestamp|serialNumber/);
});

test("plugin.json and package.json have one version", () => {
	expect(manifest.version).toBe(packageJson.version);
});
