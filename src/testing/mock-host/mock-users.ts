import { canonicalEmail } from "../../contract/email-address.ts";
import type {
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
	private readonly created = new Map<string, string>();
	private lastId = 0;

	/** The status of the next users that are created. `refused` creates none. */
	nextCreation: UserStatus | "refused" = "active";
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
		const { brandId, name, email, locale } = user;
		const existing = this.users.get(this.created.get(key) ?? "");
		if (existing !== undefined) {
			return { kind: "created", user: existing };
		}
		const address = email === null ? null : canonicalEmail(email);
		if (
			this.nextCreation === "refused" ||
			address === undefined ||
			(address !== null && this.owner(brandId, address).kind !== "nobody")
		) {
			return { kind: "refused" };
		}
		const confirmed = email !== null && user.emailProof === "code";
		const status = this.nextCreation;
		const added = this.add({ brandId, name, email: address, locale, confirmed, status });
		this.joinOrganisation(added.id);
		this.created.set(key, added.id);
		return { kind: "created", user: added };
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
			(user) => wanted !== undefined && canonicalEmail(user.email ?? "") === wanted,
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

	private joinOrganisation(userId: string): void {
		const user = this.users.get(userId);
		const domain = user?.email?.split("@")[1] ?? "";
		if (user?.confirmed && this.organisationDomains.has(domain)) {
			this.change(userId, { organisation: domain });
		}
	}
}
