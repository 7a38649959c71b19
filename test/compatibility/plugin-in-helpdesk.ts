import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { loadPlugin } from "../../src/artifact/load/load-plugin.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { type FakeX, startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { API_KEY_SECRET, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { FIXTURES } from "./fixture.ts";
import { X_ACCOUNTS } from "./x-accounts.ts";

/** The parts of a build that run a helpdesk. */
export interface HelpdeskBuild {
	readonly loadPlugin: typeof loadPlugin;
	readonly startHelpdesk: typeof startHelpdesk;
	readonly MemoryStorage: typeof MemoryStorage;
}

/** A helpdesk with a plugin from a zip. X is set up at its first brand. */
export interface PluginInHelpdesk {
	readonly portal: string;
	readonly fakeX: FakeX;
	readonly clock: MockClock;
	readonly operator: HttpVisitor;
	/** The errors that it wrote to its log. */
	errors(): readonly string[];
}

export const THIS_BUILD: HelpdeskBuild = { loadPlugin, startHelpdesk, MemoryStorage };

/** The helpdesk of 0.1.0, from the fixture. */
export async function helpdeskOfContract10(): Promise<HelpdeskBuild> {
	const folder = await mkdtemp(join(tmpdir(), "contract-1.0-"));
	try {
		const packed = await readFile(join(FIXTURES, "contract-1.0", "helpdesk.mjs.gz"));
		const file = join(folder, "helpdesk.mjs");
		await writeFile(file, gunzipSync(packed));
		return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as HelpdeskBuild;
	} finally {
		await rm(folder, { recursive: true });
	}
}

export async function openPluginIn(
	build: HelpdeskBuild,
	pluginZip: Uint8Array,
): Promise<PluginInHelpdesk> {
	const clock = new MockClock();
	const callbacks: string[] = [];
	const fakeX = await startFakeX({
		apps: [{ apiKey: "api-key", apiKeySecret: API_KEY_SECRET, callbacks }],
		accounts: X_ACCOUNTS,
		clock,
	});
	const log: string[] = [];
	const helpdesk = await build.startHelpdesk({
		port: 0,
		storage: new build.MemoryStorage(clock),
		plugin: await build.loadPlugin(pluginZip),
		pluginZip,
		clock,
		random: cryptoRandom,
		keys: [cryptoRandom.bytes(32)],
		origins: { "api.x.com": fakeX.url },
		baseUrls: new Map(),
		deliver: undefined,
		startLimit: 0,
		trustedProxies: new BlockList(),
		hasher: CHEAP_HASHER,
		log: (line) => log.push(line),
	});
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));
	onTestFinished(async () => {
		await helpdesk.close();
		await fakeX.close();
	});
	const operator = new HttpVisitor();
	await operator.open(`${helpdesk.adminUrl}/login`);
	const { email, password } = helpdesk.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await setUpX({ helpdesk, operator });
	const portal = helpdesk.brands[0]?.baseUrl ?? "";
	return {
		portal,
		fakeX,
		clock,
		operator,
		errors: () => log.filter((line) => line.includes('"error"')),
	};
}
