// What was begun before an account changed ends in no link, and a log-in that crosses a claim opens no session.
import { describe, expect, test } from "vitest";
import {
	type HostStorage,
	type StorageCommit,
	StorageError,
	type StorageValue,
} from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { ContractVersion } from "../../src/testing/host-contract/host-under-test.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const EMAIL = ADA.email ?? "";
const PASSWORD = "correct horse";
const NEW_PASSWORD = "battery staple";

/** What a test does with a user of the mock host. */
type Change = (host: MockHost, userId: string) => void;

const CHANGES: Readonly<Record<string, Change>> = {
	"a new password": ({ users }, id) => users.change(id, { password: NEW_PASSWORD }),
	"a suspension that was lifted again": ({ users }, id) => {
		users.change(id, { status: "suspended" });
		users.change(id, { status: "active" });
	},
	"a log-out everywhere": ({ users }, id) => users.endSessions(id),
};

/** Begins a link to the user, up to the step that makes it. @returns that step. */
type Begin = (host: MockHost, browser: MockBrowser) => Promise<() => Promise<unknown>>;

const signIn = (host: MockHost, browser: MockBrowser): void => {
	const id = host.users.all()[0]?.id ?? "";
	browser.currentUser = { id, provenAt: host.clock.now() };
};

const connect = (host: MockHost, browser: MockBrowser): Promise<string> => {
	signIn(host, browser);
	return goToX(browser, { page: "account" });
};

const LINKS: Readonly<Record<string, Begin>> = {
	"a consent page after a code": async (host, browser) => {
		await throughX(browser);
		await browser.submit("send-code");
		await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
		return () => browser.submit("link");
	},
	"a consent page after a log-in": async (host, browser) => {
		await throughX(browser);
		const away = (await browser.submit("log-in")) as { returnPath: string };
		return async () => {
			signIn(host, browser);
			await browser.openForm(away.returnPath);
			return browser.submit("link");
		};
	},
	"a consent page where X is trusted": async (host, browser) => {
		host.settings.save("brand", { linking: "trust-confirmed" });
		await throughX(browser);
		return () => browser.submit("link");
	},
	"a code that was sent": async (host, browser) => {
		await throughX(browser);
		await browser.submit("send-code");
		return async () => {
			await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
			return browser.submit("link");
		};
	},
	"a code that was sent to a typed address": async (host, browser) => {
		await throughX(browser, { accountId: NO_EMAIL.id });
		await browser.submit("email", { email: EMAIL });
		return async () => {
			await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
			return browser.submit("link");
		};
	},
	"a Connect X on the account page": async (host, browser) => {
		const callback = await approveAtX(await connect(host, browser));
		return () => {
			signIn(host, browser);
			return browser.openCallback(callback);
		};
	},
	"a Connect X that asks for the password again": async (host, browser) => {
		const start = await connect(host, browser);
		host.clock.advance(9 * 60_000);
		browser.currentUser = { id: browser.currentUserId ?? "", provenAt: 0 };
		const away = await browser.openCallback(await approveAtX(start));
		return async () => {
			signIn(host, browser);
			await browser.openForm((away as { returnPath: string }).returnPath);
			return browser.submit("link");
		};
	},
};

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	async function openWithUser(contract: ContractVersion = "1.1", storage?: HookedStorage) {
		const opened = await openHouse({ contract, ...(storage && { storage, clock: storage.clock }) });
		const { host } = opened;
		const user = host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
		return { ...opened, user, browser: host.newBrowser() };
	}

	/** A storage that lets a test act before and after the commit of a link. */
	class HookedStorage implements HostStorage {
		readonly clock = new MockClock();
		beforeLink: () => Promise<void> | void = () => {};
		afterLink: () => void = () => {};
		private readonly inner = new MemoryStorage(this.clock);

		get: HostStorage["get"] = (key) => this.inner.get(key);
		take: HostStorage["take"] = (key) => this.inner.take(key);
		list: HostStorage["list"] = (prefix, options) => this.inner.list(prefix, options);

		commit: HostStorage["commit"] = async (commit) => {
			const isLink = madeBy(commit);
			await (isLink && this.beforeLink());
			const done = await this.inner.commit(commit);
			isLink && this.afterLink();
			return done;
		};
	}

	function madeBy({ sets = [] }: StorageCommit): boolean {
		return sets.some(({ key }) => key.includes("links-of-user"));
	}

	// Those that end in a callback run under both protocols. The others end in forms, which are the same.
	const links = Object.entries(LINKS).filter(
		([link]) => x.protocol === "oauth1" || link.startsWith("a Connect X"),
	);
	for (const [link, begin] of links) {
		test.each(Object.entries(CHANGES))(`${link} links nothing after %s`, async (_, change) => {
			const { host, user, browser } = await openWithUser();
			const finish = await begin(host, browser);

			change(host, user.id);
			const end = await finish();

			expect(end).toMatchObject({ kind: "refused", code: "account-changed" });
			expect(await host.plugin.listLinkedAccounts(user.id)).toEqual([]);
		});

		test(`${link} links where nothing has changed, also in a host of contract 1.0`, async () => {
			for (const contract of ["1.0", "1.1", "1.2", "1.3"] as const) {
				const { host, user, browser } = await openWithUser(contract);
				const finish = await begin(host, browser);

				expect(await finish()).toMatchObject({ kind: "linked", userId: user.id });
				expect(await host.plugin.listLinkedAccounts(user.id)).toHaveLength(1);
				browser.signOut();
				const accountId = link.includes("typed") ? NO_EMAIL.id : ADA.id;
				const again = await throughX(browser, { accountId });
				expect(again).toMatchObject({ kind: "signed-in", userId: user.id });
				expect(browser.currentUserId).toBe(user.id);
			}
		});

		test.each(["before", "after"])(
			`${link} leaves no link when the password changes just %s the link is stored`,
			async (when) => {
				const storage = new HookedStorage();
				const { host, user, browser } = await openWithUser("1.1", storage);
				const finish = await begin(host, browser);
				const change = () => host.users.change(user.id, { password: NEW_PASSWORD });
				if (when === "before") {
					storage.beforeLink = change;
				} else {
					storage.afterLink = change;
				}

				const end = await finish();

				expect(end).toMatchObject({ kind: "refused", code: "account-changed" });
				expect(await host.plugin.listLinkedAccounts(user.id)).toEqual([]);
				expect((await host.storage.list(["link"])).entries).toEqual([]);
			},
		);
	}

	test("a code proves nothing after a new password, even if a guess was counted while its letter was written", async () => {
		const storage = new HookedStorage();
		const { host, user, browser } = await openWithUser("1.1", storage);
		const { commit } = storage;
		let crossings = 0;
		storage.commit = async (change) => {
			const [{ key = [], value = null } = {}] = change.sets ?? [];
			const { accessEpoch } = (value ?? {}) as { readonly accessEpoch?: StorageValue };
			if (key.includes("continuation") && accessEpoch === user.accessEpoch && crossings < 3) {
				crossings += 1;
				const entry = await storage.get(key);
				await commit({
					sets: [{ key, value: entry?.value ?? null, expiresAt: Number.MAX_SAFE_INTEGER }],
				});
			}
			return commit(change);
		};
		const finish = await LINKS["a code that was sent to a typed address"]?.(host, browser);

		host.users.change(user.id, { password: NEW_PASSWORD });

		expect(await finish?.()).toMatchObject({ kind: "refused", code: "account-changed" });
		expect(crossings).toBe(3);
		expect(await host.plugin.listLinkedAccounts(user.id)).toEqual([]);
	});

	test("a visitor who is refused reads why and can begin again, in both languages", async () => {
		for (const [locale, title] of [
			["en", "This account has changed"],
			["de", "Dieses Konto hat sich geändert"],
		] as const) {
			const { host, user } = await openWithUser();
			const browser = host.newBrowser({ locale });
			const finish = await LINKS["a consent page after a code"]?.(host, browser);
			host.users.endSessions(user.id);

			const end = (await finish?.()) as Awaited<ReturnType<MockBrowser["submit"]>>;

			expect(titleOf(end)).toBe(title);
			expect(await browser.submitForm()).toMatchObject({ kind: "redirect" });
			expect(host.events.at(-1)).toMatchObject({ userId: user.id });
		}
	});

	test("a claim by code goes on although a stranger inside the account logs out everywhere", async () => {
		const { host } = await openHouse();
		const unproven = { confirmed: false, password: PASSWORD };
		const squatted = host.users.add({ brandId: "brand", email: EMAIL, ...unproven });
		const browser = host.newBrowser();
		await throughX(browser);
		host.users.endSessions(squatted.id);
		await browser.submit("send-code");
		host.users.endSessions(squatted.id);
		await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
		host.users.endSessions(squatted.id);

		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: squatted.id });
		expect(browser.currentUserId).toBe(squatted.id);
	});

	/** Changes the stored records of a kind to what version 0.2.0 stored. */
	async function age(host: MockHost, kind: string, field: string): Promise<void> {
		const { entries } = await host.storage.list([kind]);
		expect(entries).toHaveLength(1);
		for (const { key, value } of entries) {
			const { [field]: removed, ...older } = value as Readonly<Record<string, StorageValue>>;
			expect(removed).toBeDefined();
			await host.storage.commit({
				sets: [{ key, value: older, expiresAt: Number.MAX_SAFE_INTEGER }],
			});
		}
	}

	test("records of 0.2.0: a link that was begun is begun again, and a code for a typed address is still good", async () => {
		const { host, user, browser } = await openWithUser();
		const callback = await approveAtX(await connect(host, browser));
		await age(host, "pending", "accessEpoch");
		expect(await browser.openCallback(callback)).toMatchObject({ code: "account-changed" });

		const waiting = host.newBrowser();
		const finish = await LINKS["a consent page after a log-in"]?.(host, waiting);
		await age(host, "continuation", "accessEpoch");
		expect(await finish?.()).toMatchObject({ code: "account-changed" });

		const typing = host.newBrowser();
		await throughX(typing, { accountId: NO_EMAIL.id });
		await typing.submit("email", { email: EMAIL });
		await age(host, "continuation", "accessEpoch");
		await typing.submit("code", { code: host.mail.codeFor(EMAIL) });
		expect(await typing.submit("link")).toMatchObject({ kind: "linked", userId: user.id });
	});

	async function claim(host: MockHost, userId: string): Promise<void> {
		await host.plugin.onUserClaimed(userId);
		await host.users.confirm(userId);
		host.users.change(userId, { password: NEW_PASSWORD, hasOtherWayIn: true });
		await host.plugin.onUserClaimed(userId);
	}

	test("a log-in that had read its link opens no session on an account that its owner claims meanwhile", async () => {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		await throughX(browser);
		const userId = browser.currentUserId ?? "";
		browser.signOut();
		const callback = await approveAtX(await goToX(browser));
		const { find } = host.users;
		host.users.find = async (id) => {
			const user = await find.call(host.users, id);
			host.users.find = find;
			await claim(host, userId);
			return user;
		};

		expect(await browser.openCallback(callback)).toMatchObject({
			kind: "signed-in",
			accessEpoch: "0",
		});

		expect(browser.currentUserId).toBeUndefined();
	});

	test.each(["later", "at the same time"])(
		"a sign-up that a crash interrupted does not lead into an account that its owner claims %s",
		async (when) => {
			const storage = new HookedStorage();
			const { host } = await openHouse({ storage, clock: storage.clock });
			const browser = host.newBrowser();
			const userId = () => host.users.all()[0]?.id ?? "";
			storage.beforeLink = async () => {
				storage.beforeLink = () => {};
				if (when === "at the same time") {
					return claim(host, userId());
				}
				throw new StorageError("the power failed");
			};
			expect(await throughX(browser)).toMatchObject({ kind: "refused" });
			if (when === "later") {
				await claim(host, userId());
			}

			const again = await throughX(browser);

			expect(titleOf(again)).toBe("Is this account yours?");
			expect(browser.currentUserId).toBeUndefined();
			expect(await host.plugin.listLinkedAccounts(userId())).toEqual([]);
			expect(host.users.all()).toHaveLength(1);
		},
	);
});
