import { html } from "hono/html";
import { sortableTime } from "../../../locale/shown-time.ts";
import type { StoredPasskey } from "../../../people/passkeys/stored-passkey.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { passkeyButton } from "../../passkey-button.ts";
import { ADMIN_PATHS } from "../paths.ts";

export const PASSKEY_ID_FIELD = "id";

const NOT_MADE =
	"No passkey was made: it was cancelled, or this device has one of yours already. Nothing was changed. Try once more.";

/** Why a passkey cannot be added. */
export type NoPasskey = "address" | "too-many";

/** The part of the set-up page about passkeys. */
export function addPasskeyCard(csrf: string, options: object | NoPasskey): Markup {
	if (options === "address") {
		return html`<p>Passkeys work where the address of the administration has https and a host name, or is at <code>localhost</code>. This one has no such address, so use an app.</p>`;
	}
	if (options === "too-many") {
		return html`<p>You have as many passkeys as there can be. Remove one in <a href="${ADMIN_PATHS.profile}#second-factor">your profile</a> first.</p>`;
	}
	return html`<p>Your browser, your phone or a security key keeps a passkey and uses it in place of a code. You still need your password.</p><noscript><p class="help">A passkey needs JavaScript, which is off in this browser.</p></noscript><form method="post" action="${ADMIN_PATHS.addPasskey}">${csrfField(csrf)}${passkeyButton({ does: "create", options, label: "Add a passkey", problem: NOT_MADE })}</form>`;
}

/** @param rpId what passkeys must be made for to work here. */
export function passkeyList(
	csrf: string,
	passkeys: readonly StoredPasskey[],
	rpId: string | undefined,
): Markup {
	const items = passkeys.map((each) => passkeyItem(csrf, each, each.rpId === rpId));
	return passkeys.length === 0 ? html`` : html`<h3>Passkeys</h3><ul class="plain">${items}</ul>`;
}

function passkeyItem(csrf: string, passkey: StoredPasskey, worksHere: boolean): Markup {
	const { id, browser, system, addedAt, usedAt, rpId } = passkey;
	const name = `${browser ?? "Unknown browser"}${system === null ? "" : ` on ${system}`}`;
	const time = (at: number): Markup =>
		html`<time datetime="${new Date(at).toISOString()}">${sortableTime(at, "minute", {})}</time>`;
	const used = usedAt === null ? "Not used yet" : html`Last used ${time(usedAt)}`;
	const elsewhere = worksHere ? "" : html`<br>Made for ${rpId}, does not work at this address`;
	return html`<li class="linked"><span><strong>${name}</strong><br><span class="soft">Added ${time(addedAt)}<br>${used}${elsewhere}</span></span>
<form method="post" action="${ADMIN_PATHS.removePasskey}">${csrfField(csrf)}<input type="hidden" name="${PASSKEY_ID_FIELD}" value="${id}"><button class="secondary danger" type="submit" aria-label="Remove passkey: ${name}">Remove</button></form></li>`;
}
