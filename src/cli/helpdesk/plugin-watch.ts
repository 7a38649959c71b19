import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { type LoadedPlugin, loadPlugin } from "../../artifact/load/load-plugin.ts";
import { PluginError } from "../../artifact/plugin-error.ts";
import { LivePlugin } from "../../helpdesk/dev/live-plugin.ts";
import type { PluginRecorder } from "../../helpdesk/dev/plugin-recorder.ts";
import { CommandError } from "../command-error.ts";
import { PluginSource } from "./plugin-source.ts";

/** How long to wait for more changes: an editor writes a file in several steps. */
const QUIET_MS = 20;

/** Builds a plugin from its source whenever that changes, and replaces the running code. */
export class PluginWatch {
	private readonly watchers = new Map<string, FSWatcher>();
	private pending: NodeJS.Timeout | undefined;
	private changedAt: number | undefined;
	private isSchemaChanged = false;
	private reloading = Promise.resolve();
	private isClosed = false;

	private constructor(
		private readonly source: PluginSource,
		readonly plugin: LivePlugin,
		private readonly recorder: PluginRecorder,
		private readonly tell: (sentence: string) => void,
	) {}

	/** @throws CommandError when there is nothing to watch, or the plugin cannot be built. */
	static async start(
		folder: string,
		recorder: PluginRecorder,
		tell: (sentence: string) => void,
	): Promise<PluginWatch> {
		const source = await PluginSource.open(folder);
		try {
			const loaded = await load(source);
			const live = new PluginWatch(source, new LivePlugin(loaded, recorder), recorder, tell);
			live.lookAround();
			return live;
		} catch (cause) {
			await source.close();
			throw cause instanceof CommandError
				? cause
				: new CommandError(`${folder} cannot be built: ${reasonOf(cause)}`, { cause });
		}
	}

	async close(): Promise<void> {
		this.isClosed = true;
		clearTimeout(this.pending);
		for (const watcher of this.watchers.values()) {
			watcher.close();
		}
		await this.reloading;
		await this.source.close();
	}

	/** Watches the folders of the source, and no others. @returns whether there are new ones. */
	private lookAround(): boolean {
		const folders = this.isClosed ? new Set<string>() : this.source.folders();
		for (const [folder, watcher] of this.watchers) {
			if (!folders.has(folder)) {
				watcher.close();
				this.watchers.delete(folder);
			}
		}
		const added = [...folders].filter((folder) => !this.watchers.has(folder));
		for (const folder of added) {
			const watcher = watch(folder, (_, name) => this.notice(join(folder, name ?? "")));
			// A deleted folder is watched again after the next change, if it is back.
			watcher.on("error", () => this.watchers.delete(folder));
			this.watchers.set(folder, watcher);
		}
		return added.length > 0;
	}

	private notice(path: string): void {
		if (this.isClosed || !this.source.isMadeOf(path)) {
			return;
		}
		this.changedAt ??= performance.now();
		this.isSchemaChanged ||= this.source.isSettingsSchema(path);
		clearTimeout(this.pending);
		this.pending = setTimeout(() => {
			this.reloading = this.reloading.then(() => this.reload());
		}, QUIET_MS);
	}

	private async reload(): Promise<void> {
		const started = this.changedAt ?? performance.now();
		const isSchemaChanged = this.isSchemaChanged;
		this.changedAt = undefined;
		this.isSchemaChanged = false;
		try {
			if (isSchemaChanged) {
				await this.source.generate();
			}
			await this.plugin.swap(await this.loadWatched());
			const ms = Math.round(performance.now() - started);
			this.recorder.noteLoad({ outcome: "reloaded", ms });
			this.tell(`reloaded in ${ms} ms`);
		} catch (error) {
			const reason = reasonOf(error);
			this.recorder.noteLoad({ outcome: "failed", reason });
			this.tell(`not reloaded, the previous code stays in use: ${reason}`);
		}
	}

	/** Loads the source again if it has folders that nobody watched while it was read: a change there went unnoticed. */
	private async loadWatched(): Promise<LoadedPlugin> {
		for (;;) {
			const loaded = await load(this.source).catch((error: unknown) => ({ error }));
			if (this.lookAround()) {
				continue;
			}
			if ("error" in loaded) {
				throw loaded.error;
			}
			return loaded;
		}
	}
}

async function load(source: PluginSource): Promise<LoadedPlugin> {
	return loadPlugin(await source.pack());
}

function reasonOf(error: unknown): string {
	if (error instanceof PluginError) {
		return error.problems.join("\n");
	}
	const failure = error as {
		readonly errors?: readonly {
			readonly text: string;
			readonly location: { readonly file: string; readonly line: number } | null;
		}[];
	};
	const places = failure.errors?.map(({ text, location }) =>
		location === null ? text : `${location.file}:${location.line}: ${text}`,
	);
	return places?.join("\n") ?? (error instanceof Error ? error.message : String(error));
}
