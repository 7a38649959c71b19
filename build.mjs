// Builds everything that is not in the repository: generated sources, the plugin's artifact, and the published
// modules. `--if-needed` does nothing when dist/ is newer than all it is made of; `--generate` stops at the sources.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const readJson = async (name) => JSON.parse(await readFile(path(name), "utf8"));

/** The exports for vendors and plugin developers, by published module. A plugin may bundle `contract`. */
const PUBLISHED = {
	contract: {
		"contract/manifest": ["CONTRACT_VERSION"],
		"contract/message-text": ["messageText"],
		"contract/nearest-locale": ["nearestLocale"],
		"contract/secret": ["secret"],
		"contract/storage": ["isStorageError", "StorageError"],
	},
	host: {
		"artifact/load/capability-error": ["CapabilityError"],
		"artifact/load/load-plugin": ["loadPlugin"],
		"artifact/pack/pack-plugin": ["packPlugin", "SBOM"],
		"artifact/plugin-error": ["PluginError"],
		"artifact/zip/read-archive": ["readArchive"],
		"artifact/zip/read-folder": ["readFolder"],
		"artifact/pack/sbom": ["sbomOf"],
		"artifact/zip/signature": ["newKeyPair", "readPrivateKey", "readPublicKey", "signArchive"],
		"artifact/zip/verify-archive": ["verifyArchive"],
		"contract/email-address": ["canonicalDomain", "canonicalEmail"],
		"contract/secret": ["secret"],
		"contract/settings-schema": ["isInUse"],
		"contract/storage": ["isStorageError", "StorageError"],
		"ports/crypto-random": ["cryptoRandom"],
		"ports/undici-http": ["UndiciHttp"],
		"ports/system-clock": ["systemClock"],
		"routes/confirmed-by-hook": ["noteConfirmed"],
		"routes/settings-from": ["settingsFrom"],
		"routes/to-fetch-handler": ["toFetchHandler"],
		"routes/to-node-handler": ["toNodeHandler"],
		"storage/memory-storage": ["MemoryStorage"],
		"storage/namespaced-storage": ["namespaced"],
		"storage/postgres-storage": ["PostgresStorage"],
		"storage/redis-storage": ["RedisStorage"],
		"storage/sqlite-storage": ["SqliteStorage"],
	},
	testing: {
		"testing/host-contract/describe-host-contract": ["describeHostContract"],
		"testing/storage-contract/describe-storage-contract": ["describeStorageContract"],
		"testing/fake-x/fake-visitor": ["approveAtX", "cancelAtX"],
		"testing/fake-x/fake-x": ["startFakeX"],
		"testing/mock-host/mock-clock": ["MockClock"],
		"testing/mock-host/mock-host": ["createMockHost", "mockBrand"],
	},
};

/** The prices and calls of log-ins, which the plugin exports and its README shows. */
const COSTS = "src/plugin/log-in-costs.json";

/** Types besides those of the contract: those of the values that others pass to a published function. */
const PUBLISHED_TYPES = {
	contract: [],
	host: [
		...["artifact/load/load-plugin", "artifact/pack/pack-plugin", "artifact/plugin-error"],
		...["routes/login-buttons", "routes/refusal", "routes/route-options"],
		...["routes/settings-from", "routes/to-fetch-handler", "routes/to-node-handler"],
	],
	testing: [
		"testing/storage-contract/describe-storage-contract",
		"testing/fake-x/fake-x",
		"testing/fake-x/fake-x-options",
		"testing/host-contract/host-under-test",
		"testing/mock-host/mock-browser",
		"testing/mock-host/mock-host",
		"testing/mock-host/mock-users",
	],
};

const NODE = {
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node20",
	logLevel: "warning",
};

/** For packages that are CommonJS and ask for modules of Node's own. */
const REQUIRE = `import { createRequire as requireAt } from "node:module";
const require = requireAt(import.meta.url);`;

/**
 * Writes the plugin's check of the settings that the host gives it: without secrets, with defaults. It is standalone
 * code, because ajv itself needs `new Function` and would be most of the artifact.
 */
async function generateSettingsValidator() {
	const { properties } = await readJson("settings-schema.json");
	const visible = Object.entries(properties).flatMap(
		([name, { writeOnly, onlyWith, ...setting }]) => (writeOnly ? [] : [[name, setting]]),
	);
	const withDefault = visible.filter(([, setting]) => "default" in setting).map(([name]) => name);
	const ajv = new Ajv2020({
		strict: true,
		// Lengths in UTF-16 units: counting code points would need a helper of ajv's at run time.
		unicode: false,
		logger: false,
		// The plugin only asks whether the settings are valid.
		messages: false,
		code: { source: true, esm: true },
		schemas: [
			{
				$id: "settings",
				type: "object",
				additionalProperties: false,
				properties: Object.fromEntries(visible),
				required: withDefault,
			},
		],
	});
	const code = namesOnly(standaloneCode.default(ajv, { validateSettings: "settings" }));
	await writeFile(path("src/plugin/settings/settings-validator.js"), code);
	const fields = visible.map(
		([name, setting]) =>
			`\treadonly ${name}${"default" in setting ? "" : "?"}: ${typeOf(setting)};\n`,
	);
	const types = `// Written by build.mjs from settings-schema.json.

/** What the schema allows, secrets left out and defaults filled in. */
export interface VisibleSettings {
${fields.join("")}}

export const validateSettings: {
	(values: unknown): values is VisibleSettings;
	/** The name of the setting that was refused last; empty if the settings as a whole were refused. */
	readonly errors: string;
};
`;
	await writeFile(path("src/plugin/settings/settings-validator.d.ts"), types);
}

/**
 * Writes the checks of a plugin's manifest, of its settings schema and of its layout, which each start of a helpdesk needs: to
 * compile them there would take a twelfth of the start.
 */
async function generateContractValidators() {
	const ajv = new Ajv2020({
		...{ allErrors: true, strict: true, allowUnionTypes: true, logger: false },
		code: { source: true, esm: true },
	});
	ajv.addSchema(await readJson("src/contract/manifest.schema.json"), "manifest");
	ajv.addSchema(await readJson("src/contract/settings-schema.schema.json"), "settings");
	ajv.addSchema(await readJson("src/contract/settings-page.schema.json"), "page");
	const names = { isManifest: "manifest", isSettingsSchema: "settings", isSettingsPage: "page" };
	const code = standaloneCode
		.default(ajv, names)
		// ajv writes these calls into modules as well, where Node knows no `require`. Node imports what a CommonJS module exports,
		// and Vite its export `default`.
		.replace(
			/const (\w+) = require\("([^"]+)"\)\.default;/g,
			'import $1Module from "$2.js";const $1 = $1Module.default ?? $1Module;',
		);
	if (code.includes("require(")) {
		throw new Error("ajv loads its parts in another way");
	}
	await writeFile(path("src/artifact/load/contract-validators.js"), code);
}

/**
 * Writes the texts of the helpdesk, one file for each language: ICU messages as texts with `{name}` alone, which `messageText`
 * takes. Each room of texts has a file for each language.
 */
async function generateMessages() {
	const { textsOfMessage, isIcuMessage, readIcuMessage } = await importTypeScript(
		"src/artifact/load/icu-message.ts",
	);
	const folder = "src/helpdesk/locale";
	const texts = new Map();
	for (const room of await readdir(path(`${folder}/texts`))) {
		for (const file of await readdir(path(`${folder}/texts/${room}`))) {
			const known = texts.get(file) ?? {};
			const own = await readJson(`${folder}/texts/${room}/${file}`);
			const twice = Object.keys(own).find((key) => Object.hasOwn(known, key));
			if (twice !== undefined) {
				throw new Error(
					`${folder}/texts/${room}/${file} has ${twice}, which another folder has too.`,
				);
			}
			texts.set(file, { ...known, ...own });
		}
	}
	await mkdir(path(`${folder}/messages`), { recursive: true });
	for (const [file, all] of texts) {
		const { pluralCategories } = new Intl.PluralRules(file.replace(".json", "")).resolvedOptions();
		const compiled = Object.entries(all).flatMap(([key, text]) =>
			isIcuMessage(text)
				? [...textsOfMessage(readIcuMessage(text), pluralCategories)].map(([form, each]) => [
						`${key}${form}`,
						each,
					])
				: [[key, text]],
		);
		const json = JSON.stringify(Object.fromEntries(compiled), null, "\t");
		await writeFile(path(`${folder}/messages/${file}`), `${json}\n`);
	}
}

/** The exports of a source file. */
async function importTypeScript(name) {
	const { outputFiles } = await build({ ...NODE, entryPoints: [path(name)], write: false });
	return import(
		`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
	);
}

/**
 * The plugin reports which setting is not valid and nothing else, so ajv's errors become names, and its schema goes.
 */
function namesOnly(code) {
	const names = code.replace(
		/\[\{instancePath(?::instancePath\+"\/(\w+)")?,schemaPath:[^{}]*\{[^{}]*\}\}\]/g,
		(_, name = "") => JSON.stringify(name),
	);
	if (names.includes("schemaPath")) {
		throw new Error("ajv writes its errors in another way");
	}
	return names;
}

function typeOf({ type, enum: options }) {
	if (options !== undefined) {
		return options.map((option) => JSON.stringify(option)).join(" | ");
	}
	return type === "integer" ? "number" : type;
}

/** The table of settings in the plugin's README, made from the schema and the default locale. */
async function settingsTable() {
	const { properties, required = [] } = await readJson("settings-schema.json");
	const texts = await readJson("locales/en.json");
	const rows = Object.entries(properties).map(([name, setting]) => {
		const values = setting.enum?.map((value) => `\`${value}\``).join(", ") ?? setting.type;
		const secret = setting.writeOnly ? ", write-only" : "";
		const when = setting.onlyWith?.values.map((value) => `\`${value}\``).join(", ");
		const fallback = required.includes(name)
			? `required${when === undefined ? "" : ` with ${when}`}`
			: (setting.default ?? "") === ""
				? "none"
				: `\`${setting.default}\``;
		const help = `**${texts[`settings.${name}.label`]}.** ${texts[`settings.${name}.help`]}`;
		return [`\`${name}\``, `${values}${secret}`, fallback, help];
	});
	return markdownTable([["Setting", "Values", "Without it", "Meaning"], ...rows]);
}

/** The table of what log-ins cost, made from the prices that the plugin exports and the calls that tests count. */
async function costsTable() {
	const { currency, source, readOn, protocols } = await readJson(COSTS);
	const texts = await readJson("locales/en.json");
	const logIns = 1000;
	const rows = protocols.flatMap(({ name, perPersonAndDay: price, calls }) =>
		Object.entries(calls).map(([people, count]) => [
			name,
			`${people} people`,
			(logIns * count).toLocaleString("en"),
			price === null
				? "no price published"
				: `at most ${(logIns * price).toLocaleString("en", { style: "currency", currency })}`,
		]),
	);
	const table = markdownTable([["Protocol", "1,000 log-ins of", "Calls to X", "Cost"], ...rows]);
	const day = new Date(readOn).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
	return `${table}\n\nThe price is as of ${day}. ${texts[source]}`;
}

function markdownTable([head, ...rows]) {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
	const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
	const ruler = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
	return [line(head), ruler, ...rows.map(line)].join("\n");
}

/** Updates these tables in the README. Without `fix` it only reports a table that is out of date. */
async function checkReadme(fix) {
	const file = "src/plugin/README.md";
	const readme = await readFile(path(file), "utf8");
	let fixed = readme;
	const tables = [
		{ name: "settings", source: "settings-schema.json", right: await settingsTable() },
		{ name: "costs", source: COSTS, right: await costsTable() },
	];
	for (const { name, source, right } of tables) {
		const place = new RegExp(`(<!-- ${name} -->\\n\\n).*?(\\n\\n<!-- end -->)`, "s");
		const before = fixed;
		fixed = before.replace(place, (_, start, end) => `${start}${right}${end}`);
		if (fixed !== before && !fix) {
			console.error(`${file}: the table of ${name} differs from ${source}; run npm run fix`);
			process.exitCode = 1;
		}
	}
	if (fixed !== readme && fix) {
		await writeFile(path(file), fixed);
	}
}

async function buildPublished(name, exports) {
	const { dependencies, peerDependencies } = await readJson("package.json");
	const reexports = (folder, extension) =>
		Object.entries(exports)
			.map(
				([file, names]) =>
					`export { ${names.join(", ")} } from "./${folder}/${file}.${extension}";\n`,
			)
			.join("");
	await build({
		...NODE,
		stdin: { contents: reexports("src", "ts"), resolveDir: path(".") },
		// What the package installs beside itself. All else is bundled.
		external: Object.keys({ ...dependencies, ...peerDependencies }),
		outfile: path(`dist/${name}.mjs`),
	});
	const contract = (await readdir(path("src/contract")))
		.filter((file) => file.endsWith(".ts"))
		.map((file) => `contract/${file.replace(/\.ts$/, "")}`);
	const types = [...contract, ...PUBLISHED_TYPES[name]]
		.map((file) => `export type * from "./types/${file}.js";\n`)
		.join("");
	await writeFile(path(`dist/${name}.d.mts`), `${reexports("types", "js")}${types}`);
}

/** The declarations behind the published modules, one for each source file. */
async function declareTypes() {
	const published = Object.values(PUBLISHED).flatMap((exports) => Object.keys(exports));
	const project = {
		extends: "../tsconfig.json",
		compilerOptions: {
			noEmit: false,
			declaration: true,
			emitDeclarationOnly: true,
			// `npm run check` checks the types.
			noCheck: true,
			rootDir: "../src",
			outDir: "types",
		},
		include: ["../src/contract"],
		files: published.map((file) => `../src/${file}.ts`),
	};
	await writeFile(path("dist/types.json"), JSON.stringify(project));
	await promisify(execFile)(process.execPath, [
		path("node_modules/typescript/bin/tsc"),
		...["--project", path("dist/types.json")],
	]);
	await rm(path("dist/types.json"));
}

/** Bundles the plugin into the one self-contained ESM file that ships. @returns it, with esbuild's metafile. */
async function bundlePlugin() {
	const { outputFiles, metafile } = await build({
		...NODE,
		absWorkingDir: path("."),
		entryPoints: [path("src/plugin/plugin.ts")],
		outfile: path("dist/plugin/plugin.mjs"),
		write: false,
		minify: true,
		legalComments: "none",
		// A plugin has no network but its host's. A library that would use Node's own finds none.
		define: { fetch: "undefined", navigator: "undefined" },
		// The libraries' modern modules: only what is used is bundled, which saves a sixth.
		mainFields: ["es2015", "module", "main"],
		// The polyfill writes to `Reflect`.
		inject: [path("src/plugin/own-reflect.ts")],
		// This leaves out a second declaration of each parameter property.
		tsconfigRaw: {
			compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false },
		},
		metafile: true,
	});
	return { main: outputFiles[0].contents, metafile };
}

/**
 * Bundles the command line: one file with what every command needs, and others that it loads when a command needs them.
 * Few files are loaded in half the time of hundreds, and a command that does not run takes no time.
 */
async function bundleCli() {
	const { metafile } = await build({
		...NODE,
		absWorkingDir: path("."),
		entryPoints: { cli: path("src/cli/cli.ts") },
		splitting: true,
		// All of them lie in one folder, because sources find other files beside their own.
		chunkNames: "cli-[hash]",
		outExtension: { ".js": ".mjs" },
		// Of a CommonJS module that is loaded on its own, esbuild gives none of the names.
		alias: { "@zxcvbn-ts/language-common": "@zxcvbn-ts/language-common/dist/index.mjs" },
		// Outside stay the packages that a helpdesk may do without.
		external: Object.keys((await readJson("package.json")).peerDependencies),
		banner: { js: REQUIRE },
		outdir: path("dist"),
		metafile: true,
	});
	await chmod(path("dist/cli.mjs"), 0o755);
	// A worker thread runs it. The command finds it beside itself, as the source does.
	await cp(path("src/helpdesk/people/scrypt-worker.mjs"), path("dist/scrypt-worker.mjs"));
	// Every page uses them.
	await cp(path("src/helpdesk/web/assets"), path("dist/assets"), { recursive: true });
	await cp(path("src/helpdesk/locale/messages"), path("dist/messages"), { recursive: true });
	await cp(path("src/helpdesk/ACCESSIBILITY.md"), path("dist/ACCESSIBILITY.md"));
	// The administration shows them.
	for (const room of ["openid", "hand-off"]) {
		await cp(path(`src/helpdesk/${room}/recipes`), path("dist/recipes"), { recursive: true });
	}
	// The package carries the licences of what is in the bundle.
	const { SBOM, sbomOf } = await import("./dist/host.mjs");
	const { name, version, license } = await readJson("package.json");
	await writeFile(
		path(`dist/${SBOM}`),
		await sbomOf(metafile, path("."), { name, version, license }),
	);
}

/** The plugin's folder, as `cli pack` takes it, and its zip. */
async function packPlugin() {
	const { packPlugin, readFolder, SBOM, sbomOf } = await import("./dist/host.mjs");
	const { id, version, license } = await readJson("plugin.json");
	const { main, metafile } = await bundlePlugin();
	const folder = path("dist/plugin");
	await mkdir(folder);
	const about = { name: id, version, license };
	const packageJson = JSON.stringify({ ...about, type: "module" }, null, "\t");
	await writeFile(`${folder}/package.json`, `${packageJson}\n`);
	await writeFile(`${folder}/plugin.mjs`, main);
	await writeFile(`${folder}/${SBOM}`, await sbomOf(metafile, path("."), about));
	for (const name of ["plugin.json", "settings-schema.json", "LICENSE"]) {
		await cp(path(name), `${folder}/${name}`);
	}
	for (const name of ["README.md", "CHANGELOG.md", "ACCESSIBILITY.md"]) {
		await cp(path(`src/plugin/${name}`), `${folder}/${name}`);
	}
	for (const name of ["icon.svg", "settings-page.json", "guide"]) {
		await cp(path(`src/plugin/${name}`), `${folder}/${name}`, { recursive: true });
	}
	await cp(path("locales"), `${folder}/locales`, { recursive: true });
	const { fileName, zip } = packPlugin((await readFolder(folder)).files);
	await writeFile(path(`dist/${fileName}`), zip);
	console.error(`dist/${fileName}, ${zip.length} bytes`);
}

async function newestOf(folder) {
	const names = await readdir(path(folder), { recursive: true });
	const times = await Promise.all(
		names.map(async (name) => (await stat(path(`${folder}/${name}`))).mtimeMs),
	);
	return Math.max(...times);
}

async function isUpToDate() {
	const built = await stat(path("dist/built")).catch(() => undefined);
	if (built === undefined) {
		return false;
	}
	const files = ["build.mjs", "package.json", "plugin.json", "settings-schema.json", "LICENSE"];
	const times = await Promise.all(files.map(async (name) => (await stat(path(name))).mtimeMs));
	const newest = Math.max(...times, await newestOf("src"), await newestOf("locales"));
	return newest <= built.mtimeMs;
}

if (process.argv.includes("--generate")) {
	await generateSettingsValidator();
	await generateContractValidators();
	await generateMessages();
} else if (process.argv.includes("--check-readme") || process.argv.includes("--fix-readme")) {
	await checkReadme(process.argv.includes("--fix-readme"));
} else if (!(process.argv.includes("--if-needed") && (await isUpToDate()))) {
	await rm(path("dist"), { recursive: true, force: true });
	await mkdir(path("dist"));
	await generateSettingsValidator();
	await generateContractValidators();
	await generateMessages();
	for (const [name, exports] of Object.entries(PUBLISHED)) {
		await buildPublished(name, exports);
	}
	await declareTypes();
	await packPlugin();
	await bundleCli();
	await writeFile(path("dist/built"), "");
}
