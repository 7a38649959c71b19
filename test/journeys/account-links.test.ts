// Connecting X to an account and disconnecting it.
import { describe, expect, test } from "vitest";
import type { HostStorage, StorageCommit } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const EMAIL = ADA.email ?? "";
const PASSWORD = "correct horse";

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("Connect X: recent proof links at once, and the button disappears", async () => {
		const { host } = await openHouse();
		const user = host.users.add({ brandId: "brand", email: "me@example.com", password: PASSWORD });
		const browser = host.newBrowser();
		browser.logIn("me@example.com", PASSWORD);

		expect(await throughX(browser, { page: "account", returnPath: "/account" })).toMatchObject({
			kind: "linked",
			userId: user.id,
			returnPath: "/account",
		});
		expect(host.mail.lastTo("me@example.com").text).toContain("@ada");
		await expect(browser.pressButton("/account", "account")).rejects.toThrow("no button");
	});

	test("Connect X: without recent proof the host asks for it first, then consent", async () => {
		const { host } = await openHouse();
		const user = host.users.add({ brandId: "brand", email: "me@example.com", password: PASSWORD });
		const browser = host.newBrowser();
		browser.logIn("me@example.com", PASSWORD);
		host.clock.advance(10 * 60_000);

		const away = await throughX(browser, { page: "account", returnPath: "/account" });
		expect(away).toMatchObject({ kind: "reauthenticate" });
		const form = away.kind === "reauthenticate" ? away.returnPath : "";
		expect(await browser.openForm(form)).toMatchObject({ kind: "reauthenticate" });
		browser.logIn("me@example.com", PASSWORD);
		expect(titleOf(await browser.openForm(form))).toBe("Link X to your account?");
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user.id });
	});

	test("after the wrong X account or a missing address, X shows another page", async () => {
		const { host } = await openHouse({ accounts: [NO_EMAIL, ADA] });
		const browser = host.newBrowser();
		await throughX(browser);
		const page = JSON.stringify(browser.seen);
		expect(page).toContain('name=\\"screen\\" value=\\"grants\\"');

		const shown: unknown[] = [];
		for (const screen of ["grants", "other-account"]) {
			const { pathname, searchParams } = new URL(await goToX(browser, { fields: { screen } }));
			shown.push([pathname, searchParams.get("force_login")]);
		}
		// Under OAuth 2.0, X has one page. It always shows what the app may see, and the account.
		const only = ["/i/oauth2/authorize", null];
		expect(shown).toEqual(
			{
				oauth1: [
					["/oauth/authorize", null],
					["/oauth/authenticate", "true"],
				],
				oauth2: [only, only],
			}[x.protocol],
		);
	});

	test("Disconnect: the last way in stays; any other link is removed, and a letter says so", async () => {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		await throughX(browser);
		const userId = browser.currentUserId ?? "";
		const identityId = `x:${ADA.id}`;

		expect(await host.plugin.unlinkAccount(userId, identityId)).toEqual({ kind: "last-way-in" });
		expect(await host.plugin.listLinkedAccounts(userId)).toHaveLength(1);
		expect(await host.plugin.unlinkAccount(userId, "x:1")).toEqual({ kind: "not-linked" });
		expect(await host.plugin.unlinkAccount("user-9", identityId)).toEqual({ kind: "not-linked" });

		host.users.change(userId, { hasOtherWayIn: true });
		expect(await host.plugin.unlinkAccount(userId, identityId)).toEqual({ kind: "unlinked" });
		expect(await host.plugin.listLinkedAccounts(userId)).toEqual([]);
		expect(host.mail.lastTo(EMAIL).subject).toContain("disconnected");
	});

	test("a handle that changed at X is refreshed at the next log-in, without another call", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		await throughX(browser);
		const userId = browser.currentUserId ?? "";
		browser.signOut();
		fakeX.renameAccount(ADA.id, "countess");
		fakeX.resetStats();

		await throughX(browser);

		expect(await host.plugin.listLinkedAccounts(userId)).toMatchObject([{ label: "@countess" }]);
		expect(fakeX.stats().total).toBe(2);
	});

	test("a disconnected X account is not linked again by itself", async () => {
		const { host } = await openHouse();
		const browser = host.newBrowser();
		await throughX(browser);
		const userId = browser.currentUserId ?? "";
		host.users.change(userId, { email: "changed@example.com", hasOtherWayIn: true });
		await host.plugin.unlinkAccount(userId, `x:${ADA.id}`);
		browser.signOut();

		const again = await throughX(browser);

		expect(again).toMatchObject({ kind: "signed-up" });
		expect(browser.currentUserId).not.toBe(userId);
	});

	test.each([1, 2, 3])(
		"a crash at write %i of a first log-in is resumed by the next attempt",
		async (failing) => {
			const clock = new MockClock();
			const inner = new MemoryStorage(clock);
			let writes = 0;
			const crashes = (after: boolean) => async (write: StorageCommit) => {
				writes += 1;
				if (writes === failing && !after) {
					throw new Error("the process is gone");
				}
				const done = await inner.commit(write);
				if (writes === failing && after) {
					throw new Error("the process is gone");
				}
				return done;
			};
			for (const after of [false, true]) {
				writes = 0;
				const storage: HostStorage = {
					get: (key) => inner.get(key),
					list: (prefix, options) => inner.list(prefix, options),
					take: (key) => inner.take(key),
					commit: crashes(after),
				};
				const { host } = await openHouse({ clock, storage });
				const browser = host.newBrowser();
				await throughX(browser).catch(() => undefined);
				browser.signOut();

				const response = await throughX(browser);

				expect(["signed-up", "signed-in"]).toContain(response.kind);
				expect(host.users.all()).toHaveLength(1);
				await host.plugin.onUserDeleted(host.users.all()[0]?.id ?? "");
			}
		},
	);

	test("the browser's cookie lives as long as the forms, and Connect X works on the second try", async () => {
		const { host, fakeX } = await openHouse({ accounts: [NO_EMAIL] });
		const browser = host.newBrowser();
		const ages: (number | undefined)[] = [];
		const response = await host.plugin.handleCallback({
			brandId: "brand",
			method: "GET",
			query: [...new URL(await approveAtX(await goToX(browser))).searchParams],
			form: [],
			cookies: Object.fromEntries(browser.cookies),
			locale: "en",
			clientAddress: "",
			currentUser: undefined,
		});
		ages.push(response.cookies?.find(({ name }) => name === "browser")?.maxAgeSeconds);
		expect(ages).toEqual([30 * 60]);

		host.users.add({ brandId: "brand", email: "me@example.com", password: PASSWORD });
		browser.logIn("me@example.com", PASSWORD);
		fakeX.answerNext({ call: x.exchange, fault: "89" });
		const refused = await throughX(browser, { page: "account", returnPath: "/account" });
		expect(JSON.stringify(refused)).toContain('name=\\"intent\\" value=\\"link\\"');
	});
});
