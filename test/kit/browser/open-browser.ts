import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import bundled from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Long enough for a busy machine, and shorter than the test's own limit, so that a test says what never came. */
const WAIT_MS = 120_000;
/** Without a graphics card, the drawing that a card would do takes longer than everything else that a page needs. */
const ARGS = ["--no-sandbox", "--disable-gpu"];
const SYSTEM_CHROMIUM = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
];

/** Opens the system's Chromium, or else the one in an npm package, with the libraries that it needs. */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
	const browser = await launch(flags);
	browser.on("context", (context) => context.setDefaultTimeout(WAIT_MS));
	return browser;
}

async function launch(flags: readonly string[]): Promise<Browser> {
	const system = SYSTEM_CHROMIUM.find((path) => existsSync(path));
	if (system !== undefined) {
		return chromium.launch({
			executablePath: system,
			args: [...ARGS, ...flags],
			timeout: WAIT_MS,
		});
	}
	const libraries = unpackLibraries();
	const browser = await chromium.launch({
		executablePath: await bundled.executablePath(),
		timeout: WAIT_MS,
		args: [...bundled.args, ...ARGS, ...flags],
		env: { ...process.env, LD_LIBRARY_PATH: join(libraries, "lib") },
	});
	browser.once("disconnected", () => rmSync(libraries, { recursive: true, force: true }));
	return browser;
}

// The package unpacks NSS and other libraries only in the cloud it is made for. A bare Debian lacks them too.
function unpackLibraries(): string {
	const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
	const archive = join(dirname(entry), "../../bin/al2023.tar.br");
	const folder = mkdtempSync(join(tmpdir(), "chromium-libraries-"));
	execFileSync("tar", ["--extract", "--file", "-", "--directory", folder], {
		input: brotliDecompressSync(readFileSync(archive)),
	});
	return folder;
}
