import type { UninstallData } from "../../contract/impact.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { SettingValue } from "../../contract/settings.ts";
import type { MockClock } from "../mock-host/mock-clock.ts";

export type ContractVersion = "1.0" | "1.1" | "1.2" | "1.3";

/** What a helpdesk may do without. */
export type HostPart =
	/** A second brand, and settings for all brands. */
	| "second-brand"
	/** A second plugin in the same storage. */
	| "second-plugin"
	/** Uninstalling, where a plugin is part of the helpdesk's own set-up. */
	| "uninstall"
	/** Accounts that an e-mailed ticket made. */
	| "unclaimed-users"
	/** A queue in which new users wait for an approval without an id. */
	| "approval-queue"
	/** Details that users have to give before they are `active`. */
	| "incomplete-users";

/** How `describeHostContract` opens and handles a helpdesk. */
export interface HostUnderTest {
	readonly name: string;
	/** The version of the contract that it keeps: 1.0 by default. A later one adds promises. */
	readonly contract?: ContractVersion;
	/** What it does without. The promises about it are left out, and printed by their names. */
	readonly without?: readonly HostPart[];
	/** Called with each line that says what is left out. `console.log` by default. */
	print?(line: string): void;
	/** Opens a new helpdesk without users, for one test. */
	open(setUp: HostSetUp): Promise<OpenedHost>;
	/** How its pages are used. Without it, only the ports are tested. */
	readonly portal?: PortalUnderTest;
	/** `describe` and `test` of Vitest, Jest or node:test. */
	describe(name: string, suite: () => void): void;
	test(name: string, run: () => Promise<void>): void;
}

export interface HostSetUp {
	/** The zip of the plugin. Install it in this process, and do not activate it. */
	readonly plugin: Uint8Array;
	/** The helpdesk's clock. A test moves it. */
	readonly clock: MockClock;
	/** The operator's addresses for hosts that the plugin declares: `{ "declared.example": "http://…" }`. */
	readonly origins: Readonly<Record<string, string>>;
}

/** The actions of a test as an administrator, and as the operator of the process. */
export interface OpenedHost {
	/** Two brands, or one of a helpdesk without `second-brand`. They are open for registration. */
	readonly brandIds: readonly [string, ...string[]];
	/** The address where a brand's portal listens, without a path: its base URL, or the address behind its proxy. */
	portalUrl(brandId: string): string;
	/** Rejects if the plugin refuses. */
	activate(): Promise<void>;
	deactivate(): Promise<void>;
	/** Uninstalls the active plugin as an administrator, and keeps or purges its data. Needed for `uninstall`. */
	uninstall?(data: UninstallData): Promise<void>;
	/**
	 * Saves settings of the active plugin as an administrator. Settings that are not named stay, `null` removes one.
	 * Rejects if the plugin refuses.
	 *
	 * @param brandId undefined for the settings of all brands.
	 */
	save(
		brandId: string | undefined,
		settings: Readonly<Record<string, SettingValue | null>>,
	): Promise<void>;
	/** Switches the active plugin on or off for a brand. */
	enable(brandId: string, enabled: boolean): Promise<void>;
	/** @returns the user's id. */
	addUser(user: TestUser): Promise<string>;
	/** Adds somebody who answers tickets, with an address that nobody has. @returns their id. */
	addStaff(email: string): Promise<string>;
	suspend(userId: string): Promise<void>;
	delete(userId: string): Promise<void>;
	/** Installs another plugin beside the first one, in the same storage. Needed for `second-plugin`. */
	install?(plugin: Uint8Array): Promise<void>;
	/** The queue of a helpdesk that answers `pending` to the creation of a user. Needed for `approval-queue`. */
	readonly approvals?: {
		/** Makes new users wait from now on. */
		require(): Promise<void>;
		/** Approves everybody who waits. */
		approveAll(): Promise<void>;
	};
	/** All letters of plugins so far. The helpdesk must not send them. */
	letters(): Promise<readonly MailMessage[]>;
	/** The entries of the helpdesk's log so far. */
	log(): readonly string[];
	close(): Promise<void>;
}

export interface TestUser {
	readonly brandId: string;
	readonly email: string;
	/** Absent for a user without a password. */
	readonly password?: string;
	/** Whether the helpdesk has proof that the address is theirs. */
	readonly confirmed: boolean;
	/** Created by an e-mailed ticket, without a password. Only with `unclaimed-users`. */
	readonly unclaimed?: boolean;
	/** Whether the helpdesk's form must ask them for more details. Only with `incomplete-users`. */
	readonly incomplete?: boolean;
}

export interface PortalUnderTest {
	/** Paths of the pages that show a plugin's buttons, besides the brand's `loginPath`. */
	readonly registerPath: string;
	readonly accountPath: string;
	/** Names of the fields of the log-in form. `passwordField` is also in the form where a user proves who they are. */
	readonly emailField: string;
	readonly passwordField: string;
	/** Names of fields that an `incomplete` user fills in, and valid values. Needed for `incomplete-users`. */
	readonly missingFields?: Readonly<Record<string, string>>;
}
