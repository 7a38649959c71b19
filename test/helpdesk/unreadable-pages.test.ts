import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { HostStorage, StorageKey, StorageValue } from "../../src/contract/storage.ts";
import {
	NAMESPACES,
	pluginSettingsOf,
	sessionsOf,
	signInsOf,
} from "../../src/helpdesk/namespaces.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

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

test.each([
	["accounts/account", [...NAMESPACES.accounts, "account", "broken"], "/users", "Ada"],
	["outbox", [...NAMESPACES.outbox, "broken"], "/mailbox", "Your password at"],
	[
		"sign-ins/entry",
		[...signInsOf("x-login"), "entry", "attempts", "DAY", "broken"],
		"/sign-ins",
		"<h1>Sign-ins</h1>",
	],
])(
	"a list with a value under %s that cannot be read shows the others and reports it",
	async (kind, place, path, shown) => {
		const open = await openHelpdesk();
		await setUpX(open);
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/register`);
		await visitor.submit("/register", {
			name: "Ada",
			email: "ada@example.com",
			password: "correct horse",
		});
		await visitor.submit("/account/password-link");
		const today = new Date(open.clock.now()).toISOString().slice(0, 10);
		const key = place.map((part) => (part === "DAY" ? today : part));
		const isKept = await plant(open.storage, key, { broken: true });

		const { status, html } = await open.operator.open(`${open.helpdesk.adminUrl}${path}`);

		expect([status, html]).toEqual([200, expect.stringContaining(shown)]);
		expect(reportsIn(open, kind)).not.toEqual([]);
		expect(await isKept()).toBe(true);
	},
);

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
