import { html } from "hono/html";
import { notice } from "../../layout.ts";
import { type AdminContext, LeftOut } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { addHelpdeskRoutes } from "./add-helpdesk-routes.ts";
import { changeHelpdeskRoutes } from "./change-helpdesk-routes.ts";
import { handOffRow } from "./hand-off-page.ts";
import { handOffAdminRoutes, listedHandOffs } from "./hand-off-routes.ts";
import { type ConnectedHelpdeskParts, placeIn } from "./helpdesk-place.ts";
import { helpdesksListPage } from "./helpdesks-list-page.ts";
import { listedHelpdesk } from "./listed-helpdesk.ts";
import { recipeRoutes } from "./recipe-routes.ts";
import { testHelpdeskRoutes } from "./test-helpdesk-routes.ts";

/** The helpdesks that each brand is connected to: lists, adds, tests, changes and removes them. */
export function connectedHelpdeskRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	app.get(ADMIN_PATHS.connectedHelpdesks, async (c) => list(c, parts));
	addHelpdeskRoutes(app, parts);
	testHelpdeskRoutes(app, parts);
	recipeRoutes(app, parts);
	changeHelpdeskRoutes(app, parts);
	handOffAdminRoutes(app, parts);
}

async function list(c: AdminContext, parts: ConnectedHelpdeskParts): Promise<Response> {
	const found = placeIn(c, parts);
	if (found === undefined) {
		return c.notFound();
	}
	const { brand, helpdesks } = found;
	const leftOut = new LeftOut(parts.logError);
	const all = await helpdesks.all(leftOut.report);
	const listed = await Promise.all(all.map((helpdesk) => listedHelpdesk(helpdesks, helpdesk)));
	const signed = await listedHandOffs(parts.handOffs.of(brand.id), leftOut.report);
	const handOffs = signed.map((each) => handOffRow(each, brand));
	const removed = c.req.query("done") === "removed" ? notice("The helpdesk is removed.") : "";
	const message = html`${removed}${leftOut.notice}`;
	const page = helpdesksListPage({ brands: parts.brands, brand, listed, handOffs, message });
	return parts.show(c, "Connected helpdesks", page);
}
