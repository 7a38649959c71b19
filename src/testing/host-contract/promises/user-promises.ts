import assert from "node:assert/strict";
import type { NewUser, UserCreation } from "../../../contract/users.ts";
import type { Opened, Promises } from "../opened-host.ts";

const EMAIL = "Grace.Hopper@example.com";

/** Of `kim.skye@example.com`, by the look, by Unicode's rules of case, by its compatibility forms or by a collation. */
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

export const USER_PROMISES: Promises = {
	"knows whose an address is, whatever its case": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
		const id = await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });

		for (const email of [EMAIL, EMAIL.toLowerCase(), EMAIL.toUpperCase()]) {
			const owner = await host.users.ownerOf(brand.id, email);
			assert.equal(owner.kind === "user" && owner.id, id, email);
		}
	},

	"takes no address for another that only looks like it or becomes it by Unicode's rules of case":
		async (contract) => {
			const { host, helpdesk, brand, otherBrand } = await contract.open();
			const email = "kim.skye@example.com";
			const id = await helpdesk.addUser({ brandId: brand.id, email, confirmed: true });

			for (const each of LOOK_ALIKES) {
				const owner = await host.users.ownerOf(brand.id, each);
				assert.deepEqual(owner, { kind: "nobody" }, `${each} is ${email}`);
			}
			const owner = await host.users.ownerOf(brand.id, email);
			assert.equal(owner.kind === "user" && owner.id, id);

			await helpdesk.addStaff(email);
			for (const each of LOOK_ALIKES) {
				const found = await host.users.ownerOf(otherBrand.id, each);
				assert.deepEqual(found, { kind: "nobody" }, `${each} is staff's ${email}`);
			}
		},

	"knows nobody by an address that nobody has, the empty one among them": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
		await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });

		for (const email of ["", "ada@example.com", "example.com", "%"]) {
			assert.deepEqual(await host.users.ownerOf(brand.id, email), { kind: "nobody" }, email);
		}
	},

	"keeps the users of two brands apart": async (contract) => {
		const { host, helpdesk, brand, otherBrand } = await contract.open();
		const ids = new Set<string>();
		for (const { id } of [brand, otherBrand]) {
			ids.add(await helpdesk.addUser({ brandId: id, email: `${id}@example.com`, confirmed: true }));
		}

		assert.equal(ids.size, 2);
		const { users } = host;
		assert.deepEqual(await users.ownerOf(brand.id, `${otherBrand.id}@example.com`), {
			kind: "nobody",
		});
	},

	"names staff without an id, whatever the address's case": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
		await helpdesk.addStaff(EMAIL);

		for (const email of [EMAIL, EMAIL.toUpperCase()]) {
			assert.deepEqual(await host.users.ownerOf(brand.id, email), { kind: "staff" }, email);
		}
	},

	"says whether the owner of an address is confirmed, unclaimed and suspended": async (
		contract,
	) => {
		const { host, helpdesk, brand } = await contract.open();
		const add = (name: string, confirmed: boolean, unclaimed = false): Promise<string> =>
			helpdesk.addUser({
				brandId: brand.id,
				email: `${name}@example.com`,
				confirmed,
				unclaimed,
			});
		const ids = {
			confirmed: await add("confirmed", true),
			unconfirmed: await add("unconfirmed", false),
			unclaimed: await add("unclaimed", false, true),
			suspended: await add("suspended", true),
		};
		await helpdesk.suspend(ids.suspended);

		const expected = [
			["confirmed", { confirmed: true, unclaimed: false, suspended: false }],
			["unconfirmed", { confirmed: false, unclaimed: false, suspended: false }],
			["unclaimed", { confirmed: false, unclaimed: true, suspended: false }],
			["suspended", { confirmed: true, unclaimed: false, suspended: true }],
		] as const;
		for (const [name, traits] of expected) {
			assert.deepEqual(
				await host.users.ownerOf(brand.id, `${name}@example.com`),
				{ kind: "user", id: ids[name], ...traits },
				name,
			);
		}
	},

	"finds a user, with their state and whether they have another way in": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
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

		const { name: _, locale, ...found } = (await host.users.find(ada)) ?? assert.fail("no user");
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

	"finds nobody by the id of staff": async (contract) => {
		const { host, helpdesk } = await contract.open();
		const id = await helpdesk.addStaff(EMAIL);

		assert.equal(await host.users.find(id), undefined);
	},

	"finds nobody who was deleted or never was": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
		const id = await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: true });
		await helpdesk.delete(id);

		for (const each of [id, "", "nobody", "constructor", "__proto__"]) {
			assert.equal(await host.users.find(each), undefined, each);
		}
		assert.deepEqual(await host.users.ownerOf(brand.id, EMAIL), { kind: "nobody" });
	},

	"makes one user of 50 simultaneous calls with one key": async (contract) => {
		const opened = await contract.open();
		const made = await Promise.all(
			Array.from({ length: 50 }, () => create(opened, "key", "ada@example.com")),
		);
		const later = await create(opened, "key", "other@example.com");

		assert.equal(new Set([...made, later].map(idOf)).size, 1);
		const { host, brand } = opened;
		const owner = await host.users.ownerOf(brand.id, "ada@example.com");
		assert.equal(owner.kind === "user" && owner.id, idOf(later));
	},

	"makes one user of one address, whatever the keys": async (contract) => {
		const opened = await contract.open();
		const made = await Promise.all(
			Array.from({ length: 50 }, (_, index) => create(opened, `key ${index}`, "ada@example.com")),
		);

		assert.equal(made.filter(({ kind }) => kind === "created").length, 1);
		assert.equal(made.filter(({ kind }) => kind === "refused").length, 49);
	},

	"makes no user whose address belongs to somebody, staff among them": async (contract) => {
		const opened = await contract.open();
		const { helpdesk, brand } = opened;
		await helpdesk.addUser({ brandId: brand.id, email: EMAIL, confirmed: false });
		await helpdesk.addStaff("staff@example.com");

		for (const email of [EMAIL.toUpperCase(), "Staff@example.com"]) {
			assert.deepEqual(await create(opened, email, email), { kind: "refused" }, email);
		}
	},

	"makes a new user by the key of one who was deleted": async (contract) => {
		const opened = await contract.open();
		const first = idOf(await create(opened, "key", "ada@example.com"));
		await opened.helpdesk.delete(first);
		const second = idOf(await create(opened, "key", "ada@example.com"));

		assert.notEqual(second, first);
		assert.equal((await opened.host.users.find(second))?.id, second);
		assert.equal(idOf(await create(opened, "key", "ada@example.com")), second);
	},

	"makes a user as asked, confirmed by a code and not by what a provider asserts": async (
		contract,
	) => {
		const opened = await contract.open();
		const { host, brand } = opened;
		const asserted = await create(opened, "key a", "ada@example.com", "asserted");
		await create(opened, "key b", "grace@example.com", "code");

		const { id: _, ...user } = (asserted.kind === "created" && asserted.user) || assert.fail();
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

	"makes users of whom no address is known, each by a key of their own": async (contract) => {
		const opened = await contract.open();
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

	"gives an account that nobody had confirmed to whoever proves its address, without the password it had":
		async (contract) => {
			const { host, helpdesk, brand } = await contract.open();
			const who = { brandId: brand.id, confirmed: false };
			const squatted = await helpdesk.addUser({
				...who,
				email: "squatted@example.com",
				password: "of a stranger",
			});
			const ticket = await helpdesk.addUser({
				...who,
				email: "ticket@example.com",
				unclaimed: true,
			});
			for (const id of [squatted, ticket]) {
				await host.users.confirm(id);
				const user = await host.users.find(id);
				const owner = await host.users.ownerOf(brand.id, user?.email ?? "");
				assert.equal(user?.hasOtherWayIn, false);
				assert.deepEqual(owner, {
					kind: "user",
					id,
					confirmed: true,
					unclaimed: false,
					suspended: false,
				});
			}
		},

	"leaves an account as it is that was confirmed before": async (contract) => {
		const { host, helpdesk, brand } = await contract.open();
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

function create(
	{ host, brand }: Opened,
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
