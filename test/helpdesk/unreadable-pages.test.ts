import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { HostStorage, StorageKey, StorageValue } from "../../src/contract/storage.ts";
import {
	NAMESPACES,
	pluginDataOf,
	pluginSettingsOf,
	sessionsOf,
	signInsOf,
} from "../../src/helpdesk/namespaces.ts";
import { fieldsOf } from "../../src/storage/stored-value.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { throughX } from "../kit/helpdesk/people-with-x.ts";
import { mailboxOf, registerByLetter } from "../kit/helpdesk/register-by-letter.ts";

const TOKEN = "t".repeat(43);
const HASH = createHash("sha256").update(TOKEN).digest("base64url");

async function plant(
	storage: HostStorage,
	key: StorageKey,
	value: StorageValue,
): Promise<() => Promise<boolean>> {
	await storage.commit({ sets: [{ key, value }] });
	const planted = JSON.stringify(await storage.get(key));
	return async () => JSON.stringify(await storage.get(key)) === planted;
}

function reportsIn({ log }: OpenHelpdesk, kind: string): readonly string[] {
	return log.filter((line) => line.includes(`under ${kind} cannot be read`));
}

test.each([
	[
		"a policy of who may sign up",
		"registration",
		[...NAMESPACES.registration, "acorn"],
		"/register",
	],
	[
		"a link to set a password",
		"password-resets/reset",
		[...NAMESPACES.passwordResets, "reset", HASH],
		`/reset?token=${TOKEN}`,
	],
])(
	"%s that cannot be read: an error page, a line in the log, and the value stays",
	async (_, kind, key, path) => {
		const open = await openHelpdesk();
		const isKept = await plant(open.storage, key, { broken: true });

		const { status, html } = await new HttpVisitor().open(`${open.portal}${path}`);

		expect([status, html]).toEqual([502, expect.stringContaining("The error has been recorded.")]);
		expect(reportsIn(open, kind)).not.toEqual([]);
		expect(await isKept()).toBe(true);
	},
);

test("a session that cannot be read: an error page, a line in the log, and the value stays", async () => {
	const open = await openHelpdesk();
	const isKept = await plant(open.storage, [...sessionsOf("portal", "acorn"), HASH], 1);

	const answer = await fetch(`${open.portal}/account`, {
		headers: { cookie: `portal-acorn=${TOKEN}` },
	});

	expect(answer.status).toBe(502);
	expect(reportsIn(open, "sessions")).toHaveLength(1);
	expect(await isKept()).toBe(true);
});

test("an operator who cannot be read: no log-in, a line in the log, and the value stays", async () => {
	const open = await openHelpdesk();
	const [operator] = (await open.storage.list(NAMESPACES.operators)).entries;
	const isKept = await plant(open.storage, operator?.key ?? [], { password: 1 });
	const { email, password } = open.helpdesk.operator;
	const visitor = new HttpVisitor();
	await visitor.open(`${open.helpdesk.adminUrl}/login`);

	const { status } = await visitor.submit("/admin/login", { email, password: password ?? "" });

	expect(status).toBe(502);
	expect(reportsIn(open, "operators")).not.toEqual([]);
	expect(await isKept()).toBe(true);
});

const INCOMPLETE = "This list is incomplete";
const INTEGRATION = "/settings/general/integrations";

test.each([
	[
		"accounts/account",
		[...NAMESPACES.accounts, "account", "broken"],
		"/users",
		["Ada", INCOMPLETE],
	],
	["outbox", [...NAMESPACES.outbox, "broken"], "/mailbox", ["Your password at", INCOMPLETE]],
	[
		"sign-ins/entry",
		[...signInsOf("x-login"), "entry", "attempts", "DAY", "broken"],
		"/sign-ins",
		["<h1>Sign-ins</h1>"],
	],
	[
		"plugin-settings",
		[...pluginSettingsOf("x-login"), "harbor"],
		INTEGRATION,
		["Active", "The settings of Harbor Music cannot be read."],
	],
	[
		"plugin-settings",
		[...pluginSettingsOf("x-login"), "harbor"],
		"/settings/users/social-login/x-login",
		['name="acorn" checked', "The settings of Harbor Music cannot be read."],
	],
	[
		"registration",
		[...NAMESPACES.registration, "harbor"],
		"/settings/users/registration",
		['name="acorn-registration"', "so nobody can sign up there"],
	],
])(
	"a value under %s that cannot be read: the page shows the others, and the log reports it",
	async (kind, place, path, shown) => {
		const open = await openHelpdesk();
		await setUpX(open);
		const visitor = new HttpVisitor();
		await registerByLetter(visitor, open.portal, mailboxOf(open), {
			name: "Ada",
			email: "ada@example.com",
			password: "correct horse",
		});
		await visitor.submit("/account/password-link");
		const today = new Date(open.clock.now()).toISOString().slice(0, 10);
		const key = place.map((part) => (part === "DAY" ? today : part));
		const isKept = await plant(open.storage, key, { broken: true });
		// The list of users is that of the index.
		const indexed = [...NAMESPACES.accounts, "newest", "0", "broken"];
		await open.storage.commit({ sets: [{ key: indexed, value: null }] });

		const { status, html } = await open.operator.open(`${open.helpdesk.adminUrl}${path}`);

		expect(status).toBe(200);
		expect(shown.filter((text) => !html.includes(text))).toEqual([]);
		expect(reportsIn(open, kind)).not.toEqual([]);
		expect(await isKept()).toBe(true);
	},
);

test("a form of all brands leaves alone what it cannot read", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const admin = open.helpdesk.adminUrl;
	const keptSettings = await plant(open.storage, [...pluginSettingsOf("x-login"), "harbor"], 1);
	const keptPolicy = await plant(open.storage, [...NAMESPACES.registration, "harbor"], 1);

	await open.operator.open(`${admin}/settings/users/social-login/x-login`);
	await open.operator.submit("/admin/settings/users/social-login/x-login", {});
	await open.operator.open(`${admin}/settings/users/registration`);
	await open.operator.submit("/admin/settings/users/registration", {
		"acorn-registration": "closed",
	});

	expect([await keptSettings(), await keptPolicy()]).toEqual([true, true]);
	const policy = await open.storage.get([...NAMESPACES.registration, "acorn"]);
	expect(policy?.value).toMatchObject({ registration: "closed" });
	const settings = await open.storage.get([...pluginSettingsOf("x-login"), "acorn"]);
	expect(settings?.value).toMatchObject({ enabled: false });
});

test("an export of links leaves out those of an account that cannot be read", async () => {
	const open = await openHelpdesk({}, [
		{ id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" },
		{ id: "2", screenName: "bob", name: "Bob", email: "bob@example.com" },
	]);
	await setUpX(open);
	for (const accountId of ["1", "2"]) {
		await throughX(open, accountId);
	}
	const link = await open.storage.get([...pluginDataOf("x-login"), "link", "acorn", "x:1"]);
	const { userId } = fieldsOf(link?.value);
	const key = [...NAMESPACES.accounts, "account", String(userId)];
	const isKept = await plant(open.storage, key, null);

	const file = await open.operator.request(
		`${open.helpdesk.adminUrl}${INTEGRATION}/x-login/links.csv`,
	);

	expect(file.status).toBe(200);
	expect(await file.text()).toMatch(/^[^\n]+\n"?x:2[^\n]+\n$/);
	expect(reportsIn(open, "accounts/account")).toHaveLength(1);
	expect(await isKept()).toBe(true);
});

test("settings that cannot be read: no save, a line in the log, and the value stays", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const page = `${open.helpdesk.adminUrl}/settings/general/integrations/x-login?brand=acorn`;
	await open.operator.open(page);
	const isKept = await plant(open.storage, [...pluginSettingsOf("x-login"), "acorn"], []);

	const saved = await open.operator.submit(
		"/admin/settings/general/integrations/x-login?brand=acorn",
		{ mode: "login-only" },
	);

	expect(saved.status).toBe(502);
	expect(reportsIn(open, "plugin-settings")).not.toEqual([]);
	expect(await isKept()).toBe(true);
});
