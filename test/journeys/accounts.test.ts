import { describe, expect, test } from "vitest";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const EMAIL = ADA.email ?? "";
const PASSWORD = "correct horse";

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

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
		[
			"of another domain",
			undefined,
			{ allowedDomains: "corp.example, x.example" },
			"domain-refused",
		],
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
});
