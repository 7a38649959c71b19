// Times the artifact's hooks without HTTP, in its own process.
import { loadPlugin, MemoryStorage, readArchive, systemClock } from "../../../dist/host.mjs";
import { FIRST_ACCOUNT } from "../harness/account.mjs";
import { answerParent } from "../harness/answer-parent.mjs";
import { cannedAnswer } from "../harness/canned-answers.mjs";
import { portsInMemory, readArtifact } from "../servers/ports-in-memory.mjs";

const PAGES = 50_000;
const LOG_INS = 5_000;

const http = {
	originOf: (host) => `https://${host}`,
	send: async ({ url, headers, body = "" }) => {
		const { pathname } = new URL(url);
		const { text } = cannedAnswer(pathname, headers.authorization, body);
		return { kind: "answer", status: 200, headers: {}, body: text };
	},
};

const operations = { get: 0, take: 0, commit: 0, list: 0 };
const inner = new MemoryStorage(systemClock);
const storage = Object.fromEntries(
	Object.keys(operations).map((name) => [
		name,
		(...args) => {
			operations[name] += 1;
			return inner[name](...args);
		},
	]),
);

const zip = await readArtifact();
const { createPlugin } = await loadPlugin(zip);
const plugin = createPlugin(portsInMemory("http://127.0.0.1:1", { storage, http }));
await plugin.onActivate();

const request = {
	brandId: "acorn",
	query: [],
	form: [],
	cookies: {},
	locale: "en",
	clientAddress: "127.0.0.1",
	currentUser: undefined,
};

async function logIn(account) {
	const start = await plugin.startLogin({ ...request, method: "POST" });
	const cookies = Object.fromEntries(start.cookies.map(({ name, value }) => [name, value]));
	const token = new URL(start.location).searchParams.get("oauth_token");
	const query = [
		["oauth_token", token],
		["oauth_verifier", String(account)],
	];
	const end = await plugin.handleCallback({ ...request, method: "GET", query, cookies });
	await end.afterwards?.();
	return end.kind;
}

async function counted(account) {
	const before = { ...operations };
	const kind = await logIn(account);
	const count = ([name, value]) => [name, value - before[name]];
	return { kind, ...Object.fromEntries(Object.entries(operations).map(count)) };
}

/** Microseconds for each call, after a warm-up. */
async function timed(count, work) {
	for (let index = 0; index < count; index += 1) {
		await work(index);
	}
	const began = performance.now();
	for (let index = 0; index < count; index += 1) {
		await work(index);
	}
	return ((performance.now() - began) * 1000) / count;
}

async function hooks() {
	const page = { brandId: "acorn", page: "login", locale: "en", returnPath: "/tickets" };
	const [newcomer, returning] = [await counted(FIRST_ACCOUNT), await counted(FIRST_ACCOUNT)];
	return {
		bundleBytes: readArchive(zip).get("plugin.mjs").length,
		zipBytes: zip.length,
		storage: { newcomer, returning },
		buttonsMicroseconds: await timed(PAGES, () => plugin.renderLoginButtons(page)),
		returningMicroseconds: await timed(LOG_INS, () => logIn(FIRST_ACCOUNT)),
	};
}

answerParent({ hooks });
