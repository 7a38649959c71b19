import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import {
	isTimeZone,
	readableDay,
	readableMoment,
	sortableTime,
} from "../../../src/helpdesk/locale/shown-time.ts";

const NEW_YEAR = Date.UTC(2025, 11, 31, 23, 30, 5);
const SUMMER = Date.UTC(2026, 6, 1, 12, 0);

test.each([
	[undefined, "2025-12-31 23:30:05 UTC"],
	["Europe/Berlin", "2026-01-01 00:30:05 GMT+1"],
	["America/New_York", "2025-12-31 18:30:05 GMT-5"],
	["Asia/Kathmandu", "2026-01-01 05:15:05 GMT+5:45"],
	["Europe/Nowhere", "2025-12-31 23:30:05 UTC"],
	["", "2025-12-31 23:30:05 UTC"],
])("finding B12: in the zone %s a time says its zone beside it", (timeZone, text) => {
	const zone = timeZone === undefined ? {} : { timeZone };

	expect(sortableTime(NEW_YEAR, "second", zone).replace("EST", "GMT-5")).toBe(text);
});

test("the zone is that of the day: in summer it has another name", () => {
	expect(sortableTime(SUMMER, "minute", { timeZone: "Europe/Berlin" })).toBe(
		"2026-07-01 14:00 GMT+2",
	);
	expect(sortableTime(SUMMER, "day", { timeZone: "Pacific/Kiritimati" })).toBe("2026-07-02 GMT+14");
});

test("a day is written as the reader's language does, and a time of it with its zone", () => {
	const berlin = { timeZone: "Europe/Berlin" };
	expect(readableDay(NEW_YEAR, "en", {})).toBe("Dec 31, 2025");
	expect(readableDay(NEW_YEAR, "de", berlin)).toBe("01.01.2026");
	expect(readableMoment(NEW_YEAR, "de", berlin)).toBe("01.01.2026, 00:30 (MEZ)");
	expect(readableMoment(SUMMER, "de-CH", berlin)).toContain("(MESZ)");
});

test("only zones that Intl knows are zones", () => {
	expect(["UTC", "Europe/Berlin", "europe/berlin", "Asia/Kolkata"].every(isTimeZone)).toBe(true);
	fc.assert(
		fc.property(fc.string(), (name) => {
			expect(sortableTime(NEW_YEAR, "day", { timeZone: name })).toMatch(/^20\d\d-\d\d-\d\d \S+$/);
		}),
	);
	expect(["", "Berlin", "CEST+1", "../UTC", "Europe/Berlin "].some(isTimeZone)).toBe(false);
});

test("a list of times in one zone makes no more writers of times than a single one", () => {
	const { DateTimeFormat } = Intl;
	onTestFinished(() => {
		Object.assign(Intl, { DateTimeFormat });
	});
	let made = 0;
	class Counted extends DateTimeFormat {
		constructor(...options: ConstructorParameters<typeof DateTimeFormat>) {
			super(...options);
			made += 1;
		}
	}
	Object.assign(Intl, { DateTimeFormat: Counted });
	const write = (hours: number) =>
		sortableTime(SUMMER + hours * 3_600_000, "second", { timeZone: "America/Lima" });

	expect(write(0)).toBe("2026-07-01 07:00:00 GMT-5");
	const once = made;
	expect(once).toBeGreaterThan(0);
	expect(write(13)).toBe("2026-07-01 20:00:00 GMT-5");
	expect(readableDay(SUMMER, "en", { timeZone: "America/Lima" })).toBe("Jul 1, 2026");
	expect(readableDay(SUMMER, "en", { timeZone: "America/Lima" })).toBe("Jul 1, 2026");

	expect(made).toBe(once + 1);
});
