import type { Brands } from "./brands.ts";
import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { HttpClient } from "./http.ts";
import type { Mail } from "./mail.ts";
import type { Random } from "./random.ts";
import type { Secrets, Settings } from "./settings.ts";
import type { HostStorage } from "./storage.ts";
import type { Users } from "./users.ts";

/**
 * Everything that a helpdesk gives a plugin. A port or method that the manifest does not declare under `capabilities`
 * throws a `CapabilityError` that names it. `brands`, `events`, `clock` and `random` are always available. Each port has
 * exactly the members named here, and a plugin cannot replace them.
 */
export interface HelpdeskHost {
	/**
	 * The version of the contract that the helpdesk keeps, such as `1.3.0`. Absent in a helpdesk of 1.0: the loader leaves
	 * out any earlier version than 1.1.0, so a plugin that finds one may rely on all that 1.1 added.
	 */
	readonly contract?: string;
	/** Needs the capability `storage`. */
	readonly storage: HostStorage;
	/** Needs the capability `secrets`. */
	readonly secrets: Secrets;
	/** Needs the capability `settings`. */
	readonly settings: Settings;
	readonly brands: Brands;
	/** `ownerOf` and `find` need the capability `users:read`, the others `users:create` and `users:confirm`. */
	readonly users: Users;
	/** Needs the capability `mail`. */
	readonly mail: Mail;
	/** Reaches the hosts under `capabilities.network` and no others. */
	readonly http: HttpClient;
	readonly events: Events;
	readonly clock: Clock;
	readonly random: Random;
}
