import { cp, mkdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import manifest from "../../plugin.json" with { type: "json" };
import { packArchive } from "../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../src/artifact/zip/read-archive.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import { soundPlugin, soundZip } from "../kit/artifact/sound-plugin.ts";
import { newFolder, runCli } from "../kit/helpdesk/run-cli.ts";

const builtFolder = fileURLToPath(new URL("../../dist/plugin", import.meta.url));

async function folderOf(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
	const folder = await newFolder();
	for (const [name, content] of files) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), content);
	}
	return folder;
}

test("a plugin is packed, signed, validated and verified from its folder to its key", async () => {
	const folder = await newFolder();
	const plugin = await folderOf(soundPlugin());
	runCli(folder, "keygen", "key");

	expect(runCli(folder, "pack", plugin, "--sign", "key")).toMatchObject({ status: 0, stderr: "" });
	expect(runCli(folder, "validate", "tiny-1.0.0.zip")).toMatchObject({
		status: 0,
		stdout: "no problems found\nlanguages: en complete\n",
	});
	expect(runCli(folder, "verify", "tiny-1.0.0.zip", "--key", "key.pub").status).toBe(0);
	expect(Buffer.compare(await readFile(join(folder, "tiny-1.0.0.zip")), soundZip())).toBe(0);
	expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
});

test("validate says how complete each language is, and counts a message with forms as one text", async () => {
	const folder = await newFolder();
	const texts = { about: "A {thing}", "settings.word.label": "Word", "settings.word.help": "Any" };
	const wait = "{n, plural, one {Wait # minute} other {Wait # minutes}}";
	const plugin = await folderOf(
		soundPlugin({
			"locales/en.json": JSON.stringify({ ...texts, wait }),
			"locales/de.json": JSON.stringify(texts),
		}),
	);

	const shown = runCli(folder, "validate", plugin);
	expect(shown.status).toBe(1);
	expect(shown.stdout).toContain("languages: en complete, de 3 of 4 texts\n");
	expect(JSON.parse(runCli(folder, "validate", plugin, "--json").stdout)).toMatchObject({
		languages: [
			{ tag: "en", texts: 4, of: 4 },
			{ tag: "de", texts: 3, of: 4 },
		],
	});
});

test.each([
	[
		"a form with other values than in the default locale",
		{
			about: "A {thing}",
			en: "{n, plural, one {the newest} other {the # newest}}",
			de: "{n, plural, one {# neue} other {# neue}}",
		},
		'"wait" has other placeholders than the default locale',
	],
	[
		"a message where a helpdesk shows the text",
		{ en: "", de: "", about: "{thing, select, x {A {thing}} other {The {thing}}}" },
		'"about": a helpdesk shows it, and fills in {name} alone',
	],
])(
	"%s is refused before it is packed, because a helpdesk would refuse the zip",
	async (_, texts, why) => {
		const folder = await newFolder();
		const { about } = texts;
		const locale = (wait: string) =>
			JSON.stringify({
				...{ about, "settings.word.label": "Word", "settings.word.help": "Any" },
				...(wait !== "" && { wait }),
			});
		const plugin = await folderOf(
			soundPlugin({ "locales/en.json": locale(texts.en), "locales/de.json": locale(texts.de) }),
		);

		const packed = runCli(folder, "pack", plugin);
		expect([packed.status, packed.stdout + packed.stderr]).toEqual([
			1,
			expect.stringContaining(why),
		]);
	},
);

test("a packed plugin has texts with {name} alone, so that earlier helpdesks read it", async () => {
	const folder = await newFolder();
	const texts = { about: "A {thing}", "settings.word.label": "Word", "settings.word.help": "Any" };
	const message = (one: string, other: string) => `{n, plural, one {${one}} other {${other}}}`;
	const plugin = await folderOf(
		soundPlugin({
			"locales/en.json": JSON.stringify({ ...texts, wait: message("# minute", "# minutes") }),
			"locales/de.json": JSON.stringify({ ...texts, wait: message("# Minute", "# Minuten") }),
		}),
	);

	expect(runCli(folder, "pack", plugin).status).toBe(0);
	const files = readArchive(await readFile(join(folder, "tiny-1.0.0.zip")));
	expect(JSON.parse(new TextDecoder().decode(files.get("locales/de.json")))).toEqual({
		...texts,
		"wait#": "n",
		"wait#one": "{n} Minute",
		"wait#other": "{n} Minuten",
	});
	expect(runCli(folder, "validate", "tiny-1.0.0.zip").status).toBe(0);
});

test("the command packs this plugin as the build does", async () => {
	const folder = await newFolder();
	const copy = join(folder, "elsewhere");
	await cp(builtFolder, copy, { recursive: true });
	await writeFile(join(copy, "notes.txt"), "not named, not packed");

	const packed = JSON.parse(runCli(folder, "pack", "elsewhere", "--json").stdout);

	expect(packed).toMatchObject({ zip: `${manifest.id}-${manifest.version}.zip`, signature: null });
	expect(Buffer.compare(await readFile(join(folder, packed.zip)), await builtArtifact())).toBe(0);
});

test("the same plugin, made in another order and at another time, is the same zip", () => {
	const backwards = new Map([...soundPlugin()].reverse());

	expect(Buffer.compare(soundZip(), packArchive(readArchive(soundZip())))).toBe(0);
	expect(packArchive(backwards)).toEqual(packArchive(soundPlugin()));
});

test("the zip lists what esbuild bundled", async () => {
	const folder = await newFolder();
	const plugin = await folderOf(soundPlugin({ "sbom.cdx.json": undefined }));
	const packageFolder = join(folder, "node_modules/@scope/dependency");
	await mkdir(packageFolder, { recursive: true });
	const about = { name: "@scope/dependency", version: "1.2.3", license: "MIT OR Apache-2.0" };
	await writeFile(join(packageFolder, "package.json"), JSON.stringify(about));
	const name = "node_modules/@scope/dependency/main.js";
	const metafile = {
		inputs: { [name]: { imports: [] }, "main.ts": { imports: [{ path: name }] } },
		outputs: {
			"main.mjs": { inputs: { [name]: { bytesInOutput: 9 }, "main.ts": { bytesInOutput: 9 } } },
		},
	};
	await writeFile(join(folder, "meta.json"), JSON.stringify(metafile));

	expect(runCli(folder, "pack", plugin, "--metafile", "meta.json").status).toBe(0);

	const zip = await readFile(join(folder, "tiny-1.0.0.zip"));
	const bill = JSON.parse(Buffer.from(readArchive(zip).get("sbom.cdx.json") ?? "").toString());
	expect(bill.components).toEqual([
		{
			type: "library",
			"bom-ref": "pkg:npm/%40scope/dependency@1.2.3",
			name: "@scope/dependency",
			version: "1.2.3",
			licenses: [{ expression: "MIT OR Apache-2.0" }],
			purl: "pkg:npm/%40scope/dependency@1.2.3",
		},
	]);
	expect(bill.dependencies).toContainEqual({
		ref: "pkg:generic/tiny@1.0.0",
		dependsOn: ["pkg:npm/%40scope/dependency@1.2.3"],
	});
});

test("an error exits with 1, for people and for programs", async () => {
	const folder = await folderOf(soundPlugin({ "icon.svg": "<svg onload='a()'/>" }));

	expect(runCli(folder, "validate", ".")).toMatchObject({
		status: 1,
		stdout: expect.stringMatching(/^error unsafe-svg in icon\.svg:1: .*onload.*\n {2}to fix it: /),
	});
	const { status, stdout } = runCli(folder, "validate", ".", "--json");
	expect(status).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({
		ok: false,
		errors: 1,
		warnings: 0,
		findings: [{ code: "unsafe-svg", severity: "error", file: "icon.svg", line: 1 }],
	});
});

test("warnings alone exit with 0", async () => {
	const folder = await folderOf(soundPlugin({ "sbom.cdx.json": undefined }));
	const { status, stdout } = runCli(folder, "validate", ".", "--json");

	expect(status).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({ ok: true, warnings: 1 });
});

test("in a folder, links and files that are not packed are checked too", async () => {
	const folder = await folderOf(soundPlugin({ ".env": "API_KEY=kd94hf93k423kf44kd94hf93k423" }));
	await symlink("/etc/hostname", join(folder, "link"));
	const { findings } = JSON.parse(runCli(folder, "validate", ".", "--json").stdout);

	expect(findings).toEqual([
		expect.objectContaining({ code: "special-file", file: "link" }),
		expect.objectContaining({ code: "secret", file: ".env" }),
	]);
	expect(runCli(folder, "pack", ".")).toMatchObject({
		status: 1,
		stderr: "link: it is a symbolic link\n",
	});
});

test("a changed file in the zip is named", async () => {
	const files = readArchive(soundZip());
	files.set("main.mjs", new TextEncoder().encode("export const createPlugin = 1;"));
	const folder = await folderOf(new Map([["tiny.zip", packArchive(files)]]));

	expect(runCli(folder, "verify", "tiny.zip")).toMatchObject({
		status: 1,
		stdout: expect.stringContaining("error integrity-mismatch in main.mjs: "),
	});
});

test("an unpacked zip is verified against its list", async () => {
	const folder = await folderOf(readArchive(soundZip()));

	expect(runCli(folder, "verify", ".").status).toBe(0);
	await writeFile(join(folder, "LICENSE"), "none");
	expect(runCli(folder, "verify", ".")).toMatchObject({
		status: 1,
		stdout: expect.stringContaining("LICENSE"),
	});
});

test("an unsigned zip is reported, and refused where a key is given", async () => {
	const folder = await folderOf(new Map([["tiny.zip", soundZip()]]));
	runCli(folder, "keygen", "key");

	const plain = runCli(folder, "verify", "tiny.zip", "--json");
	expect(plain.status).toBe(0);
	expect(JSON.parse(plain.stdout)).toMatchObject({ ok: true, signature: "unsigned" });

	const asked = runCli(folder, "verify", "tiny.zip", "--key", "key.pub", "--json");
	expect(asked.status).toBe(1);
	expect(JSON.parse(asked.stdout)).toMatchObject({ ok: false, signature: "unsigned" });
});

test("a signature of another zip or by another key is refused, each with its own code", async () => {
	const folder = await newFolder();
	const plugin = await folderOf(soundPlugin());
	runCli(folder, "keygen", "key");
	runCli(folder, "keygen", "other");
	runCli(folder, "pack", plugin, "--sign", "key");

	const other = runCli(folder, "verify", "tiny-1.0.0.zip", "--key", "other.pub", "--json");
	expect(JSON.parse(other.stdout)).toMatchObject({ ok: false, signature: "untrusted-key" });
	const both = ["--key", "other.pub", "--key", "key.pub"];
	expect(runCli(folder, "verify", "tiny-1.0.0.zip", ...both)).toMatchObject({
		status: 0,
		stdout: expect.stringContaining("a key you trust"),
	});

	await writeFile(join(folder, "tiny-1.0.0.zip"), soundZip({ LICENSE: "other" }));
	const wrong = runCli(folder, "verify", "tiny-1.0.0.zip", "--key", "key.pub", "--json");
	expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, signature: "wrong-signature" });
});

test("a file of gigabytes is refused unread", async () => {
	const folder = await newFolder();
	await writeFile(join(folder, "huge.zip"), "");
	await truncate(join(folder, "huge.zip"), 8 * 2 ** 30);

	for (const command of ["validate", "verify"]) {
		expect(runCli(folder, command, "huge.zip")).toMatchObject({
			status: 1,
			stdout: expect.stringContaining("archive-too-large"),
		});
	}
});

test.each([
	["no path", ["validate"], "takes one path"],
	["two paths", ["validate", "a", "b"], "takes one path"],
	["an unknown flag", ["validate", ".", "--surprise"], "--surprise"],
	["a path that is not there", ["verify", "nowhere.zip"], "nowhere.zip cannot be read"],
	["a file that is not a key", ["verify", ".", "--key", "file"], "--key file is not a public key"],
	["a key that is not there", ["pack", ".", "--sign", "nowhere"], "nowhere cannot be read"],
	[
		"a file that is not a signing key",
		["pack", ".", "--sign", "file"],
		"--sign file is not a private key",
	],
	["a file to pack", ["pack", "file"], "takes the folder of a plugin"],
	["a file that is not a metafile", ["pack", ".", "--metafile", "file"], "--metafile file is not"],
	["a device", ["validate", "/dev/null"], "neither a file nor a folder"],
	["a key that is there already", ["keygen", "file"], "file cannot be written"],
])("%s: exit code 2 and one sentence", async (_, args, sentence) => {
	const folder = await folderOf(
		new Map([...soundPlugin(), ["file", new TextEncoder().encode("no key")]]),
	);
	const { status, stderr } = runCli(folder, ...args);

	expect(stderr).toContain(sentence);
	expect(stderr).not.toMatch(/^\s+at /m);
	expect(status).toBe(2);
});
