import type { TypedHelpdesk } from "../../../openid/connect-helpdesk.ts";
import { unreachableRedirect } from "../../../openid/redirect-reach.ts";
import type { AdminContext } from "../admin-pages.ts";
import { isAnyway, type ShownForm } from "./helpdesk-form.ts";
import type { ConnectedHelpdeskParts } from "./helpdesk-place.ts";

/**
 * Asks whether redirect URIs can be reached, unless the administrator does not care.
 *
 * @returns the form to show again; undefined when all is well.
 */
export async function reached(
	c: AdminContext,
	{ openid }: Pick<ConnectedHelpdeskParts, "openid">,
	redirectUris: readonly string[],
	typed: TypedHelpdesk,
): Promise<ShownForm | undefined> {
	if (isAnyway(c.var.visit.form)) {
		return undefined;
	}
	const problem = await unreachableRedirect(openid.http, redirectUris);
	return problem === undefined
		? undefined
		: {
				typed: { ...typed, redirectUris },
				problems: new Map([["redirectUris", problem]]),
				offersAnyway: true,
			};
}
