import type { HookName, Plugin } from "../../contract/plugin.ts";
import type { InTime } from "./hook-in-time.ts";

/** Hooks that change nothing. A page that waits for one of them can be shown without its answer, and tells so. */
const READING: readonly HookName[] = [
	"renderLoginButtons",
	"listLinkedAccounts",
	"describeImpact",
	"explain",
	"exportUserData",
];

/**
 * A plugin whose reading hooks end in time: a hook that never answers would keep the log-in page of every brand from
 * being shown. Other hooks go on, because the helpdesk could not tell what they have done.
 */
export function readingInTime(plugin: Plugin, inTime: InTime): Plugin {
	const limited = READING.flatMap((name) => {
		const hook: unknown = plugin[name as keyof Plugin];
		return typeof hook === "function"
			? [[name, (...given: readonly unknown[]) => inTime((async () => hook(...given))())] as const]
			: [];
	});
	return { ...plugin, ...Object.fromEntries(limited) };
}
