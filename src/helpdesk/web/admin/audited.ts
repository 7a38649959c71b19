import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { NewDeed, Outcome } from "../../audit/audit-entry.ts";
import type { BegunDeed } from "../../audit/audit-trail.ts";
import { kindOf } from "../../audit/deeds.ts";
import type { Audit } from "../../audit/open-audit.ts";
import type { Operators } from "../../people/operators.ts";
import type { AdminContext } from "./admin-pages.ts";
import { DEEDS_OF_ROUTES } from "./deeds.ts";
import { type OperatorApp, operatorOf } from "./operator-area.ts";
import { ADMIN_PATHS } from "./paths.ts";

export interface AuditedParts {
	readonly audit: Audit;
	readonly operators: Operators;
	/** The network of the visitor, by which attempts are counted. */
	readonly networkOf: (c: Context) => string;
}

/** Audits the routes of the administration by {@link DEEDS_OF_ROUTES}, so that none of them does it by hand. */
export function auditDeeds(app: OperatorApp, parts: AuditedParts): void {
	const { audit } = parts;
	app.use(`${ADMIN_PATHS.overview}/*`, async (c, next) => {
		const deed = await deedOf(c, parts);
		if (deed === undefined) {
			return next();
		}
		if (isWrite(c) || kindOf(deed.name).form === "read") {
			return audit.trail.during(deed, next, () => outcomeOf(c));
		}
		const begun = await audit.trail.begin(deed);
		try {
			await next();
			c.res = await endingWith(c, begun);
		} catch (error) {
			await begun.end("failed");
			throw error;
		}
		return undefined;
	});
}

function isWrite(c: AdminContext): boolean {
	return c.req.method === "POST";
}

async function deedOf(
	c: AdminContext,
	{ networkOf, operators }: AuditedParts,
): Promise<NewDeed | undefined> {
	const method = isWrite(c) ? "POST" : "GET";
	const path = matchedRoutes(c).find((route) => route.method === method)?.path;
	const deed = path === undefined ? undefined : DEEDS_OF_ROUTES[`${method} ${path}`];
	if (path === undefined || deed === undefined || "none" in deed) {
		return undefined;
	}
	return {
		name: deed.name,
		actor: { kind: "operator", id: operatorOf(c) },
		object: await deed.object?.(c, (name) => paramIn(path, c.req.path, name), operators),
		network: networkOf(c),
		reason: deed.detail?.(c),
	};
}

/** What a path has where its pattern has a parameter. */
function paramIn(pattern: string, path: string, name: string): string {
	const index = pattern.split("/").indexOf(`:${name}`);
	const part = path.split("/")[index] ?? "";
	try {
		return decodeURIComponent(part).slice(0, 128);
	} catch {
		return "";
	}
}

function outcomeOf({ res, error }: Context): Outcome {
	if (error !== undefined || res.status >= 500) {
		return "failed";
	}
	return res.status >= 400 ? "refused" : "done";
}

/** The answer, at the end of which the deed ends. */
async function endingWith(c: AdminContext, begun: BegunDeed): Promise<Response> {
	const { res } = c;
	const outcome = outcomeOf(c);
	const reader = outcome === "done" && c.req.method !== "HEAD" ? res.body?.getReader() : undefined;
	if (reader === undefined) {
		await begun.end(outcome);
		return res;
	}
	const body = new ReadableStream<Uint8Array>({
		pull: async (stream) => {
			const read = await reader.read().catch(async (error: unknown) => {
				await begun.end("broken-off");
				throw error;
			});
			if (read.done) {
				await begun.end("done");
				stream.close();
			} else {
				stream.enqueue(read.value);
			}
		},
		cancel: async (reason) => {
			await begun.end("broken-off");
			await reader.cancel(reason);
		},
	});
	return new Response(body, res);
}
