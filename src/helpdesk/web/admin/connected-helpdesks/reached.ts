import type { Message } from "../../../locale/locale.ts";
import type { HelpdeskField, TypedHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { NewConnectedHelpdesk } from "../../../openid/connected-helpdesks.ts";
import type { Preset } from "../../../openid/presets/preset.ts";
import { unreachableRedirect, untoldProblem } from "../../../openid/redirect-reach.ts";
import type { AdminContext } from "../admin-pages.ts";
import { isAnyway, type ShownForm } from "./helpdesk-form.ts";
import type { ConnectedHelpdeskParts } from "./helpdesk-place.ts";

/** A helpdesk that an administrator has described. */
export interface Described {
	readonly preset: Preset;
	readonly typed: TypedHelpdesk;
	readonly checked: NewConnectedHelpdesk;
	/** Undefined: it is not connected yet. */
	readonly before: Pick<NewConnectedHelpdesk, "redirectUris" | "backChannelLogoutUri"> | undefined;
}

/**
 * Asks whether the addresses that are new can be reached. An administrator who does not care connects a helpdesk that
 * cannot be reached now, but none that this process must not call.
 *
 * @returns the form to show again; undefined when all is well.
 */
export async function reached(
	c: AdminContext,
	{ openid: { http } }: Pick<ConnectedHelpdeskParts, "openid">,
	{ preset, typed, checked, before }: Described,
): Promise<ShownForm | undefined> {
	const { redirectUris, backChannelLogoutUri: uri } = checked;
	const added = redirectUris.filter((each) => before?.redirectUris.includes(each) !== true);
	const isTyped = preset.logOutEntered?.includes("backChannelLogoutUri") === true;
	const isNew = isTyped && uri !== null && uri !== before?.backChannelLogoutUri;
	const isCareless = isAnyway(c.var.visit.form);
	const [unreachable, untold] = await Promise.all([
		isCareless ? undefined : unreachableRedirect(http, added),
		isNew ? untoldProblem(http, uri) : undefined,
	]);
	const problems = new Map<HelpdeskField, Message>();
	if (unreachable !== undefined) {
		problems.set("redirectUris", unreachable);
	}
	if (untold !== undefined) {
		problems.set("backChannelLogoutUri", untold.sentence);
	}
	const mayPass = untold?.mayPass !== false;
	return problems.size === 0 || (mayPass && isCareless)
		? undefined
		: { typed: { ...typed, redirectUris }, problems, offersAnyway: mayPass };
}
