import { copyFile, readFile } from "node:fs/promises";
import { BlockList } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readPublicKey } from "../../src/artifact/zip/signature.ts";
import { readKeyFile } from "../../src/cli/helpdesk/data-folder.ts";
import type { Deliver } from "../../src/helpdesk/mail/letter-delivery.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { CHEAP_HASHER } from "../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { apart } from "../kit/storage/test-servers.ts";
import { logInOperator } from "./administration.ts";
import { type Engine, FILES, FIXTURES, PUBLISHER, type Story } from "./fixture.ts";
import { loadPostgres, loadRedis } from "./server-dumps.ts";
import { X_ACCOUNTS } from "./x-accounts.ts";

/** A copy of a helpdesk's data for one test. */
export interface Place {
	readonly data: string;
	/** The storage, as `--storage` takes it. */
	readonly storage: string;
}

/** A helpdesk that serves a fixture, or a restored one. */
export interface OpenFixture {
	readonly acorn: string;
	readonly harbor: string;
	readonly operator: HttpVisitor;
	/** The errors that it wrote to its log. */
	errors(): readonly string[];
	close(): Promise<void>;
}

/** @param server the URL of the engine's server; empty for SQLite. */
export async function loadFixture(version: string, engine: Engine, server: string): Promise<Place> {
	const data = await newDataFolder();
	const from = join(FIXTURES, version, engine);
	for (const name of [FILES.key, FILES.fakeX]) {
		await copyFile(join(from, name), join(data, name));
	}
	if (engine === "sqlite") {
		await copyFile(join(from, FILES.sqlite), join(data, FILES.sqlite));
		return { data, storage: sqliteIn(data) };
	}
	const storage = apart(server);
	const load = engine === "postgres" ? loadPostgres : loadRedis;
	await load(await readFile(join(from, FILES[engine]), "utf8"), storage);
	return { data, storage };
}

export function sqliteIn(data: string): string {
	return `sqlite:${join(data, FILES.sqlite)}`;
}

/**
 * Opens a fixture with the helpdesk of this build, on the day when the fixture was made, and logs its operator in. The
 * helpdesk trusts the fixture's publisher and the publisher of this public key.
 *
 * @param deliver left out: letters stay in the mailbox.
 */
export async function openFixture(
	{ data, storage: url }: Place,
	story: Story,
	publisherToo?: string,
	deliver?: Deliver,
): Promise<OpenFixture> {
	const clock = new MockClock(story.madeAt);
	const storage = await openStorageAt(url, clock);
	const callbacks: string[] = [];
	const keys = JSON.parse(await readFile(join(data, FILES.fakeX), "utf8"));
	const fakeX = await startFakeX({
		apps: [{ ...keys, callbacks }],
		accounts: X_ACCOUNTS,
		clock,
	});
	const publisher = await readFile(join(FIXTURES, story.version, PUBLISHER), "utf8");
	const pluginZip = await builtArtifact();
	const log: string[] = [];
	const helpdesk = await startHelpdesk({
		port: 0,
		storage,
		plugin: await builtPlugin(),
		pluginZip,
		trustedKeys: [publisher, publisherToo ?? publisher].map(readPublicKey),
		clock,
		random: cryptoRandom,
		keys: await readKeyFile(join(data, FILES.key)),
		origins: { "api.x.com": fakeX.url },
		baseUrls: new Map(),
		deliver,
		startLimit: 0,
		trustedProxies: new BlockList(),
		hasher: CHEAP_HASHER,
		log: (line) => log.push(line),
	});
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));
	let closing: Promise<void> | undefined;
	const close = async (): Promise<void> => {
		await helpdesk.close();
		await fakeX.close();
		await storage.close();
	};
	const closeOnce = (): Promise<void> => {
		closing ??= close();
		return closing;
	};
	onTestFinished(closeOnce);
	const [acorn = "", harbor = ""] = helpdesk.brands.map(({ baseUrl }) => baseUrl);
	const operator = new HttpVisitor();
	await logInOperator(operator, acorn, story.operator);
	const errors = () => log.filter((line) => line.includes('"level":"error"'));
	return { acorn, harbor, operator, errors, close: closeOnce };
}
