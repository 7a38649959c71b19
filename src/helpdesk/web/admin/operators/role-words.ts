import type { Role } from "../../../people/operator-roles.ts";

/** The roles as pages and letters name them. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
	support: "Support",
	administrator: "Administrator",
	owner: "Owner",
};
