import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { EmailOwner, User, UserCreation, Users } from "../../../src/contract/users.ts";
import type { MockUsers } from "../../../src/testing/mock-host/mock-users.ts";
import type { PortMutant, PortMutants } from "./port-mutant.ts";

const broken = (
	breaks: readonly string[],
	change: (users: MockUsers) => Partial<Users>,
): PortMutant => ({
	breaks,
	ports: ({ users }: HelpdeskHost) => {
		const good: Users = {
			ownerOf: (brandId, email) => users.ownerOf(brandId, email),
			find: (userId) => users.find(userId),
			create: (key, user) => users.create(key, user),
			confirm: (userId) => users.confirm(userId),
		};
		return { users: { ...good, ...change(users as MockUsers) } };
	},
});

const NOBODY: EmailOwner = { kind: "nobody" };

export const USER_MUTANTS: PortMutants = {
	"tells addresses apart by their case": broken(
		["knows whose an address is, whatever its case"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				const exact = users.all().some((user) => user.email === email);
				return owner.kind === "user" && !exact ? NOBODY : owner;
			},
		}),
	),

	"compares addresses by Unicode's rules of case": broken(
		[
			"takes no address for another that only looks like it or becomes it by Unicode's rules of case",
		],
		(users) => ({ ownerOf: (brandId, email) => users.ownerOf(brandId, email.toLowerCase()) }),
	),

	"compares addresses by their compatibility forms": broken(
		[
			"takes no address for another that only looks like it or becomes it by Unicode's rules of case",
		],
		(users) => ({ ownerOf: (brandId, email) => users.ownerOf(brandId, email.normalize("NFKC")) }),
	),

	"knows staff by addresses that look like theirs": broken(
		[
			"takes no address for another that only looks like it or becomes it by Unicode's rules of case",
		],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const folded = await users.ownerOf(brandId, email.toLowerCase());
				return folded.kind === "staff" ? folded : users.ownerOf(brandId, email);
			},
		}),
	),

	"knows its first user by the empty address": broken(
		["knows nobody by an address that nobody has, the empty one among them"],
		(users) => ({
			ownerOf: async (brandId, email) =>
				users.ownerOf(brandId, email === "" ? (users.all()[0]?.email ?? "") : email),
		}),
	),

	"has one list of users for all brands": broken(
		["keeps the users of two brands apart"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				return owner.kind === "nobody" ? users.ownerOf("second", email) : owner;
			},
		}),
	),

	"tells addresses of staff apart by their case": broken(
		["names staff without an id, whatever the address's case"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				const exact = users.all().some((user) => user.email === email);
				return owner.kind === "staff" && !exact ? NOBODY : owner;
			},
		}),
	),

	"takes users who never logged in for claimed": broken(
		["says whether the owner of an address is confirmed, unclaimed and suspended"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				return owner.kind === "user" ? { ...owner, unclaimed: false } : owner;
			},
		}),
	),

	"finds suspended users active": broken(
		["finds a user, with their state and whether they have another way in"],
		(users) => ({
			find: async (userId) => {
				const user = await users.find(userId);
				return user && { ...user, status: "active" };
			},
		}),
	),

	"finds staff": broken(["finds nobody by the id of staff"], (users) => ({
		find: async (userId) => users.all().find(({ id }) => id === userId),
	})),

	"finds a user whom nobody ever made": broken(
		["finds nobody who was deleted or never was"],
		(users) => ({
			find: async (userId) => (userId === "nobody" ? ({ id: userId } as User) : users.find(userId)),
		}),
	),

	"looks first and makes the user then": broken(
		["makes one user of 50 simultaneous calls with one key"],
		(users) => {
			const made = new Map<string, UserCreation>();
			return {
				create: async (key, user) => {
					const known = made.get(key);
					if (known?.kind === "created" && (await users.find(known.user.id))) {
						return known;
					}
					await setImmediate();
					const creation = await users.create(randomUUID(), user);
					made.set(key, creation);
					return creation;
				},
			};
		},
	),

	"looks whose an address is and makes the user then": broken(
		["makes one user of one address, whatever the keys"],
		(users) => ({
			create: async (key, user) => {
				const before = await users.ownerOf(user.brandId, user.email ?? "");
				await setImmediate();
				const creation = await users.create(key, user);
				return creation.kind === "refused" && before.kind === "nobody"
					? { kind: "created", user: users.add(user) }
					: creation;
			},
		}),
	),

	"takes people without an address for one": broken(
		["makes users of whom no address is known, each by a key of their own"],
		(users) => ({
			create: async (key, user) => users.create(user.email === null ? "nobody's" : key, user),
		}),
	),

	"makes up addresses": broken(
		["makes users of whom no address is known, each by a key of their own"],
		(users) => ({
			create: async (key, user) =>
				users.create(key, { ...user, email: user.email ?? `${key}@invalid` }),
		}),
	),

	"makes users of its staff's addresses": broken(
		["makes no user whose address belongs to somebody, staff among them"],
		(users) => ({
			create: async (key, user) =>
				(await users.ownerOf(user.brandId, user.email ?? "")).kind === "staff"
					? { kind: "created", user: users.add(user) }
					: users.create(key, user),
		}),
	),

	"remembers a key longer than its user": broken(
		["makes a new user by the key of one who was deleted"],
		(users) => {
			const made = new Map<string, UserCreation>();
			return {
				create: async (key, user) => {
					const creation = made.get(key) ?? (await users.create(key, user));
					made.set(key, creation);
					return creation;
				},
			};
		},
	),

	"takes a provider's word for a proof": broken(
		["makes a user as asked, confirmed by a code and not by what a provider asserts"],
		(users) => ({ create: (key, user) => users.create(key, { ...user, emailProof: "code" }) }),
	),

	"leaves a squatter their password": broken(
		[
			"gives an account that nobody had confirmed to whoever proves its address, without the password it had",
		],
		(users) => ({
			confirm: async (userId) => users.change(userId, { confirmed: true, unclaimed: false }),
		}),
	),

	"takes the password of an account that was confirmed": broken(
		["leaves an account as it is that was confirmed before"],
		(users) => ({
			confirm: async (userId) => {
				users.change(userId, { confirmed: false });
				await users.confirm(userId);
			},
		}),
	),
};
