import { exec } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import type { BuildContext, BuildResult } from "esbuild";
import type { Finding } from "../../artifact/finding.ts";
import { MANIFEST, readManifest } from "../../artifact/load/read-manifest.ts";
import {
	drawingsOf,
	readSettingsPage,
	SETTINGS_PAGE,
} from "../../artifact/load/read-settings-page.ts";
import { DOCUMENTS, packPlugin } from "../../artifact/pack/pack-plugin.ts";
import { refuseErrors } from "../../artifact/plugin-error.ts";
import type { Manifest } from "../../contract/manifest.ts";
import { CommandError } from "../command-error.ts";
import { isFile } from "./data-folder.ts";

const ENTRIES = ["src/plugin.ts", "src/plugin/plugin.ts", "src/plugin.js", "src/plugin/plugin.js"];

/** The source of a plugin: `plugin.json`, the files that it names, and the code that `main` is built from. */
export class PluginSource {
	private inputs: ReadonlySet<string> = new Set();
	private context: BuildContext<{ metafile: true; write: false }> | undefined;
	private manifest: Manifest | undefined;
	/** The folders of the settings page and its drawings. */
	private pageFolders: ReadonlySet<string> = new Set();

	private constructor(
		private readonly folder: string,
		/** The file that the code starts in, from the folder. */
		private readonly entry: string,
	) {}

	/** @throws CommandError when the folder has no source of a plugin. */
	static async open(folder: string): Promise<PluginSource> {
		if (!(await isFile(join(folder, MANIFEST)))) {
			throw new CommandError(`there is nothing to watch: ${folder} has no ${MANIFEST}`);
		}
		for (const entry of ENTRIES) {
			if (await isFile(join(folder, entry))) {
				return new PluginSource(folder, entry);
			}
		}
		throw new CommandError(
			`there is nothing to watch: ${folder} has none of ${ENTRIES.join(", ")}, so its main cannot be built`,
		);
	}

	/** @throws Error that says what is wrong with the code or the other files. */
	async pack(): Promise<Uint8Array> {
		const manifest = await this.readManifest();
		const { icon, settingsSchema, locales, main } = manifest;
		const files = new Map<string, Uint8Array>();
		for (const name of [MANIFEST, icon, settingsSchema, ...DOCUMENTS, "package.json"]) {
			const path = await this.pathOf(name);
			if (path !== undefined) {
				files.set(name, await readFile(path));
			}
		}
		await this.addSettingsPage(files);
		const folder = join(this.folder, locales.directory);
		for (const name of await readdir(folder).catch(() => [])) {
			if (name.endsWith(".json")) {
				files.set(`${locales.directory}/${name}`, await readFile(join(folder, name)));
			}
		}
		files.set(main, await this.bundle());
		return packPlugin(files).zip;
	}

	/** Runs the script `generate` of `package.json`, if there is one: it writes code from the settings schema. */
	async generate(): Promise<void> {
		const text = await readFile(join(this.folder, "package.json"), "utf8").catch(() => "{}");
		const script: unknown = JSON.parse(text)?.scripts?.generate;
		if (typeof script === "string") {
			await promisify(exec)(script, { cwd: this.folder });
		}
	}

	/** The folders whose files the plugin is built from. */
	folders(): ReadonlySet<string> {
		const { manifest } = this;
		const code = [...this.inputs].map((name) => dirname(join(this.folder, name)));
		const named = manifest === undefined ? [] : [manifest.icon, manifest.settingsSchema];
		return new Set([
			this.folder,
			join(this.folder, dirname(this.entry)),
			...(manifest === undefined ? [] : [join(this.folder, manifest.locales.directory)]),
			...named.map((name) => dirname(join(this.folder, name))),
			...this.pageFolders,
			...code,
		]);
	}

	/**
	 * Whether the plugin is built from a file. In folders of code every file of code counts, because it may be one that
	 * was missing.
	 */
	isMadeOf(path: string): boolean {
		const name = relative(this.folder, path).replaceAll("\\", "/");
		const { manifest } = this;
		if (this.inputs.has(name) || name === MANIFEST) {
			return true;
		}
		if (manifest !== undefined) {
			const { icon, settingsSchema, locales } = manifest;
			const isText = dirname(name) === locales.directory && name.endsWith(".json");
			const beside = join(dirname(this.entry), icon);
			if (isText || [icon, beside, settingsSchema, SETTINGS_PAGE].includes(name)) {
				return true;
			}
		}
		return dirname(name) !== "." && /(?<!\.d)\.(?:[cm]?[jt]sx?|json|svg)$/.test(name);
	}

	isSettingsSchema(path: string): boolean {
		return relative(this.folder, path) === (this.manifest?.settingsSchema ?? "");
	}

	async close(): Promise<void> {
		await this.context?.dispose();
	}

	private async readManifest(): Promise<Manifest> {
		const findings: Finding[] = [];
		const files = new Map([[MANIFEST, await readFile(join(this.folder, MANIFEST))]]);
		const manifest = readManifest(files, (found) => findings.push(found));
		refuseErrors(findings);
		if (manifest === undefined) {
			throw new Error("a plugin without a finding has a manifest");
		}
		this.manifest = manifest;
		return manifest;
	}

	/** Adds the layout of the settings and its drawings, if there are any. `packPlugin` says what is wrong with them. */
	private async addSettingsPage(files: Map<string, Uint8Array>): Promise<void> {
		const folders = new Set<string>();
		const add = async (name: string): Promise<void> => {
			const path = await this.pathOf(name);
			if (path !== undefined) {
				files.set(name, await readFile(path));
				folders.add(dirname(path));
			}
		};
		await add(SETTINGS_PAGE);
		const layout = readSettingsPage(files, undefined, () => {});
		for (const name of layout === undefined ? [] : drawingsOf(layout)) {
			await add(name);
		}
		this.pageFolders = folders;
	}

	private async bundle(): Promise<Uint8Array> {
		this.context ??= await this.open();
		const { outputFiles, metafile }: BuildResult<{ metafile: true; write: false }> =
			await this.context.rebuild();
		this.inputs = new Set(
			Object.keys(metafile.inputs).filter((name) => !name.includes("node_modules/")),
		);
		const [main] = outputFiles;
		if (main === undefined) {
			throw new Error("esbuild made no file");
		}
		return main.contents;
	}

	private async open(): Promise<BuildContext<{ metafile: true; write: false }>> {
		const { context } = await import("esbuild").catch((cause: unknown) => {
			throw new CommandError("--watch needs esbuild; npm install --save-dev esbuild", { cause });
		});
		return context({
			absWorkingDir: this.folder,
			entryPoints: [this.entry],
			outfile: "plugin.mjs",
			bundle: true,
			platform: "node",
			format: "esm",
			target: "node20",
			mainFields: ["es2015", "module", "main"],
			logLevel: "silent",
			metafile: true,
			write: false,
		});
	}

	/** The path of a file next to the code, or in the folder. */
	private async pathOf(name: string): Promise<string | undefined> {
		for (const path of [join(dirname(this.entry), name), name]) {
			if (await isFile(join(this.folder, path))) {
				return join(this.folder, path);
			}
		}
		return undefined;
	}
}
