import type { TextKey } from "../../../locale/locale.ts";
import type { Role } from "../../../people/operator-roles.ts";

/** The roles as pages name them. */
export const ROLE_WORDS: Readonly<Record<Role, TextKey>> = {
	support: "role.support",
	administrator: "role.administrator",
	owner: "role.owner",
};
