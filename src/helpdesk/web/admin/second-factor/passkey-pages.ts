import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { StoredPasskey } from "../../../people/passkeys/stored-passkey.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { passkeyButton } from "../../passkey-button.ts";
import { deviceText } from "../../session-list.ts";
import { ADMIN_PATHS } from "../paths.ts";

export const PASSKEY_ID_FIELD = "id";

/** Why a passkey cannot be added. */
export type NoPasskey = "address" | "too-many";

/** The part of the set-up page about passkeys. */
export function addPasskeyCard(
	csrf: string,
	options: object | NoPasskey,
	{ text, markup }: Locale,
): Markup {
	if (options === "address") {
		return html`<p>${markup("second-factor.passkey.no-address", { host: html`<code>localhost</code>` })}</p>`;
	}
	if (options === "too-many") {
		const link = (content: Markup) =>
			html`<a href="${ADMIN_PATHS.profile}#second-factor">${content}</a>`;
		return html`<p>${markup("second-factor.passkey.full", {}, { link })}</p>`;
	}
	const problem = text("second-factor.passkey.not-made");
	return html`<p>${text("second-factor.passkey.text")}</p><noscript><p class="help">${text("second-factor.passkey.no-script")}</p></noscript><form method="post" action="${ADMIN_PATHS.addPasskey}">${csrfField(csrf)}${passkeyButton({ does: "create", options, label: text("second-factor.passkey.add"), problem })}</form>`;
}

/** @param rpId what passkeys must be made for to work here. */
export function passkeyList(
	csrf: string,
	passkeys: readonly StoredPasskey[],
	rpId: string | undefined,
	locale: Locale,
): Markup {
	const items = passkeys.map((each) => passkeyItem(csrf, each, each.rpId === rpId, locale));
	return passkeys.length === 0
		? html``
		: html`<h3>${locale.text("profile.passkeys")}</h3><ul class="plain">${items}</ul>`;
}

function passkeyItem(
	csrf: string,
	passkey: StoredPasskey,
	worksHere: boolean,
	locale: Locale,
): Markup {
	const { id, addedAt, usedAt, rpId } = passkey;
	const { text, markup } = locale;
	const name = deviceText(passkey, locale);
	const time = (at: number): Markup =>
		html`<time datetime="${new Date(at).toISOString()}">${sortableTime(at, "minute", {})}</time>`;
	const added = markup("profile.passkeys.added", { time: time(addedAt) });
	const used =
		usedAt === null
			? text("profile.passkeys.unused")
			: markup("profile.passkeys.used", { time: time(usedAt) });
	const elsewhere = worksHere
		? ""
		: html`<br>${text("profile.passkeys.elsewhere", { host: rpId })}`;
	return html`<li class="linked"><span><strong>${name}</strong><br><span class="soft">${added}<br>${used}${elsewhere}</span></span>
<form method="post" action="${ADMIN_PATHS.removePasskey}">${csrfField(csrf)}<input type="hidden" name="${PASSKEY_ID_FIELD}" value="${id}"><button class="secondary danger" type="submit" aria-label="${text("profile.passkeys.remove-label", { name })}">${text("profile.passkeys.remove")}</button></form></li>`;
}
