import { canonicalEmail } from "../../contract/email-address.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageCommit, StorageEntry } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { orUnreadable, readEntry } from "../../storage/stored-value.ts";
import { addressKey, comparedAddress } from "../mail/email-key.ts";
import type { Role } from "./operator-roles.ts";
import {
	FIRST_OPERATOR,
	findRoster,
	type ListedOperator,
	ROSTER_KEY,
	rosterSet,
} from "./operator-roster.ts";
import type { PasswordHasher } from "./password-hash.ts";
import { randomLetters } from "./random-letters.ts";
import { lastingIdOf, newSessionEpoch, OPERATOR, type StoredOperator } from "./stored-operator.ts";

/** All of them are in one record, and on one page. */
const MOST_OPERATORS = 200;
/** 130 bits. ASVS 11.5.1 asks for 128. */
const PASSWORD_LETTERS = 26;
const ID_BYTES = 16;

/** `unknown`: nobody has the id. `last-owner`: nobody would be left who decides about operators. */
export type OperatorChange = "changed" | "unknown" | "last-owner";

/**
 * The people who may log in to the administration. The helpdesk knows an address, a role and a password of each. Who they
 * are and what they may do is one record, so that two changes at once cannot take away the last owner. Versions before
 * 0.3.0 knew one operator and stored no such record: that operator is an owner.
 */
export class Operators {
	constructor(
		private readonly storage: HostStorage,
		private readonly random: Random,
		private readonly hasher: PasswordHasher,
	) {}

	/** Makes the first operator, once. @returns their password; null when there are operators already. */
	async makeFirst(): Promise<string | null> {
		if (!(await this.isEmpty())) {
			return null;
		}
		const password = this.newPassword();
		const made = await this.put(FIRST_OPERATOR, "owner", { password, mustChange: true });
		return made === "added" ? password : null;
	}

	async isEmpty(): Promise<boolean> {
		return Object.keys((await findRoster(this.storage)).operators).length === 0;
	}

	/** The address of an owner: of the first one, as long as they are one. @returns undefined before there are operators. */
	async anOwner(): Promise<string | undefined> {
		const owners = (await this.list()).filter(({ role }) => role === "owner");
		return (owners.find(({ email }) => email === FIRST_OPERATOR) ?? owners[0])?.email;
	}

	/** Everybody, in the order of their addresses. */
	async list(): Promise<readonly ListedOperator[]> {
		const { operators } = await findRoster(this.storage);
		return Object.entries(operators)
			.map(([id, operator]) => ({ id, ...operator }))
			.sort((one, other) => (one.email < other.email ? -1 : 1));
	}

	/** Whether the address is an operator's, even where what is stored of them cannot be read. */
	async has(email: string): Promise<boolean> {
		return (await this.entryOf(email)) !== undefined;
	}

	/** @returns undefined for an address of somebody who is not an operator. */
	async roleOf(email: string): Promise<Role | undefined> {
		const address = canonicalEmail(email);
		const { operators } = await findRoster(this.storage);
		return address === undefined ? undefined : operators[addressKey(address)]?.role;
	}

	/** @returns undefined for an address of somebody who is not an operator. */
	async lastingIdOf(email: string): Promise<string | undefined> {
		const operator = await this.find(email);
		return operator && lastingIdOf(addressKey(comparedAddress(email)), operator);
	}

	/** Whether somebody is an owner, at whatever address. @param lastingId see {@link lastingIdOf}. */
	async isOwner(lastingId: string): Promise<boolean> {
		const owners = (await this.list()).filter(({ role }) => role === "owner");
		const ids = await Promise.all(
			// One that cannot be read is nobody's.
			owners.map(({ email }) => orUnreadable(() => this.lastingIdOf(email))),
		);
		return ids.some((id) => id === lastingId);
	}

	/** @returns undefined for an address of somebody who is not an operator. */
	async sessionEpochOf(email: string): Promise<number | undefined> {
		return (await this.find(email))?.sessionEpoch;
	}

	/** What sessions are judged by. @returns undefined for an address of somebody who is not an operator. */
	async stateOf(
		email: string,
	): Promise<Pick<StoredOperator, "sessionEpoch" | "mustChange" | "secondFactor"> | undefined> {
		return this.find(email);
	}

	async isPassword(email: string, password: string): Promise<boolean> {
		return this.hasher.isPassword(password, (await this.find(email))?.password);
	}

	/**
	 * Adds an operator.
	 *
	 * @param password of their own. Left out: a new one, which they must change.
	 * @returns their password, or why they are not added.
	 */
	async add(
		email: string,
		role: Role,
		password?: string,
	): Promise<{ readonly password: string } | "exists" | "too-many"> {
		const given = password ?? this.newPassword();
		const added = await this.put(email, role, {
			password: given,
			mustChange: password === undefined,
		});
		return added === "added" ? { password: given } : added;
	}

	/** Their sessions obey from the next request on. */
	async changeRole(id: string, role: Role): Promise<OperatorChange> {
		return this.change(id, (operator) => ({ operator: { ...operator, role } }));
	}

	/** Whether an operator gets alerts about log-ins. */
	async chooseAlerts(email: string, alerts: boolean): Promise<OperatorChange> {
		return this.change(addressKey(comparedAddress(email)), (operator) => ({
			operator: { ...operator, alerts },
		}));
	}

	/** Notes the language that an operator reads, for letters to them. @param locale BCP 47. */
	async noteLocale(email: string, locale: string): Promise<void> {
		await this.change(addressKey(comparedAddress(email)), (operator) => ({
			operator: operator.locale === locale ? operator : { ...operator, locale },
		}));
	}

	/** BCP 47. @returns undefined for an operator who has not logged in since it is noted. */
	async localeOf(email: string): Promise<string | undefined> {
		const { operators } = await findRoster(this.storage);
		return operators[addressKey(comparedAddress(email))]?.locale;
	}

	/** Their sessions end. */
	async remove(id: string): Promise<OperatorChange> {
		return this.change(id, () => ({ operator: undefined }));
	}

	/**
	 * Gives an operator a new password, which they must change, takes their second factor away, and ends their sessions.
	 *
	 * @returns undefined for nobody's address.
	 */
	async reset(email: string): Promise<string | undefined> {
		const given = this.newPassword();
		const password = await this.hasher.hash(given);
		const epoch = await this.renew(email, { password, mustChange: true, secondFactor: null });
		return epoch === undefined ? undefined : given;
	}

	/**
	 * Ends all sessions of the operator.
	 *
	 * @param sessionEpoch that of the session that asks. An intruder who is put out while the password is hashed does not
	 * leave one of theirs behind.
	 * @returns the epoch of the next ones; undefined for an operator who was removed or put out meanwhile.
	 */
	async changePassword(
		email: string,
		password: string,
		sessionEpoch: number,
	): Promise<number | undefined> {
		const changes = { password: await this.hasher.hash(password), mustChange: false };
		return this.renew(email, changes, sessionEpoch);
	}

	/**
	 * Ends all sessions of the operator.
	 *
	 * @param sessionEpoch that of the session that asks and goes on. Left out: none does.
	 * @returns the epoch of the next ones; undefined for nobody's address, and where others have ended the sessions meanwhile.
	 */
	async endSessions(email: string, sessionEpoch?: number): Promise<number | undefined> {
		return this.renew(email, {}, sessionEpoch);
	}

	/** Changes an operator, and ends their sessions. @param sessionEpoch what it has to be. Left out: any. */
	private renew(
		email: string,
		changes: Partial<Pick<StoredOperator, "password" | "mustChange" | "secondFactor">>,
		sessionEpoch?: number,
	): Promise<number | undefined> {
		return updateEntry(this.storage, async () => {
			const entry = await this.entryOf(email);
			if (entry === undefined) {
				return { result: undefined };
			}
			const { key, version } = entry;
			const before = readEntry(entry, OPERATOR);
			if (sessionEpoch !== undefined && before.sessionEpoch !== sessionEpoch) {
				return { result: undefined };
			}
			const value: StoredOperator = {
				...{ ...before, ...changes },
				sessionEpoch: before.sessionEpoch + 1,
			};
			return {
				commit: { checks: [{ key, version }], sets: [{ key, value }] },
				result: value.sessionEpoch,
			};
		});
	}

	private async put(
		email: string,
		role: Role,
		{ password, mustChange }: Pick<StoredOperator, "password" | "mustChange">,
	): Promise<"added" | "exists" | "too-many"> {
		const address = canonicalEmail(email);
		if (address === undefined) {
			throw new Error(`${JSON.stringify(email)} is no e-mail address`);
		}
		const id = addressKey(address);
		const value: StoredOperator = {
			password: await this.hasher.hash(password),
			// Another one than before: somebody who was removed and is added again does not get their old sessions back.
			sessionEpoch: newSessionEpoch(this.random),
			mustChange,
			secondFactor: null,
			// That of nobody else, also if another operator had the address before.
			lastingId: Buffer.from(this.random.bytes(ID_BYTES)).toString("base64url"),
		};
		return updateEntry(this.storage, async () => {
			const { operators, version } = await findRoster(this.storage);
			if (Object.hasOwn(operators, id)) {
				return { result: "exists" as const };
			}
			if (Object.keys(operators).length >= MOST_OPERATORS) {
				return { result: "too-many" as const };
			}
			const roster = rosterSet({ ...operators, [id]: { email: address, role } });
			return {
				commit: {
					checks: [{ key: ROSTER_KEY, version }],
					sets: [roster, { key: [id], value }],
				},
				result: "added" as const,
			};
		});
	}

	private async change(
		id: string,
		changed: (operator: Omit<ListedOperator, "id">) => {
			/** Undefined: the operator goes. */
			readonly operator: Omit<ListedOperator, "id"> | undefined;
		},
	): Promise<OperatorChange> {
		return updateEntry(this.storage, async () => {
			const { operators, version } = await findRoster(this.storage);
			const { [id]: before, ...others } = operators;
			if (before === undefined) {
				return { result: "unknown" as const };
			}
			const { operator } = changed(before);
			if (operator === before) {
				return { result: "changed" as const };
			}
			const after = operator === undefined ? others : { ...others, [id]: operator };
			if (!Object.values(after).some(({ role }) => role === "owner")) {
				return { result: "last-owner" as const };
			}
			const commit: StorageCommit = {
				checks: [{ key: ROSTER_KEY, version }],
				sets: [rosterSet(after)],
				deletes: operator === undefined ? [[id]] : [],
			};
			return { commit, result: "changed" as const };
		});
	}

	private newPassword(): string {
		return randomLetters(this.random, PASSWORD_LETTERS);
	}

	private async find(email: string): Promise<StoredOperator | undefined> {
		const entry = await this.entryOf(email);
		return entry && readEntry(entry, OPERATOR);
	}

	private async entryOf(email: string): Promise<StorageEntry | undefined> {
		const address = canonicalEmail(email);
		return address === undefined ? undefined : this.storage.get([addressKey(address)]);
	}
}
