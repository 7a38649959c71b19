// The plugin of an earlier version in the helpdesk of this build, and the plugin of this build in a helpdesk of contract
// 1.0: people log in, sign up, link and unlink over HTTP.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../plugin.json" with { type: "json" };
import settingsSchema from "../../settings-schema.json" with { type: "json" };
import { compileSchema, problemsOf } from "../../src/artifact/json-schema.ts";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { builtArtifact } from "../kit/artifact/built-artifact.ts";
import { eventually } from "../kit/eventually.ts";
import { disconnectAnyway } from "../kit/helpdesk/disconnect-anyway.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install } from "../kit/helpdesk/install-add-on.ts";
import { linkTo } from "../kit/helpdesk/register-by-letter.ts";
import { submitStep } from "../kit/helpdesk/submit-step.ts";
import { throughX as throughXAt, titleOf } from "../kit/plugin/at-x.ts";
import { openHouse } from "../kit/plugin/open-house.ts";
import { exportAttempts, exportUsers, REGISTRATION, readMailbox } from "./administration.ts";
import { FIXTURES, PASSWORD, X_ACCOUNT } from "./fixture.ts";
import { throughX } from "./know-people.ts";
import {
	helpdeskOfContract10,
	openPluginIn,
	type PluginInHelpdesk,
	THIS_BUILD,
} from "./plugin-in-helpdesk.ts";

const START = "/login/x-login/start";

const contract10 = await helpdeskOfContract10();

const older = (version: string) => readFile(join(FIXTURES, version, `x-login-${version}.zip`));

const PAIRS: Readonly<Record<string, () => Promise<PluginInHelpdesk>>> = {
	"the plugin of 0.1.0 in the helpdesk of this build": async () =>
		openPluginIn(THIS_BUILD, await older("0.1.0")),
	"the plugin of 0.2.0 in the helpdesk of this build": async () =>
		openPluginIn(THIS_BUILD, await older("0.2.0")),
	"the plugin of this build in the helpdesk of contract 1.0": async () =>
		openPluginIn(contract10, await builtArtifact()),
};

/** Registers with a password. A later helpdesk sends a letter first. */
async function register(
	{ portal, operator }: PluginInHelpdesk,
	name: string,
	password: string,
): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	const email = `${name}@example.com`;
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name, email, password });
	if ((await visitor.open(`${portal}/account`)).url !== `${portal}/account`) {
		await visitor.open(await linkTo(() => readMailbox(operator, portal), email));
		await visitor.submit("/register/confirm");
	}
	return visitor;
}

/** The code in the newest letter to an address. */
function codeFor({ portal, operator }: PluginInHelpdesk, email: string): Promise<string> {
	return eventually(async () => {
		const letters = (await readMailbox(operator, portal)).split("<article");
		const letter = letters.find((each) => each.includes(`To ${email},`) && each.includes("code"));
		const [, code] = /Your code is ([\d ]+)\./.exec(letter ?? "") ?? [];
		return code ?? expect.fail(`no code for ${email}`);
	});
}

/** The account page of the user who is logged in in this browser. */
async function accountOf({ portal }: PluginInHelpdesk, visitor: HttpVisitor): Promise<string> {
	const { html, url } = await visitor.open(`${portal}/account`);
	return url === `${portal}/account` ? html : "nobody is logged in";
}

describe.each(Object.entries(PAIRS))("%s", (_, open) => {
	test("a visitor signs up with X, comes back to the same account, and cannot unlink their last way in", async () => {
		const house = await open();
		const { portal, operator, clock } = house;
		const ada = await throughX(portal, X_ACCOUNT.ada);
		expect(await accountOf(house, ada)).toContain("@ada_l");

		expect((await disconnectAnyway(ada, `x:${X_ACCOUNT.ada}`)).status).toBe(409);
		// A log-in that began in the moment of a disconnect would not count.
		clock.advance(1);
		const again = await throughX(portal, X_ACCOUNT.ada);

		expect(await accountOf(house, again)).toContain("ada@example.com");
		expect(await exportUsers(operator, portal)).toMatchObject([{ email: "ada@example.com" }]);
		expect(house.errors()).toEqual([]);
	});

	test("a visitor who cancels at X, and one with a forged callback, are logged in nowhere and read why", async () => {
		const house = await open();
		const { portal, operator, fakeX } = house;
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		await visitor.submit(START);
		fakeX.resetStats();

		const cancelled = await visitor.open(await cancelAtX(visitor.seen.url));
		const forged = new HttpVisitor();
		await forged.open(`${portal}/login/x-login/callback?oauth_token=a&oauth_verifier=b`);

		expect(cancelled).toMatchObject({ status: 200 });
		expect(cancelled.html).toContain(`action="${START}"`);
		expect(forged.seen.status).toBe(400);
		expect(await accountOf(house, visitor)).toBe("nobody is logged in");
		expect(fakeX.stats().total).toBe(0);
		const ends = await exportAttempts(operator, portal);
		expect(ends.map(({ code }) => code).sort()).toEqual(["cancelled", "unknown-login"]);
		expect(house.errors()).toEqual([]);
	});

	test("a visitor whom X gives no address proves one by a code", async () => {
		const house = await open();
		const email = "no-mail@example.com";
		const visitor = await throughX(house.portal, X_ACCOUNT.noMail);

		await submitStep(visitor, "email", { email });
		await submitStep(visitor, "code", { code: await codeFor(house, email) });

		const account = await accountOf(house, visitor);
		expect(account).toContain("@no_mail");
		expect(account).toContain(email);
		expect(house.errors()).toEqual([]);
	});

	test("a user connects X on the account page, logs in by it, and disconnects it", async () => {
		const house = await open();
		const { portal, operator, clock } = house;
		const zoe = await register(house, "zoe", PASSWORD.zoe);
		await accountOf(house, zoe);
		await zoe.submit(START);
		await zoe.open(await approveAtX(zoe.seen.url, { accountId: X_ACCOUNT.zoe }));
		expect(await accountOf(house, zoe)).toContain("@zoe_oe");
		const elsewhere = await throughX(portal, X_ACCOUNT.zoe);
		expect(await accountOf(house, elsewhere)).toContain("zoe@example.com");

		await accountOf(house, zoe);
		await zoe.submit("/account/disconnect");
		clock.advance(1);

		expect(await accountOf(house, zoe)).not.toContain("@zoe_oe");
		const stranger = await throughX(portal, X_ACCOUNT.zoe);
		expect(await accountOf(house, stranger)).toBe("nobody is logged in");
		expect(await exportUsers(operator, portal)).toHaveLength(1);
		expect(house.errors()).toEqual([]);
	});

	test("a visitor whose address has an account proves it by a code, agrees, and is linked to it", async () => {
		const house = await open();
		await register(house, "zoe", PASSWORD.zoe);
		const visitor = await throughX(house.portal, X_ACCOUNT.zoe);
		expect(await accountOf(house, await throughX(house.portal, X_ACCOUNT.zoe))).toBe(
			"nobody is logged in",
		);

		await submitStep(visitor, "send-code");
		await submitStep(visitor, "code", { code: await codeFor(house, "zoe@example.com") });
		await submitStep(visitor, "link");

		expect(await accountOf(house, visitor)).toContain("@zoe_oe");
		const again = await throughX(house.portal, X_ACCOUNT.zoe);
		expect(await accountOf(house, again)).toContain("zoe@example.com");
		expect(house.errors()).toEqual([]);
	});

	test("a visitor whom an operator has to approve gets in after that", async () => {
		const house = await open();
		const { portal, operator } = house;
		await operator.open(`${portal}${REGISTRATION}`);
		await operator.submit(REGISTRATION, { "acorn-registration": "approval" });
		const waiting = await throughX(portal, X_ACCOUNT.ada);
		expect(waiting.seen.status).toBe(403);
		const [user] = await exportUsers(operator, portal);

		const page = `/admin/users/${user?.id}`;
		const list = await operator.open(`${portal}/admin/users`);
		// The helpdesk of contract 1.0 has the buttons in the list, and this one on a page of the user.
		if (list.html.includes(`href="${page}"`)) {
			await operator.open(`${portal}${page}`);
		}
		await operator.submit(`${page}/active`);

		const ada = await throughX(portal, X_ACCOUNT.ada);
		expect(await accountOf(house, ada)).toContain("@ada_l");
		expect(house.errors()).toEqual([]);
	});
});

test("an administrator of a helpdesk of contract 1.0 upgrades the plugin of 0.1.0 to this build's, and its people stay", async () => {
	const house = await openPluginIn(contract10, await older("0.1.0"));
	const { portal, operator } = house;
	await throughX(portal, X_ACCOUNT.ada);
	const users = await exportUsers(operator, portal);

	await install(operator, portal, await builtArtifact());

	const { html } = await operator.open(`${portal}${ADD_ONS}`);
	expect(html).toContain(manifest.version);
	const ada = await throughX(portal, X_ACCOUNT.ada);
	expect(await accountOf(house, ada)).toContain("@ada_l");
	expect(await exportUsers(operator, portal)).toEqual(users);
	expect(house.errors()).toEqual([]);
});

test.each(["0.1.0", "0.2.0"])(
	"the plugin of %s tells people whom the helpdesk queues that they were refused, and they get their account by a code once it is approved",
	async (version) => {
		const { host } = await openHouse({ zip: await older(version) });
		host.users.nextCreation = "pending";
		const browser = host.newBrowser();
		const refused = await throughXAt(browser);
		expect(refused).toMatchObject({ kind: "refused", code: "sign-up-refused" });
		expect(titleOf(refused)).toMatch(/^Your account could not be (?:made|created)$/);
		expect(await throughXAt(browser)).toMatchObject({ code: "sign-up-refused" });

		host.users.approve();
		const [user] = host.users.all();
		expect(titleOf(await throughXAt(browser))).toBe("Take over your account");
		await browser.submit("send-code");
		await browser.submit("code", { code: host.mail.codeFor("ada@example.com") });
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user?.id });
		browser.signOut();
		expect(await throughXAt(browser)).toMatchObject({ kind: "signed-in", userId: user?.id });
		expect(host.users.all()).toHaveLength(1);
	},
);

test.each([
	["manifest.schema.json", manifest],
	["settings-schema.schema.json", settingsSchema],
])("the plugin declares nothing that %s of contract 1.0 refuses", async (name, declared) => {
	const schema = JSON.parse(await readFile(join(FIXTURES, "contract-1.0", name), "utf8"));

	const isValid = compileSchema(schema);

	expect(isValid(declared), problemsOf(isValid).join("; ")).toBe(true);
});
