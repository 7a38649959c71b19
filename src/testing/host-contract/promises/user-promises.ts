import assert from "node:assert/strict";
import type { EmailOwner } from "../../../contract/users.ts";
import { type HostPromises, needing, secondBrand } from "../opened-host.ts";

const EMAIL = "Grace.Hopper@example.com";

/** Look like `kim.skye@example.com`, or equal it by Unicode's case rules, its compatibility forms or a collation. */
const LOOK_ALIKES = [
	"\u212aim.skye@example.com",
	"kim.s\u212aye@example.com",
	"k\u0131m.skye@example.com",
	"kim.\u017fkye@example.com",
	"\uff4bim.skye@example.com",
	"k\u00edm.skye@example.com",
	"\u043aim.skye@example.com",
	"kim.skye\u200b@example.com",
];

export const USER_PROMISES: HostPromises = {
	"ownerOf finds the owner of an address in upper or lower case": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const id = await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });

		for (const email of [EMAIL, EMAIL.toLowerCase(), EMAIL.toUpperCase()]) {
			const owner = await host.users.ownerOf(brand.id, email);
			assert.equal(owner.kind === "user" && owner.id, id, email);
		}
	},

	"ownerOf does not confuse addresses that look alike or that Unicode's case rules make equal":
		async (opener) => {
			const { host, helpdesk, brand } = await opener.open();
			const email = "kim.skye@example.com";
			const id = await helpdesk.addUser({ brandId: brand.id, email, confirmed: true });

			for (const each of LOOK_ALIKES) {
				const owner = await host.users.ownerOf(brand.id, each);
				assert.deepEqual(owner, { kind: "nobody" }, `${each} is ${email}`);
			}
			const owner = await host.users.ownerOf(brand.id, email);
			assert.equal(owner.kind === "user" && owner.id, id);
		},

	"ownerOf does not confuse an address with one of staff that looks alike": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const email = "kim.skye@example.com";
		await helpdesk.addStaff(email);

		for (const each of LOOK_ALIKES) {
			const found = await host.users.ownerOf(brand.id, each);
			assert.deepEqual(found, { kind: "nobody" }, `${each} is staff's ${email}`);
		}
		assert.deepEqual(await host.users.ownerOf(brand.id, email), { kind: "staff" });
	},

	"ownerOf finds nobody for an unknown or empty address": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });

		for (const email of ["", "ada@example.com", "example.com", "%"]) {
			assert.deepEqual(await host.users.ownerOf(brand.id, email), { kind: "nobody" }, email);
		}
	},

	"A user of one brand is not found in another brand": needing("second-brand", async (opener) => {
		const opened = await opener.open();
		const { host, helpdesk, brand } = opened;
		const otherBrand = secondBrand(opened);
		const ids = new Set<string>();
		for (const { id } of [brand, otherBrand]) {
			ids.add(await helpdesk.addUser({ brandId: id, email: `${id}@example.com`, confirmed: true }));
		}

		assert.equal(ids.size, 2);
		const { users } = host;
		assert.deepEqual(await users.ownerOf(brand.id, `${otherBrand.id}@example.com`), {
			kind: "nobody",
		});
	}),

	"ownerOf recognises staff in upper or lower case and returns no id": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		await helpdesk.addStaff(EMAIL);

		for (const email of [EMAIL, EMAIL.toUpperCase()]) {
			assert.deepEqual(await host.users.ownerOf(brand.id, email), { kind: "staff" }, email);
		}
	},

	"ownerOf says whether the owner is confirmed and suspended": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const add = (name: string, confirmed: boolean): Promise<string> =>
			helpdesk.addUser({ brandId: brand.id, email: `${name}@example.com`, confirmed });
		const ids = {
			confirmed: await add("confirmed", true),
			unconfirmed: await add("unconfirmed", false),
			suspended: await add("suspended", true),
		};
		await helpdesk.suspend(ids.suspended);

		const expected = [
			["confirmed", { confirmed: true, suspended: false }],
			["unconfirmed", { confirmed: false, suspended: false }],
			["suspended", { confirmed: true, suspended: true }],
		] as const;
		for (const [name, traits] of expected) {
			assert.deepEqual(
				withClaim(await host.users.ownerOf(brand.id, `${name}@example.com`)),
				{ kind: "user", id: ids[name], ...traits, unclaimed: false },
				name,
			);
		}
	},

	"ownerOf says that nobody has claimed an account that a ticket made": needing(
		"unclaimed-users",
		async (opener) => {
			const { host, helpdesk, brand } = await opener.open();
			const user = { brandId: brand.id, email: EMAIL, confirmed: false, unclaimed: true };
			const id = await helpdesk.addUser(user);

			assert.deepEqual(await host.users.ownerOf(brand.id, EMAIL), {
				kind: "user",
				id,
				confirmed: false,
				unclaimed: true,
				suspended: false,
			});
		},
	),

	"find returns a user with their status and whether they have another way in": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const add = (email: string, password?: string): Promise<string> =>
			helpdesk.addUser({
				brandId: brand.id,
				email,
				confirmed: true,
				...(password !== undefined && { password }),
			});
		const ada = await add("ada@example.com");
		const grace = await add(EMAIL, "correct horse battery");
		await helpdesk.suspend(grace);

		const user = (await host.users.find(ada)) ?? assert.fail("no user");
		const { name: _, accessEpoch: __, locale, ...found } = user;
		assert.equal(Intl.getCanonicalLocales(locale).length, 1);
		assert.deepEqual(found, {
			id: ada,
			brandId: brand.id,
			email: "ada@example.com",
			status: "active",
			hasOtherWayIn: false,
		});
		const suspended = await host.users.find(grace);
		assert.equal(suspended?.status, "suspended");
		assert.equal(suspended?.hasOtherWayIn, true);
	},

	"find returns nobody for the id of staff": async (opener) => {
		const { host, helpdesk } = await opener.open();
		const id = await helpdesk.addStaff(EMAIL);

		assert.equal(await host.users.find(id), undefined);
	},

	"find returns nobody for a deleted user or an unknown id": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const id = await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });
		await helpdesk.delete(id);

		for (const each of [id, "", "nobody", "constructor", "__proto__"]) {
			assert.equal(await host.users.find(each), undefined, each);
		}
		assert.deepEqual(await host.users.ownerOf(brand.id, EMAIL), { kind: "nobody" });
	},
};

/** A helpdesk without accounts that a ticket made may leave `unclaimed` out. */
export function withClaim(owner: EmailOwner): EmailOwner {
	return owner.kind === "user" ? { ...owner, unclaimed: owner.unclaimed ?? false } : owner;
}
