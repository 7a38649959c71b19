import assert from "node:assert/strict";
import type { NewUser, UserCreation } from "../../../contract/users.ts";
import { type HostPromises, needing, type ProbedHost } from "../opened-host.ts";
import { withClaim } from "./user-promises.ts";

const EMAIL = "Grace.Hopper@example.com";

/** Promises about the creation of users, and about an account that passes to the owner of its address. */
export const USER_CREATION_PROMISES: HostPromises = {
	"50 simultaneous calls with one key create one user": async (opener) => {
		const opened = await opener.open();
		const made = await Promise.all(
			Array.from({ length: 50 }, () => create(opened, "key", "ada@example.com")),
		);
		const later = await create(opened, "key", "other@example.com");

		assert.equal(new Set([...made, later].map(idOf)).size, 1);
		const { host, brand } = opened;
		const owner = await host.users.ownerOf(brand.id, "ada@example.com");
		assert.equal(owner.kind === "user" && owner.id, idOf(later));
	},

	"Calls with different keys and one address create one user": async (opener) => {
		const opened = await opener.open();
		const made = await Promise.all(
			Array.from({ length: 50 }, (_, index) => create(opened, `key ${index}`, "ada@example.com")),
		);

		assert.equal(made.filter(({ kind }) => kind === "created").length, 1);
		assert.equal(made.filter(({ kind }) => kind === "refused").length, 49);
	},

	"create refuses an address that a user or staff already has": async (opener) => {
		const opened = await opener.open();
		const { helpdesk, brand } = opened;
		await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: false });
		await helpdesk.addStaff("staff@example.com");

		for (const email of [EMAIL.toUpperCase(), "Staff@example.com"]) {
			assert.deepEqual(await create(opened, email, email), { kind: "refused" }, email);
		}
	},

	"The key of a deleted user creates a new user": async (opener) => {
		const opened = await opener.open();
		const first = idOf(await create(opened, "key", "ada@example.com"));
		await opened.helpdesk.delete(first);
		const second = idOf(await create(opened, "key", "ada@example.com"));

		assert.notEqual(second, first);
		assert.equal((await opened.host.users.find(second))?.id, second);
		assert.equal(idOf(await create(opened, "key", "ada@example.com")), second);
	},

	"A new user is confirmed by a code, not by a provider's word": async (opener) => {
		const opened = await opener.open();
		const { host, brand } = opened;
		const asserted = await create(opened, "key a", "ada@example.com", "asserted");
		await create(opened, "key b", "grace@example.com", "code");

		const created = (asserted.kind === "created" && asserted.user) || assert.fail();
		const { id: _, accessEpoch: __, ...user } = created;
		assert.deepEqual(user, {
			brandId: brand.id,
			name: "Ada",
			email: "ada@example.com",
			locale: "de",
			status: "active",
			hasOtherWayIn: false,
		});
		for (const [email, confirmed] of [
			["ada@example.com", false],
			["grace@example.com", true],
		] as const) {
			const owner = await host.users.ownerOf(brand.id, email);
			assert.equal(owner.kind === "user" && owner.confirmed, confirmed, email);
		}
	},

	"Each key creates its own user if no address is known": async (opener) => {
		const opened = await opener.open();
		const { host } = opened;
		const ids: string[] = [];
		for (const key of ["key a", "key b", "key a"]) {
			ids.push(idOf(await create(opened, key, null, "none")));
		}
		const [first = "", second = "", again] = ids;

		assert.notEqual(second, first);
		assert.equal(again, first);
		for (const id of [first, second]) {
			const user = await host.users.find(id);
			assert.equal(user?.email, null);
			assert.equal(user?.hasOtherWayIn, false);
		}
		await opened.helpdesk.delete(first);
		assert.equal((await host.users.find(second))?.id, second);
	},

	"Confirming an unconfirmed account removes its password": async (opener) => {
		const opened = await opener.open();
		const id = await opened.helpdesk.addUser({
			brandId: opened.brand.id,
			confirmed: false,
			email: "squatted@example.com",
			password: "of a stranger",
		});

		await assertConfirmed(opened, id);
	},

	"Confirming an account that a ticket made claims it": needing(
		"unclaimed-users",
		async (opener) => {
			const opened = await opener.open();
			const user = { confirmed: false, email: "ticket@example.com", unclaimed: true };
			const id = await opened.helpdesk.addUser({ ...user, brandId: opened.brand.id });

			await assertConfirmed(opened, id);
		},
	),

	"Confirming a confirmed account changes nothing": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const id = await helpdesk.addUser({
			brandId: brand.id,
			email: EMAIL,
			password: "correct horse battery",
			confirmed: true,
		});
		await host.users.confirm(id);

		assert.equal((await host.users.find(id))?.hasOtherWayIn, true);
	},
};

async function assertConfirmed({ host, brand }: ProbedHost, id: string): Promise<void> {
	await host.users.confirm(id);
	const user = await host.users.find(id);
	const owner = await host.users.ownerOf(brand.id, user?.email ?? "");
	assert.equal(user?.hasOtherWayIn, false);
	assert.deepEqual(withClaim(owner), {
		kind: "user",
		id,
		confirmed: true,
		unclaimed: false,
		suspended: false,
	});
}

export function create(
	{ host, brand }: ProbedHost,
	key: string,
	email: string | null,
	emailProof: NewUser["emailProof"] = "asserted",
): Promise<UserCreation> {
	return host.users.create(key, {
		brandId: brand.id,
		name: "Ada",
		email,
		emailProof,
		locale: "de",
	});
}

function idOf(creation: UserCreation): string {
	return creation.kind === "created" ? creation.user.id : assert.fail("the user was refused");
}
