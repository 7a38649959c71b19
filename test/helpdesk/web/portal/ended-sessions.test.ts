import { expect, onTestFinished, test } from "vitest";
import { startHelpdesk } from "../../../../src/helpdesk/start-helpdesk.ts";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { tinyZip } from "../../../kit/artifact/plugin-versions.ts";
import { disconnectAnyway } from "../../../kit/helpdesk/disconnect-anyway.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { install } from "../../../kit/helpdesk/install-add-on.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, onUsersPage, PASSWORD, press } from "../../../kit/helpdesk/people-with-x.ts";
import { logInUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";
import { mergeUsers, userIdOf } from "../../../kit/helpdesk/users-pages.ts";

const EMAIL = "grace@example.com";
const DEVICE = "portal-acorn-device";
const SESSION = "portal-acorn";

/** A browser in which a user is logged in who has a password and an address that nobody has proven. */
async function newUser(open: OpenHelpdesk, email = EMAIL): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await logInUnconfirmed(visitor, open, { name: "Grace", email, password: PASSWORD });
	return visitor;
}

async function logIn({ portal }: OpenHelpdesk, email = EMAIL): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email, password: PASSWORD });
	expect(visitor.seen.html).toContain(email);
	return visitor;
}

async function isIn(visitor: HttpVisitor, { portal }: OpenHelpdesk): Promise<boolean> {
	return (await visitor.open(`${portal}/account`)).url === `${portal}/account`;
}

/** Presses "Connect X" and approves. */
async function connect(visitor: HttpVisitor, { portal }: OpenHelpdesk): Promise<void> {
	await visitor.open(`${portal}/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	await visitor.open(`${portal}/account`);
}

async function openWithX(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await setUpX(open);
	return open;
}

test("disconnecting an account ends the user's sessions in other browsers, and this browser gets a new one", async () => {
	const open = await openWithX();
	const owner = await newUser(open);
	await connect(owner, open);
	const other = await logIn(open);
	const before = new Map(owner.cookies);

	await owner.open(`${open.portal}/account`);
	await owner.submit("/account/disconnect");

	expect(owner.seen.html).toContain("logged out in all other browsers");
	expect(await isIn(other, open)).toBe(false);
	expect(await isIn(owner, open)).toBe(true);
	for (const cookie of [SESSION, DEVICE]) {
		expect(owner.cookies.get(cookie)).not.toBe(before.get(cookie));
	}
});

test("the new session of the browser that disconnects is no fresh proof of who uses it", async () => {
	const open = await openWithX();
	const owner = await newUser(open);
	await connect(owner, open);
	open.clock.advance(9 * 60_000);
	await owner.submit("/account/disconnect");
	open.clock.advance(60_000);

	await owner.submit("/account/log-out-everywhere");

	expect(owner.seen.url).toContain("/login/confirm");
});

test("after a refused Disconnect the page of the new session works", async () => {
	const open = await openWithX();
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));

	expect(await disconnectAnyway(visitor, "x:1")).toMatchObject({ status: 409 });
	expect((await visitor.submit("/account/password-link")).url).toContain("done=password-link");
});

test("a user who asks for the link to a password too often reads that no e-mail was sent", async () => {
	const open = await openWithX();
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	const ask = async () => (await visitor.submit("/account/password-link")).html;

	for (let letters = 0; letters < 5; letters += 1) {
		expect(await ask()).toContain("We have sent you an e-mail with a link.");
	}
	expect(await ask()).toContain("You have asked for this link several times lately.");
});

test("an account page without a button to disconnect does not say what disconnecting does", async () => {
	const open = await openWithX();
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));

	const { html } = await visitor.open(`${open.portal}/account`);
	expect(html).toContain("This is your only way to log in.");
	expect(html).not.toContain("If you disconnect an account");
});

test("log out everywhere ends all sessions of the user, this browser's too, and of nobody else", async () => {
	const open = await openHelpdesk();
	const owner = await newUser(open);
	const other = await logIn(open);
	const ofAnotherUser = await newUser(open, "ada@example.com");

	await owner.open(`${open.portal}/account`);
	await owner.submit("/account/log-out-everywhere");

	expect(owner.seen).toMatchObject({
		url: expect.stringContaining("/login"),
		html: expect.stringContaining("You are logged out everywhere."),
	});
	expect(await isIn(owner, open)).toBe(false);
	expect(await isIn(other, open)).toBe(false);
	expect(await isIn(ofAnotherUser, open)).toBe(true);
});

test("log out everywhere asks who it is ten minutes after the last proof", async () => {
	const open = await openHelpdesk();
	const owner = await newUser(open);
	const other = await logIn(open);
	open.clock.advance(10 * 60_000);

	await owner.open(`${open.portal}/account`);
	await owner.submit("/account/log-out-everywhere");
	expect(owner.seen.html).toContain("Is it you?");
	expect(await isIn(other, open)).toBe(true);

	await owner.submit("/login/confirm", { password: PASSWORD });
	await owner.submit("/account/log-out-everywhere");
	expect(await isIn(other, open)).toBe(false);
});

/** Whether a cookie was dropped. {@link HttpVisitor} keeps it with an empty value. */
function isDropped(visitor: HttpVisitor, name: string): boolean {
	expect(visitor.cookies.has(name)).toBe(true);
	return visitor.cookies.get(name) === "";
}

test.each(["/logout", "/account/log-out-everywhere"])(
	"%s drops the cookies of all plugins at this brand, even of one that is gone, and no others",
	async (action) => {
		const open = await openWithX();
		const visitor = await newUser(open);
		await visitor.open(`${open.portal}/account`);
		await visitor.submit("/login/x-login/start");
		await visitor.open(`${open.portal}/account`);
		const ours = [...visitor.cookies.keys()].filter((name) => name.startsWith("x-login.acorn."));
		expect(ours).not.toEqual([]);
		visitor.cookies.set("gone-plugin.acorn.browser", "1");
		visitor.cookies.set("x-login.harbor.browser", "2");
		visitor.cookies.set("theme", "dark");

		await visitor.submit(action);

		for (const name of [...ours, "gone-plugin.acorn.browser"]) {
			expect(isDropped(visitor, name)).toBe(true);
		}
		expect(visitor.cookies.get("x-login.harbor.browser")).toBe("2");
		expect(visitor.cookies.get("theme")).toBe("dark");
	},
);

test("over TLS a dropped cookie keeps its prefix and attributes, without which a browser keeps it", async () => {
	const baseUrls = new Map([["acorn", "https://acorn.example"]]);
	const helpdesk = await startHelpdesk(await helpdeskOptions({ baseUrls }));
	onTestFinished(() => helpdesk.close());
	const [listening = ""] = helpdesk.listening;
	const visitor = new HttpVisitor();
	const { html } = await visitor.open(`${listening}/forgot`);
	visitor.cookies.set("__Host-x-login.acorn.browser", "1");
	const proof = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";

	const body = new URLSearchParams({ _csrf: proof });
	const answer = await visitor.request(`${listening}/logout`, { method: "POST", body });

	expect(answer.status).toBe(303);
	expect(answer.headers.getSetCookie()).toContainEqual(
		"__Host-x-login.acorn.browser=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
	);
});

test("an operator who logs out drops no cookie of a portal's plugin", async () => {
	const { operator, portal } = await openHelpdesk();
	operator.cookies.set("x-login.acorn.browser", "1");
	await operator.open(`${portal}/admin/profile`);

	await operator.submit("/admin/logout");

	expect(operator.cookies.get("x-login.acorn.browser")).toBe("1");
});

test("a new session id replaces an operator's after a new password, and their other sessions end", async () => {
	const { helpdesk, operator } = await openHelpdesk();
	const { email, password } = helpdesk.operator;
	const other = new HttpVisitor();
	await other.open(`${helpdesk.adminUrl}/login`);
	await other.submit("/admin/login", { email, password: password ?? "" });
	const before = operator.cookies.get("admin-acorn");
	await operator.open(`${helpdesk.adminUrl}/profile`);

	await operator.submit("/admin/profile", { current: password ?? "", new: "another long horse" });

	expect(operator.cookies.get("admin-acorn")).not.toBe(before);
	expect((await operator.open(`${helpdesk.adminUrl}/users`)).url).toContain("/admin/users");
	expect((await other.open(`${helpdesk.adminUrl}/users`)).url).toContain("/admin/login");
});

test.each(["suspended", "delete"] as const)(
	"the sessions of a user end when an operator presses %s",
	async (action) => {
		const open = await openHelpdesk();
		const visitor = await newUser(open);

		await onUsersPage(open, EMAIL, action);

		expect(await isIn(visitor, open)).toBe(false);
		await onUsersPage(open, EMAIL, "active").catch(() => undefined);
		expect(await isIn(visitor, open)).toBe(false);
	},
);

test("the sessions of a user who is merged into another one end, and those of the other one stay", async () => {
	const open = await openHelpdesk();
	const merged = await newUser(open);
	const stays = await newUser(open, "ada@example.com");
	const { operator, portal } = open;
	await mergeUsers(operator, portal, await userIdOf(operator, portal, EMAIL), "ada@example.com");

	expect(await isIn(merged, open)).toBe(false);
	expect(await isIn(stays, open)).toBe(true);
});

/** Opens a helpdesk with an add-on, and a user whom its start can confirm. */
async function openConfirming(startLogin: string, hooks: Readonly<Record<string, string>> = {}) {
	const open = await openHelpdesk();
	await newUser(open);
	const button = `const { startPath } = await host.brands.find(given.brandId);
		return [{ id: "b", label: "B", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">B</button></form>\` }];`;
	const onActivate = 'return { state: "ready" };';
	const zip = tinyZip(
		{ onActivate, renderLoginButtons: button, startLogin, ...hooks },
		{
			id: "tiny",
			name: "tiny",
			capabilities: {
				network: [],
				navigation: [],
				ports: ["storage", "users:read", "users:create", "users:confirm"],
			},
		},
	);
	await install(open.operator, open.portal, zip);
	await press(open, `${INTEGRATIONS}/tiny/activate`);
	const through = async (): Promise<HttpVisitor> => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/login?returnTo=/account`);
		await visitor.submit("/login/tiny/start");
		return visitor;
	};
	return { open, through };
}

test.each(["signed-in", "signed-up", "linked", "complete-profile"])(
	"an outcome %s with an access epoch that has changed since opens no session",
	async (kind) => {
		const { open, through } = await openConfirming(`
			const { id } = await host.users.ownerOf(given.brandId, "${EMAIL}");
			const { accessEpoch } = await host.users.find(id);
			await host.users.confirm(id);
			return { kind: "${kind}", userId: id, returnPath: "/account", accessEpoch };`);

		const early = await through();
		expect(early.seen.html).toContain("Log in again.");
		expect(await isIn(early, open)).toBe(false);
		// The account is confirmed now, so that nothing changes its epoch.
		expect(await isIn(await through(), open)).toBe(true);
	},
);

test.each(["signed-in", "signed-up", "complete-profile"])(
	"a plugin of contract 1.0 with links may confirm a user and answer %s at once",
	async (kind) => {
		const { open, through } = await openConfirming(
			`const { id } = await host.users.ownerOf(given.brandId, "${EMAIL}");
			await host.users.confirm(id);
			return { kind: "${kind}", userId: id, returnPath: "/account" };`,
			{ listLinkedAccounts: "return [];" },
		);

		expect(await isIn(await through(), open)).toBe(true);
	},
);
