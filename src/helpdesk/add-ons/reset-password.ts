import type { Brand } from "../../contract/brands.ts";
import type { Accounts } from "../people/accounts.ts";
import { commonPasswords } from "../people/common-passwords.ts";
import type { PasswordReset, PasswordResets } from "../people/password-resets.ts";
import { type PasswordProblem, problemWithPassword } from "../people/password-rules.ts";
import type { Account } from "../people/stored-account.ts";
import type { AddOns } from "./add-ons.ts";
import { type DisconnectParts, disconnect, type NamedLink } from "./disconnect.ts";
import { linkedAccountsOf } from "./linked-accounts.ts";

/** The parts that a password reset works with. */
export interface PasswordResetParts {
	readonly accounts: Pick<Accounts, "find" | "setPassword" | "endSessions">;
	readonly resets: Pick<PasswordResets, "find" | "end">;
	readonly addOns: Pick<AddOns, "all" | "claiming" | "find" | "linkFacts">;
	readonly now: DisconnectParts["now"];
}

/**
 * How a password reset ended. `refused`: the user may not choose this password; `gone`: the link is no longer good.
 * `isStillLinked`: the password is set, but an account that the user wanted to disconnect may still be linked.
 */
export type PasswordResetEnd =
	| { readonly kind: "set"; readonly account: Account; readonly isStillLinked: boolean }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| { readonly kind: "gone" };

/**
 * The account whose password a link sets.
 *
 * @param token from the link.
 * @returns undefined when the link has expired or was used, the password was set since it was written, or the account is
 * one of another brand.
 * @throws StorageError
 */
export async function accountToReset(
	{ accounts, resets }: Pick<PasswordResetParts, "accounts" | "resets">,
	brandId: string,
	token: string,
): Promise<Account | undefined> {
	return accountOf(accounts, brandId, await resets.find(token));
}

/**
 * Sets the password by a link from a letter, once. This proves the account's address, and ends all its sessions and
 * other links. Where nobody had proven the address before, the add-ons unlink what is linked to the account: strangers
 * may have made and linked it.
 *
 * @param reset `signedInAs`: the user who is logged in in the browser that opened the link; undefined for nobody. The
 * owner of this account keeps what is linked, because the same person is logged in and reads the letters.
 * `disconnected`: the linked accounts that the user wants to disconnect. `endsPasskeys`: whether all passkeys end, too.
 * @throws StorageError, or Error when an add-on cannot be used or refuses, or PasswordsBusyError. Then nothing is set, and
 * the link stays good.
 */
export async function resetPassword(
	parts: PasswordResetParts,
	reset: {
		readonly brand: Pick<Brand, "id" | "name">;
		readonly token: string;
		readonly password: string;
		readonly signedInAs: string | undefined;
		readonly disconnected: readonly NamedLink[];
		readonly endsPasskeys: boolean;
	},
): Promise<PasswordResetEnd> {
	const { accounts, resets, addOns } = parts;
	const { brand, token, password, signedInAs } = reset;
	const { id: brandId } = brand;
	const account = await accountToReset({ accounts, resets }, brandId, token);
	if (account === undefined) {
		return { kind: "gone" };
	}
	const handles = (await linkedAccountsOf(await addOns.all(), account.id)).map(
		({ label }) => label,
	);
	const problem = problemWithPassword(password, {
		known: [account.email ?? "", account.name, brand.name, ...handles],
		common: await commonPasswords(),
	});
	if (problem !== undefined) {
		return { kind: "refused", problem };
	}
	const isHolder = signedInAs === account.id;
	const set = async (): Promise<boolean> => {
		// Of several links used at once, or one used several times, the first one to set a password ends the others.
		const proof = { provenAt: account.sessionEpoch, isHolder, endsPasskeys: reset.endsPasskeys };
		const isSet = (await accounts.setPassword(account.id, password, proof)) !== undefined;
		if (isSet) {
			await resets.end(token);
		}
		return isSet;
	};
	const isSet = await (mayBeStrangers(account, signedInAs)
		? addOns.claiming(account.id, set)
		: set());
	if (!isSet) {
		return { kind: "gone" };
	}
	const { disconnected } = reset;
	const ends = disconnected.length > 0 ? (await disconnect(parts, account, disconnected)).ends : [];
	return {
		kind: "set",
		account: (await accounts.find(account.id)) ?? account,
		isStillLinked: ends.some((end) => end === "last-way-in" || end === "failed"),
	};
}

/**
 * Whether strangers may have linked what is linked to an account whose password is about to be set, so that everything is
 * disconnected.
 *
 * @param signedInAs see {@link resetPassword}.
 */
export function mayBeStrangers(
	{ id, confirmed }: Account,
	signedInAs: string | undefined,
): boolean {
	return !confirmed && signedInAs !== id;
}

async function accountOf(
	accounts: Pick<Accounts, "find">,
	brandId: string,
	reset: PasswordReset | undefined,
): Promise<Account | undefined> {
	const account = reset && (await accounts.find(reset.userId));
	const isGood = account?.sessionEpoch === reset?.sessionEpoch && account?.brandId === brandId;
	return isGood ? account : undefined;
}
