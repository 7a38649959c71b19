// Passkeys are made by a real browser with an authenticator of its own, at a name with TLS.
import { createHash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { onTestFinished, test } from "vitest";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { Keyboard } from "../kit/browser/keyboard.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openTlsSite, pem } from "../kit/browser/open-tls-site.ts";
import { logInToAdministration, setUpXInBrowser } from "../kit/browser/set-up-x.ts";
import { CHOSEN_PASSWORD } from "../kit/helpdesk/change-first-password.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const KEYS = { apiKey: "tls-key", apiKeySecret: "tls-secret" };
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };

async function openScene() {
	const acorn = await openTlsSite("acorn.helpdesk.example");
	const [key, cert] = await Promise.all([
		readFile(pem("key"), "utf8"),
		readFile(pem("cert"), "utf8"),
	]);
	const fakeX = await startFakeX({
		apps: [{ ...KEYS, callbacks: [`${acorn.origin}/login/x-login/callback`] }],
		accounts: [ADA],
		tls: { key, cert },
	});
	let closing: Promise<void> | undefined;
	const closeX = () => {
		closing ??= fakeX.close();
		return closing;
	};
	onTestFinished(closeX);
	const port = await freePorts();
	acorn.target = `http://127.0.0.1:${port}`;
	const { ready } = await startHelpdeskProcess(
		await newDataFolder(),
		["--port", String(port), "--base-url", `acorn=${acorn.origin}`, "--x-base-url", fakeX.url],
		{ NODE_EXTRA_CA_CERTS: pem("cert") },
	);
	// Browsers make no passkeys where a certificate is wrong, even if the visitor goes on.
	const { publicKey } = new X509Certificate(cert);
	const der = publicKey.export({ type: "spki", format: "der" });
	const trusted = createHash("sha256").update(der).digest("base64");
	const browser = await openBrowser([
		"--host-resolver-rules=MAP *.example 127.0.0.1",
		`--ignore-certificate-errors-spki-list=${trusted}`,
	]);
	onTestFinished(() => browser.close());
	const newPage = async () => withAuthenticator(await browser.newContext({ locale: "en-GB" }));
	return {
		portal: acorn.origin,
		ready: { ...ready, admin: `${acorn.origin}/admin` },
		closeX,
		newPage,
	};
}

/** A page of a browser whose authenticator answers by itself, as after a finger. */
async function withAuthenticator(context: BrowserContext): Promise<Page> {
	const page = await context.newPage();
	const devtools = await context.newCDPSession(page);
	await devtools.send("WebAuthn.enable");
	await devtools.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			...{ protocol: "ctap2", transport: "internal", hasResidentKey: true },
			...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
		},
	});
	return page;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("an operator adds a passkey, and logs in with the password and the passkey", async () => {
	const { ready, newPage } = await openScene();
	const { admin, operator } = ready;
	const page = await newPage();
	await logInToAdministration(page, ready);
	await page.goto(`${admin}/profile`);
	await page.getByRole("link", { name: "Set up a second factor" }).click();
	await press(page, "Add a passkey");
	await page.getByRole("heading", { name: "Recovery codes" }).waitFor();
	await page.goto(`${admin}/profile`);
	await page.getByText("Not used yet").waitFor();

	await press(page, "Log out");
	await page.getByLabel("E-mail address").fill(operator.email);
	await page.getByLabel("Password").fill(CHOSEN_PASSWORD);
	await press(page, "Log in");
	await press(page, "Use a passkey");
	await page.waitForURL(admin);
	await page.goto(`${admin}/profile`);
	await page.getByText(/^Added .*Last used \d{4}/).waitFor();
});

test("a user who came by X adds a passkey by the keyboard, and logs in with it while X is down", async () => {
	const { portal, ready, closeX, newPage } = await openScene();
	await setUpXInBrowser(await newPage(), ready, KEYS);
	const page = await newPage();
	await page.goto(`${portal}/login?returnTo=/account`);
	await press(page, "Log in with X");
	await press(page, "Sign in");
	await page.waitForURL(`${portal}/account`);
	await new Keyboard(page).press("Add a passkey");
	await page.getByText("The passkey is added.").waitFor();

	await press(page, "Log out");
	await closeX();
	await page.goto(`${portal}/login?returnTo=/account`);
	await new Keyboard(page).press("Log in with a passkey");
	await page.waitForURL(`${portal}/account`);
	await page.getByText(/last used on/).waitFor();
});
