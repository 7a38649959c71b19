/**
 * What an operator may do, from the least to the most.
 *
 * - `support` looks up people and their sign-ins, to help visitors who cannot log in.
 * - `administrator` sets up log-ins, brands and people as well.
 * - `owner` decides besides that who operates the helpdesk and what code runs in it.
 */
export const ROLES = ["support", "administrator", "owner"] as const;

export type Role = (typeof ROLES)[number];

export function isRole(value: unknown): value is Role {
	return ROLES.some((role) => role === value);
}

/** Whether a role may do everything that another one may. */
export function isAtLeast(role: Role, least: Role): boolean {
	return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
