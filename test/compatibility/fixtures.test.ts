// This build opens what each version stored, on the day when it was stored. The built command line opens it today.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../plugin.json" with { type: "json" };
import { loadPlugin } from "../../src/artifact/load/load-plugin.ts";
import { validateArchive } from "../../src/artifact/validate/validate-plugin.ts";
import { newKeyPair, readPrivateKey, signArchive } from "../../src/artifact/zip/signature.ts";
import { verifyArchive } from "../../src/artifact/zip/verify-archive.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { laterX, tinyZip } from "../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install, upload } from "../kit/helpdesk/install-add-on.ts";
import { API_KEY_SECRET, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";
import { exportUsers, logInOperator } from "./administration.ts";
import { type Engine, FIXTURES, fixtureVersions, readStory, X_ACCOUNT } from "./fixture.ts";
import {
	expectNoBrowsers,
	expectSameAdministration,
	expectSameBrowsers,
	expectSamePeople,
	throughX,
} from "./know-people.ts";
import { loadFixture, openFixture, type Place, sqliteIn } from "./open-fixture.ts";
import { dumpPostgres, dumpRedis, loadPostgres, loadRedis } from "./server-dumps.ts";
import { X_ACCOUNTS } from "./x-accounts.ts";

const ACCOUNT = "?returnTo=/account";
/** The time limit, for a machine on which others are busy too. */
const PATIENCE_MS = 180_000;

/** Copies a closed helpdesk as its operator does: by `backup` and `restore`, or by the tools of the server. */
type BackUp = (place: Place) => Promise<Place>;

const backUpSqlite: BackUp = async ({ data }) => {
	const folder = join(await newDataFolder(), "backup");
	const restored = join(await newDataFolder(), "restored");
	expect(runCli(data, "backup", folder, "--data", data)).toMatchObject({ status: 0, stderr: "" });
	const restore = runCli(data, "restore", folder, "--data", restored);
	expect(restore).toMatchObject({ status: 0, stderr: "" });
	return { data: restored, storage: sqliteIn(restored) };
};

const backUpServer =
	(dump: (url: string) => Promise<string>, load: typeof loadRedis, server: string): BackUp =>
	async ({ data, storage }) => {
		const copy = apart(server);
		await load(await dump(storage), copy);
		return { data, storage: copy };
	};

async function userIds(operator: HttpVisitor, origin: string): Promise<string[]> {
	return (await exportUsers(operator, origin)).map(({ id }) => id);
}

function describeFixture(version: string, engine: Engine, server: string, backUp: BackUp): void {
	test(
		"people, browsers, settings, add-ons and sign-ins are as they were",
		async () => {
			const story = await readStory(version, engine);
			const { privateKey, publicKey } = newKeyPair();
			const place = await loadFixture(version, engine, server);
			const open = await openFixture(place, story, publicKey);

			await expectSamePeople(open, story);
			await expectSameAdministration(open, story);
			await expectSameBrowsers(open, story);
			// An operator upgrades to the plugin that this build brings, as if it were newer than any.
			const zip = await laterX("99.0.0");
			await upload(open.operator, open.acorn, zip, signArchive(zip, readPrivateKey(privateKey)));
			await open.operator.submit(`${ADD_ONS}/install`);
			expect(open.operator.seen.html).toContain("99.0.0");
			expect((await throughX(open.acorn, X_ACCOUNT.zoe, ACCOUNT)).seen.html).toContain(
				"zoe@example.com",
			);
			expect(await userIds(open.operator, open.acorn)).toEqual(story.users.map(({ id }) => id));
			expect(open.errors()).toEqual([]);
		},
		PATIENCE_MS,
	);

	test(
		"they are the same after a backup and a restore",
		async () => {
			const story = await readStory(version, engine);
			const place = await loadFixture(version, engine, server);
			await (await openFixture(place, story)).close();

			const restored = await openFixture(await backUp(place), story);

			await expectSamePeople(restored, story);
			await expectSameAdministration(restored, story);
			await (engine === "sqlite" ? expectNoBrowsers : expectSameBrowsers)(restored, story);
			expect(restored.errors()).toEqual([]);
		},
		PATIENCE_MS,
	);

	test(
		"the built helpdesk starts on it today, and the same people can log in, under OAuth 1.0a as before",
		async () => {
			const story = await readStory(version, engine);
			const { data, storage } = await loadFixture(version, engine, server);
			const flags = ["--storage", storage, "--start-limit", "0"];
			const { ready, process: helpdesk } = await startHelpdeskProcess(data, flags);
			const { acorn = "" } = ready.portals;

			expect(ready.operator.password).toBeNull();
			const operator = new HttpVisitor();
			await logInOperator(operator, acorn, story.operator);
			const users = story.users.map((user) => expect.objectContaining(user));
			expect(await exportUsers(operator, acorn)).toEqual(users);
			const ada = await throughX(acorn, X_ACCOUNT.ada, ACCOUNT);
			expect(ada.seen.html).toContain("@ada_l");
			const stats = await fetch(`${ready.fakeX?.url}/_fake/stats`);
			const { calls } = (await stats.json()) as { calls: Record<string, number> };
			expect(calls).toMatchObject({ access_token: 1, oauth2_token: 0, users_me: 0 });
			expect(await userIds(operator, acorn)).toEqual(story.users.map(({ id }) => id));
			helpdesk.kill("SIGTERM");
			expect(await once(helpdesk, "exit")).toEqual([0, null]);
		},
		PATIENCE_MS,
	);
}

test("there is a fixture of the first version", () => {
	expect(fixtureVersions()).toContain("0.1.0");
});

describe.each(fixtureVersions())("what %s stored", (version) => {
	describe("on SQLite", () => describeFixture(version, "sqlite", "", backUpSqlite));
	describeOn("PostgreSQL", "on PostgreSQL", (url) =>
		describeFixture(version, "postgres", url, backUpServer(dumpPostgres, loadPostgres, url)),
	);
	describeOn("Redis", "on Redis", (url) =>
		describeFixture(version, "redis", url, backUpServer(dumpRedis, loadRedis, url)),
	);
});

describe.each(fixtureVersions())("the plugin of %s", (version) => {
	const read = () => readFile(join(FIXTURES, version, `${manifest.id}-${version}.zip`));

	test("is valid for this build", async () => {
		const zip = await read();
		const loaded = await loadPlugin(zip);

		expect(loaded.manifest).toMatchObject({ id: manifest.id, version });
		const findings = [...validateArchive(zip), ...verifyArchive(zip)];
		expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
	});

	test("is installed as an add-on where the helpdesk brings another plugin, and lets people log in", async () => {
		const callbacks: string[] = [];
		const keys = { apiKey: "api-key", apiKeySecret: API_KEY_SECRET };
		const clock = new MockClock();
		const apps = [{ ...keys, callbacks }];
		const fakeX = await startFakeX({ apps, accounts: X_ACCOUNTS, clock });
		onTestFinished(() => fakeX.close());
		const plugin = await loadPlugin(tinyZip({}));
		const origins = { "api.x.com": fakeX.url };
		const open = await openHelpdesk({ plugin, origins, clock, storage: new MemoryStorage(clock) });
		const { operator, portal } = open;
		callbacks.push(`${portal}/login/${manifest.id}/callback`);

		await install(operator, portal, await read());
		expect(operator.seen.html).toContain(`X ${version} is installed.`);
		await setUpX(open);
		const ada = await throughX(portal, X_ACCOUNT.ada, ACCOUNT);
		expect(ada.seen.html).toContain("@ada_l");
	});
});
