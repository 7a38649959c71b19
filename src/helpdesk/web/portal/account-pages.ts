import { html, raw } from "hono/html";
import type { LoginButton } from "../../../contract/login-button.ts";
import type { FormField } from "../../../contract/login-request.ts";
import type { NamedLink } from "../../add-ons/disconnect.ts";
import type { LinkedByAddOn } from "../../add-ons/linked-accounts.ts";
import type { Locale } from "../../locale/locale.ts";
import { type InZone, readableDay, readableMoment } from "../../locale/shown-time.ts";
import type { Agreement } from "../../openid/agreements.ts";
import { hasProvenAddress } from "../../people/address-proofs.ts";
import type { Account } from "../../people/stored-account.ts";
import { csrfField, type Markup, pluginMarkup } from "../layout.ts";
import { type SessionList, sessionList } from "../session-list.ts";
import { emailLink } from "./email-pages.ts";
import { type PasskeysView, passkeySection } from "./passkey-pages.ts";
import { passwordLinkForm } from "./password-pages.ts";
import { cardPage, type PageView } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

interface AccountView extends PageView, Pick<SessionList, "sessions" | "ownId"> {
	/** Its time zone is that of dates. */
	readonly brand: InZone;
	readonly account: Account;
	readonly linked: readonly LinkedByAddOn[];
	/** The buttons of the active plugins, to link another account. */
	readonly buttons: readonly LoginButton[];
	readonly message: Markup;
	/** The connected helpdesks that the user has agreed to. */
	readonly agreements: readonly Agreement[];
	/** Undefined where browsers make no passkeys. */
	readonly passkeys: PasskeysView | undefined;
	/** Whether a code to prove an address would reach the user. */
	readonly mayProve: boolean;
}

export function accountPage(view: AccountView): PortalContent {
	const { locale, csrf, brand, account, linked, buttons, message, sessions, ownId, agreements } =
		view;
	const { text } = locale;
	const list =
		linked.length === 0
			? html`<p class="soft">${text("account.none")}</p>`
			: html`<ul class="plain">${linked.map((each) => linkedItem(each, isOnlyWayIn(view, each), view))}</ul>${linked.every((each) => isOnlyWayIn(view, each)) ? "" : html`<p class="help">${text("account.disconnect-help")}</p>`}`;
	const passkeys = view.passkeys === undefined ? "" : passkeySection(view, view.passkeys);
	const address = addressItem(view);
	const password =
		account.email === null
			? ""
			: html`<h2>${text("field.password")}</h2><p class="soft">${text(account.hasPassword ? "account.has-password" : "account.no-password")}</p>${passwordLinkForm(view, account)}`;
	return cardPage(
		text("account.title"),
		html`${message}<dl><dt>${text("field.name")}</dt><dd><bdi>${account.name}</bdi>${linked.map(handle)}</dd>${address}</dl>
<h2>${text("account.linked")}</h2>${list}${buttons.map((button) => pluginMarkup(button.html, csrf))}
${agreementList(view)}${password}${passkeys}
<h2>${text("account.sessions")}</h2>${sessionList({
			...{ sessions, ownId, locale, csrf, showsUse: false },
			endAt: "/account/sessions/end",
			endOthersAt: "/account/sessions/end-others",
			endOthersHelp: agreements.length > 0 ? text("account.end-others-help") : undefined,
			shownTime: (at) => readableMoment(at, locale.tag, brand),
		})}<p class="help">${text("account.log-out-everywhere-help")}</p><form method="post" action="/account/log-out-everywhere">${csrfField(csrf)}<button class="secondary" type="submit">${text("account.log-out-everywhere")}</button></form>`,
	);
}

/** The mark of a provider and the handle there, which keeps its direction, beside the name: X asks to show clearly who is logged in as whom. */
function handle({ addOn: { loaded }, label }: LinkedByAddOn): Markup {
	return html`<br><span class="handle" dir="ltr"><span class="login-button-icon" role="img" aria-label="${loaded.manifest.name}">${raw(loaded.icon)}</span> ${label}</span>`;
}

/** The connected helpdesks that get the user's data. Empty where there are none. */
function agreementList({
	locale: { tag, text, markup },
	csrf,
	brand,
	agreements,
}: AccountView): Markup {
	if (agreements.length === 0) {
		return html``;
	}
	const items = agreements.map(({ id, name, address, at }) => {
		const since = html`<time datetime="${new Date(at).toISOString()}">${readableDay(at, tag, brand)}</time>`;
		return html`<li class="linked"><span><strong>${name}</strong> <span class="soft">${new URL(address).host}</span><br><span class="soft">${markup("account.agreed-on", { date: since })}</span></span>
<form method="post" action="/account/withdraw">${csrfField(csrf)}<input type="hidden" name="helpdesk" value="${id}"><button class="secondary" type="submit" aria-label="${text("account.withdraw")}: ${name}">${text("account.withdraw")}</button></form></li>`;
	});
	return html`<h2>${text("account.helpdesks")}</h2><ul class="plain">${items}</ul><p class="help">${text("account.withdraw-help")}</p>
`;
}

/** The address of the user and, where nobody has proven one, the way to do it. */
function addressItem(view: AccountView): Markup {
	const { locale, account, mayProve } = view;
	const address = account.email === null ? [] : [html`${account.email}`];
	const link = mayProve && !hasProvenAddress(account) ? [emailLink(view, account)] : [];
	const [first, second] = [...address, ...link];
	return first === undefined
		? html``
		: html`<dt>${locale.text("field.email")}</dt><dd>${first}${second === undefined ? "" : html`<br>${second}`}</dd>`;
}

/** Whether the add-on would refuse to disconnect an account, because the user could not log in without it. */
function isOnlyWayIn({ account, linked }: AccountView, { addOn }: LinkedByAddOn): boolean {
	return !account.hasOtherWayIn && linked.filter((each) => each.addOn === addOn).length === 1;
}

function linkedItem(
	{ addOn: { loaded }, identityId, label, linkedAt }: LinkedByAddOn,
	isOnly: boolean,
	{ account, locale: { tag, text, markup }, csrf, brand }: AccountView,
): Markup {
	const since = html`<time datetime="${new Date(linkedAt).toISOString()}">${readableDay(linkedAt, tag, brand)}</time>`;
	const disconnect = isOnly
		? html`<p class="help">${text("account.only-way-in")}${account.email === null ? "" : ` ${text("account.only-way-in-remedy")}`}</p>`
		: html`<form method="post" action="/account/disconnect">${csrfField(csrf)}<input type="hidden" name="add-on" value="${loaded.manifest.id}"><input type="hidden" name="identity" value="${identityId}"><button class="secondary" type="submit" aria-label="${text("account.disconnect")}: ${label}">${text("account.disconnect")}</button></form>`;
	return html`<li class="linked"><span class="login-button-icon">${raw(loaded.icon)}</span> <span><strong>${label}</strong><br><span class="soft">${markup("account.since", { date: since })}</span></span>
${disconnect}</li>`;
}

const DISCONNECT = "disconnect";

/**
 * The part of a form that disconnects linked accounts. Empty where nothing is linked.
 *
 * @param allGo whether all are disconnected in any case.
 */
export function disconnectFields(
	linked: readonly LinkedByAddOn[],
	{ text }: Locale,
	allGo: boolean,
): Markup {
	if (linked.length === 0) {
		return html``;
	}
	const boxes = linked.map(({ addOn, identityId, label }) => {
		const { id, name } = addOn.loaded.manifest;
		const sentence = text("reset.disconnect", { account: `${name} ${label}` });
		return html`<label class="toggle"><input type="checkbox" name="${DISCONNECT}" value="${`${id} ${identityId}`}">${sentence}</label>`;
	});
	return allGo
		? html`<p>${text("reset.all-linked-go")}</p>`
		: html`<fieldset><legend>${text("account.linked")}</legend><p class="help">${text("reset.linked")}</p>${boxes}</fieldset>`;
}

/** The accounts that a visitor ticked in {@link disconnectFields}. */
export function linksToDisconnect(form: readonly FormField[]): readonly NamedLink[] {
	return form.flatMap(([name, value]) => {
		const [addOnId = "", ...identity] = value.split(" ");
		return name === DISCONNECT ? [{ addOnId, identityId: identity.join(" ") }] : [];
	});
}

/** Asks for what the brand needs to know of a new user. @param phone as it was typed before a problem. */
export function completePage(
	{ locale: { text }, csrf }: PageView,
	returnPath: string,
	phone: string,
	problem: Markup,
): PortalContent {
	return cardPage(
		text("complete.title"),
		html`<p>${text("complete.text")}</p>${problem}<form method="post" action="/complete">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="phone">${text("field.phone")}</label><input id="phone" name="phone" type="tel" autocomplete="tel" value="${phone}" required><button type="submit">${text("complete.submit")}</button></form>`,
	);
}
