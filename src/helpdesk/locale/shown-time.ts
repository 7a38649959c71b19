import type { Brand } from "../../contract/brands.ts";

/** The zone of a brand that names none, and of what belongs to no brand. */
const UTC = "UTC";

/** What may have a time zone of its own. */
export type InZone = Pick<Brand, "timeZone">;

/** The most writers of times that are kept. A page has many times in few zones, and a writer takes long to make. */
const MOST_WRITERS = 100;
const writers = new Map<string, Intl.DateTimeFormat>();

/** Whether `Intl` knows a time zone by this name. */
export function isTimeZone(name: string): boolean {
	try {
		writerOf("en", { timeZone: name });
		return true;
	} catch {
		return false;
	}
}

/** @returns UTC where there is no zone, or none that is known. */
function timeZoneOf({ timeZone = UTC }: InZone): string {
	return isTimeZone(timeZone) ? timeZone : UTC;
}

/**
 * A time that sorts by its text, with its zone: `2026-01-15 14:05:00 UTC`.
 *
 * @param at milliseconds since the epoch.
 * @param detail how much of it is shown.
 */
export function sortableTime(
	at: number,
	detail: "day" | "minute" | "second",
	zone: InZone,
): string {
	const timeZone = timeZoneOf(zone);
	const parts = writerOf("en-GB", {
		...{ year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" },
		...{ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone },
	}).formatToParts(at);
	const part = (type: Intl.DateTimeFormatPartTypes): string =>
		parts.find((each) => each.type === type)?.value ?? "";
	const time = [part("hour"), part("minute"), part("second")].slice(0, detail === "second" ? 3 : 2);
	const day = `${part("year")}-${part("month")}-${part("day")}`;
	return [day, ...(detail === "day" ? [] : [time.join(":")]), zoneName(at, "en", timeZone)].join(
		" ",
	);
}

/**
 * A day as people read it: `Jan 15, 2026`.
 *
 * @param at milliseconds since the epoch.
 * @param tag a language that `Intl` takes.
 */
export function readableDay(at: number, tag: string, zone: InZone): string {
	return writerOf(tag, { dateStyle: "medium", timeZone: timeZoneOf(zone) }).format(at);
}

/** The same with the time and its zone: `Jan 15, 2026, 2:05 PM (UTC)`. */
export function readableMoment(at: number, tag: string, zone: InZone): string {
	const timeZone = timeZoneOf(zone);
	const shown = writerOf(tag, { dateStyle: "medium", timeStyle: "short", timeZone }).format(at);
	return `${shown} (${zoneName(at, tag, timeZone)})`;
}

/** The short name that a zone has at a time: in Berlin CET or CEST, which some languages write GMT+1 and GMT+2. */
function zoneName(at: number, tag: string, timeZone: string): string {
	const parts = writerOf(tag, { timeZone, timeZoneName: "short" }).formatToParts(at);
	return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** @throws RangeError for a zone or a language that `Intl` does not know. */
function writerOf(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const name = JSON.stringify([tag, options]);
	const known = writers.get(name);
	if (known !== undefined) {
		return known;
	}
	const writer = new Intl.DateTimeFormat(tag, options);
	if (writers.size >= MOST_WRITERS) {
		writers.clear();
	}
	writers.set(name, writer);
	return writer;
}
