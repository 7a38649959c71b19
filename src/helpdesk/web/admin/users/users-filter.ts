import type { Brand } from "../../../../contract/brands.ts";
import type { UserStatus } from "../../../../contract/users.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { PeopleFilter } from "../../../people/people-search.ts";
import { STATUS_WORDS } from "./user-words.ts";

/** The choices by what is linked, as they stand in the address of the list. */
const LINKED = ["linked", "only", "none"] as const;

/** The most characters of a search that are read. */
const MAX_TYPED = 254;

/** What the operator has chosen. Empty texts: nothing. */
export interface UsersFilter {
	readonly q: string;
	readonly brand: string;
	readonly status: UserStatus | "";
	/** `linked`: has a linked account. `only`: and no other way to log in. `none`: has no linked account. */
	readonly linked: (typeof LINKED)[number] | "";
}

/** Reads the address of the list. What is not offered counts as not chosen. */
export function readFilter(
	query: (name: string) => string | undefined,
	brands: readonly Pick<Brand, "id">[],
): UsersFilter {
	const statuses = Object.keys(STATUS_WORDS) as UserStatus[];
	return {
		q: pastedText(query("q") ?? "").slice(0, MAX_TYPED),
		brand: brands.find(({ id }) => id === query("brand"))?.id ?? "",
		status: statuses.find((each) => each === query("status")) ?? "",
		linked: LINKED.find((each) => each === query("linked")) ?? "",
	};
}

/** Whether the list is that of everybody. */
export function isEverybody({ q, brand, status, linked }: UsersFilter): boolean {
	return q === "" && brand === "" && status === "" && linked === "";
}

export function peopleFilter({ q, brand, status, linked }: UsersFilter): PeopleFilter {
	return {
		words: q,
		brandId: brand === "" ? undefined : brand,
		status: status === "" ? undefined : status,
		linked: linked === "" ? undefined : linked !== "none",
		withoutOtherWayIn: linked === "only",
	};
}
