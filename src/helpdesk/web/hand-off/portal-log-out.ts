import type { HandOffs } from "../../hand-off/hand-offs.ts";
import { originsOf } from "../../hand-off/return-address.ts";
import type { Accounts } from "../../people/accounts.ts";
import { handedTo } from "../helpdesk-cookies.ts";
import { type PortalContext, type ShowPortalPage, visitorOf } from "../portal/portal-visit.ts";
import { signOut } from "../signing-in.ts";
import type { Place } from "../visit.ts";
import { type Remaining, remainingPage } from "./hand-off-pages.ts";

export interface PortalLogOutParts {
	readonly place: Place;
	readonly accounts: Pick<Accounts, "find">;
	readonly handOffs: HandOffs;
	readonly logError: (error: unknown) => void;
	readonly show: ShowPortalPage;
}

/** Logs a browser out of the portal, and says at which helpdesks it may still be logged in. */
export async function logOutOfPortal(
	c: PortalContext,
	parts: PortalLogOutParts,
): Promise<Response> {
	const { place, show } = parts;
	const remaining = await remainingAt(c, parts);
	await signOut(c, place);
	if (remaining.length === 0) {
		return c.redirect("/", 303);
	}
	c.set(
		"leadsTo",
		remaining.flatMap(({ helpdesk }) => originsOf(helpdesk)),
	);
	c.set("handOff", undefined);
	return show(c, remainingPage(c.var.visit, remaining), 200, "no-referrer");
}

/** A log-out here works whatever a helpdesk's record is like. */
async function remainingAt(
	c: PortalContext,
	{ place, accounts, handOffs, logError }: PortalLogOutParts,
): Promise<readonly Remaining[]> {
	const remaining: Remaining[] = [];
	const ids = handedTo(c, place);
	const account = ids.length === 0 ? undefined : await visitorOf(c, accounts);
	for (const id of account === undefined ? [] : ids) {
		try {
			const helpdesk = await handOffs.helpdesks.find(id);
			if (helpdesk !== undefined && account !== undefined) {
				remaining.push({ helpdesk, remains: await handOffs.remains(helpdesk, account) });
			}
		} catch (error) {
			logError(error);
		}
	}
	return remaining;
}
