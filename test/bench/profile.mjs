// Profiles a returning log-in: `node test/bench/profile.mjs [CONTESTANT] [SECONDS]` prints the parts and functions that
// take the most time, and the path of the profile, which the developer tools of browsers can open. At an OpenID Provider,
// it profiles log-ins at a connected helpdesk of one kind: `[CONTESTANT] [SECONDS] [KIND]`.
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { packPlugin, readArchive } from "../../dist/host.mjs";
import { CONTESTANTS, OAUTH2_CONTESTANTS, OPENID_CONTESTANTS } from "./contestants.mjs";
import { OPENID_KINDS, OpenIdStage } from "./figures/openid.mjs";
import { Stage } from "./harness/stage.mjs";
import { profileReport } from "./report/profile-report.mjs";
import { readArtifact } from "./servers/ports-in-memory.mjs";

const CONCURRENCY = 32;
const WARM_UP = 2000;

const [chosen = "x-login", seconds = "8", kindName = OPENID_KINDS[0].name] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "x-login-profile-"));

/** The artifact with its original names, because a minified profile shows only letters. */
async function readableArtifact() {
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL("../../src/plugin/plugin.ts", import.meta.url))],
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
		mainFields: ["es2015", "module", "main"],
		write: false,
	});
	const files = readArchive(await readArtifact());
	files.set("plugin.mjs", outputFiles[0].contents);
	const path = join(folder, "readable.zip");
	await writeFile(path, packPlugin(files).zip);
	return path;
}

/** @returns the server, warmed up, and what logs visitors in. */
async function openLogIns(stage) {
	const underOAuth2 = OAUTH2_CONTESTANTS.find(({ name }) => name === chosen);
	const contestant = underOAuth2 ?? CONTESTANTS.find(({ name }) => name === chosen);
	const server = await stage.start(contestant, await stage.openX(), {
		// As in the figure.
		scheme: underOAuth2 ? "https" : "http",
		env: { ARTIFACT: await readableArtifact() },
	});
	const { accounts } = await server.logIns({ concurrency: CONCURRENCY, count: WARM_UP });
	return {
		server,
		logIns: (task) => server.logIns({ concurrency: CONCURRENCY, accounts, ...task }),
	};
}

async function openHelpdeskLogIns(stage, contestant) {
	const kind = OPENID_KINDS.find(({ name }) => name === kindName);
	const opened = await OpenIdStage.open(stage, contestant);
	return { server: opened.server, logIns: (task) => opened.logIns(kind, task) };
}

const stage = await Stage.open();
try {
	const provider = OPENID_CONTESTANTS.find(({ name }) => name === chosen);
	const { server, logIns } = await (provider
		? openHelpdeskLogIns(stage, provider)
		: openLogIns(stage));
	await logIns({ count: WARM_UP });
	await server.ask("startProfile");
	const { count } = await logIns({ seconds: Number(seconds) });
	const path = join(folder, `${chosen}.cpuprofile`);
	await server.ask("stopProfile", { path });
	console.log(profileReport(JSON.parse(await readFile(path, "utf8")), count));
	console.log(`\n${path}`);
} finally {
	await stage.close();
}
