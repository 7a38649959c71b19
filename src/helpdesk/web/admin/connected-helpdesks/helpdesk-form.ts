import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import { parseUrl } from "../../../../contract/parse-url.ts";
import type { Locale, Message } from "../../../locale/locale.ts";
import type { HelpdeskProblems, TypedHelpdesk } from "../../../openid/connect-helpdesk.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import { nameOf, type Preset } from "../../../openid/presets/preset.ts";
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
export function emptyForm(preset: Preset, { say }: Locale): ShownForm {
	const { needsEmail } = preset;
	const typed = {
		...{
			name: say(nameOf(preset)),
			address: "",
			redirectUris: [],
			neverAsserted: [],
			needsEmail,
			straightToX: false,
		},
		...{ postLogoutRedirectUris: [], backChannelLogoutUri: null },
	};
	return { typed, problems: new Map(), offersAnyway: false };
}

export function formOf(helpdesk: ConnectedHelpdesk): ShownForm {
	return { typed: helpdesk, problems: new Map(), offersAnyway: false };
}

/** The problems of a form as its page says them. */
export function saidProblems<Name extends string>(
	problems: ReadonlyMap<Name, Message>,
	{ say }: Locale,
): { readonly problems: ReadonlyMap<Name, string> } {
	return { problems: new Map([...problems].map(([name, problem]) => [name, say(problem)])) };
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
		readonly locale: Locale;
	},
): Markup {
	const { text, say } = form.locale;
	const { typed, offersAnyway } = shown;
	const said = saidProblems(shown.problems, form.locale);
	const { label, example } = preset.address;
	const { linksByEmail } = preset;
	const danger =
		linksByEmail === undefined ? "" : html`<p class="notice bad">${say(linksByEmail)}</p>`;
	const anyway = offersAnyway
		? html`<label class="toggle"><input type="checkbox" name="anyway">${text("helpdesk.form.anyway")}</label>`
		: "";
	return html`<form method="post" action="${form.action}">${csrfField(form.csrf)}
${labelled(said, "address", say(label), form.addressNote, (traits) => html`<input id="address" name="address" type="url" value="${typed.address}" placeholder="${example}" autocomplete="off" spellcheck="false" required${traits}>`)}
${labelled(said, "name", text("helpdesk.form.name"), text("helpdesk.form.name-help"), (traits) => html`<input id="name" name="name" value="${typed.name}" autocomplete="off"${traits}>`)}
${labelled(said, "redirectUris", text("helpdesk.form.redirect-uris"), redirectHelp(preset, typed.address, form.locale), (traits) => html`<textarea class="data" id="redirectUris" name="redirectUris" rows="2" spellcheck="false"${traits}>${typed.redirectUris.join("\n")}</textarea>`)}
${logOutFields(preset, typed, said, form.locale)}${anyway}
${danger}${labelled(said, "neverAsserted", text("helpdesk.form.never"), text("helpdesk.form.never-help", { helpdesk: say(nameOf(preset)) }), (traits) => html`<textarea class="data" id="neverAsserted" name="neverAsserted" rows="4" spellcheck="false"${traits}>${typed.neverAsserted.join("\n")}</textarea>`)}
${toggle("needsEmail", typed.needsEmail, text("helpdesk.form.needs-email"), text("helpdesk.form.needs-email-help"))}
${toggle("straightToX", typed.straightToX, text("helpdesk.form.straight"), text("helpdesk.form.straight-help"))}
<div class="actions"><button type="submit">${form.button}</button></div></form>`;
}

/** The fields about the end of a session, where they do not follow from the address. */
function logOutFields(
	preset: Preset,
	{ postLogoutRedirectUris, backChannelLogoutUri }: TypedHelpdesk,
	said: ReturnType<typeof saidProblems>,
	{ text, say }: Locale,
): Markup {
	const { logOutEntered = [], postLogoutShownAs } = preset;
	const helpdesk = say(nameOf(preset));
	const afterwards = logOutEntered.includes("postLogoutRedirectUris")
		? labelled(
				...([said, "postLogoutRedirectUris", text("helpdesk.form.post-logout")] as const),
				postLogoutShownAs === undefined
					? text("helpdesk.form.post-logout-help", { helpdesk })
					: text("helpdesk.form.post-logout-copied", { helpdesk, label: postLogoutShownAs }),
				(traits) =>
					html`<textarea class="data" id="postLogoutRedirectUris" name="postLogoutRedirectUris" rows="2" spellcheck="false"${traits}>${postLogoutRedirectUris.join("\n")}</textarea>`,
			)
		: "";
	const told = logOutEntered.includes("backChannelLogoutUri")
		? labelled(
				...([said, "backChannelLogoutUri", text("helpdesk.form.back-channel")] as const),
				text("helpdesk.form.back-channel-help", { helpdesk }),
				(traits) =>
					html`<input id="backChannelLogoutUri" name="backChannelLogoutUri" type="url" value="${backChannelLogoutUri ?? ""}" autocomplete="off" spellcheck="false"${traits}>`,
			)
		: "";
	return html`${afterwards}${told}`;
}

/** @param address the typed one. Any other text stands for the example. */
function redirectHelp(preset: Preset, address: string, { text, say, list }: Locale): string {
	const { redirectShownAs: label, redirectUris } = preset;
	const helpdesk = say(nameOf(preset));
	if (label !== undefined) {
		return text("helpdesk.form.redirect-uris-copied", { label: say(label), helpdesk });
	}
	const at = parseUrl(address) ?? new URL(preset.address.example);
	const uris = list(redirectUris(at));
	return text("helpdesk.form.redirect-uris-known", { helpdesk, address: at.origin, uris });
}
