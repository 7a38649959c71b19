import type { Clock } from "../../contract/clock.ts";
import type { UninstallData } from "../../contract/impact.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";

const STATE = ["state"];
const FAILURE = ["failure"];
const PURGED = ["purged"];
const MAX_REASON = 500;

/** Why a plugin cannot be activated. */
interface ActivationFailure {
	readonly [name: string]: string | number;
	/** What the plugin said at the last try, at most 500 characters; empty when it said nothing. */
	readonly reason: string;
	/** Of the first try since it last worked. Milliseconds since the epoch. */
	readonly since: number;
}

export type PluginState =
	| { readonly kind: "active" | "disabled" }
	| { readonly kind: "failed"; readonly failure: ActivationFailure }
	/** `kept`: whether what was stored for it is still there, for when it is installed again. */
	| { readonly kind: "not-installed"; readonly kept: boolean };

/** Whether a plugin is installed and active: stored, and read per request, so that every node follows. */
export class PluginStates {
	private readonly storage: HostStorage;

	/** @param root the storage of the helpdesk. */
	constructor(
		private readonly root: HostStorage,
		private readonly pluginId: string,
		private readonly clock: Clock,
	) {
		this.storage = namespaced(root, ["plugin-state", pluginId]);
	}

	/** Disabled until an administrator says otherwise. */
	async read(): Promise<PluginState> {
		const state = (await this.storage.get(STATE))?.value;
		if (state === "active") {
			return { kind: "active" };
		}
		if (state === "uninstalled") {
			return { kind: "not-installed", kept: !(await this.isPurged()) };
		}
		const failure = (await this.storage.get(FAILURE))?.value as ActivationFailure | undefined;
		return failure === undefined ? { kind: "disabled" } : { kind: "failed", failure };
	}

	async isActive(): Promise<boolean> {
		return (await this.storage.get(STATE))?.value === "active";
	}

	async isPurged(): Promise<boolean> {
		return (await this.storage.get(PURGED)) !== undefined;
	}

	/** Unless it was uninstalled meanwhile. */
	async activated(): Promise<void> {
		await this.change((state) => (state === "uninstalled" ? state : "active"), {
			deletes: [FAILURE],
		});
	}

	async deactivated(): Promise<void> {
		await this.change((state) => (state === "active" ? undefined : state));
	}

	async failed(error: unknown): Promise<void> {
		const before = (await this.storage.get(FAILURE))?.value as ActivationFailure | undefined;
		const said = error instanceof Error ? error.message : typeof error === "string" ? error : "";
		const value: ActivationFailure = {
			reason: said.trim().slice(0, MAX_REASON),
			since: before?.since ?? this.clock.now(),
		};
		await this.storage.commit({ sets: [{ key: FAILURE, value }] });
	}

	/** With `purge`, nothing is stored in {@link dataStorage} from now on. */
	async uninstalled(data: UninstallData): Promise<void> {
		const sets = data === "purge" ? [{ key: PURGED, value: true }] : [];
		await this.change(() => "uninstalled", { sets, deletes: [FAILURE] });
	}

	async installed(): Promise<void> {
		await this.change((state) => (state === "uninstalled" ? undefined : state), {
			deletes: [PURGED],
		});
	}

	/**
	 * Where the plugin stores. What a request still wants to store that was on its way when all was deleted would stay
	 * behind, so it is refused, in the same commit.
	 */
	dataStorage(): HostStorage {
		const { root } = this;
		const purged = { key: ["plugin-state", this.pluginId, ...PURGED], version: null };
		const guarded: HostStorage = {
			get: (key) => root.get(key),
			take: (key) => root.take(key),
			list: (prefix, options) => root.list(prefix, options),
			commit: async ({ checks = [], ...writes }) => {
				const done = await root.commit({ ...writes, checks: [...checks, purged] });
				if (!done && (await this.isPurged())) {
					throw new Error("the plugin is uninstalled and its data deleted: nothing more is stored");
				}
				return done;
			},
		};
		return namespaced(guarded, ["plugin-data", this.pluginId]);
	}

	private async change(
		next: (state: StorageValue | undefined) => StorageValue | undefined,
		{
			sets = [],
			deletes = [],
		}: {
			readonly sets?: readonly { readonly key: StorageKey; readonly value: boolean }[];
			readonly deletes?: readonly StorageKey[];
		} = {},
	): Promise<void> {
		let done = false;
		while (!done) {
			const entry = await this.storage.get(STATE);
			const value = next(entry?.value);
			done = await this.storage.commit({
				checks: [{ key: STATE, version: entry?.version ?? null }],
				sets: value === undefined ? sets : [...sets, { key: STATE, value }],
				deletes: value === undefined ? [...deletes, STATE] : deletes,
			});
		}
	}
}
