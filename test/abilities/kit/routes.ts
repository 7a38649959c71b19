import type { Hono } from "hono";
import { portalApp } from "../../../src/helpdesk/web/portal/portal-app.ts";
import type { VisitEnv } from "../../../src/helpdesk/web/visit.ts";
import { CallCounts } from "../../../src/testing/fake-x/call-counts.ts";
import { routesOf } from "../../../src/testing/fake-x/routes.ts";
import { Scenarios } from "../../../src/testing/fake-x/scenarios.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { openAdmin } from "../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";

/** The paths of all pages, as the applications themselves have them. */
export async function routesOfPages(): Promise<readonly string[]> {
	const { app, core } = openAdmin(await helpdeskOptions());
	await core.close();
	return [...pathsIn(app), ...pathsIn(portalApp(NO_PARTS)), ...pathsOfFakeX()];
}

/** The routes of the portal use its parts only when they are asked. */
const NO_PARTS = new Proxy(() => {}, {
	get: (_, key): unknown => (key === Symbol.toPrimitive ? () => "part" : NO_PARTS),
	apply: (): unknown => NO_PARTS,
}) as unknown as Parameters<typeof portalApp>[0];

function pathsIn({ routes }: Pick<Hono<VisitEnv>, "routes">): readonly string[] {
	const pages = routes.filter(({ method, path }) => method === "GET" && !path.includes("*"));
	return [...new Set(pages.map(({ path }) => path))];
}

function pathsOfFakeX(): readonly string[] {
	const routes = routesOf(
		{ apps: [], accounts: [] },
		{
			...{ clock: new MockClock(), counts: new CallCounts() },
			...{ scenarios: new Scenarios(), rename: () => false },
		},
	);
	return [...routes.keys()].flatMap((route) =>
		route.startsWith("GET ") ? [route.slice("GET ".length)] : [],
	);
}

/** Whether a path is one of a route. */
export function isOf(path: string, route: string): boolean {
	const [is, wanted] = [path.split("/"), route.split("/")];
	return (
		is.length === wanted.length &&
		wanted.every((part, index) => part.startsWith(":") || part === is[index])
	);
}
