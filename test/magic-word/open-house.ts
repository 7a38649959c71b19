import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import type { HostStorage, LoginResponse } from "x-login/contract";
import { loadPlugin, MemoryStorage } from "x-login/host";
import {
	createMockHost,
	type MockBrowser,
	MockClock,
	type MockHost,
	mockBrand,
} from "x-login/testing";

export const WORD = "canary abracadabra";

const run = promisify(execFile);

/** Builds the plugin as its README says. @returns the zip, and the output of `validate`. */
export async function buildMagicWord(): Promise<{ zip: Uint8Array; verdict: string }> {
	const folder = await mkdtemp(join(tmpdir(), "magic-word-test-"));
	try {
		const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
		await run(process.execPath, [here("build.mjs"), folder]);
		const file = join(folder, "magic-word-1.0.0.zip");
		const { stdout } = await run(process.execPath, [here("../../dist/cli.mjs"), "validate", file]);
		return { zip: await readFile(file), verdict: stdout };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** A mock host of two brands. The plugin is set up and switched on for both. */
export async function openHouse(
	zip: Uint8Array,
	broken?: (storage: HostStorage) => HostStorage,
): Promise<MockHost> {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const host = createMockHost({
		plugin: await loadPlugin(zip),
		brands: [mockBrand("acorn"), mockBrand("harbor", { registrationOpen: false })],
		clock,
		storage: broken?.(storage) ?? storage,
	});
	for (const { id } of host.brands) {
		host.settings.save(id, { magicWord: WORD });
		host.settings.enable(id);
	}
	onTestFinished(() => host.close());
	return host;
}

/** Presses the button and sends the form. */
export function logIn(browser: MockBrowser, nickname: string, word = WORD): Promise<LoginResponse> {
	return browser
		.pressButton("/tickets?a=1")
		.then(() => browser.submitForm({ nickname, word }, { action: "log-in" }));
}

export function userIdOf(response: LoginResponse): string {
	return "userId" in response ? response.userId : expect.fail(JSON.stringify(response));
}

/** The keys of all that the plugin stored. */
export async function storedKeys({ storage }: MockHost): Promise<string[]> {
	const { entries } = await storage.list([]);
	return entries.map(({ key }) => key.join(" "));
}
