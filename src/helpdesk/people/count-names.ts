import type { UserStatus } from "../../contract/users.ts";
import { needsPassword } from "./password-letters.ts";
import { type Account, accountOf, type StoredAccount } from "./stored-account.ts";

/** How a user can log in: not at all, with a password or a passkey (`password`), by what is linked, or both. */
export type Ways = "none" | "password" | "link" | "both";

/**
 * Of whom there is a count: everybody, those of a status, those with such ways to log in, and for each add-on those it is
 * linked to, of these those without another way in, and of these those who can get a letter about it.
 */
export type CountName =
	| "all"
	| `status:${UserStatus}`
	| `ways:${Ways}`
	| `${"linked" | "only" | "mailable"}:${string}`;

export function waysOf({
	hasOtherWayIn,
	links = [],
}: Pick<Account, "hasOtherWayIn" | "links">): Ways {
	if (links.length > 0) {
		return hasOtherWayIn ? "both" : "link";
	}
	return hasOtherWayIn ? "password" : "none";
}

/** The counts that a user is in, each once, sorted. A function of the record alone. */
export function countNames(userId: string, stored: StoredAccount): readonly CountName[] {
	const account = accountOf(userId, stored);
	const { status, links = [] } = account;
	const ways = waysOf(account);
	const addOns = new Set(links.map(({ addOn }) => addOn));
	const names = [...addOns].flatMap((addOn): CountName[] => [
		`linked:${addOn}`,
		...(ways === "link" ? [`only:${addOn}` as const] : []),
		...(ways === "link" && needsPassword(account) ? [`mailable:${addOn}` as const] : []),
	]);
	return ["all" as const, `status:${status}` as const, `ways:${ways}` as const, ...names].sort();
}
