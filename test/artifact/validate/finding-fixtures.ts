import type { Finding, FindingCode } from "../../../src/artifact/finding.ts";
import { validateArchive, validateFiles } from "../../../src/artifact/validate/validate-plugin.ts";
import { INTEGRITY, integrityOf } from "../../../src/artifact/zip/integrity.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import {
	newKeyPair,
	readPrivateKey,
	readPublicKey,
	signArchive,
} from "../../../src/artifact/zip/signature.ts";
import { verifyArchive } from "../../../src/artifact/zip/verify-archive.ts";
import { rawZip } from "../../kit/artifact/raw-zip.ts";
import { soundPlugin, soundZip } from "../../kit/artifact/sound-plugin.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";

interface Fixture {
	readonly findings: () => readonly Finding[];
	/** `file:line`, or `the whole`. */
	readonly place: string;
	/** A part of the message. */
	readonly says: string;
}

const SETTINGS = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
};
const TEXTS = {
	about: "A {thing}",
	"settings.word.label": "Word",
	"settings.word.help": "Any",
};
const CREATES = "export const createPlugin = () => ({ onActivate: async () => {} });\n";

const files = (changes: Readonly<Record<string, string | undefined>>) => () =>
	validateFiles(soundPlugin(changes));
const code = (text: string) => files({ "main.mjs": `${CREATES}${text}\n` });
const manifest = (changes: object) =>
	files({ "plugin.json": JSON.stringify({ ...TINY_MANIFEST, ...changes }) });
const locale = (changes: object) =>
	files({ "locales/de.json": JSON.stringify({ ...TEXTS, ...changes }, null, "\t") });

const key = readPrivateKey(newKeyPair().privateKey);
const strangerKey = readPublicKey(newKeyPair().publicKey);
const zipWith = (name: string, content: string) => {
	const all = new Map([...soundPlugin(), [name, new TextEncoder().encode(content)]]);
	return packArchive(new Map([[INTEGRITY, integrityOf(all)], ...all]));
};

/** A plugin for each kind of finding, with that finding and no other. */
export const FIXTURES: Readonly<Record<FindingCode, Fixture>> = {
	"damaged-archive": {
		findings: () => validateArchive(soundZip().slice(0, -9)),
		place: "the whole",
		says: "its end is missing",
	},
	"unsupported-archive": {
		findings: () => validateArchive(rawZip([{ name: "plugin.json", flags: 1 }])),
		place: "plugin.json",
		says: "encrypted",
	},
	"archive-too-large": {
		findings: () => validateArchive(rawZip([{ name: "a", size: 2 ** 31 }])),
		place: "the whole",
		says: "2147483648 bytes",
	},
	"unsafe-path": {
		findings: () => validateArchive(rawZip([{ name: "../evil" }])),
		place: "the whole",
		says: '"../evil" is not a plain relative name',
	},
	"duplicate-file": {
		findings: () => validateArchive(rawZip([{ name: "a" }, { name: "A" }])),
		place: "A",
		says: "only in case",
	},
	"special-file": {
		findings: () => validateArchive(rawZip([{ name: "a", mode: 0o120777 }])),
		place: "a",
		says: "symbolic link",
	},
	"missing-file": {
		findings: files({ "icon.svg": undefined }),
		place: "icon.svg",
		says: "plugin.json names this file",
	},
	"extra-file": {
		findings: () => validateArchive(zipWith("notes.txt", "x")),
		place: "notes.txt",
		says: "not part of the plugin",
	},
	"missing-document": { findings: files({ LICENSE: "" }), place: "LICENSE", says: "empty" },
	"missing-sbom": {
		findings: files({ "sbom.cdx.json": undefined }),
		place: "sbom.cdx.json",
		says: "missing",
	},
	"invalid-manifest": {
		findings: manifest({ surprise: 1 }),
		place: "plugin.json",
		says: '"surprise"',
	},
	incompatible: {
		findings: manifest({ engines: { contract: "^9.0.0", node: ">=20" } }),
		place: "plugin.json",
		says: "contract ^9.0.0",
	},
	"invalid-settings-schema": {
		findings: files({
			"settings.json": JSON.stringify({
				...SETTINGS,
				properties: { word: { type: "string", pattern: "(" } },
			}),
		}),
		place: "settings.json",
		says: "regular expression",
	},
	"invalid-settings-page": {
		findings: files({
			"settings-page.json": '{"sections":[{"title":"about","settings":["wurd"]}]}',
		}),
		place: "settings-page.json",
		says: "wurd, which is not a setting",
	},
	"large-drawing": {
		findings: files({
			"settings-page.json": JSON.stringify({
				sections: [{ title: "about", settings: ["word"] }],
				guide: [
					{
						...{ title: "about", text: "about" },
						drawings: [{ file: "guide/a.svg", caption: "about", description: "about" }],
					},
				],
			}),
			"guide/a.svg": `<svg xmlns="http://www.w3.org/2000/svg"><path d="${"M0 0".repeat(2_000)}"/></svg>`,
		}),
		place: "guide/a.svg",
		says: "more than 6144",
	},
	"readable-secret": {
		findings: files({
			"settings.json": JSON.stringify({
				...SETTINGS,
				properties: { clientSecret: { type: "string" } },
			}),
			"locales/en.json": JSON.stringify({
				about: "",
				"settings.clientSecret.label": "",
				"settings.clientSecret.help": "",
			}),
		}),
		place: "settings.json",
		says: "clientSecret",
	},
	"invalid-locale": {
		findings: files({ "locales/de.json": '{"about":1}' }),
		place: "locales/de.json",
		says: "/about must be string",
	},
	"missing-text": {
		findings: locale({ about: undefined }),
		place: "locales/de.json",
		says: '"about" is missing',
	},
	"unknown-text": {
		findings: locale({ lunch: "" }),
		place: "locales/de.json:5",
		says: '"lunch"',
	},
	"invalid-message": {
		findings: locale({ about: "{thing, plural, one {Ein Ding}}" }),
		place: "locales/de.json:2",
		says: '"about": it is not an ICU message',
	},
	"other-placeholders": {
		findings: locale({ about: "{ding}" }),
		place: "locales/de.json:2",
		says: '"about"',
	},
	"unsafe-svg": {
		findings: files({ "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg">\n<script/></svg>' }),
		place: "icon.svg:2",
		says: "the element script",
	},
	"plain-http": {
		findings: files({ "README.md": "# Tiny\n\nSee http://tiny.example/.\n" }),
		place: "README.md:3",
		says: "http://tiny.example",
	},
	"undeclared-host": {
		findings: code('export const url = "https://api.evil.example/v1";'),
		place: "main.mjs:2",
		says: "api.evil.example",
	},
	secret: {
		findings: files({ "CHANGELOG.md": "- \n-----BEGIN PRIVATE KEY-----\n" }),
		place: "CHANGELOG.md:2",
		says: "a private key",
	},
	"unreadable-code": { findings: code("export {"), place: "main.mjs", says: "Unexpected token" },
	"forbidden-module": {
		findings: code('import "node:fs";'),
		place: "main.mjs:2",
		says: '"node:fs"',
	},
	"forbidden-global": {
		findings: code("process.exit();"),
		place: "main.mjs:2",
		says: "the global process",
	},
	"dynamic-code": { findings: code('eval("1");'), place: "main.mjs:2", says: "eval" },
	"large-bundle": {
		findings: code(`/*${"large ".repeat(25_000)}*/`),
		place: "main.mjs",
		says: "more than 122880",
	},
	"missing-export": {
		findings: files({ "main.mjs": "export const createPlugins = 1;" }),
		place: "main.mjs",
		says: "createPlugin",
	},
	"missing-hook": {
		findings: manifest({ hooks: [{ hook: "onDeactivate", method: "stop" }] }),
		place: "plugin.json",
		says: "the hook onDeactivate names stop",
	},
	"missing-integrity": {
		findings: () => validateArchive(packArchive(soundPlugin())),
		place: "integrity.json",
		says: "the list of files is missing",
	},
	"integrity-mismatch": {
		findings: () =>
			validateArchive(zipWith("integrity.json", '{"algorithm":"sha256","files":{}}')).slice(0, 1),
		place: "CHANGELOG.md",
		says: "not listed",
	},
	"not-canonical": {
		findings: () =>
			verifyArchive(soundZip().map((byte, at) => (at === 12 ? byte ^ 1 : byte))).slice(0, 1),
		place: "CHANGELOG.md",
		says: "differs from what `pack` makes",
	},
	unsigned: { findings: () => verifyArchive(soundZip()), place: "the whole", says: "unsigned" },
	"wrong-signature": {
		findings: () =>
			verifyArchive(soundZip(), { signature: signArchive(soundZip({ LICENSE: "x" }), key) }),
		place: "the whole",
		says: "does not match the zip",
	},
	"untrusted-key": {
		findings: () =>
			verifyArchive(soundZip(), {
				signature: signArchive(soundZip(), key),
				trustedKeys: [strangerKey],
			}),
		place: "the whole",
		says: "not trusted here",
	},
};
