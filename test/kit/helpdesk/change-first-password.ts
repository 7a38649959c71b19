import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import type { HttpVisitor } from "./http-visitor.ts";

/** The password that operators choose, where tests make them choose one. */
export const CHOSEN_PASSWORD = "several words that do not belong together";

/** Changes the first password of the operator who is logged in. Off loopback nothing else can be done before. */
export async function changeFirstPassword(
	operator: HttpVisitor,
	adminUrl: string,
	current: string,
): Promise<{ readonly email: string; readonly password: string }> {
	await operator.open(`${adminUrl}/profile`);
	await operator.submit("/admin/profile", { current, new: CHOSEN_PASSWORD });
	return { email: FIRST_OPERATOR, password: CHOSEN_PASSWORD };
}
