import type { EmailOwner, NewUser, User, UserCreation, Users } from "../../contract/users.ts";

export interface MockUser extends User {
	readonly email: string;
	readonly role: "user" | "staff";
	readonly confirmed: boolean;
	readonly unclaimed: boolean;
}

/** The end users and staff of the mock host. */
export class MockUsers implements Users {
	private readonly users = new Map<string, MockUser>();
	private readonly created = new Map<string, string>();
	private lastId = 0;

	/** What `create` answers instead of making a user. */
	nextCreation: Exclude<UserCreation["kind"], "created"> | undefined;

	add(user: Pick<MockUser, "brandId" | "email"> & Partial<Omit<MockUser, "id">>): MockUser {
		this.lastId += 1;
		const added: MockUser = {
			id: `user-${this.lastId}`,
			name: user.email,
			role: "user",
			confirmed: true,
			unclaimed: false,
			suspended: false,
			...user,
		};
		this.users.set(added.id, added);
		return added;
	}

	all(): readonly MockUser[] {
		return [...this.users.values()];
	}

	/** Changes a user; `undefined` deletes them. */
	change(userId: string, change: Partial<Omit<MockUser, "id">> | undefined): void {
		const user = this.users.get(userId);
		if (user === undefined) {
			throw new Error(`the mock host has no user ${userId}; add one first`);
		}
		if (change === undefined) {
			this.users.delete(userId);
		} else {
			this.users.set(userId, { ...user, ...change });
		}
	}

	async ownerOf(brandId: string, email: string): Promise<EmailOwner> {
		const wanted = email.toLowerCase();
		const owners = this.all().filter(
			(user) => wanted !== "" && user.email.toLowerCase() === wanted,
		);
		if (owners.some(({ role }) => role === "staff")) {
			return { kind: "staff" };
		}
		const owner = owners.find((user) => user.brandId === brandId);
		if (owner === undefined) {
			return { kind: "nobody" };
		}
		const { id, confirmed, unclaimed, suspended } = owner;
		return { kind: "user", id, confirmed, unclaimed, suspended };
	}

	async find(userId: string): Promise<User | undefined> {
		const user = this.users.get(userId);
		return user?.role === "user" ? user : undefined;
	}

	async create(key: string, { brandId, name, email }: NewUser): Promise<UserCreation> {
		const existing = this.created.get(key);
		if (existing !== undefined && this.users.has(existing)) {
			return { kind: "created", userId: existing };
		}
		if (this.nextCreation !== undefined) {
			return { kind: this.nextCreation };
		}
		if ((await this.ownerOf(brandId, email)).kind !== "nobody") {
			return { kind: "refused" };
		}
		const { id } = this.add({ brandId, name, email });
		this.created.set(key, id);
		return { kind: "created", userId: id };
	}
}
