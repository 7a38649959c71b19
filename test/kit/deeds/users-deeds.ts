import { expect } from "vitest";
import { subjectOf } from "../../../src/helpdesk/openid/subject.ts";
import { browserOf } from "../../../src/helpdesk/people/pending-registrations.ts";
import { EMAIL } from "../../../src/helpdesk/web/portal/email-pages.ts";
import { eventually } from "../eventually.ts";
import type { HttpVisitor, Seen } from "../helpdesk/http-visitor.ts";
import {
	addPasskeyAt,
	logInByPasskeyAt,
	SoftAuthenticator,
} from "../helpdesk/soft-authenticator.ts";
import { addUnconfirmed } from "../helpdesk/unconfirmed-account.ts";
import { connectRequestTracker } from "./add-on-deeds.ts";
import {
	ACCOUNTS,
	again,
	type Deed,
	logInAtPortal,
	NEXT_PASSWORD,
	nobody,
	otherSession,
	PASSWORD,
	postFrom,
	type World,
	X,
} from "./world.ts";

const ofAda = ({ ada }: World): string => ada;

/** The texts of letters to an address, the newest first. Operators do not see them where there is a mail server. */
async function textsTo({ storage }: World, to: string): Promise<readonly string[]> {
	const letters = (await storage.entries(["outbox"])).map(({ value }) => Object(value));
	return letters
		.filter((letter) => letter.to === to)
		.map(({ text }) => String(text))
		.reverse();
}

async function linkIn(world: World, to: string): Promise<string> {
	const text = JSON.stringify(await textsTo(world, to));
	return /http[^\s"\\]+token=[\w-]+/.exec(text)?.[0] ?? expect.fail(`no link in ${text}`);
}

async function setByLink(
	before: unknown,
	action: string,
	fields: Readonly<Record<string, string>>,
): Promise<Seen> {
	const { link, browser } = before as { readonly link: string; readonly browser: HttpVisitor };
	await browser.open(link);
	return browser.submit(action, fields);
}

/** Links an account at X to Ada. */
async function linkX(world: World): Promise<void> {
	const links = "x_id,email\n1,ada@example.com\n";
	await world.post(`${X}/links`, { brand: "acorn", links, action: "import" });
}

/** The deeds of users, and those of operators about them. */
export const USERS_DEEDS = {
	"user.log-in": {
		act: (world) => logInAtPortal(world, PASSWORD),
		changes: [["sessions", "portal"]],
		actor: ofAda,
	},
	"user.log-in-failed": {
		act: (world) => logInAtPortal(world, "wrong"),
		changes: [],
		object: ofAda,
		actor: nobody,
	},
	"user.log-in-by-passkey": {
		before: async (world) => {
			const authenticator = new SoftAuthenticator(world.url);
			await addPasskeyAt(await logInAtPortal(world, PASSWORD), world.url, authenticator);
			return authenticator;
		},
		act: (world, before) =>
			logInByPasskeyAt(world.visitor(), world.url, before as SoftAuthenticator),
		changes: [["sessions", "portal"]],
		actor: ofAda,
	},
	"user.add-passkey": {
		before: (world) => logInAtPortal(world, PASSWORD),
		act: (world, before) =>
			addPasskeyAt(
				again(world, before as HttpVisitor),
				world.url,
				new SoftAuthenticator(world.url),
			),
		changes: [ACCOUNTS],
		actor: ofAda,
	},
	"user.remove-passkey": {
		before: async (world) => {
			const visitor = await logInAtPortal(world, PASSWORD);
			await addPasskeyAt(visitor, world.url, new SoftAuthenticator(world.url));
			return visitor;
		},
		act: async (world, before) => {
			const visitor = again(world, before as HttpVisitor);
			await visitor.open(`${world.url}/account`);
			return visitor.submit("/account/passkeys/remove");
		},
		changes: [ACCOUNTS],
		actor: ofAda,
	},
	"user.register": {
		before: async (world) => {
			const { core, visitor } = world;
			const password = await core.registrations.hash(PASSWORD);
			const about = { brandId: "acorn", name: "Cleo", email: "cleo@example.com", locale: "en" };
			await core.registrations.write(
				{ ...about, password, browser: browserOf(""), returnPath: "/account" },
				"192.0.2.1",
			);
			return { link: await linkIn(world, "cleo@example.com"), browser: visitor() };
		},
		act: (_, before) =>
			setByLink(before, "/register/confirm", { name: "Cleo", password: PASSWORD }),
		changes: [ACCOUNTS],
		actor: nobody,
	},
	"user.reset-password": {
		before: async (world) => {
			const { core, ada, visitor } = world;
			const account = await core.accounts.find(ada);
			await (account && core.letters.writeAsked(account, { network: "192.0.2.1", locale: "en" }));
			return { link: await linkIn(world, "ada@example.com"), browser: visitor() };
		},
		act: (_, before) => setByLink(before, "/reset", { password: NEXT_PASSWORD }),
		changes: [ACCOUNTS],
		object: ofAda,
		actor: nobody,
	},
	"user.add": {
		act: ({ post }) => post("/admin/users/add", { brand: "acorn", email: "dan@example.com" }),
		changes: [ACCOUNTS],
	},
	"user.suspend": {
		act: ({ post, ada }) => post(`/admin/users/${ada}/suspended`),
		changes: [ACCOUNTS],
		object: ofAda,
	},
	"user.put-out": {
		act: ({ post, ada }) => post(`/admin/users/${ada}/log-out`, { confirmed: "yes" }),
		changes: [ACCOUNTS],
		object: ofAda,
	},
	"user.end-one-session": {
		before: async (world) => {
			await logInAtPortal(world, PASSWORD);
			const [session] = await world.core.userSessions.of("acorn", world.ada);
			return session?.id ?? expect.fail("no session");
		},
		act: ({ post, ada }, before) =>
			post(`/admin/users/${ada}/sessions/end`, { session: String(before) }),
		changes: [["sessions", "portal"]],
		object: ofAda,
	},
	"user.unlink": {
		before: linkX,
		act: ({ post, ada }) =>
			post(`/admin/users/${ada}/unlink`, {
				...{ "add-on": "x-login", identity: "x:1", confirmed: "yes" },
			}),
		changes: [ACCOUNTS, ["plugin-data"]],
		object: ofAda,
	},
	"user.activate": {
		before: ({ core, ada }) => core.accounts.setStatus(ada, "suspended"),
		act: ({ post, ada }) => post(`/admin/users/${ada}/active`),
		changes: [ACCOUNTS],
		object: ofAda,
	},
	"user.delete": {
		act: ({ post, ada }) => post(`/admin/users/${ada}/delete`, { confirmed: "yes" }),
		changes: [["jobs", "job"]],
		object: ofAda,
	},
	"user.merge": {
		act: ({ post, ada, bob }) => post(`/admin/users/${ada}/merge`, { into: bob }),
		changes: [["jobs", "job"]],
		object: ofAda,
	},
	"user.export": {
		act: ({ operator, url, ada }) => operator.open(`${url}/admin/users/${ada}/export`),
		changes: [],
		object: ofAda,
	},
	"user.end-session": {
		before: async (world) => {
			const visitor = await logInAtPortal(world, PASSWORD);
			await logInAtPortal(world, PASSWORD);
			const { html } = await visitor.open(`${world.url}/account`);
			return { visitor: again(world, visitor), id: otherSession(html) };
		},
		act: (world, before) => {
			const { visitor, id } = before as { readonly visitor: HttpVisitor; readonly id: string };
			return postFrom(world, again(world, visitor), "/account/sessions/end", { session: id });
		},
		changes: [["sessions", "portal"]],
		actor: ofAda,
	},
	"user.end-sessions": {
		before: (world) => logInAtPortal(world, PASSWORD),
		act: (world, before) =>
			postFrom(world, again(world, before as HttpVisitor), "/account/sessions/end-others"),
		changes: [ACCOUNTS],
		actor: ofAda,
	},
	"user.log-out-everywhere": {
		before: (world) => logInAtPortal(world, PASSWORD),
		act: (world, before) =>
			postFrom(world, again(world, before as HttpVisitor), "/account/log-out-everywhere"),
		changes: [ACCOUNTS],
		actor: ofAda,
	},
	"user.disconnect": {
		before: async (world) => {
			await linkX(world);
			return logInAtPortal(world, PASSWORD);
		},
		act: (world, before) =>
			postFrom(world, again(world, before as HttpVisitor), "/account/disconnect", {
				...{ "add-on": "x-login", identity: "x:1" },
			}),
		changes: [ACCOUNTS, ["plugin-data"]],
		object: () => "x-login",
		actor: ofAda,
	},
	"user.withdraw": {
		before: async (world) => {
			const helpdesk = await connectRequestTracker(world);
			const account = await world.core.accounts.find(world.ada);
			const { consents } = world.core.openid.storedAt("acorn");
			const passed = { claims: ["name"], hosts: ["127.0.0.1"] };
			await consents.give(subjectOf(account ?? expect.fail("no user")), helpdesk, passed);
			return { visitor: await logInAtPortal(world, PASSWORD), helpdesk };
		},
		act: (world, before) => {
			const { visitor, helpdesk } = before as {
				readonly visitor: HttpVisitor;
				readonly helpdesk: string;
			};
			return postFrom(world, again(world, visitor), "/account/withdraw", { helpdesk });
		},
		changes: [["openid", "consents"]],
		actor: ofAda,
	},
	"user.prove-address": {
		before: async (world) => {
			const { storage, url } = world;
			const email = "una@example.com";
			const id = await addUnconfirmed(storage, { name: "Una", email, password: PASSWORD });
			const visitor = await logInAtPortal(world, PASSWORD, email);
			await visitor.open(`${url}${EMAIL}`);
			await visitor.submit(EMAIL, { email });
			const code = await eventually(async () => {
				const [text = ""] = await textsTo(world, email);
				const [, found] = /code is (\d{4} \d{4} \d{4})\./.exec(text) ?? [];
				return found ?? expect.fail("no code");
			});
			return { visitor, code, id };
		},
		act: (world, before) => {
			const { visitor, code } = before as {
				readonly visitor: HttpVisitor;
				readonly code: string;
			};
			return postFrom(world, again(world, visitor), `${EMAIL}/code`, { code });
		},
		changes: [ACCOUNTS],
		actor: (_, before) => (before as { readonly id: string }).id,
	},
} as const satisfies Readonly<Record<string, Deed>>;
