import { inspect } from "node:util";
import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { MailServers } from "../../../src/helpdesk/mail/mail-servers.ts";
import {
	type SavedMailServer,
	SavedMailServers,
} from "../../../src/helpdesk/mail/saved-mail-server.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const KEY = new Uint8Array(32).fill(1);
const NEWER = new Uint8Array(32).fill(2);
const SERVER: SavedMailServer = {
	...{ host: "mail.example.com", port: 587, tls: "required", user: "helpdesk" },
	from: "help@example.com",
};
const PASSWORD = "a password of hers";

function open(keys: readonly Uint8Array[] = [KEY], storage = new MemoryStorage(new MockClock())) {
	return { saved: new SavedMailServers(storage, new Vault(keys)), storage };
}

test("the password is kept sealed, given to the server alone, and kept when only the sender changes", async () => {
	const { saved, storage } = open();
	expect(await saved.save(SERVER, secret(PASSWORD))).toBe("saved");
	expect(await saved.save({ ...SERVER, from: "desk@example.com" }, undefined)).toBe("saved");

	const server = await saved.toCall();
	expect(server).toMatchObject({ from: "desk@example.com", login: { user: "helpdesk" } });
	expect(server?.login?.password.reveal()).toBe(PASSWORD);
	expect(inspect(server, { depth: null, showHidden: true })).not.toContain(PASSWORD);
	expect(await saved.find()).toMatchObject({ password: "set" });
	expect(JSON.stringify(await saved.find())).not.toContain(PASSWORD);
	expect(JSON.stringify((await storage.list([])).entries)).not.toContain(PASSWORD);
});

test.each<Partial<SavedMailServer>>([
	{ host: "mail.evil.example" },
	{ port: 465 },
	{ tls: "off" },
	{ user: "eve" },
])("a changed host, port, encryption or user never gets the password: %o", async (change) => {
	const { saved, storage } = open();
	await saved.save(SERVER, secret(PASSWORD));

	expect(await saved.toTry({ ...SERVER, ...change }, undefined)).toBe("password-needed");
	expect(await saved.save({ ...SERVER, ...change }, undefined)).toBe("password-needed");
	expect(await saved.toCall()).toMatchObject({ host: SERVER.host, login: { user: "helpdesk" } });

	// Somebody changes the storage itself.
	const [entry] = (await storage.list([])).entries;
	const value = { ...Object(entry?.value), ...change };
	await storage.commit({ sets: [{ key: entry?.key ?? [], value }] });
	await expect(saved.toCall()).rejects.toThrow("cannot be decrypted");
	expect(await saved.find()).toMatchObject({ password: "unreadable" });
});

test("a server without a user has no password, and one from before is dropped", async () => {
	const { saved } = open();
	await saved.save(SERVER, secret(PASSWORD));
	expect(await saved.save({ ...SERVER, user: "" }, undefined)).toBe("saved");

	expect((await saved.toCall())?.login).toBeUndefined();
	expect(await saved.save(SERVER, undefined)).toBe("password-needed");
});

test("a new key seals the password again, and the old one is no longer needed", async () => {
	const { saved, storage } = open();
	await saved.save(SERVER, secret(PASSWORD));
	await open([NEWER, KEY], storage).saved.reseal();

	const server = await open([NEWER], storage).saved.toCall();
	expect(server?.login?.password.reveal()).toBe(PASSWORD);
	expect(await saved.find()).toMatchObject({ password: "unreadable" });
});

test("another node uses a server that is set, changed and removed at its next letter", async () => {
	const storage = new MemoryStorage(new MockClock());
	const { saved } = open([KEY], storage);
	const node = new MailServers({
		...{ storage, vault: new Vault([KEY]), deliver: undefined, given: undefined },
		reach: { allowPrivate: [] },
	});
	expect(await node.hasServer()).toBe(false);

	await saved.save({ ...SERVER, host: "10.0.0.1" }, secret(PASSWORD));
	expect(await node.hasServer()).toBe(true);
	const letter = { brandId: "acorn", to: "ada@example.com", subject: "s", text: "t" };
	await expect((await node.route())?.(letter)).rejects.toThrow("10.0.0.1");

	await saved.remove();
	expect(await node.hasServer()).toBe(false);
});

test("a password that no key opens makes letters wait: they are not shown to operators", async () => {
	const { saved, storage } = open();
	await saved.save(SERVER, secret(PASSWORD));
	const node = new MailServers({
		...{ storage, vault: new Vault([NEWER]), deliver: undefined, given: undefined },
		reach: { allowPrivate: [] },
	});

	expect(await node.hasServer()).toBe(true);
	const letter = { brandId: "acorn", to: "ada@example.com", subject: "s", text: "t" };
	await expect((await node.route())?.(letter)).rejects.toThrow("another key file");
});
