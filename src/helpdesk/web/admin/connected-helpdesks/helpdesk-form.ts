import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { parseUrl } from "../../../../contract/parse-url.ts";
import type { HelpdeskProblems, TypedHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { Preset } from "../../../openid/presets/preset.ts";
import { pastedText } from "../../../pasted-text.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import { labelled, linesOf, toggle } from "../form-fields.ts";

/** A form as it is shown: with what is stored or, after a refusal, with what was typed. */
export interface ShownForm {
	readonly typed: TypedHelpdesk;
	readonly problems: HelpdeskProblems;
	/** Whether one of its URIs could not be reached. */
	readonly offersAnyway: boolean;
}

/** What an administrator typed into the form. */
export function typedHelpdesk(form: readonly FormField[]): TypedHelpdesk {
	return {
		name: field(form, "name") ?? "",
		address: pastedText(field(form, "address") ?? ""),
		redirectUris: linesOf(form, "redirectUris"),
		postLogoutRedirectUris: linesOf(form, "postLogoutRedirectUris"),
		backChannelLogoutUri: pastedText(field(form, "backChannelLogoutUri") ?? ""),
		neverAsserted: linesOf(form, "neverAsserted"),
		needsEmail: field(form, "needsEmail") === "on",
		straightToX: field(form, "straightToX") === "on",
	};
}

/** Whether the administrator connects a helpdesk although one of its URIs cannot be reached. */
export function isAnyway(form: readonly FormField[]): boolean {
	return field(form, "anyway") === "on";
}

/** The form before anything is typed. */
export function emptyForm({ name, needsEmail }: Preset): ShownForm {
	const typed = {
		...{ name, address: "", redirectUris: [], neverAsserted: [], needsEmail, straightToX: false },
		...{ postLogoutRedirectUris: [], backChannelLogoutUri: null },
	};
	return { typed, problems: new Map(), offersAnyway: false };
}

export function formOf(helpdesk: ConnectedHelpdesk): ShownForm {
	return { typed: helpdesk, problems: new Map(), offersAnyway: false };
}

/** @param addressNote what happens when the address changes; empty where nothing does. */
export function helpdeskForm(
	preset: Preset,
	shown: ShownForm,
	form: {
		readonly action: string;
		readonly button: string;
		readonly addressNote: string;
		readonly csrf: string;
	},
): Markup {
	const { typed, offersAnyway } = shown;
	const { label, example } = preset.address;
	const danger =
		preset.linksByEmail === undefined ? "" : html`<p class="notice bad">${preset.linksByEmail}</p>`;
	const anyway = offersAnyway
		? html`<label class="toggle"><input type="checkbox" name="anyway">Connect it anyway</label>`
		: "";
	return html`<form method="post" action="${form.action}">${csrfField(form.csrf)}
${labelled(shown, "address", label, form.addressNote, (traits) => html`<input id="address" name="address" type="url" value="${typed.address}" placeholder="${example}" autocomplete="off" spellcheck="false" required${traits}>`)}
${labelled(shown, "name", "Name", "Users see it when they log in.", (traits) => html`<input id="name" name="name" value="${typed.name}" autocomplete="off"${traits}>`)}
${labelled(shown, "redirectUris", "Redirect URIs", redirectHelp(preset, typed.address), (traits) => html`<textarea class="data" id="redirectUris" name="redirectUris" rows="2" spellcheck="false"${traits}>${typed.redirectUris.join("\n")}</textarea>`)}
${logOutFields(preset, shown)}${anyway}
${danger}${labelled(shown, "neverAsserted", "Never passed on", neverHelp(preset), (traits) => html`<textarea class="data" id="neverAsserted" name="neverAsserted" rows="4" spellcheck="false"${traits}>${typed.neverAsserted.join("\n")}</textarea>`)}
${toggle("needsEmail", typed.needsEmail, "It needs an e-mail address", "Users without a proven address prove one before they go on.")}
${toggle("straightToX", typed.straightToX, "Straight to X", "Its log-in button leads to X at once, not to the log-in page here.")}
<div class="actions"><button type="submit">${form.button}</button></div></form>`;
}

/** The fields about the end of a session, where they do not follow from the address. */
function logOutFields(
	{ name, logOutEntered = [], postLogoutShownAs }: Preset,
	shown: ShownForm,
): Markup {
	const { postLogoutRedirectUris, backChannelLogoutUri } = shown.typed;
	const afterwards = logOutEntered.includes("postLogoutRedirectUris")
		? labelled(
				...([shown, "postLogoutRedirectUris", "Post-logout redirect URIs"] as const),
				`${postLogoutShownAs === undefined ? "" : `Copy “${postLogoutShownAs}” from ${name}. `}Where ${name} wants people back after it has sent them here to log out. Leave it empty if it does not send them. One on each line.`,
				(traits) =>
					html`<textarea class="data" id="postLogoutRedirectUris" name="postLogoutRedirectUris" rows="2" spellcheck="false"${traits}>${postLogoutRedirectUris.join("\n")}</textarea>`,
			)
		: "";
	const told = logOutEntered.includes("backChannelLogoutUri")
		? labelled(
				...([shown, "backChannelLogoutUri", "Back-channel log-out URI"] as const),
				`Where ${name} is told when a user logs out here, is suspended or deleted. Leave it empty if it cannot be told.`,
				(traits) =>
					html`<input id="backChannelLogoutUri" name="backChannelLogoutUri" type="url" value="${backChannelLogoutUri ?? ""}" autocomplete="off" spellcheck="false"${traits}>`,
			)
		: "";
	return html`${afterwards}${told}`;
}

/** @param address the typed one. Any other text stands for the example. */
function redirectHelp(
	{ name, redirectShownAs, redirectUris, address: { example } }: Preset,
	address: string,
): string {
	if (redirectShownAs !== undefined) {
		return `Copy “${redirectShownAs}” from ${name}. One on each line.`;
	}
	const at = parseUrl(address) ?? new URL(example);
	return `Leave it empty for what ${name} uses. At ${at.origin} that is ${redirectUris(at).join(", ")}. One on each line.`;
}

function neverHelp({ name }: Preset): string {
	return `E-mail addresses and domains, one on each line. A domain stands for all addresses in it and below it. ${name} never hears them, even if a user has proven one.`;
}
