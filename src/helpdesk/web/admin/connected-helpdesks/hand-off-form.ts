import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { secret } from "../../../../contract/secret.ts";
import type { HandOffProblems, TypedHandOff } from "../../../hand-off/connect-hand-off.ts";
import type { HandOffHelpdesk } from "../../../hand-off/hand-off-helpdesk.ts";
import type { HandOffPreset } from "../../../hand-off/presets/hand-off-preset.ts";
import { pastedText } from "../../../pasted-text.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import { labelled, linesOf, toggle } from "../form-fields.ts";

/** A form as it is shown: with what is stored or, after a refusal, with what was typed. Secrets are never shown. */
export interface ShownHandOff {
	readonly typed: Omit<TypedHandOff, "secret" | "apiToken" | "dropsApiToken">;
	readonly problems: HandOffProblems;
	/** Which secrets are stored, encrypted. */
	readonly stored: { readonly secret: boolean; readonly apiToken: boolean };
}

/** What an administrator typed into the form. */
export function typedHandOff(form: readonly FormField[]): TypedHandOff {
	return {
		name: field(form, "name") ?? "",
		address: pastedText(field(form, "address") ?? ""),
		otherSites: linesOf(form, "otherSites"),
		remoteBrandId: pastedText(field(form, "remoteBrandId") ?? ""),
		neverAsserted: linesOf(form, "neverAsserted"),
		straightToX: field(form, "straightToX") === "on",
		secret: secret(pastedText(field(form, "secret") ?? "")),
		apiToken: secret(pastedText(field(form, "apiToken") ?? "")),
		dropsApiToken: field(form, "dropsApiToken") === "on",
	};
}

/** The form before anything is typed. */
export function emptyHandOff({ name }: HandOffPreset): ShownHandOff {
	return {
		typed: {
			...{ name, address: "", otherSites: [], remoteBrandId: "", neverAsserted: [] },
			straightToX: false,
		},
		problems: new Map(),
		stored: { secret: false, apiToken: false },
	};
}

export function handOffFormOf(helpdesk: HandOffHelpdesk): ShownHandOff {
	const { remoteBrandId, ...typed } = helpdesk;
	return {
		typed: { ...typed, remoteBrandId: remoteBrandId === null ? "" : String(remoteBrandId) },
		problems: new Map(),
		stored: storedIn(helpdesk),
	};
}

export function storedIn({
	secret: key,
	apiToken,
}: Pick<HandOffHelpdesk, "secret" | "apiToken">): ShownHandOff["stored"] {
	return { secret: key !== null, apiToken: apiToken !== null };
}

export function handOffForm(
	preset: HandOffPreset,
	shown: ShownHandOff,
	form: { readonly action: string; readonly button: string; readonly csrf: string },
): Markup {
	const { typed, stored } = shown;
	const { label, example } = preset.address;
	const isStored = stored.secret || stored.apiToken;
	const addressHelp = isStored
		? `Another address drops the ${preset.secretLabel}${preset.hasApi ? " and the API token" : ""}, which belong to this one. Enter them again in the same step.`
		: "";
	return html`<form method="post" action="${form.action}" autocomplete="off">${csrfField(form.csrf)}
${labelled(shown, "address", label, addressHelp, (traits) => html`<input id="address" name="address" type="url" value="${typed.address}" placeholder="${example}" autocomplete="off" spellcheck="false" required${traits}>`)}
${labelled(shown, "name", "Name", "Users see it when they log in.", (traits) => html`<input id="name" name="name" value="${typed.name}" autocomplete="off"${traits}>`)}
${labelled(shown, "secret", preset.secretLabel, secretHelp(preset, stored.secret), (traits) => html`<input id="secret" name="secret" type="password" autocomplete="new-password" spellcheck="false"${traits}>`)}
${preset.hasApi ? apiFields(shown) : ""}
${labelled(shown, "otherSites", "Other sites", `Other addresses of ${preset.name} that people may go on to, such as a help centre at a host name of its own. One on each line.`, (traits) => html`<textarea class="data" id="otherSites" name="otherSites" rows="2" spellcheck="false"${traits}>${typed.otherSites.join("\n")}</textarea>`)}
<p class="notice bad">${preset.linksByEmail}</p>${labelled(shown, "neverAsserted", "Never passed on", `E-mail addresses and domains, one on each line. A domain stands for all addresses in it and below it. Nobody with one of them is let in at ${preset.name} from here.`, (traits) => html`<textarea class="data" id="neverAsserted" name="neverAsserted" rows="4" spellcheck="false"${traits}>${typed.neverAsserted.join("\n")}</textarea>`)}
${toggle("straightToX", typed.straightToX, "Straight to X", "Its log-in button leads to X at once, not to the log-in page here.")}
<div class="actions"><button type="submit">${form.button}</button></div></form>`;
}

function apiFields(shown: ShownHandOff): Markup {
	const { typed, stored } = shown;
	const help = stored.apiToken
		? "An API token is stored, encrypted. Leave the field empty to keep it."
		: "With it, a user who is not there yet is created there, with a confirmed address. Without it, they must be there.";
	const drop = stored.apiToken
		? toggle(
				"dropsApiToken",
				false,
				"Forget the API token",
				"Users are not created there any more.",
			)
		: "";
	return html`${labelled(shown, "apiToken", "API token", help, (traits) => html`<input id="apiToken" name="apiToken" type="password" autocomplete="new-password" spellcheck="false"${traits}>`)}${drop}
${labelled(shown, "remoteBrandId", "Brand ID", "The number of the brand there. Leave it empty if there is one brand only.", (traits) => html`<input id="remoteBrandId" name="remoteBrandId" value="${typed.remoteBrandId}" inputmode="numeric" autocomplete="off"${traits}>`)}`;
}

function secretHelp({ secretLabel, secretWhere }: HandOffPreset, isStored: boolean): string {
	return isStored
		? `A ${secretLabel} is stored, encrypted. Leave the field empty to keep it.`
		: `Copy it from ${secretWhere}. It is stored encrypted, and never shown again.`;
}
