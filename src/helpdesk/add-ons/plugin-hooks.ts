import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { Impact, ImpactAction, UninstallData } from "../../contract/impact.ts";
import type { LinkImport, LinkPage, LinkResult, LinkRow } from "../../contract/link-transfer.ts";
import type { LoginButton, LoginPage } from "../../contract/login-button.ts";
import type { LoginEndedFields } from "../../contract/login-ended.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type {
	ActivationReport,
	HookName,
	LinkedAccount,
	Plugin,
	Unlinking,
} from "../../contract/plugin.ts";
import type { SetUpReport } from "../../contract/set-up-check.ts";
import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import type { SimulatedCase, Simulation } from "../../contract/simulation.ts";
import { isStorageError, type StorageValue } from "../../contract/storage.ts";
import type { PluginState, PluginStates } from "./add-on-states.ts";

/** @throws what the call rejects with, or an Error when it takes longer than a plugin may. */
export type InTime = <Result>(call: Promise<Result>) => Promise<Result>;

export type LoginHook = "startLogin" | "handleCallback" | "continueLogin";

/** A version of a plugin in its helpdesk: whether it is active, and its hooks as its manifest names them. */
export class InstalledPlugin {
	private readonly plugin: Plugin;

	constructor(
		readonly loaded: LoadedPlugin,
		host: HelpdeskHost,
		private readonly states: PluginStates,
		/** Deletes all that the helpdesk keeps for the plugin. */
		private readonly empty: () => Promise<void>,
		/** Told of every hook that rejected. */
		private readonly report: (hook: HookName, error: unknown) => void,
		/** Of its life: one that does not end would keep the helpdesk from starting, and the plugin from being removed. */
		private readonly inTime: InTime,
	) {
		this.plugin = loaded.createPlugin(host);
	}

	async isActive(): Promise<boolean> {
		return this.states.isActive();
	}

	async isInstalled(): Promise<boolean> {
		return (await this.states.read()).kind !== "not-installed";
	}

	async state(): Promise<PluginState> {
		return this.states.read();
	}

	/** @throws what the plugin says against it; it stays deactivated then, and why is part of its state. */
	async activate(): Promise<ActivationReport> {
		const report = await this.tryActivation();
		await this.states.activated();
		return report;
	}

	async deactivate(): Promise<void> {
		await this.states.deactivated();
		const end = async () => this.hook("onDeactivate")?.();
		await this.calm("onDeactivate", () => this.inTime(end()));
	}

	/** Nothing of it runs from now on. After `purge` nothing is kept either, whether or not it was installed. */
	async uninstall(data: UninstallData): Promise<void> {
		if (await this.isActive()) {
			await this.deactivate();
		}
		if (await this.isInstalled()) {
			// A plugin that fails even here must not stay for that.
			const end = async () => this.hook("onUninstall")?.(data);
			await this.calm("onUninstall", () => this.inTime(end()));
		}
		await this.states.uninstalled(data);
		await this.finishEmptying();
	}

	/** Deletes what was to be deleted and is still there. */
	async finishEmptying(): Promise<void> {
		if (await this.states.isEmptying()) {
			await this.empty();
			await this.states.emptied();
		}
	}

	/** Brings it back, disabled, with what was kept. */
	async install(): Promise<void> {
		if (await this.states.isPurged()) {
			// What was stored by a request that was on its way.
			await this.empty();
		}
		await this.states.installed();
	}

	/**
	 * What an active plugin does at start-up. One that cannot is deactivated. That it is active is not written again:
	 * another node may have deactivated it meanwhile.
	 *
	 * @throws StorageError: that one node does not reach the storage says nothing about the plugin.
	 */
	async resume(): Promise<void> {
		await this.finishEmptying();
		if (await this.isActive()) {
			await this.tryActivation().catch((error: unknown) => {
				if (isStorageError(error)) {
					throw error;
				}
				return this.deactivate();
			});
		}
	}

	async refuseSettings(change: SettingsChange): Promise<readonly SettingsProblem[]> {
		return (await this.hook("onSettingsWillSave")?.(change)) ?? [];
	}

	async checkSetup(brandId: string): Promise<SetUpReport> {
		const check = (await this.isInstalled()) ? this.hook("checkSetup") : undefined;
		return (await check?.(brandId)) ?? { checks: [] };
	}

	/** @returns undefined where there is no such hook or brand, or the hook failed. */
	async simulate(made: SimulatedCase): Promise<Simulation | undefined> {
		return this.calm("simulate", async () => this.hook("simulate")?.(made));
	}

	/** @returns undefined where the plugin has no words for it. */
	async explain(
		end: Pick<LoginEndedFields, "code" | "problem">,
		locale: string,
		brandId: string,
	): Promise<Explanation | undefined> {
		return this.calm("explain", async () => this.hook("explain")?.(end, locale, brandId));
	}

	/** Activates a version beside the one that serves, or one that another node activated. @throws what it says. */
	async join(): Promise<void> {
		await this.hook("onActivate")?.();
	}

	/** Beside the version that serves. @throws what it says. */
	async upgrade(from: string): Promise<void> {
		await this.hook("onUpgrade")?.(from);
	}

	/** Of an active plugin. A log-in page is shown whatever a plugin does: one that fails has no buttons. */
	async buttons(page: LoginPage): Promise<readonly LoginButton[]> {
		const render = async () => this.hook("renderLoginButtons")?.(page);
		return (await this.calm("renderLoginButtons", render)) ?? [];
	}

	/** Of an active plugin. @returns undefined where there is no such hook, or it failed. */
	async answer(hook: LoginHook, request: LoginRequest): Promise<LoginResponse | undefined> {
		return this.calm(hook, async () => this.hook(hook)?.(request));
	}

	/** Data hooks work whether the plugin is active or not, as long as its data is kept. */
	async linkedAccounts(userId: string): Promise<readonly LinkedAccount[]> {
		const list = async () => (await this.dataHook("listLinkedAccounts"))?.(userId);
		return (await this.calm("listLinkedAccounts", list)) ?? [];
	}

	/** @returns undefined when the hook failed. */
	async unlink(userId: string, identityId: string): Promise<Unlinking | undefined> {
		const unlink = async () => (await this.dataHook("unlinkAccount"))?.(userId, identityId);
		return this.calm("unlinkAccount", unlink);
	}

	/** @throws what the plugin says: a user whose data may still be there is not deleted. */
	async userDeleted(userId: string): Promise<void> {
		await (await this.dataHook("onUserDeleted"))?.(userId);
	}

	/**
	 * Somebody has proven to own an account that others may have made and linked.
	 *
	 * @throws what the plugin says: then the account is not theirs yet.
	 */
	async userClaimed(userId: string): Promise<void> {
		await (await this.dataHook("onUserClaimed"))?.(userId);
	}

	/** @throws what the plugin says: then nothing is merged. */
	async usersMerged(userId: string, intoUserId: string): Promise<void> {
		await (await this.dataHook("onUsersMerged"))?.(userId, intoUserId);
	}

	async exportUserData(userId: string): Promise<StorageValue> {
		return (await (await this.dataHook("exportUserData"))?.(userId)) ?? null;
	}

	/** Nobody where the plugin has no such hook. @returns undefined when the hook failed. */
	async impactOf(action: ImpactAction): Promise<Impact | undefined> {
		return this.calm(
			"describeImpact",
			async () => (await (await this.dataHook("describeImpact"))?.(action)) ?? { brands: [] },
		);
	}

	/** @throws what the plugin says: then something may still be there. */
	async purgeLinks(brandId: string): Promise<void> {
		await (await this.dataHook("purgeLinks"))?.(brandId);
	}

	/** Whether there is such a hook. */
	can(hook: HookName): boolean {
		return this.hook(hook) !== undefined;
	}

	/** @throws what the plugin says: then some of the rows may be linked, and the same rows may be given again. */
	async importLinks(rows: readonly LinkRow[], options: LinkImport): Promise<readonly LinkResult[]> {
		return (await (await this.dataHook("importLinks"))?.(rows, options)) ?? [];
	}

	/** @throws what the plugin says. */
	async exportLinks(brandId: string, cursor?: string): Promise<LinkPage> {
		try {
			return (await (await this.dataHook("exportLinks"))?.(brandId, cursor)) ?? { links: [] };
		} catch (error) {
			// Whoever reads a file page by page may be in the middle of an answer.
			this.report("exportLinks", error);
			throw error;
		}
	}

	/** What a login hook left to be done once its answer is on its way. */
	async finish(hook: HookName, afterwards: (() => Promise<void>) | undefined): Promise<void> {
		await this.calm(hook, async () => afterwards?.());
	}

	private async tryActivation(): Promise<ActivationReport> {
		try {
			const begin = async () => this.hook("onActivate")?.();
			return (await this.inTime(begin())) ?? { state: "ready" };
		} catch (error) {
			this.report("onActivate", error);
			if (!isStorageError(error)) {
				await this.states.failed(error);
			}
			throw error;
		}
	}

	private async dataHook<Name extends HookName>(name: Name): Promise<Plugin[Name] | undefined> {
		return (await this.states.isPurged()) ? undefined : this.hook(name);
	}

	private hook<Name extends HookName>(name: Name): Plugin[Name] | undefined {
		return (this.plugin as Partial<Plugin>)[name];
	}

	private async calm<Result>(
		hook: HookName,
		call: () => Promise<Result>,
	): Promise<Result | undefined> {
		try {
			return await call();
		} catch (error) {
			this.report(hook, error);
			return undefined;
		}
	}
}
