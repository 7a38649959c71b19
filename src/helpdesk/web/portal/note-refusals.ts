import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { DeedName } from "../../audit/deeds.ts";
import type { RefusalNotes } from "../refusal-notes.ts";
import type { VisitEnv } from "../visit.ts";
import type { PortalContext } from "./portal-visit.ts";

export interface NotedParts {
	readonly refusals: RefusalNotes;
}

/** Notes visitors who have to wait, and changes that lack a recent proof. Guesses at passwords are noted as log-ins that failed. */
export function noteRefusals({ refusals }: NotedParts): MiddlewareHandler<VisitEnv> {
	return async (c, next) => {
		await next();
		const name = c.var.isNoted === true ? undefined : refusalIn(c);
		if (name !== undefined) {
			const { method } = c.req;
			const route = matchedRoutes(c).find(
				(each) => each.method === method && !each.path.includes("*"),
			);
			await refusals.note(
				c,
				name,
				route === undefined ? "another-page" : `${method} ${route.path}`,
			);
		}
	};
}

/** What an answer refuses; undefined for one that refuses nothing. */
function refusalIn({ req, res }: PortalContext): DeedName | undefined {
	if (res.status === 429) {
		return "user.limit-reached";
	}
	const leadsTo = res.headers.get("location") ?? "";
	return req.method === "POST" && leadsTo.startsWith("/login/confirm?")
		? "user.proof-missing"
		: undefined;
}
