import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { Accounts } from "../people/accounts.ts";
import type { PasswordLetters } from "../people/password-letters.ts";
import type { PeopleCounts } from "../people/people-counts.ts";
import type { PeopleSearch } from "../people/people-search.ts";
import type { Registration } from "../people/registration.ts";
import type { Vault } from "../settings/vault.ts";
import type { InTime } from "./hook-in-time.ts";
import type { PackageStore } from "./package-store.ts";

/** An event of the helpdesk or of an add-on. The helpdesk sets the add-on, so that no add-on writes as another. */
export type LoggedEvent = PluginEvent & {
	/** The id of the add-on that emitted it. Undefined for the helpdesk's own events. */
	readonly plugin?: string;
};

/** What all add-ons of a helpdesk share. */
export interface AddOnParts {
	readonly storage: HostStorage;
	readonly packages: PackageStore;
	readonly brands: KnownBrands;
	readonly accounts: Accounts;
	readonly registration: Registration;
	readonly outbox: Outbox;
	readonly letters: PasswordLetters;
	readonly search: PeopleSearch;
	readonly counts: PeopleCounts;
	readonly vault: Vault;
	readonly ledgerKeys: readonly Uint8Array[];
	readonly http: HelpdeskHost["http"];
	readonly clock: Clock;
	readonly random: HelpdeskHost["random"];
	readonly inTime: InTime;
	readonly log: (event: LoggedEvent) => void;
	readonly logError: (what: string, error: unknown) => void;
}
