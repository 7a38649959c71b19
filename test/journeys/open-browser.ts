import { existsSync } from "node:fs";
import bundled from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const SYSTEM_CHROMIUM = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
];

/** A system's Chromium if there is one, else the one that an npm package carries. */
export async function openBrowser(): Promise<Browser> {
	const system = SYSTEM_CHROMIUM.find((path) => existsSync(path));
	if (system !== undefined) {
		return chromium.launch({ executablePath: system, args: ["--no-sandbox"] });
	}
	return chromium.launch({
		executablePath: await bundled.executablePath(),
		args: [...bundled.args, "--no-sandbox"],
	});
}
