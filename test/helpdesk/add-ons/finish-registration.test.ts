import { expect, test, vi } from "vitest";
import {
	finishRegistration,
	openRegistration,
} from "../../../src/helpdesk/add-ons/finish-registration.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import {
	browserOf,
	type PendingRegistration,
} from "../../../src/helpdesk/people/pending-registrations.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

const DAY = 24 * 60 * 60_000;
const EMAIL = "ada@example.com";
const PASSWORD = "correct horse";
const ACORN = { id: "acorn", name: "Acorn Outdoor" };
const HERE = "the browser that registered";
const ELSEWHERE = "another browser";
const NETWORK = "192.0.2.1";

async function register(core: OpenCore, changes: Partial<PendingRegistration> = {}) {
	const password = await core.registrations.hash(PASSWORD);
	const about = { brandId: "acorn", name: "Ada", email: EMAIL, locale: "en" };
	const pending = { ...about, password, browser: browserOf(HERE), ...changes };
	await core.registrations.write(pending, NETWORK);
}

/** The token in the newest letter with a link. */
async function tokenIn({ outbox }: OpenCore): Promise<string> {
	const texts = (await keptLetters(outbox)).map(({ text }) => text).join("\n");
	return /\/register\/confirm\?token=([\w-]+)/.exec(texts)?.[1] ?? expect.fail("no link");
}

function opened(token: string, browserToken: string, signedInAs?: string) {
	return { brand: ACORN, token, browserToken, signedInAs };
}

function finish(
	core: OpenCore,
	link: Parameters<typeof finishRegistration>[1],
	entered: Parameters<typeof finishRegistration>[2],
) {
	const parts = { ...core, now: () => core.clock.now() };
	return finishRegistration(parts, link, entered, []);
}

test("there is no account until the link in the letter is opened, and reading the link changes nothing", async () => {
	const core = await openCore();
	await register(core);
	expect((await core.accounts.page()).accounts).toEqual([]);
	const token = await tokenIn(core);

	expect(await openRegistration(core, opened(token, HERE))).toMatchObject({ kind: "confirm" });
	expect((await core.accounts.page()).accounts).toEqual([]);

	const end = await finish(core, opened(token, HERE), undefined);

	expect(end).toMatchObject({
		kind: "registered",
		account: { email: EMAIL, name: "Ada", confirmed: true, hasPassword: true, status: "active" },
	});
	expect(await core.accounts.logIn("acorn", EMAIL, PASSWORD)).toMatchObject({ kind: "in" });
	expect(await stored(core.storage, NAMESPACES.pendingRegistrations)).toEqual([]);
	expect(await openRegistration(core, opened(token, HERE))).toEqual({ kind: "gone" });
});

test("finding 11: a link that is opened in another browser confirms nothing, and sets a password that replaces the first", async () => {
	const core = await openCore();
	await register(core, { name: "Mallory" });
	const elsewhere = opened(await tokenIn(core), ELSEWHERE);

	expect(await finish(core, elsewhere, undefined)).toMatchObject({ kind: "enter" });
	expect((await core.accounts.page()).accounts).toEqual([]);

	const entered = { name: "Ada", password: "another horse" };
	expect(await finish(core, elsewhere, entered)).toMatchObject({
		kind: "registered",
		account: { name: "Ada", confirmed: true },
	});
	expect(await core.accounts.logIn("acorn", EMAIL, PASSWORD)).toEqual({ kind: "wrong" });
	expect(await core.accounts.logIn("acorn", EMAIL, "another horse")).toMatchObject({ kind: "in" });
});

test.each([
	["short", "short"],
	["password", "common"],
	["acorn outdoor", "known"],
	["ada@example.com", "known"],
	["countess42!", "known"],
])(
	"finding 8: a password that is refused in another browser leaves the link good: %j",
	async (password, problem) => {
		const core = await openCore();
		await register(core);
		const token = await tokenIn(core);

		const end = await finish(core, opened(token, ELSEWHERE), {
			name: "Countess",
			password,
		});

		expect(end).toEqual({ kind: "refused", problem });
		expect(await openRegistration(core, opened(token, HERE))).toMatchObject({ kind: "confirm" });
	},
);

test("finding 11: the owner of an address ends the password, the sessions and the links of an unproven account", async () => {
	const claims: string[] = [];
	const core = await openCore(() => ({
		onUserClaimed: async (userId) => {
			claims.push(userId);
		},
	}));
	const id = await addUnconfirmed(core.storage, {
		name: "Mallory",
		email: EMAIL,
		password: "mallory's own",
	});
	await register(core);

	const end = await finish(core, opened(await tokenIn(core), HERE), undefined);

	expect(end).toMatchObject({ kind: "registered", account: { id, name: "Ada", confirmed: true } });
	expect((await core.accounts.find(id))?.sessionEpoch).toBeGreaterThan(0);
	expect(await core.accounts.logIn("acorn", EMAIL, "mallory's own")).toEqual({ kind: "wrong" });
	expect(await core.accounts.logIn("acorn", EMAIL, PASSWORD)).toMatchObject({ kind: "in" });
	expect(new Set(claims)).toEqual(new Set([id]));
});

test("a user of an unproven account who finishes registering while logged in keeps what is linked", async () => {
	const claims: string[] = [];
	const core = await openCore(() => ({
		onUserClaimed: async (userId) => {
			claims.push(userId);
		},
	}));
	const { id } = await core.addUser(EMAIL);
	await register(core);
	const here = opened(await tokenIn(core), HERE, id);

	expect(await finish(core, here, undefined)).toMatchObject({ kind: "registered" });

	expect(claims).toEqual([]);
});

test("an account that a ticket made goes to the person who registers with its address", async () => {
	const core = await openCore();
	const ticket = { brandId: "acorn", name: "ada", email: EMAIL, locale: "en" };
	const { id } = (await core.accounts.addFromTicket(ticket)) ?? expect.fail("no account");
	await register(core);

	const end = await finish(core, opened(await tokenIn(core), HERE), undefined);

	expect(end).toMatchObject({ kind: "registered", account: { id, unclaimed: false, name: "Ada" } });
});

test.each(["confirmed", "suspended"])(
	"a link never touches an account that is %s meanwhile",
	async (state) => {
		const core = await openCore();
		await register(core);
		const token = await tokenIn(core);
		const { id } = await core.addUser(EMAIL);
		await (state === "confirmed"
			? core.accounts.confirm(id)
			: core.accounts.setStatus(id, "suspended"));
		const before = await core.accounts.find(id);

		for (const entered of [undefined, { name: "Ada", password: PASSWORD }]) {
			const end = await finish(core, opened(token, HERE), entered);
			expect(end).toEqual({ kind: "taken" });
		}

		expect(await core.accounts.find(id)).toEqual(before);
	},
);

test("an account that its owner claims while a link is used stays theirs, and the link logs nobody in", async () => {
	const core: OpenCore = await openCore(() => ({
		onUserClaimed: async (userId) => core.accounts.confirm(userId),
	}));
	const { id } = await core.addUser(EMAIL);
	await register(core);

	const end = await finish(core, opened(await tokenIn(core), HERE), undefined);

	expect(end).toEqual({ kind: "taken" });
	expect(await core.accounts.find(id)).toMatchObject({ confirmed: true, hasPassword: false });
});

test("finding 2: a link to an address that has an account hashes no password", async () => {
	const core = await openCore();
	await register(core);
	const elsewhere = opened(await tokenIn(core), ELSEWHERE);
	await core.accounts.confirm((await core.addUser(EMAIL)).id);
	const hash = vi.spyOn(core.registrations, "hash");

	const end = await finish(core, elsewhere, { name: "Ada", password: PASSWORD });

	expect(end).toEqual({ kind: "taken" });
	expect(hash).not.toHaveBeenCalled();
});

test("of two uses of one link at once, one makes the account", async () => {
	const core = await openCore();
	await register(core);
	const here = opened(await tokenIn(core), HERE);

	const ends = await Promise.all([1, 2].map(() => finish(core, here, undefined)));

	expect(ends.filter(({ kind }) => kind === "registered")).toHaveLength(1);
	expect((await core.accounts.page()).accounts).toHaveLength(1);
});

test("a link is worth nothing at another brand, after a day, or made up", async () => {
	const core = await openCore();
	await register(core);
	const token = await tokenIn(core);
	const harbor = { ...opened(token, HERE), brand: { id: "harbor", name: "Harbor Music" } };
	expect(await finish(core, harbor, undefined)).toEqual({ kind: "gone" });
	for (const madeUp of ["", "x", "x".repeat(43), "%00", `${token}x`]) {
		const end = await finish(core, opened(madeUp, HERE), undefined);
		expect(end).toEqual({ kind: "gone" });
	}

	core.clock.advance(DAY);

	expect(await finish(core, opened(token, HERE), undefined)).toEqual({ kind: "gone" });
});

test("registration that closed, or asks for more, meanwhile: the link follows the rule of today", async () => {
	const core = await openCore();
	await register(core);
	const here = opened(await tokenIn(core), HERE);
	const set = (registration: "closed" | "approval", phoneRequired = false) =>
		core.registration.set("acorn", { registration, phoneRequired });

	await set("closed");
	expect(await finish(core, here, undefined)).toEqual({ kind: "closed" });
	await set("approval");
	expect(await finish(core, here, undefined)).toMatchObject({
		account: { status: "awaiting-approval", confirmed: true },
	});
});

test.each([
	["somebody's account", "You already have an account at Acorn Outdoor", ["/login", "/forgot"]],
	["an operator", "You cannot register at Acorn Outdoor with this address", []],
])(
	"finding 11: the owner of an address that belongs to %s is told by a letter without a token",
	async (who, subject, paths) => {
		const core = await openCore();
		await core.operators.makeFirst();
		const email = who === "an operator" ? "operator@helpdesk.example" : EMAIL;
		if (who !== "an operator") {
			await core.accounts.confirm((await core.addUser(EMAIL)).id);
		}

		await register(core, { email, name: "Visit https://evil.example now" });

		const [letter] = await keptLetters(core.outbox);
		expect(letter).toMatchObject({ to: email, subject });
		expect(letter?.text).not.toMatch(/token|evil|Visit/);
		expect(letter?.text).toContain("If it was not you, ignore this e-mail.");
		expect(paths.filter((path) => !letter?.text.includes(`http://127.0.0.1:1${path}`))).toEqual([]);
		expect(await stored(core.storage, NAMESPACES.pendingRegistrations)).toEqual([]);
	},
);

test("a stored registration holds neither the password nor the tokens", async () => {
	const core = await openCore();
	await register(core);

	const [entry = ""] = await stored(core.storage, NAMESPACES.pendingRegistrations);

	for (const secret of [PASSWORD, HERE, await tokenIn(core)]) {
		expect(entry).not.toContain(secret);
	}
});
