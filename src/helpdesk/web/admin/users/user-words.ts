import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { UserStatus } from "../../../../contract/users.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

const { users: USERS } = ADMIN_PATHS;

/** What operators read for a status. */
export const STATUS_WORDS = {
	active: "users.status.active",
	suspended: "users.status.suspended",
	"awaiting-approval": "users.status.awaiting-approval",
	incomplete: "users.status.incomplete",
} as const satisfies Record<UserStatus, TextKey>;

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
export function stateOf(
	{ status, unclaimed, confirmed }: Account,
	{ text, markup }: Locale,
): Markup {
	const claim = unclaimed ? "unclaimed" : confirmed ? "confirmed" : "not-confirmed";
	const colour = unclaimed && status === "active" ? "quiet" : STATUS_COLOURS[status];
	return markup("users.state", {
		status: html`<span class="outcome ${colour}">${text(STATUS_WORDS[status])}</span>`,
		claim: text(`users.claim.${claim}`),
	});
}

/** The name that tells a user from the others. */
export function calledBy({ email, name, id }: Pick<Account, "email" | "name" | "id">): string {
	return email ?? (name === "" ? id : name);
}

export function brandName(brands: readonly Brand[], brandId: string): string {
	return brands.find(({ id }) => id === brandId)?.name ?? brandId;
}
