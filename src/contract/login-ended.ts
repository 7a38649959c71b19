import type { PluginEvent } from "./events.ts";

/**
 * How an attempt to log in ended. A plugin emits it once for each attempt, and once for each request that belongs to no
 * open attempt because it is foreign, forged or repeated. Anybody can send any number of those, so a plugin emits it for
 * the first few of a network only. Its response to the others has an empty trace code; a host counts these by itself. A
 * plugin emits nothing for visitors who never came back. Hosts keep their sign-in ledger from these events, and check
 * them like everything that a plugin says.
 */
export interface LoginEnded extends PluginEvent {
	readonly name: "login.ended";
	readonly brandId: string;
	readonly fields: LoginEndedFields;
}

/** Two types, because an optional field does not fit an index signature for everybody who compiles this. */
export type LoginEndedFields = LoginEndedFields10 & LoginEndedFields11;

interface LoginEndedFields10 {
	readonly [name: string]: string | number | boolean | null;
	/**
	 * `came-in`: the host opens a session, or a session was open already. `cancelled`: the visitor changed their mind.
	 */
	readonly outcome: "came-in" | "cancelled" | "refused";
	/**
	 * `[a-z0-9-]+`, from a closed set of the plugin; see `explain`. The same as in the `LoginResponse`, if that has one.
	 */
	readonly code: string;
	/** Unique to this attempt. The page shows it, if there is a page. */
	readonly traceCode: string;
	/** Null, like the times below, if the attempt that the request belongs to is not known. */
	readonly wanted: "log-in" | "link" | null;
	/** The time from the press of the button to the end, in milliseconds. */
	readonly durationMs: number | null;
	/** The time on the provider's pages, in milliseconds; null if the visitor did not go there and come back. */
	readonly awayMs: number | null;
	/** The number of calls to the provider in the whole attempt. */
	readonly calls: number;
	/** The time spent waiting for the answers to those calls, in milliseconds. */
	readonly waitedMs: number;
	/** The provider's error, even if it did not end the attempt; from a closed set of the plugin. */
	readonly problem: string | null;
}

interface LoginEndedFields11 {
	/**
	 * The protocol between the plugin and the provider, `[a-z0-9-]+`, from a closed set of the plugin; null if the attempt
	 * is not known. Since version 1.1; plugins made for 1.0 leave it out.
	 */
	readonly protocol?: string | null;
}
