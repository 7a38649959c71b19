import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import type { HostStorage } from "x-login/contract";
import { loadPlugin, MemoryStorage } from "x-login/host";
import { createMockHost, MockClock, type MockHost, mockBrand } from "x-login/testing";

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
