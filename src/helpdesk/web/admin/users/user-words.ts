import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { UserStatus } from "../../../../contract/users.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

const { users: USERS } = ADMIN_PATHS;

/** What operators read for a status. */
export const STATUS_WORDS = {
	active: "Active",
	suspended: "Suspended",
	"awaiting-approval": "Waits for approval",
	incomplete: "Details missing",
} as const satisfies Record<UserStatus, string>;

/** The classes that give a status its colour. The words say the same. */
const STATUS_COLOURS = {
	active: "came-in",
	suspended: "refused",
	"awaiting-approval": "waits",
	incomplete: "quiet",
} as const satisfies Record<UserStatus, string>;

/** The page of a user. */
export function userPath<Id extends string>(userId: Id) {
	return `${USERS}/${userId}` as const;
}

/** `Active, not confirmed`, with the status in colour. Nobody has ever logged in to an account that is unclaimed. */
export function stateOf({ status, unclaimed, confirmed }: Account): Markup {
	const claim = unclaimed ? "unclaimed" : confirmed ? "confirmed" : "not confirmed";
	const colour = unclaimed && status === "active" ? "quiet" : STATUS_COLOURS[status];
	return html`<span class="outcome ${colour}">${STATUS_WORDS[status]}</span>, ${claim}`;
}

/** The name that tells a user from the others. */
export function calledBy({ email, name, id }: Pick<Account, "email" | "name" | "id">): string {
	return email ?? (name === "" ? id : name);
}

export function brandName(brands: readonly Brand[], brandId: string): string {
	return brands.find(({ id }) => id === brandId)?.name ?? brandId;
}

/** `1 user`, `2 users`. */
export function countedUsers(count: number): string {
	return count === 1 ? "1 user" : `${count} users`;
}
