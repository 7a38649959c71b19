import { systemClock } from "../../ports/system-clock.ts";

/** Writes a line to the log. Standard output is for the result of the command. */
export function log(line: string): void {
	console.error(line);
}

/** Writes a warning to the log. */
export function warn(name: string, message: string): void {
	const time = new Date(systemClock.now()).toISOString();
	log(JSON.stringify({ time, name, level: "warn", message, fields: {} }));
}
