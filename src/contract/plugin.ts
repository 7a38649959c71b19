import type { Explanation } from "./explanation.ts";
import type { HelpdeskHost } from "./helpdesk-host.ts";
import type { Impact, ImpactAction, UninstallData } from "./impact.ts";
import type { LinkImport, LinkPage, LinkResult, LinkRow } from "./link-transfer.ts";
import type { LogInPrices } from "./log-in-prices.ts";
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
	 * Called once for each load, before any hook, even if the plugin is not active, because data hooks work while it is
	 * deactivated. Only wires the plugin.
	 *
	 * @param locales as the loader read them from the artifact.
	 * @returns the hooks that the manifest lists. Others are not called.
	 */
	createPlugin(host: HelpdeskHost, locales: Locales): Partial<Plugin>;

	/**
	 * What log-ins cost at the provider. A host that shows it counts people by the events that end their log-ins
	 * ({@link LoginEndedFields.protocol}). Since version 1.1; hosts of 1.0 read `createPlugin` only.
	 */
	readonly logInPrices?: LogInPrices;

	/**
	 * What `startLogin` understands as the intent of a request besides a log-in or a link. `try`: an operator tries the
	 * log-in, which works before it is switched on. Its callback ends with a `page` that says what the provider gave and how
	 * a visitor's log-in would go on, or what went wrong. No user, link or letter comes of it, and no `login.ended`. Since version
	 * 1.3; hosts of earlier versions do not read it, and send no intent.
	 */
	readonly startIntents?: readonly "try"[];
}

/**
 * The artifact's locales by BCP 47 tag, each with the keys and placeholders of the default locale. `messageText` takes a text
 * of them, also of a message with plural forms.
 */
export type Locales = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What a plugin found at activation. Missing settings are not a failure. */
export type ActivationReport =
	| { readonly state: "ready" }
	| { readonly state: "needs-setup"; readonly brandIds: readonly string[] };

/** How much of a purge a host asks for in one call. */
export interface PurgeStep {
	/** The most links to delete: a whole number above zero. */
	readonly most: number;
}

/** What one call of `purgeLinks` has done. */
export interface PurgedLinks {
	/** How many links this call deleted. Can be 0 before all is done, because there is more to delete than links. */
	readonly removed: number;
	/** Whether nothing is left of the brand. */
	readonly isDone: boolean;
}

/** A visitor's link to an account at the identity provider, as the account page shows it. */
export interface LinkedAccount {
	/** Such as `x:2244994945`. For `unlinkAccount` and logs. */
	readonly identityId: string;
	/** How the visitor knows the account: `@XDevelopers`. */
	readonly label: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
}

/** `last-way-in`: nothing was unlinked, because the user could no longer log in. They need a password first. */
export type Unlinking = { readonly kind: "unlinked" | "not-linked" | "last-way-in" };

/**
 * The hooks. A host calls the ones that the manifest lists, by the method named there, and no others. The route of a
 * login hook that is not listed does not exist.
 *
 * A host does not call lifecycle and login hooks of a deactivated plugin. It does call data hooks, so that a user who
 * is deleted meanwhile leaves nothing behind. A hook that rejects is a bug in the plugin: hosts answer with their own
 * error page and log it. No hook rejects because of what a visitor sent.
 *
 * A host may stop waiting for a hook that a page needs: after some seconds for buttons, explanations and simulations, after
 * half a minute for login hooks and set-up checks. What the hook answers later is ignored: no session opens, no cookie is
 * set, and `afterwards` is not called. Hosts wait for data hooks that change something.
 */
export interface Plugin {
	/**
	 * Lifecycle: an administrator pressed Activate, or the host loaded an active plugin at start-up. May be called again.
	 * A rejection keeps the plugin deactivated and shows its message to the administrator.
	 */
	onActivate(): Promise<ActivationReport>;

	/** Lifecycle: an administrator pressed Deactivate. All stored data stays. */
	onDeactivate(): Promise<void>;

	/**
	 * Lifecycle: this version is about to replace another version, which serves until the switch succeeds. Called before
	 * `onActivate`, on one node. Changes the stored data to the form that this version needs. The changes, and those of
	 * the following `onActivate`, take effect together with the switch or not at all: nothing changes after a rejection,
	 * or when the hook takes longer than the host waits (some seconds). The host may call it again, because visitors
	 * changed the same keys meanwhile. Writes few keys (hosts may refuse more than 1,000); other records are migrated
	 * when they are next read. Creates no users.
	 *
	 * The previous version must be able to read what this version writes: during the switch both serve, and an
	 * administrator may go back. Going back calls no `onUpgrade`, and no version learns that another one replaced it.
	 * Requests sent by `http` cannot be undone.
	 *
	 * @param from the version that wrote the stored data.
	 */
	onUpgrade(from: string): Promise<void>;

	/**
	 * Lifecycle: an administrator uninstalled the plugin, which is already deactivated. `purge`: afterwards nothing is
	 * stored about anybody, and no log-in that began before leads to a link. The host deletes the settings and calls no
	 * hook any more. `keep`: everything stays, and the host still calls data hooks.
	 */
	onUninstall(data: UninstallData): Promise<void>;

	/** Administration: refuses what an administrator is about to save. An empty list accepts it. */
	onSettingsWillSave(change: SettingsChange): Promise<readonly SettingsProblem[]>;

	/**
	 * Administration: checks whether a brand is set up, in a few seconds and without a visitor. Works before anything is
	 * switched on.
	 */
	checkSetup(brandId: string): Promise<SetUpReport>;

	/**
	 * Administration: shows what a visitor would see in a made-up case, by the rules of real log-ins. Stores nothing,
	 * sends nothing and emits no event. Works before anything is switched on.
	 *
	 * @returns undefined when there is no such brand.
	 */
	simulate(made: SimulatedCase): Promise<Simulation | undefined>;

	/**
	 * Administration: explains a `LoginEnded` event, also of older versions as far as this version knows them. Ends with
	 * the same title are of the same kind.
	 *
	 * @param locale BCP 47. The plugin takes the nearest language that it has.
	 * @param brandId where it happened, for addresses that somebody has to paste somewhere.
	 * @returns undefined for a code that is not the plugin's.
	 */
	explain(
		end: Pick<LoginEndedFields, "code" | "problem">,
		locale: string,
		brandId?: string,
	): Promise<Explanation | undefined>;

	/** Login: draws the buttons for a page. Returns none where the plugin is off, not set up, or of no use. */
	renderLoginButtons(page: LoginPage): Promise<readonly LoginButton[]>;

	/** Login: a visitor pressed the button (POST). */
	startLogin(request: LoginRequest): Promise<LoginResponse>;

	/** Login: a browser came back from the provider (GET), or somebody typed the address. */
	handleCallback(request: LoginRequest): Promise<LoginResponse>;

	/** Login: shows (GET) and takes (POST) the forms between the callback and the end, at `continuePath`. */
	continueLogin(request: LoginRequest): Promise<LoginResponse>;

	/** Data: lists what is linked to a user. */
	listLinkedAccounts(userId: string): Promise<readonly LinkedAccount[]>;

	/**
	 * Data: a user disconnects an account. Hosts first let them prove who they are.
	 *
	 * @param identityId of one of their {@link LinkedAccount}s.
	 */
	unlinkAccount(userId: string, identityId: string): Promise<Unlinking>;

	/**
	 * Data: somebody has proven to own an account that nobody had proven to own before. Afterwards nothing is linked to
	 * it, and no log-in that began before links anything to it.
	 */
	onUserClaimed(userId: string): Promise<void>;

	/** Data: one user was merged into another. Links of the first user belong to the second from now on. */
	onUsersMerged(userId: string, intoUserId: string): Promise<void>;

	/** Data: exports everything stored about a user, for them to read. */
	exportUserData(userId: string): Promise<StorageValue>;

	/**
	 * Data: imports links from another log-in or from an export. Links only proven accounts, except as
	 * `LinkRow.confirmed` says, and takes no link away from an existing user. The host may call it again with the same
	 * rows, also after a crash. Rows that are linked already stay as they are.
	 *
	 * @param rows all rows of a file, so that the plugin finds rows that contradict each other, or some of them with the
	 * others that matter for these in {@link LinkImport.others}.
	 * @returns what happens to each row, in the order of the rows.
	 */
	importLinks(rows: readonly LinkRow[], options: LinkImport): Promise<readonly LinkResult[]>;

	/**
	 * Data: exports a page of a brand's links, in a stable order, so that {@link importLinks} can bring them back. A link
	 * that exists throughout is in exactly one page. An empty page need not be the last one.
	 */
	exportLinks(brandId: string, cursor?: string): Promise<LinkPage>;

	/**
	 * Data: a user was deleted. Afterwards nothing about their account at the provider is stored, not even by log-ins
	 * that began before. A host may call it while `users.find` still finds the user, but then calls it again afterwards.
	 */
	onUserDeleted(userId: string): Promise<void>;

	/** Data: counts the people whom an action of an administrator would affect. Changes nothing. */
	describeImpact(action: ImpactAction): Promise<Impact>;

	/**
	 * Data: an administrator deletes everything about accounts at the provider at one brand. The log-in is already
	 * switched off there. A log-in that began before leads to no link. The host may call it again, also after a crash.
	 *
	 * @param step how much the host wants deleted in this call, so that it can show progress and let visitors through in
	 * between. It calls again until the answer says that all is done. Since version 1.2; left out: everything.
	 * @returns what was done. Nothing, as plugins before 1.2 answer: everything was deleted, whatever the step.
	 */
	purgeLinks(brandId: string, step?: PurgeStep): Promise<void> | Promise<PurgedLinks>;
}

export type HookName = keyof Plugin;
