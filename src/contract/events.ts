import type { Secret } from "./secret.ts";

/** A fact for the helpdesk's log and audit trail. Secrets do not fit the type of a field. */
export interface PluginEvent {
	/** Dotted, such as `login.ended`. Each plugin has a closed set. */
	readonly name: string;
	readonly level: "info" | "warn" | "error";
	/** A sentence for people who read logs. Contains no values from outside. */
	readonly message: string;
	readonly brandId?: string;
	/** The identity it is about, such as `x:2244994945`. Hosts keep at most a keyed hash of it, and never log it. */
	readonly subject?: Secret;
	/** The user with this identity, so that a host can erase its records with the user. Hosts never log it. */
	readonly userId?: string;
	/** Values may contain any character. Hosts encode them for their log. */
	readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Events {
	/** Never throws and never waits. */
	emit(event: PluginEvent): void;
}
