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

/** Promises about people who wait for an approval. A helpdesk with keys of its own does not find them again. */
const APPROVALS = [
	"A user who waits for an approval has no id, and the same key gives them once they are approved",
	"A person is in the queue once, whatever their keys are",
];

const NOBODY: EmailOwner = { kind: "nobody" };

const LOOK_ALIKE_PROMISES = [
	"ownerOf does not confuse addresses that look alike or that Unicode's case rules make equal",
	"ownerOf does not confuse an address with one of staff that looks alike",
];

export const USER_MUTANTS: PortMutants = {
	"tells addresses apart by their case": broken(
		["ownerOf finds the owner of an address in upper or lower case"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				const exact = users.all().some((user) => user.email === email);
				return owner.kind === "user" && !exact ? NOBODY : owner;
			},
		}),
	),

	"compares addresses by Unicode's rules of case": broken(LOOK_ALIKE_PROMISES, (users) => ({
		ownerOf: (brandId, email) => users.ownerOf(brandId, email.toLowerCase()),
	})),

	"compares addresses by their compatibility forms": broken(LOOK_ALIKE_PROMISES, (users) => ({
		ownerOf: (brandId, email) => users.ownerOf(brandId, email.normalize("NFKC")),
	})),

	"takes addresses that look like staff's for staff's": broken(
		["ownerOf does not confuse an address with one of staff that looks alike"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const folded = await users.ownerOf(brandId, email.toLowerCase());
				return folded.kind === "staff" ? folded : users.ownerOf(brandId, email);
			},
		}),
	),

	"knows its first user by the empty address": broken(
		["ownerOf finds nobody for an unknown or empty address"],
		(users) => ({
			ownerOf: async (brandId, email) =>
				users.ownerOf(brandId, email === "" ? (users.all()[0]?.email ?? "") : email),
		}),
	),

	"has one list of users for all brands": broken(
		["A user of one brand is not found in another brand"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				return owner.kind === "nobody" ? users.ownerOf("second", email) : owner;
			},
		}),
	),

	"tells addresses of staff apart by their case": broken(
		["ownerOf recognises staff in upper or lower case and returns no id"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				const exact = users.all().some((user) => user.email === email);
				return owner.kind === "staff" && !exact ? NOBODY : owner;
			},
		}),
	),

	"takes unclaimed users for claimed": broken(
		["ownerOf says that nobody has claimed an account that a ticket made"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				return owner.kind === "user" ? { ...owner, unclaimed: false } : owner;
			},
		}),
	),

	"takes suspended owners of an address for active": broken(
		["ownerOf says whether the owner is confirmed and suspended"],
		(users) => ({
			ownerOf: async (brandId, email) => {
				const owner = await users.ownerOf(brandId, email);
				return owner.kind === "user" ? { ...owner, suspended: false } : owner;
			},
		}),
	),

	"takes suspended users for active": broken(
		["find returns a user with their status and whether they have another way in"],
		(users) => ({
			find: async (userId) => {
				const user = await users.find(userId);
				return user && { ...user, status: "active" };
			},
		}),
	),

	"finds staff": broken(["find returns nobody for the id of staff"], (users) => ({
		find: async (userId) => users.all().find(({ id }) => id === userId),
	})),

	"finds a user who was never created": broken(
		["find returns nobody for a deleted user or an unknown id"],
		(users) => ({
			find: async (userId) => (userId === "nobody" ? ({ id: userId } as User) : users.find(userId)),
		}),
	),

	"checks the key first and creates the user later": broken(
		["50 simultaneous calls with one key create one user", ...APPROVALS],
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

	"checks the address first and creates the user later": broken(
		["Calls with different keys and one address create one user"],
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

	"takes people without an address for one person": broken(
		["Each key creates its own user if no address is known"],
		(users) => ({
			create: async (key, user) => users.create(user.email === null ? "nobody's" : key, user),
		}),
	),

	"invents addresses": broken(
		["Each key creates its own user if no address is known"],
		(users) => ({
			create: async (key, user) =>
				users.create(key, { ...user, email: user.email ?? `${key}@invalid` }),
		}),
	),

	"creates users with addresses of staff": broken(
		["create refuses an address that a user or staff already has"],
		(users) => ({
			create: async (key, user) =>
				(await users.ownerOf(user.brandId, user.email ?? "")).kind === "staff"
					? { kind: "created", user: users.add(user) }
					: users.create(key, user),
		}),
	),

	"remembers a key longer than its user": broken(
		["The key of a deleted user creates a new user", ...APPROVALS],
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
		["A new user is confirmed by a code, not by a provider's word"],
		(users) => ({ create: (key, user) => users.create(key, { ...user, emailProof: "code" }) }),
	),

	"leaves a squatter's password in place": broken(
		["Confirming an unconfirmed account removes its password"],
		(users) => ({
			confirm: async (userId) => {
				const user = users.all().find(({ id }) => id === userId);
				if (!user?.confirmed || user.unclaimed) {
					users.change(userId, { confirmed: true, unclaimed: false });
					users.endSessions(userId);
				}
			},
		}),
	),

	"leaves an account that a ticket made unclaimed": broken(
		["Confirming an account that a ticket made claims it"],
		(users) => ({
			confirm: async (userId) => {
				const user = users.all().find(({ id }) => id === userId);
				await users.confirm(userId);
				if (user?.unclaimed) {
					users.change(userId, { unclaimed: true });
				}
			},
		}),
	),

	"gives every user a new access epoch at each look": broken(
		["A user has one access epoch as long as their sessions go on"],
		(users) => ({
			find: async (userId) => {
				const user = await users.find(userId);
				return user && { ...user, accessEpoch: randomUUID() };
			},
		}),
	),

	"has one access epoch for all users": broken(
		["A user has one access epoch as long as their sessions go on"],
		(users) => ({
			find: async (userId) => {
				const user = await users.find(userId);
				return user && { ...user, accessEpoch: String(users.sessionsEnded.length) };
			},
		}),
	),

	"keeps an access epoch beyond the sessions of the user": broken(
		["Another access epoch begins when the sessions of a user end"],
		(users) => ({
			find: async (userId) => {
				const user = await users.find(userId);
				return user && { ...user, accessEpoch: "0" };
			},
		}),
	),

	"removes the password of a confirmed account": broken(
		["Confirming a confirmed account changes nothing"],
		(users) => ({
			confirm: async (userId) => {
				users.change(userId, { confirmed: false });
				await users.confirm(userId);
			},
		}),
	),
};
