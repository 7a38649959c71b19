import { html } from "hono/html";
import type { TextKey } from "../../locale/locale.ts";
import { type InZone, readableDay } from "../../locale/shown-time.ts";
import type { RelyingParty } from "../../people/passkeys/relying-party.ts";
import type { StoredPasskey } from "../../people/passkeys/stored-passkey.ts";
import { csrfField, type Markup } from "../layout.ts";
import { passkeyButton } from "../passkey-button.ts";
import { deviceText } from "../session-list.ts";
import type { PageView } from "./portal-page.ts";

/** The field with the id of the passkey that is removed. */
export const REMOVED_FIELD = "removed";

export interface PasskeysView {
	/** Where the portal is. */
	readonly party: RelyingParty;
	readonly passkeys: readonly StoredPasskey[];
	/** What the browser needs to add one; undefined: the user has to prove first who they are. */
	readonly options: object | undefined;
}

/** The part of the account page about passkeys. */
export function passkeySection(
	{ locale, csrf, brand }: PageView & { readonly brand: InZone },
	{ party, passkeys, options }: PasskeysView,
): Markup {
	const { text } = locale;
	const day = (at: number): Markup =>
		html`<time datetime="${new Date(at).toISOString()}">${readableDay(at, locale.tag, brand)}</time>`;
	const items = passkeys.map(({ id, rpId, browser, system, addedAt, usedAt }) => {
		const name = deviceText({ browser, system }, locale);
		const elsewhere =
			rpId === party.id ? "" : html`<br>${text("passkey.elsewhere", { host: rpId })}`;
		const added = day(addedAt);
		const times =
			usedAt === null
				? locale.markup("passkey.unused", { added })
				: locale.markup("passkey.used", { added, used: day(usedAt) });
		return html`<li class="linked"><span><strong>${name}</strong><br><span class="soft">${times}${elsewhere}</span></span>
<form method="post" action="/account/passkeys/remove">${csrfField(csrf)}<input type="hidden" name="${REMOVED_FIELD}" value="${id}"><button class="secondary" type="submit" aria-label="${text("passkey.remove")}: ${name}">${text("passkey.remove")}</button></form></li>`;
	});
	const list =
		items.length === 0
			? ""
			: html`<ul class="plain">${items}</ul><p class="help">${text("passkey.remove-help")}</p>`;
	const add =
		options === undefined
			? html`<p><a href="/login/confirm?returnTo=/account">${text("passkey.prove")}</a></p>`
			: html`<form method="post" action="/account/passkeys/add">${csrfField(csrf)}${passkeyButton({ does: "create", options, label: text("passkey.add"), problem: text("passkey.not-made") })}</form>`;
	return html`<h2 id="passkeys">${text("passkey.title")}</h2><p class="soft">${text("passkey.text")}</p>${list}${add}<noscript><p class="help">${text("passkey.needs-script")}</p></noscript>`;
}

/** A form that sends a passkey in place of a password. */
export function passkeyForm(
	{ locale: { text }, csrf }: PageView,
	{
		action,
		returnPath,
		label,
	}: { readonly action: string; readonly returnPath: string; readonly label: TextKey },
	options: object,
): Markup {
	return html`<form method="post" action="${action}">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">${passkeyButton({ does: "get", options, label: text(label), problem: text("passkey.cancelled") })}</form>`;
}

const END_FIELD = "end-passkeys";

/** The part of the form for a new password that ends all passkeys. Empty where there are none. */
export function endPasskeysField({ locale: { text } }: PageView, count: number): Markup {
	return count === 0
		? html``
		: html`<label class="toggle"><input type="checkbox" name="${END_FIELD}" value="on">${text("reset.passkeys")}</label><p class="help">${text("reset.passkeys-help")}</p>`;
}

/** Whether somebody ticked {@link endPasskeysField}. */
export function endsPasskeys(form: readonly (readonly [string, string])[]): boolean {
	return form.some(([name]) => name === END_FIELD);
}
