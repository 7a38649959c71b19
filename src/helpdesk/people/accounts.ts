import type { Clock } from "../../contract/clock.ts";
import { displayName } from "../../contract/display-name.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import type { EmailOwner, NewUser, UserCreation, Users } from "../../contract/users.ts";
import type { AccountPage, CreatedAccount } from "./account-reads.ts";
import { AccountRecords } from "./account-records.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { Registration } from "./registration.ts";
import {
	type Account,
	claimedAccount,
	provenAccount,
	type StoredAccount,
} from "./stored-account.ts";

/** How a log-in with a password ended. */
export type PasswordLogin =
	| { readonly kind: "in"; readonly account: Account }
	| { readonly kind: "wrong" | "suspended" | "awaiting-approval" };

/** What a person types, or a ticket says about them. */
type Newcomer = Pick<StoredAccount, "brandId" | "name" | "email" | "locale">;

type NewAccount = Pick<
	StoredAccount,
	"brandId" | "name" | "locale" | "password" | "confirmed" | "unclaimed" | "status"
> & { readonly email: string | null };

/** The end users of the portals. An address is unique within a brand, in its canonical form. */
export class Accounts implements Users {
	readonly records: AccountRecords;

	/**
	 * @param isStaff whether an address belongs to an operator.
	 * @param report called for stored accounts that cannot be read and are left out of {@link page}.
	 * @param onEnd see {@link AccountRecords}.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly registration: Registration,
		private readonly isStaff: (email: string) => Promise<boolean>,
		report: (what: string, error: unknown) => void,
		private readonly hasher: PasswordHasher,
		clock: Clock,
		onEnd?: () => void,
	) {
		this.records = new AccountRecords(storage, clock, report, onEnd);
	}

	async ownerOf(brandId: string, email: string): Promise<EmailOwner> {
		if (await this.isStaff(email)) {
			return { kind: "staff" };
		}
		const found = await this.byEmail(brandId, email);
		if (found === undefined) {
			return { kind: "nobody" };
		}
		const { id, confirmed, unclaimed, status } = found;
		return { kind: "user", id, confirmed, unclaimed, suspended: status === "suspended" };
	}

	find(userId: string): Promise<Account | undefined> {
		return this.records.find(userId);
	}

	byEmail(brandId: string, email: string): Promise<Account | undefined> {
		return this.records.byEmail(brandId, email);
	}

	/** The accounts of a brand with an id or an e-mail address; several only where an older version allowed that. */
	async matching(brandId: string, idOrEmail: string): Promise<readonly Account[]> {
		const found = await this.find(idOrEmail);
		return found?.brandId === brandId ? [found] : this.records.allByEmail(brandId, idOrEmail);
	}

	/**
	 * A page of the accounts of all brands, in no particular order.
	 *
	 * @param cursor that of the page before. Left out: the first page.
	 * @param report takes accounts that cannot be read, instead of the report of the constructor.
	 * @throws TypeError for a text that is no cursor.
	 */
	page(cursor?: string, report?: (what: string, error: unknown) => void): Promise<AccountPage> {
		return this.records.page(cursor, report);
	}

	/** Whether a brand has an account with an e-mail address. */
	hasAnyAt(brandId: string): Promise<boolean> {
		return this.records.hasAnyAt(brandId);
	}

	create(key: string, user: NewUser): Promise<UserCreation> {
		return updateEntry<UserCreation>(this.storage, async () => {
			const created = await this.records.createdFor(key);
			if (created.account !== undefined) {
				return { result: { kind: "created", user: created.account } };
			}
			const { email } = user;
			if (email !== null && (await this.isStaff(email))) {
				return { result: { kind: "refused" } };
			}
			const addition = await this.addition(
				{
					...user,
					password: null,
					confirmed: email !== null && user.emailProof === "code",
					unclaimed: false,
					status: await this.registration.statusOfNewUser(user.brandId),
				},
				created,
			);
			if (addition !== undefined) {
				return { commit: addition.commit, result: { kind: "created", user: addition.account } };
			}
			// A simultaneous call with the same key may have taken the address since the key was read.
			const { account } = await this.records.createdFor(key);
			return {
				result: account === undefined ? { kind: "refused" } : { kind: "created", user: account },
			};
		});
	}

	async confirm(userId: string): Promise<void> {
		await this.records.change(userId, (stored) =>
			stored.confirmed && !stored.unclaimed ? undefined : claimedAccount(stored),
		);
	}

	/**
	 * Gives an account the address that its user has proven to read mail at. See {@link AccountRecords.giveAddress}.
	 *
	 * @returns `taken` also for the address of an operator.
	 */
	async proveAddress(
		userId: string,
		email: string,
		sessionEpoch: number,
	): Promise<Account | "taken" | undefined> {
		return (await this.isStaff(email))
			? "taken"
			: this.records.giveAddress(userId, email, sessionEpoch);
	}

	/**
	 * Makes the account of a person who has proven to read mail at the address.
	 *
	 * @param password hashed.
	 * @returns undefined when the address belongs to somebody or is not valid.
	 */
	async register(user: Newcomer, password: string): Promise<Account | undefined> {
		if (await this.isStaff(user.email)) {
			return undefined;
		}
		const status = await this.registration.statusOfNewUser(user.brandId);
		return this.add({ ...user, password, confirmed: true, unclaimed: false, status });
	}

	/**
	 * Gives an account that nobody had proven to own to the person who has proven to read mail at its address. Ends its
	 * password and all its sessions. An account that somebody has proven to own meanwhile stays as it is.
	 *
	 * @param owner `password`: hashed. `isHolder`: whether they are logged in to the account already.
	 * @returns the account; undefined when there is none, or somebody has proven to own it meanwhile.
	 */
	async claim(
		userId: string,
		owner: { readonly name: string; readonly password: string; readonly isHolder: boolean },
	): Promise<Account | undefined> {
		return this.records.change(userId, (stored) =>
			stored.confirmed
				? undefined
				: {
						...(owner.isHolder ? provenAccount(stored) : claimedAccount(stored)),
						name: displayName(owner.name) || stored.name,
						password: owner.password,
					},
		);
	}

	/**
	 * Makes the account that a helpdesk makes for the sender of a ticket: without a password, and claimed by nobody.
	 *
	 * @returns undefined when the address belongs to somebody or is not valid.
	 */
	async addFromTicket(user: Newcomer): Promise<Account | undefined> {
		if (await this.isStaff(user.email)) {
			return undefined;
		}
		const traits = { password: null, confirmed: false, unclaimed: true, status: "active" } as const;
		return this.add({ ...user, ...traits });
	}

	async logIn(brandId: string, email: string, password: string): Promise<PasswordLogin> {
		const account = await this.byEmail(brandId, email);
		if (!(await this.isPassword(account?.id ?? "", password)) || account === undefined) {
			return { kind: "wrong" };
		}
		const { status } = account;
		return status === "suspended" || status === "awaiting-approval"
			? { kind: status }
			: { kind: "in", account };
	}

	/** Checks a password. Takes as long for a user who does not exist. */
	async isPassword(userId: string, password: string): Promise<boolean> {
		const stored = await this.records.findStored(userId);
		return this.hasher.isPassword(password, stored?.password ?? undefined);
	}

	/**
	 * Sets the password of a person who has proven to read mail at the account's address. Ends all its sessions.
	 *
	 * @param proof `provenAt`: the session epoch of the account when the person proved it. Left out: any. `isHolder`: whether
	 * they are logged in to the account already. Left out: no. Somebody else may have set up an account that nobody has
	 * proven to own. `endsPasskeys`: whether they want all passkeys to end. Left out: no.
	 * @returns the account; undefined when there is none, or its epoch is another one by now.
	 */
	async setPassword(
		userId: string,
		password: string,
		{
			provenAt,
			isHolder = false,
			endsPasskeys = false,
		}: {
			readonly provenAt?: number;
			readonly isHolder?: boolean;
			readonly endsPasskeys?: boolean;
		} = {},
	): Promise<Account | undefined> {
		const hashed = await this.hasher.hash(password);
		return this.records.change(userId, (stored) =>
			provenAt !== undefined && provenAt !== stored.sessionEpoch
				? undefined
				: {
						...(stored.confirmed || isHolder ? provenAccount(stored) : claimedAccount(stored)),
						...(endsPasskeys && { passkeys: [] }),
						password: hashed,
					},
		);
	}

	/**
	 * Ends all sessions of the account, its known browsers, and its links to set a password.
	 *
	 * @param wayInEndedAt the time by which a way to log in was taken from the account. Milliseconds since the epoch. Left
	 * out: none was taken.
	 * @returns the account as it is from then on; undefined when there is none.
	 */
	async endSessions(userId: string, wayInEndedAt = 0): Promise<Account | undefined> {
		return this.records.change(userId, (stored) => ({
			...stored,
			sessionEpoch: stored.sessionEpoch + 1,
			wayInEndedAt: Math.max(stored.wayInEndedAt ?? 0, wayInEndedAt),
		}));
	}

	async completeProfile(userId: string, phone: string): Promise<void> {
		await this.records.change(userId, (stored) => ({
			...stored,
			phone,
			status: stored.status === "incomplete" ? "active" : stored.status,
		}));
	}

	/**
	 * Suspending also ends all sessions of the account.
	 *
	 * @param mayBe whether an account with this status is changed. Left out: any is.
	 * @returns whether it was changed.
	 */
	async setStatus(
		userId: string,
		status: "active" | "suspended",
		mayBe: (now: Account["status"]) => boolean = () => true,
	): Promise<boolean> {
		const account = await this.find(userId);
		if (account === undefined) {
			return false;
		}
		const ended = status === "suspended" ? 1 : 0;
		const { phoneRequired } = await this.registration.of(account.brandId);
		const changed = await this.records.change(userId, (stored) =>
			mayBe(stored.status)
				? {
						...stored,
						// An approved user still owes what the brand asks of new users.
						status:
							status === "active" && phoneRequired && stored.phone === null ? "incomplete" : status,
						sessionEpoch: stored.sessionEpoch + ended,
					}
				: undefined,
		);
		return changed !== undefined;
	}

	/** @param heirId see {@link AccountRecords.delete}. */
	delete(userId: string, heirId?: string): Promise<boolean> {
		return this.records.delete(userId, heirId);
	}

	/** Tries once: a person who took the address meanwhile keeps it. */
	private async add(user: NewAccount): Promise<Account | undefined> {
		const addition = await this.addition(user);
		return addition !== undefined && (await this.storage.commit(addition.commit))
			? addition.account
			: undefined;
	}

	private async addition(
		{ brandId, name, locale, password, confirmed, unclaimed, status, ...user }: NewAccount,
		created?: CreatedAccount,
	): Promise<{ readonly commit: StorageCommit; readonly account: Account } | undefined> {
		const email = user.email === null ? "" : canonicalEmail(user.email);
		if (email === undefined || (await this.records.isTaken(brandId, email))) {
			return undefined;
		}
		const about = { brandId, name, email, locale, password, phone: null };
		return this.records.addition(
			{ ...about, confirmed, unclaimed, status, sessionEpoch: 0 },
			created,
		);
	}
}
