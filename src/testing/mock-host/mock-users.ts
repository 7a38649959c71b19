import { canonicalEmail } from "../../contract/email-address.ts";
import type {
	CreationRefusal,
	EmailOwner,
	NewUser,
	User,
	UserCreation,
	UserStatus,
	Users,
} from "../../contract/users.ts";

export interface MockUser extends User {
	readonly role: "user" | "staff";
	readonly confirmed: boolean;
	readonly unclaimed: boolean;
	/** The password for the mock host's own log-in. Undefined for a user without a password. */
	readonly password: string | undefined;
	/** The organisation whose tickets they see. Only a confirmed address joins one. */
	readonly organisation: string | undefined;
	readonly accessEpoch: string;
}

/** The end users and staff of the mock host. */
export class MockUsers implements Users {
	private readonly users = new Map<string, MockUser>();
	/** The canonical addresses of users. A user who changes is another object. */
	private readonly addresses = new WeakMap<MockUser, string | undefined>();
	private readonly created = new Map<string, string>();
	/** The people in the queue, by their keys. */
	private readonly waiting = new Map<string, NewUser>();
	private lastId = 0;

	/**
	 * The status of the next users that are created. `pending` queues them until {@link approve}, and `refused` or a reason
	 * creates none.
	 */
	nextCreation: UserStatus | "pending" | "refused" | CreationRefusal = "active";
	/** The people whom a plugin wanted to create, in order, as it described them. */
	readonly asked: NewUser[] = [];
	/** Domains whose confirmed addresses join an organisation with the domain's name. */
	readonly organisationDomains = new Set<string>();
	/** The users whose sessions were ended, once for each time. */
	readonly sessionsEnded: string[] = [];

	add<Email extends string | null>(
		user: Pick<MockUser, "brandId"> & Partial<Omit<MockUser, "id">> & { readonly email: Email },
	): MockUser & { readonly email: Email } {
		this.lastId += 1;
		const added = {
			id: `user-${this.lastId}`,
			name: user.email ?? "Somebody",
			locale: "en",
			role: "user",
			status: "active",
			confirmed: user.email !== null,
			unclaimed: false,
			password: undefined,
			organisation: undefined,
			accessEpoch: "0",
			hasOtherWayIn: user.password !== undefined,
			...user,
		} as const;
		this.users.set(added.id, added);
		return added;
	}

	all(): readonly MockUser[] {
		return [...this.users.values()];
	}

	/** Changes a user. `undefined` deletes them. A suspension and another password end all their sessions. */
	change(userId: string, change: Partial<Omit<MockUser, "id">> | undefined): void {
		const user = this.existing(userId);
		if (change === undefined) {
			this.users.delete(userId);
			return;
		}
		const changed = { ...user, ...change };
		this.users.set(userId, changed);
		if (change.status === "suspended" || changed.password !== user.password) {
			this.endSessions(userId);
		}
	}

	/** Ends all sessions of a user, as when they log out everywhere. */
	endSessions(userId: string): void {
		const user = this.existing(userId);
		this.users.set(userId, { ...user, accessEpoch: String(Number(user.accessEpoch) + 1) });
		this.sessionsEnded.push(userId);
	}

	async ownerOf(brandId: string, email: string): Promise<EmailOwner> {
		return this.owner(brandId, email);
	}

	async find(userId: string): Promise<User | undefined> {
		const user = this.users.get(userId);
		return user?.role === "user" ? user : undefined;
	}

	// It never awaits, so that simultaneous calls cannot run between its steps.
	async create(key: string, user: NewUser): Promise<UserCreation> {
		const existing = this.users.get(this.created.get(key) ?? "");
		if (existing !== undefined) {
			return { kind: "created", user: existing };
		}
		this.asked.push(user);
		const { email } = user;
		const address = email === null ? null : canonicalEmail(email);
		if (address === undefined) {
			return { kind: "refused", reason: "address-refused" };
		}
		if (address !== null && this.owner(user.brandId, address).kind !== "nobody") {
			return { kind: "refused", reason: "address-taken" };
		}
		if (this.waiting.has(key)) {
			return { kind: "pending" };
		}
		switch (this.nextCreation) {
			case "refused":
				return { kind: "refused" };
			case "address-taken":
			case "address-refused":
			case "registration-closed":
				return { kind: "refused", reason: this.nextCreation };
			case "pending":
				this.queue(key, { ...user, email: address });
				return { kind: "pending" };
			default:
				return { kind: "created", user: this.register(key, user, address, this.nextCreation) };
		}
	}

	/** Approves everybody in the queue. Each key gives its user from then on, or `refused` if the address is taken by now. */
	approve(): void {
		for (const [key, user] of this.waiting) {
			this.waiting.delete(key);
			if (this.owner(user.brandId, user.email ?? "").kind === "nobody") {
				this.register(key, user, user.email, "active");
			}
		}
	}

	/** Rejects everybody in the queue. */
	reject(): void {
		this.waiting.clear();
	}

	/** An address is in the queue once. A plugin that comes back with another key for it takes the place of the first. */
	private queue(key: string, user: NewUser): void {
		for (const [other, { brandId, email }] of this.waiting) {
			if (email !== null && email === user.email && brandId === user.brandId) {
				this.waiting.delete(other);
			}
		}
		this.waiting.set(key, user);
	}

	private register(
		key: string,
		{ brandId, name, locale, emailProof }: NewUser,
		email: string | null,
		status: UserStatus,
	): MockUser {
		const confirmed = email !== null && emailProof === "code";
		const { id } = this.add({ brandId, name, email, locale, confirmed, status });
		this.joinOrganisation(id);
		this.created.set(key, id);
		return this.existing(id);
	}

	async confirm(userId: string): Promise<void> {
		const user = this.users.get(userId);
		if (user === undefined || (user.confirmed && !user.unclaimed)) {
			return;
		}
		this.users.set(userId, {
			...user,
			confirmed: true,
			unclaimed: false,
			password: undefined,
			hasOtherWayIn: false,
		});
		this.endSessions(userId);
		this.joinOrganisation(userId);
	}

	private existing(userId: string): MockUser {
		const user = this.users.get(userId);
		if (user === undefined) {
			throw new Error(`the mock host has no user ${userId}; add one first`);
		}
		return user;
	}

	private owner(brandId: string, email: string): EmailOwner {
		const wanted = canonicalEmail(email);
		const owners = this.all().filter(
			(user) => wanted !== undefined && this.addressOf(user) === wanted,
		);
		if (owners.some(({ role }) => role === "staff")) {
			return { kind: "staff" };
		}
		const owner = owners.find((user) => user.brandId === brandId);
		if (owner === undefined) {
			return { kind: "nobody" };
		}
		const { id, confirmed, unclaimed, status } = owner;
		return { kind: "user", id, confirmed, unclaimed, suspended: status === "suspended" };
	}

	private addressOf(user: MockUser): string | undefined {
		if (!this.addresses.has(user)) {
			this.addresses.set(user, canonicalEmail(user.email ?? ""));
		}
		return this.addresses.get(user);
	}

	private joinOrganisation(userId: string): void {
		const user = this.users.get(userId);
		const domain = user?.email?.split("@")[1] ?? "";
		if (user?.confirmed && this.organisationDomains.has(domain)) {
			this.change(userId, { organisation: domain });
		}
	}
}
