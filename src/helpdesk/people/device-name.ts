import type { Device } from "./stored-session.ts";

/** More is never read, whatever a program sends. */
const MOST_CHARACTERS = 512;

/** Browsers name those that they are like, so the first match counts. */
const BROWSERS: readonly (readonly [token: string, name: string])[] = [
	["Edg/", "Edge"],
	["EdgA/", "Edge"],
	["EdgiOS/", "Edge"],
	["OPR/", "Opera"],
	["OPT/", "Opera"],
	["SamsungBrowser/", "Samsung Internet"],
	["Vivaldi/", "Vivaldi"],
	["YaBrowser/", "Yandex Browser"],
	["Firefox/", "Firefox"],
	["FxiOS/", "Firefox"],
	["Chrome/", "Chrome"],
	["CriOS/", "Chrome"],
	["Safari/", "Safari"],
];

/** Systems, too: an iPhone is "like Mac OS X", and Android is a Linux. */
const SYSTEMS: readonly (readonly [token: string, name: string])[] = [
	["iPhone", "iPhone"],
	["iPad", "iPad"],
	["Android", "Android"],
	["Windows", "Windows"],
	["CrOS", "ChromeOS"],
	["Macintosh", "macOS"],
	["Linux", "Linux"],
];

/** The name of a program that is no browser: `curl` in `curl/8.5.0`. */
const PROGRAM = /^([A-Za-z][A-Za-z0-9._-]{0,29})(?:\/|$)/;

/**
 * The browser and the system that a `User-Agent` header names, without versions. Programs may send what they like, so it
 * proves nothing.
 */
export function deviceNames(userAgent: string | undefined): Pick<Device, "browser" | "system"> {
	const text = (userAgent ?? "").slice(0, MOST_CHARACTERS);
	const known = (names: typeof BROWSERS): string | null =>
		names.find(([token]) => text.includes(token))?.[1] ?? null;
	const browser = known(BROWSERS);
	const [, program = null] = /^Mozilla\b/.test(text) ? [] : (PROGRAM.exec(text) ?? []);
	return { browser: browser ?? program, system: known(SYSTEMS) };
}
