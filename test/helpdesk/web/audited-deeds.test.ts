// Does every deed once, and once for each storage operation after which the node is gone: a deed that has changed something
// has its entry, and a deed that has not has none.
import { expect, test } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import type { DeedName } from "../../../src/helpdesk/audit/deeds.ts";
import { commonPasswords } from "../../../src/helpdesk/people/common-passwords.ts";
import { RECOUNT } from "../../../src/helpdesk/people/jobs/recount.ts";
import { browserOf } from "../../../src/helpdesk/people/pending-registrations.ts";
import { policyField } from "../../../src/helpdesk/web/admin/registration/registration-page.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import type { HttpVisitor, Seen } from "../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { openSites, VISITORS_NETWORK } from "../../kit/helpdesk/open-sites.ts";
import { keysFor } from "../../kit/plugin/open-house.ts";
import { CutOffStorage } from "../../kit/storage/cut-off-storage.ts";

const OPERATOR = "operator@helpdesk.example";
const PASSWORD = "a long password of hers";
const NEXT_PASSWORD = "quite another long password";
const X = "/admin/settings/general/integrations/x-login";

/** A helpdesk with an operator, and users who log in with passwords. */
async function openWorld() {
	const clock = new MockClock();
	const storage = new CutOffStorage(clock);
	const pace = { after: async () => {} };
	const sites = openSites(await helpdeskOptions({ storage, clock, pace }));
	const { core, url } = sites;
	const password = (await core.operators.makeFirst()) ?? "";
	const add = async (name: string): Promise<string> => {
		const hashed = await core.registrations.hash(PASSWORD);
		const about = { brandId: "acorn", name, email: `${name}@example.com`, locale: "en" };
		const account = await core.accounts.register(about, hashed);
		return account?.id ?? expect.fail(`no account for ${name}`);
	};
	const ada = await add("ada");
	const bob = await add("bob");
	const operator = sites.visitor();
	const logIn = async (visitor: HttpVisitor, typed: string): Promise<Seen> => {
		await visitor.open(`${url}/admin/login`);
		return visitor.submit("/admin/login", { email: OPERATOR, password: typed });
	};
	const post = async (path: string, fields: Readonly<Record<string, string>> = {}) => {
		const { html } = await operator.open(`${url}/admin/profile`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		return operator.post(`${url}${path}`, [["_csrf", csrf], ...Object.entries(fields)]);
	};
	await logIn(operator, password);
	await post(`${X}/activate`);
	return { ...sites, clock, storage, password, ada, bob, operator, logIn, post };
}

type World = Awaited<ReturnType<typeof openWorld>>;

interface Deed {
	/** What is there before. */
	readonly before?: (world: World) => Promise<unknown>;
	readonly act: (world: World, before: unknown) => Promise<unknown>;
	/** Where the deed changes something; empty for one that only reads, or fails. */
	readonly changes: readonly StorageKey[];
	/** How the entry stands at the end. Left out: done. */
	readonly standing?: string;
	/** What it is done to. */
	readonly object?: (world: World) => string;
	/** Who it is. Left out: the operator. */
	readonly actor?: (world: World) => string | null;
}

const KEYS = { ...keysFor("oauth1"), mode: "login-and-signup" };
const ACCOUNTS = ["accounts", "account"];
const ofAda = ({ ada }: World): string => ada;
const nobody = (): null => null;

async function logInAtPortal(world: World, password: string): Promise<Seen> {
	const visitor = world.visitor();
	await visitor.open(`${world.url}/login`);
	return visitor.submit("/login", { email: "ada@example.com", password });
}

const DEEDS: Partial<Record<DeedName, Deed>> = {
	"operator.log-in": {
		act: (world) => world.logIn(world.visitor(), world.password),
		changes: [["sessions"]],
	},
	"operator.log-in-failed": {
		act: (world) => world.logIn(world.visitor(), "wrong"),
		changes: [],
		object: () => OPERATOR,
		actor: nobody,
	},
	"operator.log-out": { act: ({ post }) => post("/admin/logout"), changes: [["sessions"]] },
	"operator.change-own": {
		act: ({ post, password }) => post("/admin/profile", { current: password, new: NEXT_PASSWORD }),
		changes: [["operators"]],
	},
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
	"user.register": {
		before: async ({ core, visitor }) => {
			const password = await core.registrations.hash(PASSWORD);
			const about = { brandId: "acorn", name: "Cleo", email: "cleo@example.com", locale: "en" };
			await core.registrations.write(
				{ ...about, password, browser: browserOf(""), returnPath: "/account" },
				"192.0.2.1",
			);
			return { link: await linkIn(core, "cleo@example.com"), browser: visitor() };
		},
		act: (_, before) =>
			setByLink(before, "/register/confirm", { name: "Cleo", password: PASSWORD }),
		changes: [ACCOUNTS],
		actor: nobody,
	},
	"user.reset-password": {
		before: async ({ core, ada, visitor }) => {
			const account = await core.accounts.find(ada);
			await (account && core.letters.writeAsked(account, "192.0.2.1"));
			return { link: await linkIn(core, "ada@example.com"), browser: visitor() };
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
	"user.activate": {
		before: ({ core, ada }) => core.accounts.setStatus(ada, "suspended"),
		act: ({ post, ada }) => post(`/admin/users/${ada}/active`),
		changes: [ACCOUNTS],
		object: ofAda,
	},
	"user.delete": {
		act: ({ post, ada }) => post(`/admin/users/${ada}/delete`),
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
	"sign-ins.export": {
		act: ({ operator, url }) => operator.open(`${url}/admin/sign-ins/export`),
		changes: [],
	},
	"links.export": {
		act: ({ operator, url }) => operator.open(`${url}${X}/links.csv`),
		changes: [],
		object: () => "x-login",
	},
	"links.prepare-export": {
		act: ({ post }) => post(`${X}/links/export`),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"links.import": {
		act: ({ post }) =>
			post(`${X}/links`, { brand: "acorn", links: "x_id,email\n1,ada@example.com\n" }),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"keys.change": {
		act: ({ post }) => post(`${X}?brand=acorn`, KEYS),
		changes: [["plugin-settings"]],
		object: () => "x-login",
	},
	"keys.test": {
		act: ({ post }) => post(`${X}/test?brand=acorn`),
		changes: [["set-up-tests"]],
		object: () => "x-login",
	},
	"brand.switch": {
		before: async ({ post }) => {
			await post(`${X}?brand=acorn`, KEYS);
		},
		act: ({ post }) => post("/admin/settings/users/social-login/x-login", { acorn: "on" }),
		changes: [["plugin-settings"]],
		object: () => "x-login",
	},
	"registration.change": {
		act: ({ post }) =>
			post("/admin/settings/users/registration", {
				[policyField("acorn")]: "closed",
				[policyField("harbor")]: "approval",
			}),
		changes: [["registration"]],
	},
	"mailbox.read": {
		act: ({ operator, url }) => operator.open(`${url}/admin/mailbox`),
		changes: [],
	},
	"add-on.activate": {
		before: async ({ core }) => (await core.addOns.find("x-login"))?.plugin.deactivate(),
		act: ({ post }) => post(`${X}/activate`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.deactivate": {
		act: ({ post }) => post(`${X}/deactivate`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.uninstall": {
		act: ({ post }) => post(`${X}/uninstall`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.reinstall": {
		before: async ({ core }) => (await core.addOns.find("x-login"))?.plugin.uninstall("keep"),
		act: ({ post }) => post(`${X}/install`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"job.start": {
		act: ({ post }) => post("/admin/jobs", { type: RECOUNT }),
		changes: [["jobs", "job"]],
	},
	"audit.change": {
		act: ({ post }) => post("/admin/audit", { days: "90" }),
		changes: [["audit", "settings"]],
	},
	"audit.export": {
		act: ({ operator, url }) => operator.open(`${url}/admin/audit/export`),
		changes: [],
	},
};

async function linkIn(core: World["core"], to: string): Promise<string> {
	const { letters } = await core.outbox.page({ to, cursor: undefined });
	const text = JSON.stringify(letters);
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

async function entriesOf({ storage }: World, name: string) {
	const entries = await storage.entries(["audit", "entry"]);
	return entries
		.map(({ value }) => value as Readonly<Record<string, unknown>>)
		.filter(({ deed }) => deed === name);
}

async function stored({ storage }: World, places: readonly StorageKey[]): Promise<string> {
	const all = await Promise.all(places.map((place) => storage.entries(place)));
	return JSON.stringify(all.flat().map(({ key, value }) => [key, value]));
}

test.each(Object.entries(DEEDS))(
	"%s leaves exactly one entry, wherever a node is killed",
	async (name, deed) => {
		await commonPasswords();
		const world = await openWorld();
		const before = await deed.before?.(world);
		const { storage } = world;
		await storage.keep();
		const cookies = new Map(world.operator.cookies);
		const run = async (operations: number) => {
			await storage.putBack();
			world.operator.cookies.clear();
			for (const [cookie, value] of cookies) {
				world.operator.cookies.set(cookie, value);
			}
			const there = (await entriesOf(world, name)).length;
			const unchanged = await stored(world, deed.changes);
			storage.cutAfter(operations);
			const answer = await deed.act(world, before).catch((error: unknown) => error);
			const isCut = storage.isCut;
			storage.cutAfter(Number.POSITIVE_INFINITY);
			const entries = await entriesOf(world, name);
			const added = entries.length - there;
			return {
				answer,
				isCut,
				added,
				entries,
				isChanged: (await stored(world, deed.changes)) !== unchanged,
			};
		};

		const whole = await run(Number.POSITIVE_INFINITY);
		expect([name, whole.added, whole.isChanged]).toEqual([name, 1, deed.changes.length > 0]);
		const [entry] = whole.entries;
		expect(entry).toMatchObject({
			actorId: deed.actor === undefined ? OPERATOR : deed.actor(world),
			network: VISITORS_NETWORK,
			trace: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
			...(deed.object && { objectId: deed.object(world) }),
		});
		expect([undefined, null, "done"]).toContain(entry?.["outcome"]);
		expect(entry?.["state"]).not.toBe("begun");

		let cuts = 0;
		for (let operations = 0; operations < 400; operations += 1) {
			const { isCut, added, isChanged } = await run(operations);
			if (!isCut) {
				break;
			}
			cuts += 1;
			if (isChanged) {
				expect([name, operations, added]).toEqual([name, operations, 1]);
			}
			if (added > 0 && ONE_COMMIT.includes(name)) {
				expect([name, operations, isChanged]).toEqual([name, operations, true]);
			}
		}
		expect(cuts).toBeGreaterThan(1);
		expect(cuts).toBeLessThan(400);
	},
);

/** Deeds with an entry in the commit that makes their first change, and in no other. */
const ONE_COMMIT: readonly string[] = Object.entries(DEEDS).flatMap(([name, { changes }]) =>
	changes.length > 0 && !["keys.test", "add-on.activate"].includes(name) ? [name] : [],
);

test("more than the 21 deeds that once left no trace are among them", () => {
	expect(Object.keys(DEEDS).length).toBeGreaterThan(25);
});
