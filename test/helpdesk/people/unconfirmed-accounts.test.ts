import { expect, test } from "vitest";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

const MALLORY = { name: "Mallory", email: "ada@example.com", password: "correct horse" };

test("finding 12: proving the password by logging in confirms no address", async () => {
	const { accounts, storage } = await openCore();
	const id = await addUnconfirmed(storage, MALLORY);

	const login = await accounts.logIn("acorn", MALLORY.email, MALLORY.password);
	const isPassword = await accounts.isPassword(id, MALLORY.password);

	expect([login.kind, isPassword]).toEqual(["in", true]);
	expect(await accounts.find(id)).toMatchObject({ confirmed: false, hasPassword: true });
	expect(await accounts.ownerOf("acorn", MALLORY.email)).toMatchObject({ confirmed: false });
});

test("finding 12: the owner of the address who claims the account by code ends its password and its sessions", async () => {
	const { accounts, storage } = await openCore();
	const id = await addUnconfirmed(storage, MALLORY);
	const before = (await accounts.find(id)) ?? expect.fail("no account");

	await accounts.confirm(id);

	const after = (await accounts.find(id)) ?? expect.fail("no account");
	expect(after).toMatchObject({ confirmed: true, hasPassword: false });
	expect(after.sessionEpoch).toBeGreaterThan(before.sessionEpoch);
	expect(after.accessEpoch).not.toBe(before.accessEpoch);
	expect(await accounts.isPassword(id, MALLORY.password)).toBe(false);
});
