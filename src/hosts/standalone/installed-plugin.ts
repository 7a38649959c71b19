import type { LoadedPlugin } from "../../artifact/load-plugin.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LinkFate, LinkImport, LinkPage, LinkRow } from "../../contract/link-transfer.ts";
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
import type { HostStorage, StorageValue } from "../../contract/storage.ts";

const STATE = ["state"];

/** A plugin in its helpdesk: whether it is active, and its hooks as its manifest names them. */
export class InstalledPlugin {
	private readonly plugin: Plugin;

	constructor(
		readonly loaded: LoadedPlugin,
		host: HelpdeskHost,
		private readonly storage: HostStorage,
		/** Told of every hook that rejected. */
		private readonly report: (hook: HookName, error: unknown) => void,
	) {
		this.plugin = loaded.createPlugin(host);
	}

	/** Off until an administrator says otherwise; read per request, so that every node follows. */
	async isActive(): Promise<boolean> {
		return (await this.storage.get(STATE))?.value === "active";
	}

	/** @throws what the plugin says against it; it stays deactivated then. */
	async activate(): Promise<ActivationReport> {
		const report = (await this.hook("onActivate")?.()) ?? { state: "ready" };
		await this.storage.commit({ sets: [{ key: STATE, value: "active" }] });
		return report;
	}

	async deactivate(): Promise<void> {
		await this.storage.commit({ deletes: [STATE] });
		await this.calm("onDeactivate", async () => this.hook("onDeactivate")?.());
	}

	/** What an active plugin does at start-up. One that cannot is deactivated. */
	async resume(): Promise<void> {
		if (await this.isActive()) {
			try {
				await this.activate();
			} catch (error) {
				this.report("onActivate", error);
				await this.deactivate();
			}
		}
	}

	async refuseSettings(change: SettingsChange): Promise<readonly SettingsProblem[]> {
		return (await this.hook("onSettingsWillSave")?.(change)) ?? [];
	}

	async checkSetup(brandId: string): Promise<SetUpReport> {
		return (await this.hook("checkSetup")?.(brandId)) ?? { checks: [] };
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

	/** A log-in page is shown whatever a plugin does: one that fails has no buttons. */
	async buttons(page: LoginPage): Promise<readonly LoginButton[]> {
		if (!(await this.isActive())) {
			return [];
		}
		const render = async () => this.hook("renderLoginButtons")?.(page);
		return (await this.calm("renderLoginButtons", render)) ?? [];
	}

	/** @returns undefined where there is no such hook, the plugin is not active, or the hook failed. */
	async answer(
		hook: "startLogin" | "handleCallback" | "continueLogin",
		request: LoginRequest,
	): Promise<LoginResponse | undefined> {
		if (!(await this.isActive())) {
			return undefined;
		}
		return this.calm(hook, async () => this.hook(hook)?.(request));
	}

	/** Data hooks work whether the plugin is active or not. */
	async linkedAccounts(userId: string): Promise<readonly LinkedAccount[]> {
		const list = async () => this.hook("listLinkedAccounts")?.(userId);
		return (await this.calm("listLinkedAccounts", list)) ?? [];
	}

	/** @returns undefined when the hook failed. */
	async unlink(userId: string, identityId: string): Promise<Unlinking | undefined> {
		return this.calm("unlinkAccount", async () => this.hook("unlinkAccount")?.(userId, identityId));
	}

	/** @throws what the plugin says: a user whose data may still be there is not deleted. */
	async userDeleted(userId: string): Promise<void> {
		await this.hook("onUserDeleted")?.(userId);
	}

	/**
	 * Somebody has proven to own an account that others may have made and linked.
	 *
	 * @throws what the plugin says: then the account is not theirs yet.
	 */
	async userClaimed(userId: string): Promise<void> {
		await this.hook("onUserClaimed")?.(userId);
	}

	/** @throws what the plugin says: then nothing is merged. */
	async usersMerged(userId: string, intoUserId: string): Promise<void> {
		await this.hook("onUsersMerged")?.(userId, intoUserId);
	}

	async exportUserData(userId: string): Promise<StorageValue> {
		return (await this.hook("exportUserData")?.(userId)) ?? null;
	}

	/** Whether there is such a hook. */
	can(hook: HookName): boolean {
		return this.hook(hook) !== undefined;
	}

	/** @throws what the plugin says: then some of the rows may be linked, and the same rows may be given again. */
	async importLinks(rows: readonly LinkRow[], options: LinkImport): Promise<readonly LinkFate[]> {
		return (await this.hook("importLinks")?.(rows, options)) ?? [];
	}

	/** @throws what the plugin says. */
	async exportLinks(brandId: string, cursor?: string): Promise<LinkPage> {
		try {
			return (await this.hook("exportLinks")?.(brandId, cursor)) ?? { links: [] };
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

	private hook<Name extends HookName>(name: Name): Plugin[Name] | undefined {
		const declared = this.loaded.manifest.hooks.find(({ hook }) => hook === name);
		if (declared === undefined) {
			return undefined;
		}
		const methods = this.plugin as unknown as Readonly<Record<string, Plugin[Name]>>;
		return methods[declared.method]?.bind(this.plugin) as Plugin[Name] | undefined;
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
