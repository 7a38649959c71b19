import { html } from "hono/html";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { type Markup, notice } from "../layout.ts";
import type { AdminContext } from "./admin-pages.ts";

/** The message about what was done, on the page after it. Empty where the page's address names nothing. */
export type DoneMessage = (c: AdminContext) => Promise<Markup>;

const DONE: ReadonlyMap<string, string> = new Map([
	[
		"activated",
		"{name} is active. Next, enter its keys under Settings, and then switch it on under Social Login.",
	],
	[
		"activated-ready",
		"{name} is active. No brand shows its button: switch it on under Social Login.",
	],
	[
		"activated-again",
		"{name} is active again. Visitors see its button at the brands that are switched on.",
	],
	["deactivated", "{name} is deactivated. Its settings and links are kept."],
	[
		"deactivated-purged",
		"{name} is deactivated and switched off at all brands. Its keys are kept. All links are deleted.",
	],
	["uninstalled", "{name} is uninstalled. Its settings and links are kept."],
	["purged", "{name} is uninstalled. Everything that it stored is deleted."],
	["installed", "{name} is installed. It is off until you activate it."],
	["list-deleted", "The list is deleted, with what its tries and imports have found."],
	["file-deleted", "The file is deleted."],
	["file-gone", "There is no such file any more."],
	["saved", "The settings are saved."],
	["submitted", "Saved. Visitors see the button at the brands that are switched on."],
	[
		"connected",
		"Saved. {name} is connected: visitors see its button at the brands that are switched on. Next, log in there yourself, from the link below.",
	],
	["switched-off-purged", "Saved. The links of the brands that you switched off are deleted."],
	["password", "Your password is changed. Sessions in other browsers have ended."],
	[
		"address",
		"Your e-mail address is changed: log in with it from now on. Your password and your second factor are the same. Sessions in other browsers have ended.",
	],
	[
		"second-factor-off",
		"Your second factor is turned off: your password is enough. Sessions in other browsers have ended.",
	],
	["passkey-added", "The passkey is added. Sessions in other browsers have ended."],
	["passkey-removed", "The passkey is removed. Sessions in other browsers have ended."],
	["session-ended", "The session has ended."],
	["others-ended", "You are logged out everywhere else."],
	["alerts", "Saved. It applies to the next alert."],
	["role", "Your role is changed. Pages that it does not allow are no longer in the menu."],
]);

export function doneMessage(addOns: AddOns): DoneMessage {
	return async (c) => {
		const id = c.req.query("add-on") ?? "";
		const addOn = id === "" ? undefined : await addOns.find(id);
		const { name = "It" } = addOn?.loaded.manifest ?? {};
		const sentence = DONE.get(c.req.query("done") ?? "")?.replace("{name}", () => name);
		const [letters] = /^\d{1,7}$/.exec(c.req.query("letters") ?? "") ?? [];
		return sentence === undefined ? html`` : notice(`${sentence}${lettersSentence(letters)}`);
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

function lettersSentence(count: string | undefined): string {
	if (count === undefined) {
		return "";
	}
	return count === "1" ? " 1 e-mail was written." : ` ${count} e-mails were written.`;
}
