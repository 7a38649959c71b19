import type { InTime } from "../../../src/helpdesk/add-ons/hook-in-time.ts";
import { SlowHookError } from "../../../src/routes/hook-in-time.ts";
import { HANGING } from "../artifact/plugin-versions.ts";

type End = () => void;

/** The seconds of no real hook, so that a test sees whose time was over. */
const SECONDS = 7;

/** Options of a helpdesk where the time of a hook is over as soon as it hangs. Other hooks have the time that they need. */
export function impatience(also: (line: string) => void = () => {}) {
	/** Hooks that activate or switch a plugin: one at a time. */
	const lifecycle = new Set<End>();
	const pages = new Set<End>();
	let hanging = 0;
	const endHanging = (): void => {
		if (lifecycle.size > 0) {
			hanging = 0;
			endAll(lifecycle);
		} else if (pages.size === hanging) {
			hanging = 0;
			endAll(pages);
		}
	};
	const inTime: InTime = async (call, milliseconds) => {
		const waiting = milliseconds === undefined ? lifecycle : pages;
		let end: End = () => {};
		const over = new Promise<never>((_, reject) => {
			end = () => reject(new SlowHookError(SECONDS));
		});
		waiting.add(end);
		try {
			return await Promise.race([call, over]);
		} finally {
			waiting.delete(end);
			if (hanging > 0) {
				endHanging();
			}
		}
	};
	return {
		inTime,
		log: (line: string) => {
			also(line);
			if (line.includes(HANGING)) {
				hanging += 1;
				// A hook may say so before its time begins.
				queueMicrotask(endHanging);
			}
		},
	};
}

function endAll(waiting: Set<End>): void {
	for (const end of waiting) {
		end();
	}
	waiting.clear();
}
