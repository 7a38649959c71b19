import { expect, test } from "vitest";
import { deviceNames } from "../../../src/helpdesk/people/device-name.ts";

const GECKO = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15";

test.each<[string, string | undefined, string | null, string | null]>([
	["Firefox on Linux", GECKO, "Firefox", "Linux"],
	[
		"Chrome on Windows",
		`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`,
		"Chrome",
		"Windows",
	],
	[
		"Edge on Windows",
		`Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0`,
		"Edge",
		"Windows",
	],
	[
		"Opera on macOS",
		`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/138.0 Safari/537.36 OPR/122.0`,
		"Opera",
		"macOS",
	],
	[
		"Samsung Internet on Android",
		`Mozilla/5.0 (Linux; Android 15; K) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`,
		"Samsung Internet",
		"Android",
	],
	[
		"Chrome on a Chromebook",
		`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/140.0 Safari/537.36`,
		"Chrome",
		"ChromeOS",
	],
	["Safari on an iPhone", `${IPHONE} Version/18.5 Mobile Safari/604.1`, "Safari", "iPhone"],
	["Chrome on an iPhone", `${IPHONE} CriOS/140.0 Mobile Safari/604.1`, "Chrome", "iPhone"],
	["a program", "curl/8.5.0", "curl", null],
	["a program without a version", "node", "node", null],
	["an unknown browser", "Mozilla/5.0 (compatible)", null, null],
	["no header", undefined, null, null],
	["an empty header", "", null, null],
	["markup", "<script>alert(1)</script>", null, null],
	["an endless name", "a".repeat(100_000), null, null],
	["a name behind an endless text", `${" ".repeat(100_000)}Firefox/1`, null, null],
])("%s is named", (_, userAgent, browser, system) => {
	expect(deviceNames(userAgent)).toEqual({ browser, system });
});
