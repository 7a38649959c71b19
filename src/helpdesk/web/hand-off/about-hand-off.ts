import type { Context, MiddlewareHandler } from "hono";
import type { Brand } from "../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../storage/stored-value.ts";
import { HAND_OFF_PATH } from "../../hand-off/hand-off-paths.ts";
import type { HandOffs } from "../../hand-off/hand-offs.ts";
import { originsOf } from "../../hand-off/return-address.ts";
import { idOnTheWay } from "../helpdesk-on-the-way.ts";
import type { Place, VisitEnv } from "../visit.ts";

/** Finds the helpdesk that a visit is about, see `idOnTheWay`. Pages name it, and their forms may lead to it. */
export function aboutHandOff(parts: {
	readonly brand: Brand;
	readonly place: Place;
	readonly handOffs: Pick<HandOffs, "helpdesks">;
}): MiddlewareHandler<VisitEnv> {
	const { helpdesks } = parts.handOffs;
	return async (c, next) => {
		const id = idOnTheWay(c, parts, HAND_OFF_PATH);
		const helpdesk = id === undefined ? undefined : await orUnreadable(() => helpdesks.find(id));
		if (helpdesk !== undefined && !(helpdesk instanceof UnreadableValueError)) {
			c.set("handOff", helpdesk);
			c.set("leadsTo", originsOf(helpdesk));
		}
		return next();
	};
}

/** The origins that a form of this visit may lead to. */
export function handOffTargetsOf(c: Context): readonly string[] {
	return (c as Context<Partial<VisitEnv>>).var.leadsTo ?? [];
}
