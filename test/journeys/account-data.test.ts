// What is stored of accounts: it goes with them, and stays whole when much happens at once or something is away.
import { expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { ADA, openHouse } from "../kit/plugin/open-house.ts";

const EMAIL = ADA.email ?? "";
const PASSWORD = "correct horse";

async function everythingStored(host: Awaited<ReturnType<typeof openHouse>>["host"]) {
	const { entries } = await host.storage.list([], { limit: 1000 });
	// Counts without names stay: the number of profiles with an address.
	return JSON.stringify(entries.filter(({ key }) => !key.includes("profiles")));
}

test("deletion: nothing about the X account remains, neither links nor forms", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser);
	const userId = browser.currentUserId ?? "";
	expect(await everythingStored(host)).toContain(ADA.id);

	host.users.change(userId, undefined);
	await host.plugin.onUserDeleted(userId);

	expect(await everythingStored(host)).toBe("[]");
});

test("merge: the links of the first user open the account of the second", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser);
	const first = browser.currentUserId ?? "";
	const second = host.users.add({ brandId: "brand", email: "me@example.com", password: PASSWORD });
	browser.signOut();

	await host.plugin.onUsersMerged(first, second.id);
	host.users.change(first, undefined);

	expect(await host.plugin.listLinkedAccounts(first)).toEqual([]);
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in", userId: second.id });
	await host.plugin.onUserDeleted(second.id);
	expect(await everythingStored(host)).toBe("[]");
});

test("the export has all stored data and nothing else", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser);

	expect(await host.plugin.exportUserData(browser.currentUserId ?? "")).toEqual({
		linkedAccounts: [
			{
				id: `x:${ADA.id}`,
				handle: "@ada",
				linkedAt: new Date(host.clock.now()).toISOString(),
			},
		],
	});
	expect(await host.plugin.exportUserData("nobody")).toEqual({ linkedAccounts: [] });
});

test("100 simultaneous first log-ins of one X account create one user and log all in", async () => {
	const { host } = await openHouse();
	const callbacks: [ReturnType<typeof host.newBrowser>, string][] = [];
	for (let each = 0; each < 100; each += 1) {
		const browser = host.newBrowser();
		callbacks.push([browser, await approveAtX(await goToX(browser))]);
	}

	const responses = await Promise.all(
		callbacks.map(([browser, callback]) => browser.openCallback(callback)),
	);

	const [user, ...others] = host.users.all();
	expect(others).toEqual([]);
	for (const response of responses) {
		expect(["signed-up", "signed-in"]).toContain(response.kind);
		expect(response).toMatchObject({ userId: user?.id });
	}
	expect(await host.plugin.listLinkedAccounts(user?.id ?? "")).toHaveLength(1);
});

test.each([
	["suspended", { code: "account-suspended" }],
	["awaiting-approval", { code: "approval-pending" }],
	["incomplete", { kind: "complete-profile" }],
] as const)(
	"simultaneous first log-ins to an account that is %s all end by the rule for it",
	async (status, end) => {
		const { host } = await openHouse();
		host.users.nextCreation = status;
		const callbacks: [ReturnType<typeof host.newBrowser>, string][] = [];
		for (let each = 0; each < 10; each += 1) {
			const browser = host.newBrowser();
			callbacks.push([browser, await approveAtX(await goToX(browser))]);
		}

		const responses = await Promise.all(
			callbacks.map(([browser, callback]) => browser.openCallback(callback)),
		);

		expect(host.users.all()).toHaveLength(1);
		for (const response of responses) {
			expect(response).toMatchObject(end);
		}
	},
);

test("a letter that cannot be sent is reported, and the visitor still logs in", async () => {
	const { host } = await openHouse();
	host.mail.failure = new Error("the queue is full");

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(host.events).toContainEqual(expect.objectContaining({ name: "mail.failed" }));
});

test("a form that meets an unavailable storage keeps the return path and the intent for the retry", async () => {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	const storage: HostStorage = {
		get: (key) => memory.get(key),
		list: (prefix, options) => memory.list(prefix, options),
		commit: (commit) => memory.commit(commit),
		take: (key) =>
			key.includes("continuation")
				? Promise.reject(new StorageError("the database is away"))
				: memory.take(key),
	};
	const { host } = await openHouse({ clock, storage });
	host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
	const browser = host.newBrowser();
	browser.logIn(EMAIL, PASSWORD);
	host.clock.advance(11 * 60_000);
	const away = await throughX(browser, { page: "account", returnPath: "/account?tab=x" });
	browser.logIn(EMAIL, PASSWORD);
	await browser.openForm(away.kind === "reauthenticate" ? away.returnPath : "");

	const response = await browser.submit("link");

	expect(response).toMatchObject({ kind: "refused", code: "helpdesk-unavailable" });
	expect(JSON.stringify(response)).toContain('value=\\"/account?tab=x\\"');
	expect(JSON.stringify(response)).toContain('name=\\"intent\\" value=\\"link\\"');
});
