// Disconnecting X: a user always keeps a way in, and nothing that was begun before brings the link back.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostStorage } from "../../src/contract/storage.ts";
import type { User } from "../../src/contract/users.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

const ROUNDS = 30;
const MALLORY = {
	id: "666",
	screenName: "mallory",
	name: "Mallory",
	email: "mallory@example.com",
};

/** A storage that answers after a moment of another length each time, so that requests overlap in many ways. */
class UnevenStorage implements HostStorage {
	private calls = 0;

	constructor(private readonly inner: HostStorage) {}

	get: HostStorage["get"] = async (key) => {
		await this.moment();
		return this.inner.get(key);
	};

	take: HostStorage["take"] = async (key) => {
		await this.moment();
		return this.inner.take(key);
	};

	list: HostStorage["list"] = async (prefix, options) => {
		await this.moment();
		return this.inner.list(prefix, options);
	};

	commit: HostStorage["commit"] = async (commit) => {
		await this.moment();
		return this.inner.commit(commit);
	};

	private async moment(): Promise<void> {
		this.calls += 1;
		await setTimeout((this.calls * 7) % 4);
	}
}

async function openUneven() {
	const clock = new MockClock();
	return openHouse({
		clock,
		storage: new UnevenStorage(new MemoryStorage(clock)),
		accounts: [ADA, MALLORY],
	});
}

/** A user without a password who has these X accounts. */
async function userWith(host: MockHost, name: string, xIds: readonly string[]): Promise<string> {
	const { id, email } = host.users.add({ brandId: "brand", email: `${name}@example.com` });
	const rows = xIds.map((xId) => ({ brandId: "brand", identityId: xId, email }));
	const results = await host.plugin.importLinks(rows, { dryRun: false });
	expect(results.map(({ state }) => state)).toEqual(xIds.map(() => "linked"));
	return id;
}

async function idsOf(host: MockHost, userId: string): Promise<string[]> {
	const linked = await host.plugin.listLinkedAccounts(userId);
	return linked.map(({ identityId }) => identityId).sort();
}

function loggedIn(host: MockHost, { id }: Pick<User, "id">): MockBrowser {
	const browser = host.newBrowser();
	browser.currentUser = { id, provenAt: host.clock.now() };
	return browser;
}

test("two linked X accounts disconnected at once leave the user one way in", async () => {
	const { host } = await openUneven();
	for (let round = 0; round < ROUNDS; round += 1) {
		const userId = await userWith(host, `round-${round}`, [`1${round}`, `2${round}`]);

		const ends = await Promise.all(
			[`x:1${round}`, `x:2${round}`].map((id) => host.plugin.unlinkAccount(userId, id)),
		);

		expect(ends.map(({ kind }) => kind).sort()).toEqual(["last-way-in", "unlinked"]);
		expect(await idsOf(host, userId)).toHaveLength(1);
	}
});

test("an X account disconnected while another user is merged in leaves the user one way in", async () => {
	const { host } = await openUneven();
	for (let round = 0; round < ROUNDS; round += 1) {
		const userId = await userWith(host, `into-${round}`, [`1${round}`]);
		const first = await userWith(host, `first-${round}`, [`2${round}`]);

		const [end] = await Promise.all([
			host.plugin.unlinkAccount(userId, `x:1${round}`),
			host.plugin.onUsersMerged(first, userId),
		]);

		const left = end.kind === "unlinked" ? [`x:2${round}`] : [`x:1${round}`, `x:2${round}`];
		expect(await idsOf(host, userId)).toEqual(left);
		expect(await idsOf(host, first)).toEqual([]);
	}
});

test("an X account disconnected while another one is connected leaves the user one way in", async () => {
	const { host } = await openUneven();
	for (let round = 0; round < ROUNDS; round += 1) {
		const userId = await userWith(host, `linking-${round}`, [`1${round}`]);
		const browser = loggedIn(host, { id: userId });
		const callback = await approveAtX(
			await goToX(browser, { page: "login", fields: { intent: "link" } }),
		);

		const [unlinking, linking] = await Promise.all([
			host.plugin.unlinkAccount(userId, `x:1${round}`),
			browser.openCallback(callback),
		]);

		expect(["unlinked", "last-way-in"]).toContain(unlinking.kind);
		const left = await idsOf(host, userId);
		expect(left.length).toBeGreaterThan(0);
		expect(left.includes(`x:${ADA.id}`)).toBe(linking.kind === "linked");
		await host.plugin.onUserDeleted(userId);
	}
});

test("Disconnect ends every link that is under way for the user, by a form or by Connect X", async () => {
	const { host } = await openHouse({ accounts: [ADA, MALLORY] });
	const user = host.users.add({ brandId: "brand", email: ADA.email ?? "", password: "mine" });
	const rows = [{ brandId: "brand", identityId: MALLORY.id, email: user.email }];
	await host.plugin.importLinks(rows, { dryRun: false });
	const connecting = loggedIn(host, user);
	const fields = { intent: "link" };
	const callback = await approveAtX(await goToX(connecting, { fields }), { accountId: ADA.id });
	const consenting = host.newBrowser();
	await throughX(consenting, { accountId: ADA.id });
	await consenting.submit("send-code");
	await consenting.submit("code", { code: host.mail.codeFor(user.email) });
	const typing = host.newBrowser();
	await throughX(typing, { accountId: ADA.id });
	await typing.submit("send-code");
	const code = host.mail.codeFor(user.email);

	expect(await host.plugin.unlinkAccount(user.id, `x:${MALLORY.id}`)).toEqual({ kind: "unlinked" });

	expect(await connecting.openCallback(callback)).toMatchObject({ code: "account-changed" });
	expect(await consenting.submit("link")).toMatchObject({ code: "form-expired" });
	expect(await typing.submit("code", { code })).toMatchObject({ code: "form-expired" });
	expect(await idsOf(host, user.id)).toEqual([]);
});

test("Disconnect ends the forms of the X account that was disconnected, also those in which it would become another user", async () => {
	const { host } = await openHouse({ accounts: [NO_EMAIL] });
	const user = host.users.add({ brandId: "brand", email: "me@example.com", password: "mine" });
	const stranger = host.newBrowser();
	await throughX(stranger);
	const rows = [{ brandId: "brand", identityId: NO_EMAIL.id, email: user.email }];
	await host.plugin.importLinks(rows, { dryRun: false });

	await host.plugin.unlinkAccount(user.id, `x:${NO_EMAIL.id}`);

	expect(await stranger.submit("email", { email: "new@example.com" })).toMatchObject({
		code: "form-expired",
	});
});

test("Disconnect leaves the forms of other people alone", async () => {
	const { host } = await openHouse({ accounts: [NO_EMAIL] });
	const userId = await userWith(host, "me", ["1", "2"]);
	const other = host.newBrowser();
	await throughX(other);

	await host.plugin.unlinkAccount(userId, "x:1");

	await other.submit("email", { email: "new@example.com" });
	const code = host.mail.codeFor("new@example.com");
	expect(await other.submit("code", { code })).toMatchObject({ kind: "signed-up" });
});
