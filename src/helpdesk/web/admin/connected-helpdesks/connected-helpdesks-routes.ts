import { html } from "hono/html";
import { notice } from "../../layout.ts";
import { type AdminContext, LeftOut } from "../admin-pages.ts";
import { rowsAfter } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { addHelpdeskRoutes } from "./add-helpdesk-routes.ts";
import { changeHelpdeskRoutes } from "./change-helpdesk-routes.ts";
import { handOffRow } from "./hand-off-page.ts";
import { handOffAdminRoutes, listedHandOff } from "./hand-off-routes.ts";
import { type ConnectedHelpdeskParts, placeIn } from "./helpdesk-place.ts";
import { helpdeskRow, helpdesksListPage } from "./helpdesks-list-page.ts";
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
	const { locale } = c.var.visit;
	const leftOut = new LeftOut(parts.logError, locale);
	const signed = parts.handOffs.of(brand.id).helpdesks;
	// Those of both kinds are one list. Only those on the page are asked when they were last used.
	const all = [
		...(await helpdesks.all(leftOut.report)).map((helpdesk) => ({
			id: helpdesk.id,
			row: async () => helpdeskRow(await listedHelpdesk(helpdesks, helpdesk), brand, locale),
		})),
		...(await signed.all(leftOut.report)).map((helpdesk) => ({
			id: helpdesk.id,
			row: async () => handOffRow(await listedHandOff(signed, helpdesk), brand, locale),
		})),
	];
	const shown = rowsAfter(all, ({ id }) => id, c.req.query("after"));
	const listed = { ...shown, rows: await Promise.all(shown.rows.map(({ row }) => row())) };
	const removed = c.req.query("done") === "removed" ? notice(locale.text("helpdesks.removed")) : "";
	const message = html`${removed}${leftOut.notice}`;
	const page = helpdesksListPage({ brands: parts.brands, brand, listed, message, locale });
	return parts.show(c, locale.text("helpdesks.title"), page);
}
