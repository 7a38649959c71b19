import type { Secret } from "./secret.ts";

/** A fact for the helpdesk's log and audit trail. Secrets do not fit the type of a field. */
export interface PluginEvent {
	/** Dotted, of a closed set per plugin: `login.ended`. */
	readonly name: string;
	readonly level: "info" | "warn" | "error";
	/** For people who read logs; without values that come from outside. */
	readonly message: string;
	readonly brandId?: string;
	/** Whom it is about at the identity provider: `x:2244994945`. Hosts keep at most a keyed hash of it, and log nothing. */
	readonly subject?: Secret;
	/** Who that is at the helpdesk, so that a host can erase what it keeps with them. Hosts do not log it. */
	readonly userId?: string;
	/** Hosts encode the values for their log; they may hold any character. */
	readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Events {
	/** Never throws and never waits. */
	emit(event: PluginEvent): void;
}
