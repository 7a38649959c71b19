import { html } from "hono/html";
import { notice } from "../../layout.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type AddOnParts, showAddOns } from "./add-ons-list.ts";
import { installationRoutes } from "./installation-routes.ts";
import { installedVersionRoutes } from "./installed-version-routes.ts";

/**
 * The routes to choose, review, install, upgrade, roll back and remove add-ons. Code of an add-on runs only once it is
 * installed.
 */
export function addOnRoutes(app: OperatorApp, parts: AddOnParts): void {
	app.get(ADMIN_PATHS.addOns, async (c) => {
		const [done, id = ""] = [c.req.query("done"), c.req.query("add-on")];
		const { name, version } = (await parts.addOns.find(id))?.loaded.manifest ?? {};
		const { text } = c.var.visit.locale;
		const sentence =
			done === "removed"
				? text("add-ons.removed")
				: done === "discarded"
					? text("add-ons.discarded")
					: done === "installed" && name !== undefined
						? text("add-ons.now-installed", { addOn: `${name} ${version}` })
						: undefined;
		return showAddOns(c, parts, sentence === undefined ? html`` : notice(sentence));
	});
	installationRoutes(app, parts);
	installedVersionRoutes(app, parts);
}
