import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import manifest from "../../plugin.json" with { type: "json" };
import { packPlugin } from "../../src/artifact/pack/pack-plugin.ts";
import { readArchive } from "../../src/artifact/zip/read-archive.ts";
import { newKeyPair, readPrivateKey, signArchive } from "../../src/artifact/zip/signature.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";
import { type Engine, FILES, FIXTURES, PUBLISHER, type Story } from "./fixture.ts";
import { liveThrough, type SignedZips } from "./live-through.ts";
import { dumpPostgres, dumpRedis } from "./server-dumps.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const MAGIC_WORD = fileURLToPath(new URL("../magic-word/build.mjs", import.meta.url));
const FAKE_KEYS = { apiKey: "fixture-api-key", apiKeySecret: "fixture-api-key-secret" };
const KEY = Buffer.from("fixture key that opens nothing!!").toString("base64");

const run = promisify(execFile);

/** Packs the magic word in two versions, and signs them with a private key that nobody keeps. */
async function signedMagicWord(folder: string): Promise<{ zips: SignedZips; publicKey: string }> {
	const { privateKey, publicKey } = newKeyPair();
	await run(process.execPath, [MAGIC_WORD, folder]);
	const zip = await readFile(join(folder, "magic-word-1.0.0.zip"));
	const files = readArchive(zip);
	const { version: _, ...rest } = JSON.parse(
		Buffer.from(files.get("plugin.json") ?? []).toString(),
	);
	files.set("plugin.json", Buffer.from(JSON.stringify({ version: "1.1.0", ...rest })));
	const zips = [zip, packPlugin(files).zip].map((each) => ({
		zip: each,
		signature: signArchive(each, readPrivateKey(privateKey)),
	}));
	return { zips, publicKey };
}

/** Starts the built helpdesk, lives through the story, and ends it as an operator does. */
async function storyOf(data: string, storage: string, zips: SignedZips): Promise<Story> {
	await writeFile(join(data, FILES.key), KEY);
	await writeFile(join(data, FILES.fakeX), JSON.stringify(FAKE_KEYS));
	const flags = ["--port", "0", "--data", data, "--storage", storage, "--start-limit", "0"];
	const child = spawn(process.execPath, [CLI, "start", "--json", ...flags], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = once(child, "exit");
	try {
		const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
		const story = await liveThrough(JSON.parse(String(line)) as Ready, zips);
		return { version: manifest.version, madeAt: Date.now(), ...story };
	} finally {
		child.kill("SIGTERM");
		await ended;
	}
}

async function makeEngine(
	engine: Engine,
	storage: (data: string) => string,
	write: (from: string, to: string) => Promise<void>,
	zips: SignedZips,
): Promise<void> {
	const data = await mkdtemp(join(tmpdir(), "fixture-"));
	const out = join(FIXTURES, manifest.version, engine);
	try {
		const story = await storyOf(data, storage(data), zips);
		await mkdir(out, { recursive: true });
		await writeFile(join(out, FILES.story), `${JSON.stringify(story, null, "\t")}\n`);
		for (const name of [FILES.key, FILES.fakeX]) {
			await copyFile(join(data, name), join(out, name));
		}
		await write(data, out);
	} finally {
		await rm(data, { recursive: true });
	}
}

function fromEnvironment(name: string): string {
	const url = process.env[name];
	if (url === undefined) {
		throw new Error(`${name} is not set; run this with test/with-servers.sh`);
	}
	return url;
}

const folder = join(FIXTURES, manifest.version);
if ((await stat(folder).catch(() => undefined)) !== undefined) {
	throw new Error(
		`${folder} exists already, and the fixture of a published version never changes; delete the folder if this version is not published yet`,
	);
}
const [postgres, redis] = ["TEST_POSTGRES_URL", "TEST_REDIS_URL"].map(fromEnvironment);
const scratch = await mkdtemp(join(tmpdir(), "fixture-"));
try {
	const { zips, publicKey } = await signedMagicWord(scratch);
	await makeEngine(
		"sqlite",
		(data) => `sqlite:${join(data, FILES.sqlite)}`,
		(data, out) => copyFile(join(data, FILES.sqlite), join(out, FILES.sqlite)),
		zips,
	);
	await makeEngine(
		"postgres",
		() => postgres ?? "",
		async (_, out) => writeFile(join(out, FILES.postgres), await dumpPostgres(postgres ?? "")),
		zips,
	);
	await makeEngine(
		"redis",
		() => redis ?? "",
		async (_, out) => writeFile(join(out, FILES.redis), await dumpRedis(redis ?? "")),
		zips,
	);
	await writeFile(join(folder, PUBLISHER), publicKey);
	const zip = `${manifest.id}-${manifest.version}.zip`;
	await writeFile(join(folder, zip), await builtArtifact());
} finally {
	await rm(scratch, { recursive: true });
}
