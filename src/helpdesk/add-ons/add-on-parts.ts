import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { Accounts } from "../people/accounts.ts";
import type { PasswordLetters } from "../people/password-letters.ts";
import type { Registration } from "../people/registration.ts";
import type { Vault } from "../settings/vault.ts";
import type { InTime } from "./hook-in-time.ts";
import type { PackageStore } from "./package-store.ts";

/** What all add-ons of a helpdesk share. */
export interface AddOnParts {
	readonly storage: HostStorage;
	readonly packages: PackageStore;
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly outbox: Outbox;
	readonly letters: PasswordLetters;
	readonly vault: Vault;
	readonly ledgerKeys: readonly Uint8Array[];
	readonly http: HelpdeskHost["http"];
	readonly clock: Clock;
	readonly random: HelpdeskHost["random"];
	readonly inTime: InTime;
	readonly log: (event: PluginEvent) => void;
	readonly logError: (what: string, error: unknown) => void;
}
