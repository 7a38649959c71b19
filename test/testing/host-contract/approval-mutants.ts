import { restrictHost } from "../../../src/artifact/load/restrict-host.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { NewUser, UserCreation, Users } from "../../../src/contract/users.ts";
import type { MockUsers } from "../../../src/testing/mock-host/mock-users.ts";
import type { PortMutant, PortMutants } from "./port-mutant.ts";

const WAITING =
	"A user who waits for an approval has no id, and the same key gives them once they are approved";
const ONCE = "A person is in the queue once, whatever their keys are";
const NO_REASON = "A plugin that does not name 1.1 hears no reason";
const NO_QUEUE = "A plugin that does not name 1.1 is refused where people wait";
const VERSION = "The host says which version of the contract it keeps";

const creating = (
	breaks: readonly string[],
	create: (users: MockUsers, key: string, user: NewUser) => Promise<UserCreation>,
): PortMutant => ({
	breaks,
	ports: ({ users }) => ({
		users: {
			ownerOf: (brandId, email) => users.ownerOf(brandId, email),
			find: (userId) => users.find(userId),
			create: (key, user) => create(users as MockUsers, key, user),
			confirm: (userId) => users.confirm(userId),
		},
	}),
});

/** The host with another port, frozen as the loader's. */
function withUsers(host: HelpdeskHost, users: Users): HelpdeskHost {
	const descriptors = Object.getOwnPropertyDescriptors(host);
	const replaced = { ...descriptors, users: { value: Object.freeze(users), enumerable: true } };
	return Object.freeze(Object.defineProperties({}, replaced) as HelpdeskHost);
}

export const APPROVAL_MUTANTS: PortMutants = {
	"forgets who was approved": creating([WAITING, ONCE], async (users, key, user) =>
		users.nextCreation === "pending"
			? users.create(`${key} ${users.asked.length}`, user)
			: users.create(key, user),
	),

	"queues a person once for each key and creates them all": creating(
		[ONCE],
		async (users, key, user) => {
			const before = await users.ownerOf(user.brandId, user.email ?? "");
			const creation = await users.create(key, user);
			return creation.kind === "refused" &&
				before.kind === "user" &&
				users.nextCreation === "pending"
				? { kind: "created", user: users.add({ ...user, email: `2.${user.email}` }) }
				: creation;
		},
	),

	"gives the id of the queue with its answer": {
		breaks: [WAITING],
		handed: (handed) =>
			withUsers(handed, {
				...handed.users,
				create: async (key, user) => {
					const creation = await handed.users.create(key, user);
					return creation.kind === "pending"
						? ({ ...creation, id: "1" } as UserCreation)
						: creation;
				},
			}),
	},

	"gives every plugin the answers of 1.1": {
		breaks: [NO_REASON, NO_QUEUE, "create refuses an address that a user or staff already has"],
		handed: (handed, host) => {
			const engines = { contract: "^1.1", node: ">=20" };
			const capabilities = {
				network: [],
				navigation: [],
				ports: ["users:read", "users:create", "users:confirm"],
			} as const;
			return withUsers(handed, restrictHost(host, { engines, capabilities }).users);
		},
	},

	"does not say which version it keeps": {
		breaks: [VERSION],
		ports: () => ({ contract: "1.0.0" }),
	},
};
