import type { Clock } from "../../contract/clock.ts";

const MINUTE_MS = 60_000;
const LINES_A_MINUTE = 20;

/**
 * Keeps the process alive when a promise is rejected, or a timer or a listener throws, and nobody handles it. Add-ons run in this
 * process: a faulty one would otherwise stop every brand, again after each restart. The helpdesk goes on because nothing
 * in memory has to be right for the next request: what it keeps is in the storage, in commits that happen whole or not
 * at all, and a request that was interrupted ends by its own time limit.
 *
 * An add-on that fails without end does not fill the log: each minute has at most twenty lines.
 */
export function outliveAddOns(
	process: Pick<NodeJS.Process, "on">,
	{ clock, log }: { readonly clock: Clock; readonly log: (line: string) => void },
): void {
	let minute = Number.NEGATIVE_INFINITY;
	let lines = 0;
	const report = (message: string, error: unknown): void => {
		const now = clock.now();
		if (now - minute >= MINUTE_MS) {
			minute = now;
			lines = 0;
		}
		lines += 1;
		if (lines <= LINES_A_MINUTE) {
			const fields = { error: textOf(error) };
			const time = new Date(now).toISOString();
			log(JSON.stringify({ time, name: "helpdesk.error", level: "error", message, fields }));
		}
	};
	process.on("unhandledRejection", (reason) =>
		report("a promise was rejected that nobody waits for, for example one of an add-on", reason),
	);
	process.on("uncaughtException", (error) =>
		report("a timer or a listener threw an error, for example one of an add-on", error),
	);
}

/** Never throws, whatever an add-on throws. */
function textOf(error: unknown): string {
	try {
		return error instanceof Error ? String(error.stack ?? error.message) : String(error);
	} catch {
		return "an error without a text";
	}
}
