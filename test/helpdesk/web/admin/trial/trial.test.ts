// An operator tries a log-in from the administration, before visitors see the button.
import { expect, test } from "vitest";
import { loadPlugin } from "../../../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../../../src/artifact/zip/pack-archive.ts";
import { approveAtX } from "../../../../../src/testing/fake-x/fake-visitor.ts";
import { tinyPlugin } from "../../../../kit/artifact/tiny-plugin.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const TRY = `${INTEGRATIONS}/x-login/try`;
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";

/** X is active and has keys at the first brand, and is switched off there. */
async function openSwitchedOff(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.portal}${SOCIAL_LOGIN}`);
	await open.operator.submit(SOCIAL_LOGIN);
	return open;
}

/** The address that the button in the administration leads to. */
async function offered({ portal, operator }: OpenHelpdesk, brand = "acorn"): Promise<string> {
	const { html } = await operator.open(`${portal}${TRY}?brand=${brand}`);
	return /href="([^"]*\/login\/x-login\/try\?ticket=[^"]*)"/.exec(html)?.[1] ?? "none";
}

async function begin(tab: HttpVisitor, address: string): Promise<Response> {
	const { html } = await tab.open(address);
	const value = (name: string) =>
		new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
	return tab.request(new URL(address).origin + new URL(address).pathname, {
		method: "POST",
		headers: {
			origin: new URL(address).origin,
			"content-type": "application/x-www-form-urlencoded",
		},
		body: new URLSearchParams({ _csrf: value("_csrf"), ticket: value("ticket") }).toString(),
	});
}

test("an operator logs in at X while the brand is switched off, and nothing comes of it", async () => {
	const open = await openSwitchedOff();
	const tab = new HttpVisitor();

	const started = await begin(tab, await offered(open));
	const atX = started.headers.get("location") ?? "";
	const seen = await tab.open(await approveAtX(atX));

	expect(seen.html).toContain("The test log-in works");
	expect(seen.html).toContain("ada@example.com");
	const { html: account } = await tab.open(`${open.portal}/account`);
	expect(account).toContain("Log in");
	await open.operator.open(`${open.portal}/admin/users`);
	expect(open.operator.seen.html).not.toContain("ada@example.com");
	await open.operator.open(`${open.portal}/admin/mailbox`);
	expect(open.operator.seen.html).toContain("No e-mails.");
	await open.operator.open(`${open.portal}/admin/sign-ins`);
	expect(open.operator.seen.html).not.toContain("Signed up");
	await open.operator.open(`${open.portal}/admin`);
	expect(open.operator.seen.html).toContain("Log in as a visitor");
});

test("the page at the brand names X wherever it should, and has the mark of X on its button", async () => {
	const open = await openSwitchedOff();
	const { html } = await new HttpVisitor().open(await offered(open));

	expect(html).toContain("You see what X gives the helpdesk");
	expect(html).not.toContain("{");
	expect(html).toMatch(/class="login-button"><span [^>]*aria-hidden="true"><svg .*Log in with X/s);
});

test("the button works once, in whatever browser", async () => {
	const open = await openSwitchedOff();
	const address = await offered(open);
	await begin(new HttpVisitor(), address);

	const again = await begin(new HttpVisitor(), address);

	expect(again.status).toBe(403);
	expect(await again.text()).toContain("This test log-in is over");
});

test("the button works for ten minutes", async () => {
	const open = await openSwitchedOff();
	const address = await offered(open);
	open.clock.advance(10 * 60_000);

	expect((await new HttpVisitor().open(address)).status).toBe(403);
});

test("a button of one brand starts nothing at another, and a changed ticket nothing anywhere", async () => {
	const open = await openSwitchedOff();
	const address = new URL(await offered(open));
	const [, harbor] = open.helpdesk.brands;
	const elsewhere = `${harbor?.baseUrl}${address.pathname}${address.search}`;

	expect((await new HttpVisitor().open(elsewhere)).status).toBe(403);
	expect((await new HttpVisitor().open(`${address.href}A`)).status).toBe(403);
	expect((await new HttpVisitor().open(`${address.origin}${address.pathname}`)).status).toBe(403);
});

test("opening the link starts nothing: a prefetch or a preview does not use the button up", async () => {
	const open = await openSwitchedOff();
	const address = await offered(open);
	for (let i = 0; i < 3; i += 1) {
		await new HttpVisitor().open(address);
	}

	expect((await begin(new HttpVisitor(), address)).status).toBe(303);
});

test("a brand without keys says that it needs them, and an add-on that is not active that it must be activated", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await operator.open(`${portal}${TRY}`);
	expect(operator.seen.html).toContain("is not active");
	await setUpX(open);

	await operator.open(`${portal}${TRY}?brand=harbor`);

	expect(operator.seen.html).toContain("Harbor Music has no keys yet");
	expect(await offered(open, "harbor")).toBe("none");
});

test("an add-on without test log-ins offers none", async () => {
	const { operator, portal } = await openHelpdesk({
		plugin: await loadPlugin(packArchive(tinyPlugin())),
	});
	await operator.open(`${portal}${INTEGRATIONS}`);
	await operator.submit(`${INTEGRATIONS}/tiny/activate`);

	await operator.open(`${portal}${INTEGRATIONS}/tiny/try`);

	expect(operator.seen.html).toContain("offers no test log-in");
});

test("the page of a test log-in names X wherever it speaks of it", async () => {
	const open = await openSwitchedOff();

	const { html } = await new HttpVisitor().open(await offered(open));

	expect(html).toContain("You see what X gives the helpdesk");
	expect(html).not.toMatch(/\{\w+\}/);
});
