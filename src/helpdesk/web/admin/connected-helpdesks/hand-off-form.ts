import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { secret } from "../../../../contract/secret.ts";
import type { HandOffProblems, TypedHandOff } from "../../../hand-off/connect-hand-off.ts";
import type { HandOffHelpdesk } from "../../../hand-off/hand-off-helpdesk.ts";
import type { HandOffPreset } from "../../../hand-off/presets/hand-off-preset.ts";
import type { Locale } from "../../../locale/locale.ts";
import { pastedText } from "../../../pasted-text.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { field } from "../../visit.ts";
import { labelled, linesOf, toggle } from "../form-fields.ts";
import { saidProblems } from "./helpdesk-form.ts";

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
	form: {
		readonly action: string;
		readonly button: string;
		readonly csrf: string;
		readonly locale: Locale;
	},
): Markup {
	const { locale } = form;
	const { text, say } = locale;
	const { typed } = shown;
	const said = saidProblems(shown.problems, locale);
	const { label, example } = preset.address;
	const helpdesk = preset.name;
	return html`<form method="post" action="${form.action}" autocomplete="off">${csrfField(form.csrf)}
${labelled(said, "address", say(label), addressHelp(preset, shown.stored, locale), (traits) => html`<input id="address" name="address" type="url" value="${typed.address}" placeholder="${example}" autocomplete="off" spellcheck="false" required${traits}>`)}
${labelled(said, "name", text("helpdesk.form.name"), text("helpdesk.form.name-help"), (traits) => html`<input id="name" name="name" value="${typed.name}" autocomplete="off"${traits}>`)}
${labelled(said, "secret", preset.secretLabel, secretHelp(preset, shown.stored.secret, locale), (traits) => html`<input id="secret" name="secret" type="password" autocomplete="new-password" spellcheck="false"${traits}>`)}
${preset.hasApi ? apiFields(shown, locale) : ""}
${labelled(said, "otherSites", text("helpdesk.form.other-sites"), text("helpdesk.form.other-sites-help", { helpdesk }), (traits) => html`<textarea class="data" id="otherSites" name="otherSites" rows="2" spellcheck="false"${traits}>${typed.otherSites.join("\n")}</textarea>`)}
<p class="notice bad">${say(preset.linksByEmail)}</p>${labelled(said, "neverAsserted", text("helpdesk.form.never"), text("helpdesk.form.never-signed", { helpdesk }), (traits) => html`<textarea class="data" id="neverAsserted" name="neverAsserted" rows="4" spellcheck="false"${traits}>${typed.neverAsserted.join("\n")}</textarea>`)}
${toggle("straightToX", typed.straightToX, text("helpdesk.form.straight"), text("helpdesk.form.straight-help"))}
<div class="actions"><button type="submit">${form.button}</button></div></form>`;
}

/** Says which secrets another address drops. Empty where there are none. */
function addressHelp(
	{ secretLabel, hasApi }: HandOffPreset,
	stored: ShownHandOff["stored"],
	{ text }: Locale,
): string {
	const key = hasApi ? "helpdesk.form.address-drops-secrets" : "helpdesk.form.address-drops-secret";
	return stored.secret || stored.apiToken ? text(key, { secret: secretLabel }) : "";
}

function apiFields({ typed, stored, problems }: ShownHandOff, locale: Locale): Markup {
	const { text } = locale;
	const said = saidProblems(problems, locale);
	const help = text(
		stored.apiToken ? "helpdesk.form.api-token-stored" : "helpdesk.form.api-token-help",
	);
	const drop = stored.apiToken
		? toggle(
				"dropsApiToken",
				false,
				text("helpdesk.form.drop-token"),
				text("helpdesk.form.drop-token-help"),
			)
		: "";
	return html`${labelled(said, "apiToken", text("helpdesk.form.api-token"), help, (traits) => html`<input id="apiToken" name="apiToken" type="password" autocomplete="new-password" spellcheck="false"${traits}>`)}${drop}
${labelled(said, "remoteBrandId", text("helpdesk.form.brand-id"), text("helpdesk.form.brand-id-help"), (traits) => html`<input id="remoteBrandId" name="remoteBrandId" value="${typed.remoteBrandId}" inputmode="numeric" autocomplete="off"${traits}>`)}`;
}

function secretHelp(
	{ name: helpdesk, secretLabel, secretWhere }: HandOffPreset,
	isStored: boolean,
	{ text, say }: Locale,
): string {
	return isStored
		? text("helpdesk.form.secret-stored", { secret: secretLabel })
		: text("helpdesk.form.secret-help", { helpdesk, place: say(secretWhere) });
}
