import type { Brand } from "../../../../contract/brands.ts";
import { REMOVE_HELPDESK, type RemoveHelpdeskParams } from "../../../openid/remove-helpdesk.ts";
import type { AdminContext } from "../admin-pages.ts";
import { startJob } from "../jobs/start-job.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type ConnectedHelpdeskParts, donePath } from "./helpdesk-place.ts";

/** Removes a connected helpdesk of whatever kind. Many users may have agreed to it, so a job forgets that. */
export async function removeHelpdesk(
	c: AdminContext,
	parts: ConnectedHelpdeskParts,
	{ id: brandId }: Pick<Brand, "id">,
	{ id: helpdeskId, name }: { readonly id: string; readonly name: string },
): Promise<Response> {
	const params: RemoveHelpdeskParams = { brandId, helpdeskId, name };
	const done = await startJob(c, parts, REMOVE_HELPDESK, params);
	return done instanceof Response
		? done
		: c.redirect(donePath(ADMIN_PATHS.connectedHelpdesks, brandId, "removed"), 303);
}
