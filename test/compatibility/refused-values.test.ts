// Stored values that no reader takes: each stays as it is, and the log says so, while people and operators go on.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readKeyFile } from "../../src/cli/helpdesk/data-folder.ts";
import type { StorageEntry } from "../../src/contract/storage.ts";
import { pagesOf } from "../../src/contract/storage-pages.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../kit/helpdesk/open-helpdesk.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { INTEGRATIONS, logInOperator, REGISTRATION, SOCIAL_LOGIN, X } from "./administration.ts";
import { FILES, readStory, type Story, X_ACCOUNT } from "./fixture.ts";
import { browserWith, logIn, throughX } from "./know-people.ts";
import { loadFixture } from "./open-fixture.ts";
import { X_ACCOUNTS } from "./x-accounts.ts";

const VERSION = "0.1.0";
const REFUSED = { unknown: "canary" };
/** The time limit, for a machine on which others are busy too. */
const PATIENCE_MS = 180_000;

/**
 * The first entry below each of these keys gets another value. `ADA` is the id of Ada at Acorn, `ZOE` the session of Zoe.
 * The log holds the sentence where one is given. Each group is one helpdesk, in which no value hides another one.
 */
const GROUPS: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
	"an operator": { operators: "a value under operators cannot be read" },
	accounts: {
		"accounts/account/ADA": "a value under accounts/account cannot be read",
		"accounts/created": undefined,
		"accounts/email": "a value under accounts/email cannot be read",
		"registration/acorn": "a value under registration cannot be read",
		// Version 0.2.0 counted letters that somebody asked for without their network.
		"password-resets/letters": undefined,
		"password-resets/reset": "a value under password-resets/reset cannot be read",
		outbox: "a value under outbox cannot be read",
	},
	"sessions and log-ins": {
		"sessions/portal/acorn/ZOE": "a value under sessions cannot be read",
		"plugin-data/x-login/continuation": '"kind":"continuation"',
		"plugin-data/x-login/pending": '"kind":"pending"',
		"plugin-data/x-login/letters": undefined,
		"plugin-data/x-login/profiles/harbor": '"kind":"profiles"',
	},
	links: {
		[`plugin-data/x-login/link/acorn/x:${X_ACCOUNT.ada}`]: '"kind":"link"',
		[`plugin-data/x-login/link/acorn/x:${X_ACCOUNT.noMail}`]: '"kind":"link"',
		"plugin-data/x-login/links-of-user/ADA": '"kind":"links-of-user"',
	},
	settings: {
		"plugin-settings/x-login/*": "a value under plugin-settings cannot be read",
		"plugin-settings/x-login/acorn": "a value under plugin-settings cannot be read",
	},
	"what add-ons leave": {
		"packages/installed": undefined,
		"plugin-data/magic-word/guesses": undefined,
		"plugin-data/magic-word/nickname": undefined,
		"plugin-data/magic-word/nicknames-of": undefined,
		"plugin-settings/magic-word/acorn": "a value under plugin-settings cannot be read",
		"set-up-tests/x-login": "a value under set-up-tests cannot be read",
		"sign-ins/x-login/entry/attempts": "2 values under sign-ins/entry cannot be read",
		"sign-ins/x-login/entry/strays": "2 values under sign-ins/entry cannot be read",
	},
	"the record of an add-on": {
		"plugin-state/magic-word": "a value under plugin-state/magic-word cannot be read",
	},
	"the record of the plugin that the helpdesk brings": {
		"plugin-state/x-login": "a value under plugin-state/x-login cannot be read",
	},
};

async function entriesOf(storage: string, clock: MockClock): Promise<StorageEntry[]> {
	const opened = await openStorageAt(storage, clock);
	const entries: StorageEntry[] = [];
	for await (const page of pagesOf(opened, [])) {
		entries.push(...page);
	}
	await opened.close();
	return entries;
}

/** Which version of the plugin serves: the one that the fixture installed, or this build's, as after an upgrade. */
type Serving = "installed" | "built";

/** The helpdesk of this build on what the fixture stored, in memory, with other values of some kinds. */
async function openWith(kinds: readonly string[], story: Story, serving: Serving) {
	const { data, storage: url } = await loadFixture(VERSION, "sqlite", "");
	const clock = new MockClock(story.madeAt);
	const entries = await entriesOf(url, clock);
	const refused = kinds.map(
		(kind) => entries.find(({ key }) => `${key.join("/")}/`.startsWith(`${kind}/`))?.key ?? [],
	);
	const storage = new MemoryStorage(clock);
	await storage.commit({ sets: entries.map(({ key, value }) => ({ key, value })) });
	if (serving === "built") {
		const upgraded = { key: ["plugin-state", "x-login", "state"], value: "active" };
		await storage.commit({ sets: [upgraded] });
	}
	await storage.commit({ sets: refused.map((key) => ({ key, value: REFUSED })) });
	const callbacks: string[] = [];
	const keys = JSON.parse(await readFile(join(data, FILES.fakeX), "utf8"));
	const fakeX = await startFakeX({ apps: [{ ...keys, callbacks }], accounts: X_ACCOUNTS, clock });
	onTestFinished(() => fakeX.close());
	const pluginZip = await builtArtifact();
	const log: string[] = [];
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			storage,
			clock,
			plugin: await builtPlugin(),
			pluginZip,
			keys: await readKeyFile(join(data, FILES.key)),
			origins: { "api.x.com": fakeX.url },
			log: (line) => log.push(line),
		}),
	);
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));
	const [acorn = "", harbor = ""] = helpdesk.brands.map(({ baseUrl }) => baseUrl);
	return { helpdesk, storage, refused, acorn, harbor, log };
}

/** What an operator looks at. */
async function lookAround(acorn: string, story: Story): Promise<void> {
	const operator = new HttpVisitor();
	// Where the button or the operator is gone, nobody goes on.
	await logInOperator(operator, acorn, story.operator).catch(() => undefined);
	for (const path of [
		...["/admin/users", "/admin/sign-ins", "/admin/mailbox", "/admin/settings/general/add-ons"],
		...[INTEGRATIONS, `${X}?brand=acorn`, `${X}/links.csv`, SOCIAL_LOGIN, REGISTRATION],
	]) {
		await operator.open(`${acorn}${path}`);
	}
	await operator.open(`${acorn}${SOCIAL_LOGIN}/x-login`);
	await operator.submit(`${SOCIAL_LOGIN}/x-login`, { acorn: "on" }).catch(() => undefined);
}

/** What people do. Some of it fails with a value that cannot be read. */
async function liveOn(acorn: string, harbor: string, story: Story): Promise<void> {
	for (const accountId of [X_ACCOUNT.ada, X_ACCOUNT.noMail]) {
		await throughX(acorn, accountId, "?returnTo=/account").catch(() => undefined);
	}
	await throughX(harbor, X_ACCOUNT.noMail).catch(() => undefined);
	// Hers is the first address in the storage.
	await logIn(acorn, "ida", "a guess");
	const zoe = browserWith(story.zoe.cookies);
	await zoe.open(`${acorn}/account`);
	await zoe.submit("/account/password-link").catch(() => undefined);
	await zoe.open(`${acorn}${story.passwordLink}`);
	await browserWith(story.halfWay.cookies).open(`${harbor}${story.halfWay.path}`);
	const callback = `/login/x-login/callback?denied=${story.atX.token}`;
	await browserWith(story.atX.cookies).open(`${acorn}${callback}`);
}

/** Opens, uses and closes the helpdesk. */
async function expectKept(
	kinds: Readonly<Record<string, string | undefined>>,
	serving: Serving,
): Promise<void> {
	const story = await readStory(VERSION, "sqlite");
	const ada = story.users.find((user) => user.name === "Ada Lovelace" && user.brandId === "acorn");
	const token = story.zoe.cookies["portal-acorn"] ?? "";
	const session = createHash("sha256").update(token).digest("base64url");
	const names = Object.keys(kinds).map((kind) =>
		kind.replace("ADA", ada?.id ?? "").replace("ZOE", session),
	);
	const { helpdesk, storage, refused, acorn, harbor, log } = await openWith(names, story, serving);
	try {
		await lookAround(acorn, story);
		await liveOn(acorn, harbor, story);
	} finally {
		await helpdesk.close();
	}

	const x = ["plugin-state", "x-login", "state"];
	if (serving === "built" && !names.includes("plugin-state/x-login")) {
		// One broken value switches nothing off for the others.
		expect(await storage.get(x)).toMatchObject({ value: { status: "active" } });
	}
	const values = await Promise.all(refused.map(async (key) => (await storage.get(key))?.value));
	expect(values).toEqual(names.map(() => REFUSED));
	const said = Object.values(kinds).flatMap((sentence) => sentence ?? []);
	expect(said.filter((sentence) => !log.join("\n").includes(sentence))).toEqual([]);
	expect(log.filter((line) => line.includes("TypeError"))).toEqual([]);
}

test.each(Object.entries(GROUPS))(
	"a value that no reader takes stays stored: %s",
	(_, kinds) => expectKept(kinds, "built"),
	PATIENCE_MS,
);

test(
	"a link that the plugin of 0.1.0 cannot read is left out of the export, which says so",
	() =>
		expectKept(
			{
				[`plugin-data/x-login/link/acorn/x:${X_ACCOUNT.ada}`]:
					"links that break the contract are left out: 1",
			},
			"installed",
		),
	PATIENCE_MS,
);
