import type { Explanation } from "./explanation.ts";
import type { HelpdeskHost } from "./helpdesk-host.ts";
import type { Impact, ImpactAction, UninstallData } from "./impact.ts";
import type { LinkImport, LinkPage, LinkResult, LinkRow } from "./link-transfer.ts";
import type { LoginButton, LoginPage } from "./login-button.ts";
import type { LoginEndedFields } from "./login-ended.ts";
import type { LoginRequest } from "./login-request.ts";
import type { LoginResponse } from "./login-response.ts";
import type { SetUpReport } from "./set-up-check.ts";
import type { SettingsChange, SettingsProblem } from "./settings.ts";
import type { SimulatedCase, Simulation } from "./simulation.ts";
import type { StorageValue } from "./storage.ts";

/** What the module named by the manifest's `main` exports. */
export interface PluginModule {
	/**
	 * Called once for each load, before any hook, whether the plugin is active or not: data hooks work while it
	 * is deactivated. Does no work of its own beyond wiring.
	 *
	 * @param locales as the loader read them from the artifact.
	 * @returns the hooks that the manifest lists; others are not called.
	 */
	createPlugin(host: HelpdeskHost, locales: Locales): Partial<Plugin>;
}

/** The artifact's locales by BCP 47 tag, each with the keys and placeholders of the default one. */
export type Locales = ReadonlyMap<string, Readonly<Record<string, string>>>;

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

/** `last-way-in`: nothing was unlinked, because the user could not sign in any more; they need a password first. */
export type Unlinking = { readonly kind: "unlinked" | "not-linked" | "last-way-in" };

/**
 * The hooks. A host calls those the manifest lists, by the method named there, and no others. The route of a login hook that
 * is not listed is not there.
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

	/**
	 * Lifecycle: this version is about to take the place of another one, which goes on serving until all is well; called
	 * before `onActivate`, on one node. Changes what is stored to what this version wants. That takes effect at once with
	 * the switch, as does what the `onActivate` after it stores, or not at all: after a rejection, or where it takes longer
	 * than the host waits (some seconds), nothing has changed. It may be called again, because visitors changed the same
	 * keys meanwhile. Writes to few keys (hosts may refuse more than 1,000); what is more is migrated when it is next read.
	 * Makes no users.
	 *
	 * The version before must be able to read what this one writes: while it is being switched both serve, and an
	 * administrator may go back to it. Going back calls no `onUpgrade`, and no version is told that another one took its
	 * place. What was sent by `http` is not taken back.
	 *
	 * @param from the version whose data is there.
	 */
	onUpgrade(from: string): Promise<void>;

	/**
	 * Lifecycle: an administrator uninstalled the plugin, which is deactivated by then. `purge`: afterwards nothing is
	 * stored about anybody, and no log-in that was begun before leads to a link; the host deletes the settings, and
	 * calls no hook any more. `keep`: everything stays, and data hooks are still called.
	 */
	onUninstall(data: UninstallData): Promise<void>;

	/** Administration: may refuse what an administrator is about to save; an empty list accepts it. */
	onSettingsWillSave(change: SettingsChange): Promise<readonly SettingsProblem[]>;

	/**
	 * Administration: whether a brand is set up, in a few seconds and without a visitor. Works before anything is switched
	 * on.
	 */
	checkSetup(brandId: string): Promise<SetUpReport>;

	/**
	 * Administration: what a visitor would see in a made-up case, by the rules of real log-ins. Stores nothing, sends
	 * nothing, emits no event; works before anything is switched on.
	 *
	 * @returns undefined when there is no such brand.
	 */
	simulate(made: SimulatedCase): Promise<Simulation | undefined>;

	/**
	 * Administration: words for what a `LoginEnded` event says, those of older versions among them as far as they are known.
	 * Ends of one title are of one kind.
	 *
	 * @param locale BCP 47; the nearest language that the plugin has is taken.
	 * @param brandId where it happened, for addresses that are to be pasted somewhere.
	 * @returns undefined for a code that is not the plugin's.
	 */
	explain(
		end: Pick<LoginEndedFields, "code" | "problem">,
		locale: string,
		brandId?: string,
	): Promise<Explanation | undefined>;

	/** Login: the buttons for a page; an empty list where the plugin is off, not set up, or of no use. */
	renderLoginButtons(page: LoginPage): Promise<readonly LoginButton[]>;

	/** Login: a visitor pressed the button (POST). */
	startLogin(request: LoginRequest): Promise<LoginResponse>;

	/** Login: a browser came back from the identity provider (GET), or somebody typed the address. */
	handleCallback(request: LoginRequest): Promise<LoginResponse>;

	/** Login: the forms between the callback and the end, shown (GET) and sent (POST) at `continuePath`. */
	continueLogin(request: LoginRequest): Promise<LoginResponse>;

	/** Data: what is linked to a user. */
	listLinkedAccounts(userId: string): Promise<readonly LinkedAccount[]>;

	/**
	 * Data: the user no longer wants the link. Hosts let them prove who they are first.
	 *
	 * @param identityId of one of their {@link LinkedAccount}s.
	 */
	unlinkAccount(userId: string, identityId: string): Promise<Unlinking>;

	/**
	 * Data: somebody has proven to own an account that nobody had proven to own before. Afterwards nothing is linked to it,
	 * and no link that was begun before comes about.
	 */
	onUserClaimed(userId: string): Promise<void>;

	/** Data: one user went up in another; what was linked to the first is linked to the second from now on. */
	onUsersMerged(userId: string, intoUserId: string): Promise<void>;

	/** Data: all that is stored about a user, for themselves. */
	exportUserData(userId: string): Promise<StorageValue>;

	/**
	 * Data: links from another log-in, or from an export. Links only proven accounts and those of `LinkRow.confirmed`, and
	 * takes no link from a user who is there. May be called again with the same rows, after a crash too; rows already linked
	 * stay as they are.
	 *
	 * @param rows all of a file, so that rows that contradict each other are found.
	 * @returns what became of each row, in their order.
	 */
	importLinks(rows: readonly LinkRow[], options: LinkImport): Promise<readonly LinkResult[]>;

	/**
	 * Data: a page of a brand's links, in a stable order, such that {@link importLinks} brings them back. A link that is
	 * there throughout is in exactly one page; a page may be empty and not the last.
	 */
	exportLinks(brandId: string, cursor?: string): Promise<LinkPage>;

	/**
	 * Data: a user was deleted; afterwards nothing about their account at the provider is stored, log-ins that were on their
	 * way among it. A host may call it while `users.find` still knows the user, but then calls it again once it does not.
	 */
	onUserDeleted(userId: string): Promise<void>;

	/** Data: whom an action would concern that an administrator is about to take. Changes nothing. */
	describeImpact(action: ImpactAction): Promise<Impact>;

	/**
	 * Data: an administrator wants what is known of people's accounts at the provider forgotten at one brand. The log-in is
	 * off there by then; one that is still on its way leads to no link.
	 */
	purgeLinks(brandId: string): Promise<void>;
}

export type HookName = keyof Plugin;
