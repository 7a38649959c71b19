// Request Tracker behind Apache's mod_auth_openidc: software that others wrote, with the recipe that administrators follow.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { openBrowser } from "../../kit/browser/open-browser.ts";
import { openTlsSite, pem } from "../../kit/browser/open-tls-site.ts";
import { setUpXInBrowser } from "../../kit/browser/set-up-x.ts";
import { eventually } from "../../kit/eventually.ts";
import { startFakeSmtp } from "../../kit/helpdesk/fake-smtp.ts";
import {
	freePorts,
	newDataFolder,
	startHelpdeskProcess,
} from "../../kit/helpdesk/start-helpdesk.ts";
import { connectRequestTracker } from "../../kit/request-tracker/connect-request-tracker.ts";
import {
	apacheLog,
	changeRtUser,
	RT_ADDRESS,
	RT_PASSWORD,
	RT_SERVER,
	rtUsers,
	startApache,
	writeToRt,
} from "../../kit/request-tracker/request-tracker.ts";

const KEYS = { apiKey: "rt-key", apiKeySecret: "rt-secret" };
const ADA = { id: "1", screenName: "ada", name: "Ada Łoś", email: "ada@example.com" };
/** People without an address at X. */
const [BOB, EVE, MALLORY] = ["Bob", "Eve", "Mallory"].map((name, index) => ({
	...{ id: String(index + 2), screenName: name.toLowerCase(), name, email: null },
})) as [FakeXAccount, FakeXAccount, FakeXAccount];
const AGENT = "agent@example.com";

/** The headers of RT's recipe, and others that servers take a user's name from. */
const HEADERS = [
	...["XLoginName", "XLOGINNAME", "X-Login-Name", "X_LoginName"],
	...["X-Remote-User", "X_Remote_User", "Remote-User", "REMOTE_USER"],
	...["OIDC_CLAIM_preferred_username", "OIDC-CLAIM-preferred-username"],
];

interface Scene {
	readonly portal: string;
	readonly admin: Page;
	readonly letters: readonly string[];
	/** @param account who is logged in to X. */
	readonly newVisitor: (account?: FakeXAccount) => Promise<Page>;
}

/** A helpdesk with X, and RT connected to it. Each has its own host name, over TLS. */
async function openScene(
	options: Parameters<typeof connectRequestTracker>[2] = {},
): Promise<Scene> {
	// The resolvers of Apache and of the browser know that the names below localhost are loopback.
	const site = await openTlsSite("help.localhost");
	const fakeX = await startFakeX({
		apps: [{ ...KEYS, callbacks: [`${site.origin}/login/x-login/callback`] }],
		accounts: [ADA, BOB, EVE, MALLORY],
		tls: { key: await readFile(pem("key"), "utf8"), cert: await readFile(pem("cert"), "utf8") },
	});
	onTestFinished(() => fakeX.close());
	const smtp = await startFakeSmtp();
	const port = await freePorts();
	site.target = `http://127.0.0.1:${port}`;
	const data = await newDataFolder();
	const { ready } = await startHelpdeskProcess(
		data,
		[
			...["--port", String(port), "--base-url", `acorn=${site.origin}`],
			...["--x-base-url", fakeX.url, "--smtp", smtp.url, "--allow-private", "localhost"],
		],
		{ NODE_EXTRA_CA_CERTS: pem("cert") },
	);
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const newVisitor = async ({ id }: FakeXAccount = ADA) => {
		const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
		await context.addCookies([
			{ name: "fake_x_account", value: id, domain: "localhost", path: "/oauth", secure: true },
		]);
		return context.newPage();
	};
	const admin = await newVisitor();
	await setUpXInBrowser(admin, ready, KEYS);
	await startApache(await connectRequestTracker(admin, RT_ADDRESS, options));
	return { portal: site.origin, admin, letters: smtp.letters, newVisitor };
}

/** From RT's log-in page, by its button, to the question of X. */
async function goToX(page: Page, path = "/"): Promise<void> {
	await page.goto(`${RT_ADDRESS}${path}`);
	await page.getByRole("link", { name: "Log in with X" }).click();
	await page.getByRole("button", { name: "Sign in" }).click();
}

async function logIn(page: Page, path = "/"): Promise<void> {
	await goToX(page, path);
	await page.getByRole("button", { name: "Go on" }).click();
	await page.waitForURL(`${RT_ADDRESS}/SelfService/**`);
}

/** Proves an address by the code that a letter brings. @param press the button below the code. */
async function proveAddress(
	page: Page,
	letters: readonly string[],
	email: string,
	press: string,
): Promise<void> {
	await page.getByLabel("E-mail address").fill(email);
	await page.getByRole("button", { name: "Send the code" }).click();
	await page.getByLabel("Code").fill(await codeTo(letters, email));
	await page.getByRole("button", { name: press, exact: true }).click();
}

/** The form of RT's self-service for a new ticket. */
async function openForm(page: Page): Promise<void> {
	await page.goto(`${RT_ADDRESS}/SelfService/CreateTicketInQueue.html`);
	await page.getByRole("link", { name: "General" }).click();
	await page.locator("[name=Subject]").waitFor();
}

/** Writes a ticket in that form, and sees it. */
async function submit(page: Page, subject: string): Promise<void> {
	await page.locator("[name=Subject]").fill(subject);
	await page.getByRole("button", { name: "Create ticket" }).click();
	await page.getByText(`: ${subject}`).first().waitFor();
}

/** Whether RT shows its log-in page, and not the page of anybody. */
async function isAskedForPassword(page: Page, path = "/"): Promise<boolean> {
	await page.goto(`${RT_ADDRESS}${path}`);
	return (await page.locator("#user").count()) === 1;
}

async function logInAtRt(page: Page, name: string): Promise<void> {
	await page.goto(RT_ADDRESS);
	await page.locator("#user").fill(name);
	await page.locator("[name=pass]").fill(RT_PASSWORD);
	await page.getByRole("button", { name: "Login", exact: true }).click();
	await page.getByText(`Logged in as ${name}`).waitFor();
}

/** What a program gets from RT with the cookies of this browser. */
async function rest(context: BrowserContext, path: string): Promise<number> {
	const answer = await context.request.get(`${RT_ADDRESS}/REST/2.0${path}`, { maxRedirects: 0 });
	return answer.status();
}

test("a visitor logs in with X at Request Tracker as a new requester, and is the same RT user again", async () => {
	const { portal, admin, newVisitor } = await openScene();
	const own = rtUsers("RT's own");
	const visitor = await newVisitor();

	// RT remembers the page that the visitor wanted.
	await logIn(visitor, "/SelfService/Prefs.html");
	expect(visitor.url()).toBe(`${RT_ADDRESS}/SelfService/Prefs.html`);
	const before = rtUsers("from the helpdesk");
	const ada = before.at(-1);
	// Nobody has proven the address that X gave.
	expect(ada).toMatchObject({ email: "", realName: ADA.name });
	const name = ada?.name ?? "";
	expect(name).toMatch(/^x-[0-9a-f-]{36}$/);
	await visitor.getByText(`Logged in as ${name}`).waitFor();

	// A log-out at RT asks whether to log out here as well. Then RT asks for a log-in.
	await visitor.goto(`${RT_ADDRESS}/NoAuth/Logout.html`);
	expect(new URL(visitor.url()).origin).toBe(portal);
	await visitor.getByRole("button", { name: "Log out", exact: true }).click();
	await visitor.waitForURL(`${RT_ADDRESS}/`);
	expect(await isAskedForPassword(visitor)).toBe(true);
	await visitor.goto(`${portal}/account`);
	expect(await visitor.getByRole("button", { name: "Log out", exact: true }).count()).toBe(0);

	// The second time nothing is asked but the log-in at X.
	await visitor.goto(RT_ADDRESS);
	await visitor.getByRole("link", { name: "Log in with X" }).click();
	await visitor.waitForURL(`${RT_ADDRESS}/SelfService/**`);
	await visitor.getByText(`Logged in as ${name}`).waitFor();
	expect(rtUsers("from the helpdesk")).toEqual(before);

	// X switched off leaves RT's own log-in alone.
	await admin.getByRole("link", { name: "Third-Party Integrations", exact: true }).first().click();
	await admin.getByRole("button", { name: "Deactivate" }).click();
	await admin.getByRole("heading", { name: "Deactivate X" }).waitFor();
	await admin.getByRole("button", { name: "Deactivate" }).click();
	await admin.getByRole("button", { name: "Activate" }).waitFor();
	const late = await newVisitor();
	await late.goto(RT_ADDRESS);
	await late.getByRole("link", { name: "Log in with X" }).click();
	await late.waitForURL(`${portal}/login?**`);
	expect(await late.getByRole("button", { name: "Log in with X" }).count()).toBe(0);
	await logInAtRt(late, "agent");
	expect(rtUsers("RT's own")).toEqual(own);
	expect(await apacheLog()).not.toContain("error");
});

test("a log-out here ends the session at Request Tracker, for pages and for programs", async () => {
	const { portal, newVisitor } = await openScene();
	const visitor = await newVisitor();
	const program = visitor.context();
	await logIn(visitor);
	const name = newest();
	expect(await rest(program, `/user/${name}`)).toBe(200);

	const here = await program.newPage();
	await here.goto(`${portal}/account`);
	await here.getByRole("button", { name: "Log out", exact: true }).click();
	await expect.poll(() => rest(program, `/user/${name}`)).toBe(302);

	await visitor.goto(`${RT_ADDRESS}/SelfService/`);
	await visitor.getByRole("heading", { name: "No longer authori" }).waitFor();
	expect(await isAskedForPassword(visitor, "/SelfService/")).toBe(true);
});

test("neither a forged header nor a name of RT's own leads to an RT user", async () => {
	const { newVisitor } = await openScene();
	const visitor = await newVisitor();
	await logIn(visitor);
	const name = newest();
	const stranger = await newVisitor();

	for (const header of HEADERS) {
		for (const forged of ["root", "agent", name].flatMap((each) => [each, encoded(each)])) {
			const headers = { [header]: forged };
			expect([header, forged, await seenName(stranger, headers)]).toEqual([header, forged, ""]);
			expect([header, forged, await seenName(visitor, headers)]).toEqual([header, forged, name]);
		}
	}

	// RT itself takes no other names, even from Apache.
	const seen = async (value: string) => {
		const answer = await fetch(`${RT_SERVER}/SelfService/`, {
			headers: { XLoginName: value },
			redirect: "manual",
		});
		return nameIn(await answer.text());
	};
	expect(await seen(encoded(name))).toBe(name);
	for (const other of [
		"root",
		"agent",
		"1",
		"14",
		AGENT,
		`${name}\n`,
		`X${name.slice(1)}`,
		"x-1",
	]) {
		expect([other, await seen(encoded(other))]).toEqual([other, ""]);
	}

	// One whom RT's administrator made an agent, or disabled, needs a password from then on.
	for (const change of ["Privileged", "Disabled"]) {
		await changeRtUser(name, { [change]: 1 });
		expect([change, await seen(encoded(name))]).toEqual([change, ""]);
		await visitor.goto(`${RT_ADDRESS}/SelfService/`);
		expect([change, await isAskedForPassword(visitor)]).toEqual([change, true]);
		await changeRtUser(name, { [change]: 0 });
		expect([change, await seen(encoded(name))]).toEqual([change, name]);
	}
});

test("a customer without an address writes tickets and reads them, and gets the address once it is proven and free", async () => {
	const { newVisitor } = await openScene();
	const visitor = await newVisitor();
	await logIn(visitor);
	const name = newest();

	await openForm(visitor);
	expect(await visitor.locator("[name=Requestors]").inputValue()).toBe(name);
	await submit(visitor, "The printer is on fire");
	await openForm(visitor);
	await visitor.locator("[name=Requestors]").fill("");
	await submit(visitor, "It still is");
	await visitor.goto(`${RT_ADDRESS}/SelfService/`);
	await visitor.getByRole("link", { name: "The printer is on fire" }).click();
	await visitor.getByText("Ticket created").waitFor();

	const seenWith = async (email: string) => {
		const headers = { XLoginName: encoded(name), XLoginEmail: encoded(email) };
		await fetch(`${RT_SERVER}/SelfService/`, { headers });
		return rtUsers("from the helpdesk").at(-1);
	};
	expect(await seenWith(AGENT)).toMatchObject({ name, email: "" });
	expect(await seenWith("new@example.com")).toMatchObject({ name, email: "new@example.com" });
	expect(await seenWith("other@example.com")).toMatchObject({ name, email: "new@example.com" });
});

test("a customer whom Request Tracker knows from a letter writes tickets, and does not become that RT user", async () => {
	const { letters, newVisitor } = await openScene({ needsEmail: true });
	const email = "eve@example.com";
	await writeToRt(email, "My older letter");
	const own = rtUsers("RT's own");
	expect(own.at(-1)).toMatchObject({ name: email, email });
	const eve = await newVisitor(EVE);
	await goToX(eve);
	await proveAddress(eve, letters, email, "Continue");
	await eve.getByRole("button", { name: "Go on" }).click();
	await eve.waitForURL(`${RT_ADDRESS}/SelfService/**`);
	const name = newest();
	expect(rtUsers("from the helpdesk").at(-1)).toMatchObject({ name, email: "" });
	expect(rtUsers("RT's own")).toEqual(own);

	await openForm(eve);
	await submit(eve, "My newer ticket");
	await eve.goto(`${RT_ADDRESS}/SelfService/`);
	await eve.getByRole("link", { name: "My newer ticket" }).waitFor();
	expect(await eve.getByRole("link", { name: "My older letter" }).count()).toBe(0);

	// An agent who knows that both are one person gives the new RT user the address.
	await changeRtUser(email, { EmailAddress: "" });
	await eve.reload();
	expect(rtUsers("from the helpdesk").at(-1)).toMatchObject({ name, email });
});

test("a visitor who cancels is back at Request Tracker's log-in page, and log-ins that nobody finishes lock nobody out", async () => {
	const { newVisitor } = await openScene();
	const visitor = await newVisitor();
	const { request } = visitor.context();
	await goToX(visitor);
	await visitor.getByRole("button", { name: "Cancel" }).click();
	await visitor.waitForURL(`${RT_ADDRESS}/`);
	expect(await isAskedForPassword(visitor)).toBe(true);

	const start = async () => {
		const answer = await request.get(`${RT_ADDRESS}/x-login/start`, { maxRedirects: 0 });
		return new URL(answer.headers()["location"] ?? "");
	};
	// Every other error is shown.
	const query = new URLSearchParams({
		error: "temporarily_unavailable",
		error_description: "try again",
		state: (await start()).searchParams.get("state") ?? "",
		iss: "https://help.localhost/oidc",
	});
	await visitor.goto(`${RT_ADDRESS}/x-login/openid?${query}`);
	await visitor.getByText("temporarily_unavailable").waitFor();

	for (let count = 0; count < 8; count += 1) {
		await start();
	}
	await visitor.goto(RT_ADDRESS);
	await visitor.getByRole("link", { name: "Log in with X" }).click();
	await visitor.getByRole("button", { name: "Go on" }).click();
	await visitor.waitForURL(`${RT_ADDRESS}/SelfService/**`);
});

test("Apache does not start with the recipe before there is a passphrase", async () => {
	await expect(startApache({}, "")).rejects.toThrow("X_LOGIN_PASSPHRASE is missing");
});

test("Request Tracker hears an address that its owner has proven by code, and an agent's address attaches nobody", async () => {
	const { letters, newVisitor } = await openScene({
		needsEmail: true,
		neverAsserted: ["example.net"],
	});
	const own = rtUsers("RT's own");
	const before = rtUsers("from the helpdesk");
	const come = async (account: FakeXAccount, email: string, submit: string) => {
		const page = await newVisitor(account);
		await goToX(page);
		await proveAddress(page, letters, email, submit);
		return page;
	};

	// X's word for an address proves nothing.
	const ada = await come(ADA, ADA.email, "Confirm the address");
	await ada.getByText(`your e-mail address: ${ADA.email}`).waitFor();
	await ada.getByRole("button", { name: "Go on" }).click();
	await ada.waitForURL(`${RT_ADDRESS}/SelfService/**`);

	// A person without an address at X proves one while they sign up.
	const bob = await come(BOB, "bob@example.com", "Continue");
	await bob.getByRole("button", { name: "Go on" }).click();
	await bob.waitForURL(`${RT_ADDRESS}/SelfService/**`);

	// One who reads the agent's letters becomes a requester without an address.
	const eve = await come(EVE, AGENT, "Continue");
	await eve.getByRole("button", { name: "Go on" }).click();
	await eve.waitForURL(`${RT_ADDRESS}/SelfService/**`);

	// RT never hears an address that the administrator excludes.
	const mallory = await come(MALLORY, "mallory@example.net", "Continue");
	await mallory.getByRole("heading", { name: "does not take this address" }).waitFor();
	expect(await isAskedForPassword(mallory)).toBe(true);

	const came = rtUsers("from the helpdesk").slice(before.length);
	expect(came.map(({ email, realName }) => [email, realName])).toEqual([
		[ADA.email, ADA.name],
		["bob@example.com", "Bob"],
		["", "Eve"],
	]);
	expect(rtUsers("RT's own")).toEqual(own);
});

/** Whom RT takes a browser for that sends these headers as well. Empty: nobody. */
async function seenName(page: Page, headers: Readonly<Record<string, string>>): Promise<string> {
	const { request } = page.context();
	const answer = await request.get(`${RT_ADDRESS}/SelfService/`, { headers });
	return nameIn(await answer.text());
}

/** The name at the top of RT's pages. */
function nameIn(html: string): string {
	return /Logged in as (?:<[^<>]*>)*([\w-]+)/.exec(html)?.[1] ?? "";
}

/** The RT name of the last person who came from the helpdesk. */
function newest(): string {
	return rtUsers("from the helpdesk").at(-1)?.name ?? "";
}

/** As Apache writes a name into a header. */
function encoded(name: string): string {
	return Buffer.from(name).toString("base64url");
}

/** The code in the newest letter to an address, once it is there. */
async function codeTo(letters: readonly string[], email: string): Promise<string> {
	return eventually(() => {
		const letter = letters.findLast((each) => each.includes(`To: ${email}`)) ?? "";
		const [code] = /\b\d{4} \d{4} \d{4}\b/.exec(letter) ?? [];
		return code ?? expect.fail(`no letter to ${email}`);
	});
}
