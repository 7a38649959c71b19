import { expect, test } from "vitest";
import { type HostStorage, type StorageCommit, StorageError } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

const EMAIL = ADA.email ?? "";
const PASSWORD = "correct horse";

async function everythingStored(host: Awaited<ReturnType<typeof openHouse>>["host"]) {
	const { entries } = await host.storage.list([], { limit: 1000 });
	// Counts without names stay: the number of profiles with an address.
	return JSON.stringify(entries.filter(({ key }) => !key.includes("profiles")));
}

test("no e-mail address: the visitor enters one, proves it with a code, and gets an account", async () => {
	const { host, fakeX } = await openHouse({ accounts: [NO_EMAIL] });
	const browser = host.newBrowser();

	expect(titleOf(await throughX(browser, { returnPath: "/tickets" }))).toBe(
		"What is your e-mail address?",
	);
	expect(await browser.submit("email", { email: "not an address" })).toMatchObject({
		page: { status: 400 },
	});
	expect(titleOf(await browser.submit("email", { email: " new@example.com " }))).toBe(
		"Enter the code",
	);
	fakeX.resetStats();
	const response = await browser.submit("code", { code: host.mail.codeFor("new@example.com") });

	expect(response).toMatchObject({ kind: "signed-up", returnPath: "/tickets" });
	expect(host.users.all()).toMatchObject([{ email: "new@example.com", confirmed: true }]);
	expect(host.mail.lastTo("new@example.com").subject).toContain("Welcome");
	expect(fakeX.stats().total).toBe(0);
	browser.signOut();
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in" });
});

test("timing / enumeration: every typed address gets the same answer, and only the letter differs", async () => {
	const { host } = await openHouse({ accounts: [NO_EMAIL] });
	const brandId = "brand";
	host.users.add({ brandId, email: "user@example.com", password: PASSWORD });
	host.users.add({ brandId, email: "staff@example.com", role: "staff" });
	host.users.add({ brandId, email: "suspended@example.com", status: "suspended" });
	host.users.add({ brandId, email: "unclaimed@example.com", confirmed: false, unclaimed: true });
	const answers = new Set<string>();
	for (const name of ["nobody", "user", "staff", "suspended", "unclaimed"]) {
		const email = `${name}@example.com`;
		const browser = host.newBrowser();
		await throughX(browser, { accountId: NO_EMAIL.id });
		const letters = host.mail.sent.length;
		const markup = browser.seen && "page" in browser.seen ? browser.seen.page.html : "";
		const [, login = ""] = /name="login" value="([^"]+)"/.exec(markup) ?? [];

		const answer = await host.plugin.continueLogin({
			brandId,
			method: "POST",
			query: [],
			form: [
				["login", login],
				["action", "email"],
				["email", email],
			],
			cookies: Object.fromEntries(browser.cookies),
			locale: "en",
			clientAddress: "",
			currentUser: undefined,
		});
		expect(host.mail.sent).toHaveLength(letters);
		answers.add(JSON.stringify(answer).replaceAll(login, "…"));
		const page = await browser.openForm(`/login/continue?login=${login}`);
		answers.add(JSON.stringify(page).replaceAll(login, "…").replaceAll(email, "…"));
		await answer.afterwards?.();
		expect(host.mail.sent).toHaveLength(letters + 1);
	}

	expect(answers.size).toBe(2);
	expect(host.mail.lastTo("nobody@example.com").text).toMatch(/code is \d{4} \d{4} \d{4}\./);
	expect(host.mail.lastTo("staff@example.com").text).not.toMatch(/\d{4}/);
	expect(host.mail.lastTo("suspended@example.com").text).not.toMatch(/\d{4}/);
});

test("a form is valid for half an hour, in its own browser, and once", async () => {
	const { host } = await openHouse({ accounts: [NO_EMAIL] });
	const browser = host.newBrowser();
	await throughX(browser);
	const stranger = host.newBrowser();
	await goToX(stranger);
	stranger.seen = browser.seen;

	expect(await stranger.submit("email", { email: "eve@example.com" })).toMatchObject({
		code: "form-expired",
	});
	await browser.submit("email", { email: "new@example.com" });
	const form = browser.seen;
	const code = host.mail.codeFor("new@example.com");
	expect(await browser.submit("code", { code })).toMatchObject({ kind: "signed-up" });
	browser.seen = form;
	expect(await browser.submit("code", { code })).toMatchObject({ code: "form-expired" });

	const slow = host.newBrowser();
	await throughX(slow, { accountId: NO_EMAIL.id });
	slow.signOut();
	const late = host.newBrowser();
	host.users.change(host.users.all()[0]?.id ?? "", undefined);
	await throughX(late);
	host.clock.advance(30 * 60_000);
	expect(await late.submit("email", { email: "late@example.com" })).toMatchObject({
		code: "form-expired",
	});
});

test("e-mail belongs to a user: they prove it with a code, agree, are linked, and get a letter", async () => {
	const { host, fakeX } = await openHouse();
	const user = host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
	const browser = host.newBrowser();

	expect(titleOf(await throughX(browser, { returnPath: "/tickets" }))).toBe(
		"Is this account yours?",
	);
	await browser.submit("send-code");
	const consent = await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
	expect(titleOf(consent)).toBe("Link X to your account?");
	expect(JSON.stringify(consent)).toContain("@ada");
	expect(browser.currentUserId).toBeUndefined();
	expect(await host.plugin.listLinkedAccounts(user.id)).toEqual([]);

	expect(await browser.submit("link")).toMatchObject({
		kind: "linked",
		userId: user.id,
		returnPath: "/tickets",
	});
	expect(host.mail.lastTo(EMAIL).subject).toContain("linked");
	expect(host.users.all()).toMatchObject([{ password: PASSWORD }]);
	browser.signOut();
	fakeX.resetStats();
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in", userId: user.id });
	expect(fakeX.stats().total).toBe(2);
});

test("e-mail belongs to a user: they prove it with their password instead", async () => {
	const { host } = await openHouse();
	const user = host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
	host.users.add({ brandId: "brand", email: "other@example.com", password: PASSWORD });
	const browser = host.newBrowser();
	await throughX(browser);

	const away = await browser.submit("log-in");
	expect(away).toMatchObject({ kind: "reauthenticate" });
	const form = away.kind === "reauthenticate" ? away.returnPath : "";
	browser.logIn("other@example.com", PASSWORD);
	expect(JSON.stringify(await browser.openForm(form))).toContain(
		"not to the account with this address",
	);
	browser.logIn(EMAIL, PASSWORD);
	expect(titleOf(await browser.openForm(form))).toBe("Link X to your account?");

	expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user.id });
});

test("Cancel withholds consent and links nothing", async () => {
	const { host } = await openHouse();
	const user = host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
	const browser = host.newBrowser();
	await throughX(browser);
	await browser.submit("send-code");
	await browser.submit("code", { code: host.mail.codeFor(EMAIL) });

	expect(await browser.submit("cancel")).toMatchObject({ kind: "cancelled" });
	expect(await host.plugin.listLinkedAccounts(user.id)).toEqual([]);
});

test("an account made by an e-mailed ticket is claimed with a code, and in no other way", async () => {
	const { host } = await openHouse();
	host.users.organisationDomains.add("example.com");
	const unclaimed = { confirmed: false, unclaimed: true };
	const user = host.users.add({ brandId: "brand", email: EMAIL, ...unclaimed });
	const browser = host.newBrowser();

	expect(titleOf(await throughX(browser))).toBe("Take over your account");
	await expect(browser.submit("log-in")).rejects.toThrow("no form");
	await browser.submit("send-code");
	await browser.submit("code", { code: host.mail.codeFor(EMAIL) });
	expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user.id });

	expect(host.users.all()).toMatchObject([
		{ confirmed: true, unclaimed: false, organisation: "example.com" },
	]);
});

test.each([
	[true, { confirmed: false }],
	[false, { confirmed: true }],
] as const)(
	"the form and the letter say that a take-over drops the password: %s for %j",
	async (told, owner) => {
		const { host } = await openHouse();
		host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD, ...owner });
		const browser = host.newBrowser();
		await throughX(browser);
		await browser.submit("send-code");

		const consent = await browser.submit("code", { code: host.mail.codeFor(EMAIL) });

		expect(JSON.stringify(consent).includes("If somebody set a password for it")).toBe(told);
		await browser.submit("link");
		const letter = host.mail.lastTo(EMAIL);
		expect(letter.subject.includes("is confirmed and linked to X")).toBe(told);
		expect(letter.text.includes("Passwords and X accounts that opened it before")).toBe(told);
		expect(letter.text).toContain("@ada");
	},
);

test("an address that X only asserts creates an account, but joins no organisation", async () => {
	const { host } = await openHouse();
	host.users.organisationDomains.add("example.com");

	await throughX(host.newBrowser());

	expect(host.users.all()).toMatchObject([{ confirmed: false, organisation: undefined }]);
});

test.each([
	["suspended", { status: "suspended" }, {}, "account-suspended"],
	["staff", { role: "staff" }, {}, "email-of-staff"],
	["nobody's, link only", undefined, { mode: "link-only" }, "link-only"],
	["nobody's, in the mode log in only", undefined, { mode: "login-only" }, "sign-up-closed"],
	["of another domain", undefined, { allowedDomains: "corp.example, x.example" }, "domain-refused"],
	["of a blocked domain", undefined, { blockedDomains: "Example.com" }, "domain-refused"],
] as const)(
	"an address that is %s is refused, with a reason and a code",
	async (_, user, settings, code) => {
		const { host } = await openHouse();
		host.settings.save("brand", settings);
		if (user !== undefined) {
			host.users.add({ brandId: "brand", email: EMAIL, ...user });
		}

		const response = await throughX(host.newBrowser());

		expect(response).toMatchObject({ kind: "refused", code });
		expect(JSON.stringify(response)).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
		expect(JSON.stringify(response)).toContain("Use another X account");
	},
);

test("registration closed: known people log in, and new people read why they cannot", async () => {
	const { host } = await openHouse({ brands: [mockBrand("brand", { registrationOpen: false })] });

	expect(await throughX(host.newBrowser())).toMatchObject({ code: "sign-up-closed" });
	host.users.add({ brandId: "brand", email: EMAIL, password: PASSWORD });
	expect(titleOf(await throughX(host.newBrowser()))).toBe("Is this account yours?");
});

test("queued for approval: the visitor reads so, and can log in once approved", async () => {
	const { host } = await openHouse();
	host.users.nextCreation = "awaiting-approval";
	const browser = host.newBrowser();

	expect(await throughX(browser)).toMatchObject({ code: "approval-pending" });
	const [user] = host.users.all();
	expect(await host.plugin.listLinkedAccounts(user?.id ?? "")).toHaveLength(1);
	expect(await throughX(browser)).toMatchObject({ code: "approval-pending" });

	host.users.change(user?.id ?? "", { status: "active" });
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in", userId: user?.id });
});

test("more fields needed: the host shows its own form, and the link is kept", async () => {
	const { host } = await openHouse();
	host.users.nextCreation = "incomplete";
	const browser = host.newBrowser();

	expect(await throughX(browser, { returnPath: "/tickets" })).toMatchObject({
		kind: "complete-profile",
		returnPath: "/tickets",
	});
	const [user] = host.users.all();
	expect(await throughX(browser)).toMatchObject({ kind: "complete-profile", userId: user?.id });
	host.users.change(user?.id ?? "", { status: "active" });
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in" });
});

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

	const again = new URL(await goToX(browser, { fields: { screen: "grants" } }));
	expect(again.pathname).toBe("/oauth/authorize");
	const other = new URL(await goToX(browser, { fields: { screen: "other-account" } }));
	expect([other.pathname, other.searchParams.get("force_login")]).toEqual([
		"/oauth/authenticate",
		"true",
	]);
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
	fakeX.answerNext({ call: "access_token", fault: "89" });
	const refused = await throughX(browser, { page: "account", returnPath: "/account" });
	expect(JSON.stringify(refused)).toContain('name=\\"intent\\" value=\\"link\\"');
});
