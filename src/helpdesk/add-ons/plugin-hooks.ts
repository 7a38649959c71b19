import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { UninstallData } from "../../contract/impact.ts";
import type { LinkImport, LinkPage, LinkResult, LinkRow } from "../../contract/link-transfer.ts";
import type { LoginButton, LoginPage } from "../../contract/login-button.ts";
import type { LoginEndedFields } from "../../contract/login-ended.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type {
	ActivationReport,
	HookName,
	LinkedAccount,
	PurgedLinks,
	PurgeStep,
	Unlinking,
} from "../../contract/plugin.ts";
import type { SetUpReport } from "../../contract/set-up-check.ts";
import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import type { SimulatedCase, Simulation } from "../../contract/simulation.ts";
import { isStorageError, type StorageValue } from "../../contract/storage.ts";
import type { LoginHook } from "../../routes/route-answer.ts";
import { UnreadableValueError } from "../../storage/stored-value.ts";
import type { AddOnState, AddOnStates } from "./add-on-states.ts";
import { isExportedLink } from "./exported-link.ts";
import { HookCalls, type HookSupport } from "./hook-calls.ts";

/** What the hooks of a version need from the helpdesk. */
export interface VersionSupport extends HookSupport {
	/** Deletes all that the helpdesk keeps for the add-on. */
	empty(): Promise<void>;
}

/** The hooks of a version of a plugin, called as the state of its add-on allows. */
export class PluginHooks {
	private readonly calls: HookCalls;

	constructor(
		readonly loaded: LoadedPlugin,
		host: HelpdeskHost,
		private readonly states: AddOnStates,
		private readonly support: VersionSupport,
	) {
		this.calls = new HookCalls(loaded.createPlugin(host), states, support);
	}

	async isActive(): Promise<boolean> {
		return this.states.isActive();
	}

	async isInstalled(): Promise<boolean> {
		return (await this.states.record()).status !== "uninstalled";
	}

	async state(): Promise<AddOnState> {
		return this.states.read();
	}

	/** @throws the plugin's error. The add-on stays deactivated, and its state says why. */
	async activate(): Promise<ActivationReport> {
		const report = await this.tryActivation().catch(async (error: unknown) => {
			await this.failed(error);
			throw error;
		});
		await this.states.activated();
		return report;
	}

	async deactivate(): Promise<void> {
		await this.states.deactivated();
		const end = async () => this.calls.hook("onDeactivate")?.();
		await this.calls.calm("onDeactivate", () => this.support.inTime(end()));
	}

	/**
	 * Uninstalls the add-on: none of its code runs any more. With `purge` nothing more is stored for it, whether or not it was
	 * installed. What there is stays to be deleted, see `AddOnSlot.someLeft`.
	 */
	async uninstall(data: UninstallData): Promise<void> {
		if (await this.isActive()) {
			await this.deactivate();
		}
		if (await this.isInstalled()) {
			// A plugin whose last hook fails is uninstalled nevertheless.
			const end = async () => this.calls.hook("onUninstall")?.(data);
			await this.calls.calm("onUninstall", () => this.support.inTime(end()));
		}
		await this.states.uninstalled(data);
	}

	/**
	 * Installs it again, disabled, with the data that was kept.
	 *
	 * @returns false, and does nothing, while its data is being deleted.
	 */
	async install(): Promise<boolean> {
		if (await this.states.isEmptying()) {
			return false;
		}
		if (await this.states.isPurged()) {
			// Requests that were under way may have stored something.
			await this.support.empty();
		}
		await this.states.installed();
		return true;
	}

	/**
	 * Activates an active add-on in this process at start-up, or deactivates it where that fails. "Active" is not stored
	 * again: another node may have deactivated it in the meantime. A stored value that cannot be read deactivates nothing:
	 * it may be one brand's, and the others go on.
	 *
	 * @throws StorageError
	 */
	async resume(): Promise<void> {
		if (await this.isActive()) {
			await this.tryActivation().catch(async (error: unknown) => {
				if (isStorageError(error)) {
					throw error;
				}
				if (!(error instanceof UnreadableValueError)) {
					await this.failed(error);
					await this.deactivate();
				}
			});
		}
	}

	/** @throws SlowHookError, or the plugin's error. */
	async refuseSettings(change: SettingsChange): Promise<readonly SettingsProblem[]> {
		const refuse = async () => this.calls.hook("onSettingsWillSave")?.(change);
		return (await this.calls.inTime("onSettingsWillSave", refuse)) ?? [];
	}

	/** @throws SlowHookError, or the plugin's error. */
	async checkSetup(brandId: string): Promise<SetUpReport> {
		const check = async () =>
			(await this.isInstalled()) ? this.calls.hook("checkSetup")?.(brandId) : undefined;
		return (await this.calls.inTime("checkSetup", check)) ?? { checks: [] };
	}

	/** @returns undefined where there is no such hook or brand, or the hook failed. */
	async simulate(made: SimulatedCase): Promise<Simulation | undefined> {
		return this.calls.calmInTime("simulate", async () => this.calls.hook("simulate")?.(made));
	}

	/** @returns undefined where the plugin has no explanation. */
	async explain(
		end: Pick<LoginEndedFields, "code" | "problem">,
		locale: string,
		brandId: string,
	): Promise<Explanation | undefined> {
		return this.calls.calmInTime("explain", async () =>
			this.calls.hook("explain")?.(end, locale, brandId),
		);
	}

	/**
	 * Activates a version next to the one that serves, or one that another node activated.
	 *
	 * @throws the plugin's error.
	 */
	async join(): Promise<void> {
		await this.calls.hook("onActivate")?.();
	}

	/** Upgrades the data while the previous version still serves. @throws the plugin's error. */
	async upgrade(from: string): Promise<void> {
		await this.calls.hook("onUpgrade")?.(from);
	}

	/** The buttons of an active add-on. A plugin that fails has none, so that the log-in page is always shown. */
	async buttons(page: LoginPage): Promise<readonly LoginButton[]> {
		const render = async () => this.calls.hook("renderLoginButtons")?.(page);
		return (await this.calls.calmInTime("renderLoginButtons", render)) ?? [];
	}

	/**
	 * An active add-on's answer to a request.
	 *
	 * @returns undefined where there is no such hook, or it failed.
	 * @throws SlowHookError
	 */
	async answer(hook: LoginHook, request: LoginRequest): Promise<LoginResponse | undefined> {
		return this.calls.inTime(hook, () =>
			this.calls.calm(hook, async () => this.calls.hook(hook)?.(request)),
		);
	}

	/** Hooks about data work as long as the data is kept, whether or not the add-on is active. */
	async linkedAccounts(userId: string): Promise<readonly LinkedAccount[]> {
		return (await this.linkedIfKnown(userId)) ?? [];
	}

	/** Nothing without such a hook, and once the data is deleted. @returns undefined where the plugin cannot tell. */
	async linkedIfKnown(userId: string): Promise<readonly LinkedAccount[] | undefined> {
		const list = async () =>
			(await (await this.calls.dataHook("listLinkedAccounts"))?.(userId)) ?? [];
		return this.calls.calmInTime("listLinkedAccounts", list);
	}

	/** Whether an account is linked to a user. @returns undefined where the plugin cannot tell. */
	async isLinked(userId: string, identityId: string): Promise<boolean | undefined> {
		return this.can("listLinkedAccounts")
			? (await this.linkedIfKnown(userId))?.some((each) => each.identityId === identityId)
			: undefined;
	}

	/** @returns undefined when the hook failed. */
	async unlink(userId: string, identityId: string): Promise<Unlinking | undefined> {
		const unlink = async () => (await this.calls.dataHook("unlinkAccount"))?.(userId, identityId);
		return this.calls.calm("unlinkAccount", unlink);
	}

	/** @throws the plugin's error. The user is not deleted then, because their data may still be there. */
	async userDeleted(userId: string): Promise<void> {
		await (await this.calls.dataHook("onUserDeleted"))?.(userId);
	}

	/**
	 * Tells the plugin that a user has proven to own an account, which strangers may have made and linked.
	 *
	 * @throws the plugin's error. The proof does not count then.
	 */
	async userClaimed(userId: string): Promise<void> {
		await (await this.calls.dataHook("onUserClaimed"))?.(userId);
	}

	/** @throws the plugin's error. Nothing is merged then. */
	async usersMerged(userId: string, intoUserId: string): Promise<void> {
		await (await this.calls.dataHook("onUsersMerged"))?.(userId, intoUserId);
	}

	/** @throws SlowHookError, or the plugin's error. */
	async exportUserData(userId: string): Promise<StorageValue> {
		const exported = async () => (await this.calls.dataHook("exportUserData"))?.(userId);
		return (await this.calls.inTime("exportUserData", exported)) ?? null;
	}

	/**
	 * Deletes links of a brand. A plugin that knows no steps deletes all of them at once.
	 *
	 * @throws the plugin's error. Some links may still be there then.
	 */
	async purgeLinks(brandId: string, step: PurgeStep): Promise<PurgedLinks> {
		const purged = await (await this.calls.dataHook("purgeLinks"))?.(brandId, step);
		return purged ?? { removed: 0, isDone: true };
	}

	/** Whether the plugin has a hook. */
	can(hook: HookName): boolean {
		return this.calls.hook(hook) !== undefined;
	}

	/** @throws the plugin's error. Some of the rows may be linked then. The same rows may be imported again. */
	async importLinks(rows: readonly LinkRow[], options: LinkImport): Promise<readonly LinkResult[]> {
		return (await (await this.calls.dataHook("importLinks"))?.(rows, options)) ?? [];
	}

	/** Leaves out links that break the contract, and reports them. @throws the plugin's error. */
	async exportLinks(brandId: string, cursor?: string): Promise<LinkPage> {
		try {
			const read = async () => (await this.calls.dataHook("exportLinks"))?.(brandId, cursor);
			const page = await this.calls.unreported("exportLinks", read);
			const links = page?.links.filter(isExportedLink) ?? [];
			const left = (page?.links.length ?? 0) - links.length;
			if (left > 0) {
				const error = new Error(`links that break the contract are left out: ${left}`);
				this.support.report("exportLinks", error);
			}
			return { ...page, links };
		} catch (error) {
			// The error is reported here, because the caller may be in the middle of an answer and cannot show it.
			this.support.report("exportLinks", error);
			throw error;
		}
	}

	/** Runs what a login hook left to do after its answer was sent. */
	async finish(hook: HookName, afterwards: (() => Promise<void>) | undefined): Promise<void> {
		await this.calls.calm(hook, async () => afterwards?.());
	}

	private async tryActivation(): Promise<ActivationReport> {
		try {
			const begin = async () => this.calls.hook("onActivate")?.();
			return (await this.support.inTime(begin())) ?? { state: "ready" };
		} catch (error) {
			this.support.report("onActivate", error);
			throw error;
		}
	}

	/** A storage that this node does not reach says nothing about the plugin. */
	private async failed(error: unknown): Promise<void> {
		if (!isStorageError(error)) {
			await this.states.failed(error);
		}
	}
}
