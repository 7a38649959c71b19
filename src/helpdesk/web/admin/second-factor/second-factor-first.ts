import type { MiddlewareHandler } from "hono";
import type { SecondFactorRule } from "../../../people/second-factor/second-factor-rule.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** What an operator can do before they have set up the second factor that their role needs. */
const BEFORE: readonly string[] = [
	ADMIN_PATHS.setUpSecondFactor,
	ADMIN_PATHS.addPasskey,
	ADMIN_PATHS.prove,
	ADMIN_PATHS.logOut,
];

/** Leads an operator to the page where they set up a second factor, if their role needs one. A due password comes first. */
export function secondFactorFirst(
	rule: Pick<SecondFactorRule, "isDue">,
): MiddlewareHandler<VisitEnv> {
	return async (c, next) => {
		const { operator, visit } = c.var;
		// Read for each request, so that open sessions obey on every node.
		const isLed =
			operator !== undefined &&
			visit.standing !== "password-due" &&
			!BEFORE.includes(c.req.path) &&
			(await rule.isDue(operator));
		return isLed ? c.redirect(ADMIN_PATHS.setUpSecondFactor, 303) : next();
	};
}
