import type { HelpdeskHost } from "./helpdesk-host.ts";
import type { LoginButton, LoginPage } from "./login-button.ts";
import type { LoginRequest } from "./login-request.ts";
import type { LoginResponse } from "./login-response.ts";
import type { SettingsChange, SettingsProblem } from "./settings.ts";

/** What the module named by the manifest's `main` exports. */
export interface PluginModule {
	/**
	 * Called once for each load, before any hook, whether the plugin is active or not: data hooks work while it
	 * is deactivated. Does no work of its own beyond wiring.
	 */
	createPlugin(host: HelpdeskHost): Plugin;
}

/** How a plugin finds things at activation. Lack of settings is not a failure. */
export type ActivationReport =
	| { readonly state: "ready" }
	| { readonly state: "needs-setup"; readonly brandIds: readonly string[] };

/** A visitor's link to an account at the identity provider, as the account page shows it. */
export interface LinkedAccount {
	/** For `unlink` and logs: `x:2244994945`. */
	readonly identityId: string;
	/** How the visitor knows it: `@XDevelopers`. */
	readonly label: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
}

/**
 * The hooks. A host calls those the manifest lists, by the method named there, and no others.
 *
 * Lifecycle and login hooks of a deactivated plugin are not called; data hooks are, so that a user deleted
 * meanwhile leaves nothing behind. A hook that rejects is a bug in the plugin: hosts answer with an error page
 * of their own and log it. No hook rejects because of what a visitor sent.
 */
export interface Plugin {
	/**
	 * Lifecycle: an administrator pressed Activate, or an active plugin was loaded at start-up. May be called
	 * again. Rejecting keeps the plugin deactivated and shows the message to the administrator.
	 */
	onActivate(): Promise<ActivationReport>;

	/** Lifecycle: an administrator pressed Deactivate. Keeps everything stored. */
	onDeactivate(): Promise<void>;

	/** Administration: may refuse what an administrator is about to save; an empty list accepts it. */
	onSettingsWillSave(change: SettingsChange): Promise<readonly SettingsProblem[]>;

	/** Login: the buttons for a page; an empty list where the plugin is off, not set up, or of no use. */
	renderLoginButtons(page: LoginPage): Promise<readonly LoginButton[]>;

	/** Login: a visitor pressed the button (POST). */
	startLogin(request: LoginRequest): Promise<LoginResponse>;

	/** Login: a browser came back from the identity provider (GET), or somebody typed the address. */
	handleCallback(request: LoginRequest): Promise<LoginResponse>;

	/** Data: what is linked to a user. */
	listLinkedAccounts(userId: string): Promise<readonly LinkedAccount[]>;

	/** Data: a user was deleted; afterwards nothing about their account at the provider is stored. */
	onUserDeleted(userId: string): Promise<void>;
}

export type HookName = keyof Plugin;
