import type { UninstallData } from "../../contract/impact.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { SettingValue } from "../../contract/settings.ts";
import type { MockClock } from "../mock-host/mock-clock.ts";

/** A helpdesk, as `describeHostContract` is told how to open and handle it. */
export interface HostUnderTest {
	readonly name: string;
	/** Opens a helpdesk of its own, with nobody in it, for one test. */
	open(setUp: HostSetUp): Promise<OpenedHost>;
	/** How its pages are used. Without it, only the ports are asked. */
	readonly portal?: PortalUnderTest;
	/** The test runner's own, of Vitest, Jest or node:test. */
	describe(name: string, suite: () => void): void;
	test(name: string, run: () => Promise<void>): void;
}

export interface HostSetUp {
	/** Zip of the plugin to load, in this process. Installed, and not yet activated. */
	readonly plugin: Uint8Array;
	/** By which the helpdesk tells the time; it moves when a test says so. */
	readonly clock: MockClock;
	/** What the operator put in the place of hosts that the plugin declares: `{ "declared.example": "http://…" }`. */
	readonly origins: Readonly<Record<string, string>>;
}

/** What a test does as administrator, as operator of the process and as somebody who looks from outside. */
export interface OpenedHost {
	/** Two brands, both open for registration. */
	readonly brandIds: readonly [string, string];
	/** Where a brand's portal listens, without a path: its base URL, or what is behind its proxy. */
	portalUrl(brandId: string): string;
	/** Rejects when the plugin does not want to. */
	activate(): Promise<void>;
	deactivate(): Promise<void>;
	/** Of the active plugin, as an administrator who keeps what it stored or wants it deleted. */
	uninstall(data: UninstallData): Promise<void>;
	/**
	 * Saves settings of the active plugin as an administrator: those that are not named stay, `null` removes one. Rejects when the plugin
	 * refuses.
	 *
	 * @param brandId undefined: for all brands.
	 */
	save(
		brandId: string | undefined,
		settings: Readonly<Record<string, SettingValue | null>>,
	): Promise<void>;
	/** Switches the active plugin on or off for a brand. */
	enable(brandId: string, enabled: boolean): Promise<void>;
	/** @returns the user's id. */
	addUser(user: TestUser): Promise<string>;
	/** Adds somebody who answers tickets. @returns the id that the helpdesk knows them by. */
	addStaff(email: string): Promise<string>;
	suspend(userId: string): Promise<void>;
	delete(userId: string): Promise<void>;
	/** Installs another plugin beside the first one, on the same storage. */
	install(plugin: Uint8Array): Promise<void>;
	/** Letters that plugins handed over so far. Let none go out. */
	letters(): Promise<readonly MailMessage[]>;
	/** What the helpdesk wrote to its log so far, entry by entry. */
	log(): readonly string[];
	close(): Promise<void>;
}

export interface TestUser {
	readonly brandId: string;
	readonly email: string;
	/** Absent: they have no way in of their own. */
	readonly password?: string;
	/** Whether the helpdesk has proof that they read the address. */
	readonly confirmed: boolean;
	/** Made by an e-mailed ticket; they have no password then. */
	readonly unclaimed?: boolean;
	/** Whether the helpdesk wants to know more of them, which its form asks for. */
	readonly incomplete?: boolean;
}

export interface PortalUnderTest {
	/** Paths of the pages that show a plugin's buttons besides the brand's `loginPath`. */
	readonly registerPath: string;
	readonly accountPath: string;
	/** Names of the fields of the log-in form; the second one also where a visitor proves who they are. */
	readonly emailField: string;
	readonly passwordField: string;
	/** What an `incomplete` user fills in: names of fields and values that will do. */
	readonly missingFields: Readonly<Record<string, string>>;
}
