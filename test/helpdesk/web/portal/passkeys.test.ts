import { beforeEach, expect, test } from "vitest";
import type { MailMessage } from "../../../../src/contract/mail.ts";
import { exportUser } from "../../../../src/helpdesk/add-ons/export-user.ts";
import type { Account } from "../../../../src/helpdesk/people/stored-account.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../../kit/eventually.ts";
import type { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { type OpenSites, openSites } from "../../../kit/helpdesk/open-sites.ts";
import {
	addPasskeyAt,
	type Dishonesty,
	logInByPasskeyAt,
	passkeyOptionsIn,
	SoftAuthenticator,
} from "../../../kit/helpdesk/soft-authenticator.ts";
import { type Operation, PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const PASSWORD = "a long password of hers";
const TEN_MINUTES = 10 * 60_000;

let clock: MockClock;
let storage: PausingStorage;
let letters: MailMessage[];
let sites: OpenSites;
let ada: Account;
let authenticator: SoftAuthenticator;

beforeEach(async () => {
	await openAt("http://acorn.localhost:8080");
});

async function openAt(baseUrl: string): Promise<void> {
	clock = new MockClock();
	storage = new PausingStorage(new MemoryStorage(clock));
	letters = [];
	const deliver = async (letter: MailMessage): Promise<void> => {
		letters.push(letter);
	};
	const baseUrls = new Map([["acorn", baseUrl]]);
	sites = openSites(await helpdeskOptions({ storage, clock, deliver, baseUrls }));
	ada = await register("ada");
	authenticator = new SoftAuthenticator(new URL(sites.url).origin);
}

async function register(name: string): Promise<Account> {
	const { core } = sites;
	const about = { brandId: "acorn", name, email: `${name}@example.com`, locale: "en" };
	const account = await core.accounts.register(about, await core.registrations.hash(PASSWORD));
	return account ?? expect.fail("no account");
}

async function loggedIn(email = "ada@example.com"): Promise<HttpVisitor> {
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}/login?returnTo=/account`);
	await visitor.submit("/login", { email, password: PASSWORD });
	expect(visitor.seen.url).toBe(`${sites.url}/account`);
	return visitor;
}

const add = (visitor: HttpVisitor, lie?: Dishonesty) =>
	addPasskeyAt(visitor, sites.url, authenticator, lie);
const logIn = (visitor = sites.visitor(), lie?: Dishonesty) =>
	logInByPasskeyAt(visitor, sites.url, authenticator, lie);
const isIn = async (visitor: HttpVisitor): Promise<boolean> =>
	(await visitor.open(`${sites.url}/account`)).url === `${sites.url}/account`;
const isCommitOfAccount = ({ kind, keys }: Operation): boolean =>
	kind === "commit" && keys.some((key) => key.join("/") === `accounts/account/${ada.id}`);
const stored = async () => (await sites.core.accounts.find(ada.id))?.passkeys ?? [];

async function deedsOf(userId = ada.id): Promise<readonly string[]> {
	const { entries } = await sites.core.audit.log.page({ actor: userId }, undefined, 50);
	return entries.map(({ deed }) => deed).sort();
}

test("a user adds a passkey and logs in with it, under a new token of the session", async () => {
	const { html } = await add(await loggedIn());
	expect(html).toContain("The passkey is added.");
	expect(html).toContain("never used");
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}/login?returnTo=/account`);
	const before = [...visitor.cookies.values()];
	const passkey = authenticator.get(passkeyOptionsIn(visitor.seen.html, "/login/passkey"));
	const seen = await visitor.submit("/login/passkey", { passkey });
	expect(seen.url).toBe(`${sites.url}/account`);
	expect(seen.html).toContain("last used on");
	expect([...visitor.cookies.values()]).not.toEqual(expect.arrayContaining(before));
	expect(await deedsOf()).toEqual(["user.add-passkey", "user.log-in", "user.log-in-by-passkey"]);
});

test("an e-mail says that a passkey was added, and what to do", async () => {
	await add(await loggedIn());
	await eventually(() => expect(letters).toHaveLength(1));
	expect(letters[0]).toMatchObject({
		to: "ada@example.com",
		subject: expect.stringMatching(/^A passkey was added to your account at /),
	});
	expect(letters[0]?.text).toContain(`${sites.url}/forgot`);
});

test.each(["http://127.0.0.1:8080", "https://192.0.2.1"])(
	"no page speaks of passkeys at %s, where browsers make none",
	async (url) => {
		await openAt(url);
		const { html } = await sites.visitor().open(`${sites.url}/login`);
		expect(html).not.toContain("passkey");
		const visitor = await loggedIn();
		expect(visitor.seen.html).not.toContain("asskey");
		await visitor.open(`${sites.url}/login`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(
			(await visitor.open(`${sites.url}/account`)).html,
		)?.[1];
		for (const path of ["/account/passkeys/add", "/login/passkey"]) {
			const { status } = await visitor.post(`${sites.url}${path}`, [["_csrf", csrf ?? ""]]);
			expect(status).toBe(400);
		}
		expect(await stored()).toEqual([]);
	},
);

test("a session older than ten minutes cannot add or remove a passkey: a stolen cookie is not enough", async () => {
	const visitor = await loggedIn();
	await add(visitor);
	const options = await visitor.open(`${sites.url}/account`);
	const passkey = authenticator.create(passkeyOptionsIn(options.html, "/account/passkeys/add"));
	clock.advance(TEN_MINUTES);
	expect((await visitor.submit("/account/passkeys/add", { passkey })).url).toContain(
		"/login/confirm",
	);
	await visitor.open(`${sites.url}/account`);
	expect(visitor.seen.html).not.toContain('action="/account/passkeys/add"');
	await visitor.submit("/account/passkeys/remove");
	expect(visitor.seen.url).toContain("/login/confirm");
	expect(await stored()).toHaveLength(1);
	// The passkey is a proof as good as the password.
	const proof = authenticator.get(passkeyOptionsIn(visitor.seen.html, "/login/confirm"));
	const forms = visitor.seen.html.split("<form ");
	expect(forms.findIndex((form) => form.includes("data-passkey"))).toBeGreaterThan(0);
	const proven = await visitor.submit("/login/confirm", { passkey: proof });
	expect(proven.url).toBe(`${sites.url}/account`);
	expect(proven.html).toContain('action="/account/passkeys/add"');
});

test("an answer counts once, in its own browser, and for nothing else", async () => {
	await add(await loggedIn());
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}/login`);
	const passkey = authenticator.get(passkeyOptionsIn(visitor.seen.html, "/login/passkey"));
	const other = sites.visitor();
	await other.open(`${sites.url}/login`);
	const elsewhere = await other.submit("/login/passkey", { passkey });
	expect(elsewhere.status).toBe(400);
	expect(elsewhere.html).toContain("This page was open for too long.");
	await visitor.submit("/login/passkey", { passkey });
	expect(await isIn(visitor)).toBe(true);
	const again = sites.visitor();
	for (const [name, value] of visitor.cookies) {
		again.cookies.set(name, value);
	}
	await again.open(`${sites.url}/login/confirm`);
	expect((await again.submit("/login/confirm", { passkey })).status).toBe(400);
});

test("a form from another site logs nobody in", async () => {
	await add(await loggedIn());
	const visitor = sites.visitor();
	const { html } = await visitor.open(`${sites.url}/login`);
	const passkey = authenticator.get(passkeyOptionsIn(html, "/login/passkey"));
	await visitor.post(`${sites.url}/login/passkey`, [["passkey", passkey]]);
	expect(await isIn(visitor)).toBe(false);
});

test.each<[string, Dishonesty]>([
	["from another origin", { origin: "http://evil.localhost:8080" }],
	["without a PIN or a finger", { isVerified: false }],
	["that names another user", { userHandle: Buffer.from("another").toString("base64url") }],
	["that names nobody", { userHandle: "" }],
])("a passkey %s opens nothing, and leaves an entry", async (_, lie) => {
	await add(await loggedIn());
	const visitor = sites.visitor();
	const seen = await logIn(visitor, lie);
	expect([seen.status, await isIn(visitor)]).toEqual([400, false]);
	expect(seen.html).toContain("This passkey opens no account here.");
	const { entries } = await sites.core.audit.log.page({}, undefined, 5);
	expect(entries).toContainEqual(
		expect.objectContaining({
			deed: "user.log-in-failed",
			actor: "nobody",
			reason: "passkey-wrong",
		}),
	);
	await logIn(visitor);
	expect(await isIn(visitor)).toBe(true);
});

test("a passkey of one user is no proof of another one", async () => {
	await add(await loggedIn());
	const bob = await register("bob");
	const visitor = await loggedIn("bob@example.com");
	const own = new SoftAuthenticator(new URL(sites.url).origin);
	await addPasskeyAt(visitor, sites.url, own);
	await visitor.open(`${sites.url}/login/confirm`);
	const options = passkeyOptionsIn(visitor.seen.html, "/login/confirm");
	const passkey = authenticator.get({ ...options, allowCredentials: [] });
	expect((await visitor.submit("/login/confirm", { passkey })).status).toBe(400);
	// The user handle is not signed: what counts is whose passkey has signed.
	const handle = { userHandle: Buffer.from(bob.id).toString("base64url") };
	expect((await logIn(sites.visitor(), handle)).status).toBe(400);
});

test("suspended users stay out, and are told", async () => {
	await add(await loggedIn());
	await sites.core.accounts.setStatus(ada.id, "suspended");
	const visitor = sites.visitor();
	expect((await logIn(visitor)).html).toContain("This account is suspended.");
	expect(await isIn(visitor)).toBe(false);
});

test("removing a passkey ends all other sessions, and it opens nothing from then on", async () => {
	const visitor = await loggedIn();
	await add(visitor);
	const other = sites.visitor();
	await logIn(other);
	await visitor.open(`${sites.url}/account`);
	const { html } = await visitor.submit("/account/passkeys/remove");
	expect(html).toContain("The passkey is removed");
	expect([await isIn(visitor), await isIn(other)]).toEqual([true, false]);
	expect((await logIn()).status).toBe(400);
	expect(await deedsOf()).toContain("user.remove-passkey");
});

test("a passkey that is removed while it logs in opens nothing", async () => {
	const visitor = await loggedIn();
	await add(visitor);
	await visitor.open(`${sites.url}/account`);
	const other = sites.visitor();
	const { html } = await other.open(`${sites.url}/login`);
	const passkey = authenticator.get(passkeyOptionsIn(html, "/login/passkey"));
	const stop = storage.stopAt("before", isCommitOfAccount);
	const late = other.submit("/login/passkey", { passkey });
	await stop.reached;
	await visitor.submit("/account/passkeys/remove");
	stop.goOn();
	expect((await late).status).toBe(400);
	expect(await isIn(other)).toBe(false);
});

test.each(["add", "remove"])(
	"an intruder who is put out meanwhile does not %s a passkey",
	async (deed) => {
		const visitor = await loggedIn();
		await add(visitor);
		const { html } = await visitor.open(`${sites.url}/account`);
		const action = "/account/passkeys/add";
		const passkey = new SoftAuthenticator(new URL(sites.url).origin).create(
			passkeyOptionsIn(html, action),
		);
		const stop = storage.stopAt("before", isCommitOfAccount);
		const late = visitor.submit(`/account/passkeys/${deed}`, deed === "add" ? { passkey } : {});
		await stop.reached;
		await sites.core.accounts.endSessions(ada.id);
		stop.goOn();
		expect((await late).url).toContain("/login");
		expect(await stored()).toHaveLength(1);
	},
);

test("a passkey of another brand's user opens nothing here", async () => {
	await add(await loggedIn());
	const { records } = sites.core.accounts;
	await records.change(ada.id, (account) => ({ ...account, brandId: "harbor" }));
	expect((await logIn()).status).toBe(400);
	await records.change(ada.id, (account) => ({ ...account, brandId: "acorn" }));
	expect((await logIn()).status).toBe(200);
});

test("of two answers at once the one with the earlier count opens nothing: it may be of a copy", async () => {
	await add(await loggedIn());
	const late = sites.visitor();
	const { html } = await late.open(`${sites.url}/login`);
	const passkey = authenticator.get(passkeyOptionsIn(html, "/login/passkey"));
	const stop = storage.stopAt("before", isCommitOfAccount);
	const sent = late.submit("/login/passkey", { passkey });
	await stop.reached;
	const other = sites.visitor();
	await logIn(other);
	stop.goOn();
	expect((await sent).status).toBe(400);
	expect([await isIn(other), await isIn(late)]).toEqual([true, false]);
});

test("the only way in cannot be removed", async () => {
	const visitor = await loggedIn();
	await add(visitor);
	await sites.core.accounts.records.change(ada.id, (account) => ({ ...account, password: null }));
	await visitor.open(`${sites.url}/account`);
	const { status, html } = await visitor.submit("/account/passkeys/remove");
	expect([status, await stored()]).toEqual([409, [expect.anything()]]);
	expect(html).toContain("You cannot remove your only way to log in.");
	expect(await deedsOf()).not.toContain("user.remove-passkey");
});

test("a passkey is added once, also by an authenticator that makes it twice", async () => {
	const visitor = await loggedIn();
	const id = Buffer.alloc(32, 7);
	await add(visitor, { id });
	expect((await add(visitor, { id })).html).toContain("No passkey was made.");
	expect(await stored()).toHaveLength(1);
});

test("an account has ten passkeys at most", async () => {
	const visitor = await loggedIn();
	for (let made = 0; made < 10; made += 1) {
		await addPasskeyAt(visitor, sites.url, new SoftAuthenticator(new URL(sites.url).origin));
	}
	expect((await add(visitor)).html).toContain("Your account has ten passkeys");
	expect(await stored()).toHaveLength(10);
});

test("a passkey that was made for another address is named, and not offered", async () => {
	const visitor = await loggedIn();
	await add(visitor);
	await sites.core.accounts.records.change(ada.id, (account) => ({
		...account,
		passkeys: (account.passkeys ?? []).map((each) => ({ ...each, rpId: "old.example.com" })),
	}));
	const { html } = await visitor.open(`${sites.url}/account`);
	expect(html).toContain("Made for old.example.com. It does not work at this address.");
	expect((await visitor.open(`${sites.url}/login/confirm`)).html).not.toContain("data-passkey");
	expect((await logIn()).status).toBe(400);
});

test("passkeys end when an account passes to the owner of its address, and stay for its holder", async () => {
	await add(await loggedIn());
	await sites.core.accounts.setPassword(ada.id, "quite another long password");
	expect(await stored()).toHaveLength(1);
	await sites.core.accounts.records.change(ada.id, (account) => ({ ...account, confirmed: false }));
	await sites.core.accounts.setPassword(ada.id, "quite another long password");
	expect(await stored()).toEqual([]);
});

test("a user who sets a password by a link can remove all passkeys with it", async () => {
	await add(await loggedIn());
	const account = (await sites.core.accounts.find(ada.id)) ?? expect.fail();
	await sites.core.letters.writeAsked(account, { network: "192.0.2.1", locale: "en" });
	await eventually(() => expect(letters).toHaveLength(2));
	const link = /http\S+token=\S+/.exec(letters[1]?.text ?? "")?.[0] ?? "";
	const visitor = sites.visitor();
	expect((await visitor.open(link)).html).toContain("Remove all passkeys");
	await visitor.submit("/reset", { password: "quite another long password", "end-passkeys": "on" });
	expect(await stored()).toEqual([]);
	expect((await logIn()).status).toBe(400);
});

test("the data of a user names the passkeys, and holds no key", async () => {
	await add(await loggedIn());
	const { core } = sites;
	const data = await exportUser({ ...core, handOffs: core.handOffs, openid: core.openid }, ada.id);
	expect(data?.passkeys).toEqual([
		expect.objectContaining({ madeFor: "acorn.localhost", usedAt: null }),
	]);
	const [passkey] = await stored();
	expect(JSON.stringify(data)).not.toContain(passkey?.publicKey);
});
