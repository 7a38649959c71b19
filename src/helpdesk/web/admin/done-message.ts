import { html } from "hono/html";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { type Markup, notice } from "../layout.ts";
import type { AdminContext } from "./admin-pages.ts";

/** The message about what was done, on the page after it. Empty where the page's address names nothing. */
export type DoneMessage = (c: AdminContext) => Promise<Markup>;

/** What pages say was done. */
const DONE = [
	"activated",
	"activated-ready",
	"activated-again",
	"deactivated",
	"deactivated-purged",
	"uninstalled",
	"purged",
	"installed",
	"list-deleted",
	"file-deleted",
	"file-gone",
	"saved",
	"submitted",
	"connected",
	"switched-off-purged",
	"password",
	"address",
	"second-factor-off",
	"passkey-added",
	"passkey-removed",
	"session-ended",
	"others-ended",
	"alerts",
	"role",
] as const;

export function doneMessage(addOns: AddOns): DoneMessage {
	return async (c) => {
		const { text } = c.var.visit.locale;
		const done = DONE.find((each) => each === c.req.query("done"));
		if (done === undefined) {
			return html``;
		}
		const id = c.req.query("add-on") ?? "";
		const addOn = id === "" ? undefined : await addOns.find(id);
		const { name = text("done.unknown-add-on") } = addOn?.loaded.manifest ?? {};
		const [letters] = /^\d{1,7}$/.exec(c.req.query("letters") ?? "") ?? [];
		const written = letters === undefined ? [] : [text("done.letters", { count: Number(letters) })];
		return notice([text(`done.${done}`, { name }), ...written].join(" "));
	};
}

/**
 * The query that {@link doneMessage} reads.
 *
 * @param letters how many letters were written; undefined where nobody asked for any.
 */
export function doneQuery(done: string, letters?: number): string {
	return letters === undefined ? `done=${done}` : `done=${done}&letters=${letters}`;
}
