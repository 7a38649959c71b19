import { expect, test, vi } from "vitest";
import { accountToReset, resetPassword } from "../../../src/helpdesk/add-ons/reset-password.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { PasswordsBusyError } from "../../../src/helpdesk/people/scrypt-workers.ts";
import type { Account } from "../../../src/helpdesk/people/stored-account.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";

const PASSWORD = "correct horse";
const ACORN = { id: "acorn", name: "Acorn Outdoor" };
const HALF_AN_HOUR = 30 * 60_000;

/** Opens a helpdesk with an add-on that records whom it unlinks, and whether their password was set by then. */
async function openWithClaims(claims: [string, boolean][] = []): Promise<OpenCore> {
	const core: OpenCore = await openCore(() => ({
		onUserClaimed: async (userId) => {
			claims.push([userId, (await core.accounts.find(userId))?.hasPassword ?? false]);
		},
	}));
	return core;
}

async function linkFor({ resets }: OpenCore, { id, sessionEpoch }: Account): Promise<string> {
	const token = await resets.start(id, sessionEpoch, HALF_AN_HOUR);
	return token ?? Promise.reject(new Error("no link was made"));
}

type Changes = Partial<Parameters<typeof resetPassword>[1]>;

function reset(core: OpenCore, token: string, changes: Changes) {
	return resetPassword(
		{ ...core, now: () => core.clock.now() },
		{
			brand: ACORN,
			token,
			password: PASSWORD,
			signedInAs: undefined,
			disconnected: [],
			endsPasskeys: false,
			...changes,
		},
	);
}

test("a link sets the password once, proves the address and ends all sessions", async () => {
	const core = await openWithClaims();
	const ada = await core.addUser("ada@example.com");
	const token = await linkFor(core, ada);
	expect(await accountToReset(core, "acorn", token)).toEqual(ada);

	expect(await reset(core, token, {})).toMatchObject({
		kind: "set",
		account: { id: ada.id, confirmed: true },
		isStillLinked: false,
	});

	expect((await core.accounts.find(ada.id))?.sessionEpoch).toBeGreaterThan(ada.sessionEpoch);
	expect(await core.accounts.isPassword(ada.id, PASSWORD)).toBe(true);
	expect(await accountToReset(core, "acorn", token)).toBeUndefined();
	expect(await reset(core, token, {})).toEqual({ kind: "gone" });
});

test("links of an account whose address was not proven are dropped, before and after the password is set", async () => {
	const claims: [string, boolean][] = [];
	const core = await openWithClaims(claims);
	const ada = await core.addUser("ada@example.com");
	const stranger = await core.addUser("mallory@example.com");

	await reset(core, await linkFor(core, ada), { signedInAs: stranger.id });

	expect(claims).toEqual([
		[ada.id, false],
		[ada.id, true],
	]);
});

test("a user who is logged in in the browser that opens the link keeps what is linked", async () => {
	const claims: [string, boolean][] = [];
	const core = await openWithClaims(claims);
	const ada = await core.addUser("ada@example.com");

	const end = await reset(core, await linkFor(core, ada), { signedInAs: ada.id });

	expect(end.kind).toBe("set");
	expect(claims).toEqual([]);
});

test("an account whose address was proven keeps what is linked", async () => {
	const claims: [string, boolean][] = [];
	const core = await openWithClaims(claims);
	const { id } = await core.addUser("ada@example.com");
	await core.accounts.confirm(id);
	const ada = (await core.accounts.find(id)) ?? expect.fail("no account");

	expect((await reset(core, await linkFor(core, ada), {})).kind).toBe("set");

	expect(claims).toEqual([]);
});

test("no password is set while an add-on cannot unlink, and the link stays good", async () => {
	let fails = true;
	const core = await openCore(() => ({
		onUserClaimed: () => (fails ? Promise.reject(new Error("it failed")) : Promise.resolve()),
	}));
	const ada = await core.addUser("ada@example.com");
	const token = await linkFor(core, ada);

	await expect(reset(core, token, {})).rejects.toThrow("it failed");
	expect(await core.accounts.find(ada.id)).toEqual(ada);

	fails = false;
	expect((await reset(core, token, {})).kind).toBe("set");
});

test("finding 2: no password is set while too many wait to be hashed, and the link stays good", async () => {
	const core = await openWithClaims();
	const { id } = await core.addUser("ada@example.com");
	await core.accounts.confirm(id);
	const ada = (await core.accounts.find(id)) ?? expect.fail("no account");
	const token = await linkFor(core, ada);
	const busy = vi
		.spyOn(core.accounts, "setPassword")
		.mockRejectedValueOnce(new PasswordsBusyError());

	await expect(reset(core, token, {})).rejects.toThrow(PasswordsBusyError);

	expect((await reset(core, token, {})).kind).toBe("set");
	expect(busy).toHaveBeenCalledTimes(2);
});

test("of many uses of one link at once, one sets the password", async () => {
	const core = await openWithClaims();
	const ada = await core.addUser("ada@example.com");
	const token = await linkFor(core, ada);

	const ends = await Promise.all([1, 2, 3].map(() => reset(core, token, { signedInAs: ada.id })));

	expect(ends.map(({ kind }) => kind).sort()).toEqual(["gone", "gone", "set"]);
	expect(await stored(core.storage, [...NAMESPACES.passwordResets, "reset"])).toEqual([]);
});

test("a link is worth nothing at another brand, after half an hour, or once the password was set", async () => {
	const core = await openWithClaims();
	const ada = await core.addUser("ada@example.com");
	const first = await linkFor(core, ada);
	const second = await linkFor(core, ada);

	expect(await reset(core, first, { brand: { id: "harbor", name: "Harbor Music" } })).toEqual({
		kind: "gone",
	});
	expect((await reset(core, first, {})).kind).toBe("set");
	expect(await reset(core, second, {})).toEqual({ kind: "gone" });

	const again = (await core.accounts.find(ada.id)) ?? expect.fail("no account");
	const third = await linkFor(core, again);
	core.clock.advance(HALF_AN_HOUR);
	expect(await reset(core, third, {})).toEqual({ kind: "gone" });
	expect(await accountToReset(core, "acorn", third)).toBeUndefined();
});

test.each([
	["", "short"],
	["x".repeat(257), "long"],
	["password", "common"],
	["Acorn Outdoor", "known"],
	["ada@example.com", "known"],
	["countess_42", "known"],
])(
	"finding 8: a refused password is not set and does not use the link up: %j",
	async (password, problem) => {
		const core = await openCore(() => ({
			listLinkedAccounts: async () => [{ identityId: "tiny:1", label: "@countess", linkedAt: 0 }],
		}));
		const ada = await core.addUser("ada@example.com");
		const token = await linkFor(core, ada);

		expect(await reset(core, token, { password })).toEqual({ kind: "refused", problem });

		expect(await accountToReset(core, "acorn", token)).toEqual(ada);
	},
);

test("of two links that are used at once, one sets the password", async () => {
	const core = await openWithClaims();
	const { id } = await core.addUser("ada@example.com");
	await core.accounts.confirm(id);
	const ada = (await core.accounts.find(id)) ?? expect.fail("no account");
	const links = [await linkFor(core, ada), await linkFor(core, ada)];

	const ends = await Promise.all(
		links.map((link, index) => reset(core, link, { password: `${PASSWORD} ${index}` })),
	);

	expect(ends.map(({ kind }) => kind).sort()).toEqual(["gone", "set"]);
	const winner = ends.findIndex(({ kind }) => kind === "set");
	expect(await core.accounts.isPassword(id, `${PASSWORD} ${winner}`)).toBe(true);
});

test.each<[string, (core: OpenCore, id: string) => Promise<unknown>]>([
	["a suspension", ({ accounts }, id) => accounts.setStatus(id, "suspended")],
	["a claim", ({ accounts }, id) => accounts.confirm(id)],
	["a log-out everywhere", ({ accounts }, id) => accounts.endSessions(id)],
	["a deletion", ({ accounts }, id) => accounts.delete(id)],
])("links written before %s are worth nothing after it", async (_, act) => {
	const core = await openWithClaims();
	const ada = await core.addUser("ada@example.com");
	const token = await linkFor(core, ada);

	await act(core, ada.id);

	expect(await accountToReset(core, "acorn", token)).toBeUndefined();
	expect(await reset(core, token, {})).toEqual({ kind: "gone" });
});

test("a new password disconnects the accounts that the user names, and says when one of them may still be linked", async () => {
	const unlinked: string[] = [];
	const core = await openCore(() => ({
		unlinkAccount: async (_, identityId) => {
			if (identityId === "x:3") {
				throw new Error("it failed");
			}
			unlinked.push(identityId);
			return { kind: "unlinked" };
		},
	}));
	const { id } = await core.addUser("ada@example.com");
	await core.accounts.confirm(id);
	const resetWith = async (identityIds: readonly string[]) => {
		const ada = (await core.accounts.find(id)) ?? expect.fail("no account");
		const disconnected = identityIds.map((identityId) => ({ addOnId: "tiny", identityId }));
		return reset(core, await linkFor(core, ada), { disconnected });
	};

	expect(await resetWith(["x:1", "x:2"])).toMatchObject({ kind: "set", isStillLinked: false });
	expect(unlinked).toEqual(["x:1", "x:2"]);
	expect(await resetWith(["x:3"])).toMatchObject({ kind: "set", isStillLinked: true });
});

test("a session that opens while a claim drops what was linked in between is over after it", async () => {
	const epochs: number[] = [];
	const core: OpenCore = await openCore(() => ({
		onUserClaimed: async (userId) => {
			epochs.push((await core.accounts.find(userId))?.sessionEpoch ?? -1);
		},
	}));
	const ada = await core.addUser("ada@example.com");

	await reset(core, await linkFor(core, ada), {});

	const { sessionEpoch = 0, wayInEndedAt } = (await core.accounts.find(ada.id)) ?? {};
	expect(epochs).toEqual([ada.sessionEpoch, ada.sessionEpoch + 1]);
	expect(sessionEpoch).toBeGreaterThan(ada.sessionEpoch + 1);
	expect(wayInEndedAt).toBe(core.clock.now());
});
