import { DISCARD_ADD_ON } from "../../../add-on-install/discard-add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { field } from "../../visit.ts";
import { asksFirst } from "../asking-first.ts";
import { doneQuery } from "../done-message.ts";
import { startJob } from "../jobs/start-job.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, addOnPaths } from "../paths.ts";
import { type AddOnParts, listAfterSwitch, refuse, showAddOns } from "./add-ons-list.ts";
import { failureNotice } from "./review-page.ts";

const DISCARDED = `${ADMIN_PATHS.addOns}?${doneQuery("discarded")}`;
const REMOVED = `${ADMIN_PATHS.addOns}?${doneQuery("removed")}`;

/** The routes to roll an add-on back to its previous version, to discard one that cannot be used, and to remove one. */
export function installedVersionRoutes(app: OperatorApp, parts: AddOnParts): void {
	const { addOns, installer } = parts;
	const { rollBack, discard, remove } = addOnPaths(ANY_PLUGIN);

	app.post(rollBack, async (c) => {
		const id = c.req.param("pluginId");
		if (!(await idsOf(addOns)).includes(id)) {
			return c.notFound();
		}
		const end = await installer.rollBack(id);
		return end.kind === "done"
			? c.redirect(listAfterSwitch(end), 303)
			: showAddOns(c, parts, failureNotice(end, c.var.visit.locale), 409);
	});
	app.post(discard, async (c) => {
		const id = c.req.param("pluginId");
		if (!(await addOns.list()).broken.some((each) => each.id === id)) {
			return c.notFound();
		}
		const { form, locale } = c.var.visit;
		if (field(form, "sure") !== "on") {
			return refuse(c, parts, locale.text("add-ons.delete-unchecked"), 400);
		}
		if (addOns.slot(id).isBundled) {
			return refuse(c, parts, locale.text("add-ons.delete-bundled", { addOn: id }), 409);
		}
		const brandIds = parts.brands.map((brand) => brand.id);
		const done = await startJob(c, parts, DISCARD_ADD_ON, { addOnId: id, brandIds });
		return done instanceof Response ? done : c.redirect(DISCARDED, 303);
	});
	const asks = asksFirst(parts.show, async (c) => {
		const { text } = c.var.visit.locale;
		const found = await addOns.find(c.req.param("pluginId") ?? "");
		if (found === undefined) {
			return undefined;
		}
		const { name: addOn, version } = found.loaded.manifest;
		return {
			title: text("add-ons.remove-zip.question", { addOn }),
			consequence: text("add-ons.remove-zip.consequence", { addOn, version }),
			button: text("add-ons.remove-zip.button"),
			back: ADMIN_PATHS.addOns,
		};
	});
	app.post(remove, asks, async (c) => {
		const addOn = await addOns.find(c.req.param("pluginId"));
		if (addOn === undefined) {
			return c.notFound();
		}
		const { id, name } = addOn.loaded.manifest;
		const { text } = c.var.visit.locale;
		return (await installer.remove(id))
			? c.redirect(REMOVED, 303)
			: refuse(c, parts, text("add-ons.remove-zip.installed", { addOn: name }), 409);
	});
}

async function idsOf(addOns: AddOns): Promise<readonly string[]> {
	const { addOns: usable, broken } = await addOns.list();
	return [...usable.map(({ loaded }) => loaded.manifest.id), ...broken.map(({ id }) => id)];
}
