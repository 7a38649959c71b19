import type { Accounts } from "./accounts.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { PendingRegistration, PendingRegistrations } from "./pending-registrations.ts";
import type { RegistrationLetters } from "./registration-letters.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { Account } from "./stored-account.ts";

/** The parts that registrations with a password work with. */
export interface PasswordRegistrationParts {
	readonly accounts: Pick<Accounts, "find" | "ownerOf">;
	readonly hasher: Pick<PasswordHasher, "hash">;
	readonly pending: PendingRegistrations;
	readonly letters: RegistrationLetters;
	readonly limits: Pick<RequestLimits, "mayWrite">;
}

/**
 * Registers visitors with a password, by a letter. What the visitor sees is the same for every address, so that nobody
 * learns who has an account; only the reader of the letter does.
 */
export class PasswordRegistrations {
	constructor(private readonly parts: PasswordRegistrationParts) {}

	/** Hashes a password. Costs the same whether or not there is an account, so call it before the answer. */
	hash(password: string): Promise<string> {
		return this.parts.hasher.hash(password);
	}

	/**
	 * Writes to the owner of the address: a link to finish registering or, where somebody has proven to own the address,
	 * that there is an account. Call it after the answer, whose time would tell which.
	 *
	 * @param network of the visitor, see `clientNetwork`. After five letters within an hour nothing is written.
	 */
	async write(registration: PendingRegistration, network: string): Promise<void> {
		const { accounts, pending, letters, limits } = this.parts;
		const { brandId, email } = registration;
		if (!(await limits.mayWrite(brandId, email, network))) {
			return;
		}
		const owner = await accounts.ownerOf(brandId, email);
		if (owner.kind === "staff") {
			return letters.writeStaff(registration);
		}
		const account = owner.kind === "user" ? await accounts.find(owner.id) : undefined;
		return account !== undefined && isSettled(account)
			? letters.writeTaken(account)
			: letters.writeConfirmation(registration, await pending.start(registration));
	}

	/**
	 * The registration that a link stands for.
	 *
	 * @param token from the link.
	 * @returns undefined when the link has expired or was used, or belongs to another brand.
	 */
	async find(brandId: string, token: string): Promise<PendingRegistration | undefined> {
		const found = await this.parts.pending.find(token);
		return found?.brandId === brandId ? found : undefined;
	}

	end(token: string): Promise<void> {
		return this.parts.pending.end(token);
	}
}

/** Whether an account stays with whom it belongs to, even where somebody else proves to read mail at its address. */
export function isSettled({ confirmed, status }: Pick<Account, "confirmed" | "status">): boolean {
	return confirmed || status === "suspended";
}
