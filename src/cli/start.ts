import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadPlugin } from "../artifact/load-plugin.ts";
import type { HostStorage } from "../contract/storage.ts";
import { type Helpdesk, startHelpdesk } from "../hosts/standalone/helpdesk.ts";
import { cryptoRandom } from "../ports/crypto-random.ts";
import { systemClock } from "../ports/system-clock.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { SqliteStorage } from "../storage/sqlite-storage.ts";
import { type FakeX, startFakeX } from "../testing/fake-x/fake-x.ts";
import { CommandError } from "./command-error.ts";
import { makeFolder, makeOnce, readKeyFile } from "./data-folder.ts";
import { readStartOptions, type StartOptions } from "./start-options.ts";

interface FakeXKeys {
	readonly apiKey: string;
	readonly apiKeySecret: string;
}

const FAKE_ACCOUNTS = [
	{ id: "2244994945", screenName: "ada_l", name: "Ada Lovelace", email: "ada@example.com" },
	{
		id: "9007199254740993",
		screenName: "zoe_oe",
		name: "Zoë Østergård 李",
		email: "zoe@example.com",
	},
	{ id: "7505382", screenName: "no_mail", name: "Nobody's Mail" },
];

/** `start`: the helpdesk with the built plugin, and the fake X beside it unless another X is named. */
export async function start(args: readonly string[]): Promise<void> {
	const options = readStartOptions(args);
	await makeFolder(options.data);
	const key = await readKeyFile(options.keyFile);
	const { storage, closeStorage } = openStorage(options);
	const plugin = await loadPlugin(await installedArtifact(storage, await builtArtifact()));

	// The fake X has to know the callback URLs of the helpdesk, the helpdesk where the fake X is.
	const callbacks: string[] = [];
	const keys = await readFakeXKeys(options.data);
	const fakeX =
		options.xBaseUrl === undefined
			? await startFakeX({
					apps: [{ ...keys, callbacks, name: "the helpdesk" }],
					accounts: FAKE_ACCOUNTS,
				})
			: undefined;
	const helpdesk = await startHelpdesk({
		port: options.port,
		storage,
		plugin,
		clock: systemClock,
		random: cryptoRandom,
		key,
		origins: { "api.x.com": fakeX?.url ?? options.xBaseUrl ?? "https://api.x.com" },
		baseUrls: options.baseUrls,
		log: (line) => console.error(line),
	}).catch((cause: unknown) => {
		const detail = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(`the helpdesk cannot start: ${detail}`, { cause });
	});
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));

	const stop = async (): Promise<void> => {
		await helpdesk.close();
		await fakeX?.close();
		closeStorage();
		process.exit(0);
	};
	process.once("SIGTERM", () => void stop());
	process.once("SIGINT", () => void stop());

	const fake = fakeX && { url: fakeX.url, ...keys };
	console.log(options.json ? readyLine(helpdesk, fake) : greeting(helpdesk, fake));
}

function openStorage({ storage }: StartOptions): {
	storage: HostStorage;
	closeStorage: () => void;
} {
	if (storage.kind === "memory") {
		return { storage: new MemoryStorage(systemClock), closeStorage: () => {} };
	}
	try {
		const opened = new SqliteStorage(storage.path, systemClock);
		return { storage: opened, closeStorage: () => opened.close() };
	} catch (cause) {
		throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
	}
}

/** The zip beside this file, as `npm run build` leaves it. */
async function builtArtifact(): Promise<Uint8Array> {
	const folder = new URL(".", import.meta.url);
	const zips = (await readdir(folder)).filter((name) => /^x-login-.*\.zip$/.test(name));
	const [name] = zips;
	if (name === undefined || zips.length > 1) {
		throw new CommandError(
			`there are ${zips.length} plugins in dist/, but one is needed; run npm run build`,
		);
	}
	return readFile(fileURLToPath(new URL(name, folder)));
}

/** Installs the zip, in place of another one, and gives it back as the storage of the helpdesk has it. */
async function installedArtifact(storage: HostStorage, zip: Uint8Array): Promise<Uint8Array> {
	const key = ["installed", "x-login"];
	const sha256 = createHash("sha256").update(zip).digest("hex");
	const installed = (await storage.get(key))?.value as { sha256: string; zip: string } | undefined;
	if (installed?.sha256 === sha256) {
		return Buffer.from(installed.zip, "base64");
	}
	const value = { sha256, zip: Buffer.from(zip).toString("base64") };
	await storage.commit({ sets: [{ key, value }] });
	return zip;
}

/** The keys of the fake X's one app, kept over restarts because the administrator pastes them. */
async function readFakeXKeys(data: string): Promise<FakeXKeys> {
	const fresh: FakeXKeys = {
		apiKey: randomBytes(18).toString("hex").slice(0, 25),
		apiKeySecret: randomBytes(36).toString("hex").slice(0, 50),
	};
	const path = `${data}/fake-x.json`;
	try {
		return JSON.parse(await makeOnce(path, JSON.stringify(fresh))) as FakeXKeys;
	} catch (cause) {
		if (cause instanceof SyntaxError) {
			throw new CommandError(`${path} is not JSON; delete it and paste the new keys`, { cause });
		}
		throw cause;
	}
}

type FakeXApp = FakeXKeys & Pick<FakeX, "url">;

/** For programs: the only line on standard output. */
function readyLine({ brands, adminUrl, operator }: Helpdesk, fakeX: FakeXApp | undefined): string {
	return JSON.stringify({
		portals: Object.fromEntries(brands.map(({ id, baseUrl }) => [id, baseUrl])),
		admin: adminUrl,
		operator,
		fakeX: fakeX ?? null,
	});
}

/** For people. */
function greeting({ brands, adminUrl, operator }: Helpdesk, fakeX: FakeXApp | undefined): string {
	const { email, password } = operator;
	const portals = brands.map(({ name, baseUrl }) => `  ${name.padEnd(16)} ${baseUrl}`);
	const first = password === null ? "the password you have" : `the password ${password}`;
	const x =
		fakeX === undefined
			? []
			: [
					"",
					`A fake X stands in for the real one at ${fakeX.url}. Its app:`,
					`  API key          ${fakeX.apiKey}`,
					`  API key secret   ${fakeX.apiKeySecret}`,
				];
	return [
		"The helpdesk is ready.",
		"",
		...portals,
		`  Administration   ${adminUrl}`,
		"",
		`Log in there as ${email} with ${first}.`,
		...x,
	].join("\n");
}
