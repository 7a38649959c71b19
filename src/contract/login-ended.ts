import type { PluginEvent } from "./events.ts";

/**
 * How an attempt to come in ended. A plugin emits it once for each attempt, and once for each request that belongs to no
 * attempt which is still under way: a foreign, forged or repeated one. Nothing is emitted for visitors who never came
 * back. Hosts make their sign-in ledger of it; they check what they keep, as with everything that a plugin says.
 */
export interface LoginEnded extends PluginEvent {
	readonly name: "login.ended";
	readonly brandId: string;
	readonly fields: LoginEndedFields;
}

export interface LoginEndedFields {
	readonly [name: string]: string | number | boolean | null;
	/** `came-in`: the host opens a session, or there was one already; `cancelled`: the visitor changed their mind. */
	readonly outcome: "came-in" | "cancelled" | "refused";
	/** `[a-z0-9-]+`, of a closed set per plugin, told apart by `explain`. That of the `LoginResponse`, where it has one. */
	readonly code: string;
	/** Of this end and no other. Stands in the page, where there is one. */
	readonly traceCode: string;
	/** Null where it is not known to which attempt the request belongs. So are the times. */
	readonly wanted: "log-in" | "link" | null;
	/** From the pressed button to now, in milliseconds. */
	readonly durationMs: number | null;
	/** On the provider's pages, in milliseconds; null where they never came to them and back. */
	readonly awayMs: number | null;
	/** To the provider, in all of the attempt. */
	readonly calls: number;
	/** For the answers to those calls, in milliseconds. */
	readonly waitedMs: number;
	/** What the provider did wrong, whether it ended the attempt or not; of a closed set per plugin. */
	readonly problem: string | null;
}
