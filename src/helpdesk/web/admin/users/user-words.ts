import type { Brand } from "../../../../contract/brands.ts";
import type { UserStatus } from "../../../../contract/users.ts";
import type { Account } from "../../../people/stored-account.ts";
import { ADMIN_PATHS } from "../paths.ts";

const { users: USERS } = ADMIN_PATHS;

/** What operators read for a status. */
export const STATUS_WORDS = {
	active: "Active",
	suspended: "Suspended",
	"awaiting-approval": "Waits for approval",
	incomplete: "Details missing",
} as const satisfies Record<UserStatus, string>;

/** The page of a user. */
export function userPath<Id extends string>(userId: Id) {
	return `${USERS}/${userId}` as const;
}

/** `Active, not confirmed`. */
export function stateOf({ status, unclaimed, confirmed }: Account): string {
	const claim = unclaimed ? "unclaimed" : confirmed ? "confirmed" : "not confirmed";
	return `${STATUS_WORDS[status]}, ${claim}`;
}

/** The name that tells a user from the others. */
export function calledBy({ email, name, id }: Pick<Account, "email" | "name" | "id">): string {
	return email ?? (name === "" ? id : name);
}

export function brandName(brands: readonly Brand[], brandId: string): string {
	return brands.find(({ id }) => id === brandId)?.name ?? brandId;
}
