import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { linkedAccountsOf } from "../../add-ons/linked-accounts.ts";
import type { TextKey } from "../../locale/locale.ts";
import type { PasskeyLetters } from "../../people/passkeys/passkey-letters.ts";
import { relyingPartyOf } from "../../people/passkeys/relying-party.ts";
import type { AtPortal, PasskeyLogIn, UserPasskeys } from "../../people/passkeys/user-passkeys.ts";
import type { Account } from "../../people/stored-account.ts";
import type { Markup } from "../layout.ts";
import { PASSKEY_FIELD } from "../passkey-button.ts";
import { goOn, signIn } from "../signing-in.ts";
import { deviceOf, field, type Place } from "../visit.ts";
import type { AuditedPasswordParts } from "./audited-passwords.ts";
import { type PasskeysView, passkeyForm, REMOVED_FIELD } from "./passkey-pages.ts";
import { type PortalContext, toLogin, visitorNetwork } from "./portal-visit.ts";

export interface PasskeyParts {
	readonly brand: Brand;
	readonly userPasskeys: UserPasskeys;
}

export interface OwnPasskeyParts extends PasskeyParts {
	readonly place: Place;
	readonly addOns: AddOns;
	readonly passkeyLetters: PasskeyLetters;
}

type Refuse = (sentence: TextKey, status: number) => Promise<Response>;

/** The form of the log-in page. Undefined where browsers make no passkeys. */
export async function logInForm(
	c: PortalContext,
	parts: PasskeyParts,
	returnPath: string,
): Promise<Markup | undefined> {
	const at = placeOf(c, parts);
	const { brand, userPasskeys } = parts;
	return (
		at &&
		passkeyForm(
			c.var.visit,
			{ action: "/login/passkey", returnPath, label: "login.passkey" },
			await userPasskeys.optionsToLogIn(at, brand.id),
		)
	);
}

/** The form of the page that asks a user to prove who they are. Undefined where they have no passkey for this address. */
export async function proveForm(
	c: PortalContext,
	parts: PasskeyParts,
	account: Account,
	returnPath: string,
): Promise<Markup | undefined> {
	const at = placeOf(c, parts);
	const options = at && (await parts.userPasskeys.optionsToProve(at, account));
	const form = { action: "/login/confirm", returnPath, label: "confirm.passkey" } as const;
	const { text } = c.var.visit.locale;
	return (
		options &&
		html`<p>${text("confirm.passkey-text")}</p>${passkeyForm(c.var.visit, form, options)}`
	);
}

/** What the account page shows. Undefined where browsers make no passkeys. */
export async function passkeysOf(
	c: PortalContext,
	parts: PasskeyParts,
	account: Account,
	isProven: boolean,
): Promise<PasskeysView | undefined> {
	const at = placeOf(c, parts);
	const options = at && isProven ? await parts.userPasskeys.optionsToAdd(at, account) : undefined;
	return at && { party: at.party, passkeys: account.passkeys, options };
}

/** Logs the user in whose passkey has answered. @param refuse shows the log-in page with a sentence. */
export async function logInByPasskey(
	c: PortalContext,
	parts: PasskeyParts & AuditedPasswordParts,
	refuse: Refuse,
): Promise<Account | Response> {
	const at = placeOf(c, parts);
	const { userPasskeys, brand } = parts;
	return at === undefined
		? refuse("passkey.wrong", 400)
		: signedIn(c, parts, await userPasskeys.logIn(at, brand.id, answerIn(c)), refuse);
}

/** Takes the passkey of a user who is logged in as a new proof of who they are. */
export async function proveByPasskey(
	c: PortalContext,
	parts: PasskeyParts & AuditedPasswordParts,
	account: Account,
	refuse: Refuse,
): Promise<Account | Response> {
	const at = placeOf(c, parts);
	return at === undefined
		? refuse("passkey.wrong", 400)
		: signedIn(c, parts, await parts.userPasskeys.prove(at, account, answerIn(c)), refuse);
}

/** Whether a form was sent by a passkey. */
export function isByPasskey(c: PortalContext): boolean {
	return answerIn(c) !== "";
}

/** @param refuse shows the account page with a sentence. */
export async function addPasskey(
	c: PortalContext,
	parts: OwnPasskeyParts,
	account: Account,
	refuse: Refuse,
): Promise<Response> {
	const at = placeOf(c, parts);
	if (at === undefined) {
		return refuse("passkey.not-made", 400);
	}
	await parts.passkeyLetters.expectRoom(account);
	const device = deviceOf(c, parts.place);
	const added = await parts.userPasskeys.add(at, account, answerIn(c), device);
	switch (added) {
		case "over":
			return toLogin(c);
		case "old":
			return refuse("passkey.old", 400);
		case "wrong":
			return refuse("passkey.not-made", 400);
		case "too-many":
			return refuse("passkey.too-many", 409);
		default:
			await parts.passkeyLetters.writeAdded(added);
			return c.redirect("/account?done=passkey-added", 303);
	}
}

/** @param refuse shows the account page with a sentence. */
export async function removePasskey(
	c: PortalContext,
	{ userPasskeys, addOns, place }: OwnPasskeyParts,
	account: Account,
	refuse: Refuse,
): Promise<Response> {
	const passkeyId = field(c.var.visit.form, REMOVED_FIELD) ?? "";
	const isLinked = (await linkedAccountsOf(await addOns.all(), account.id)).length > 0;
	const removed = await userPasskeys.remove(account, passkeyId, isLinked);
	switch (removed) {
		case "over":
			return toLogin(c);
		case "unknown":
			return c.redirect("/account", 303);
		case "last-way-in":
			return refuse("passkey.last-way-in", 409);
		default:
			return (await goOn(c, place, removed))
				? c.redirect("/account?done=passkey-removed", 303)
				: toLogin(c);
	}
}

async function signedIn(
	c: PortalContext,
	{ audit, place, refusals, trustedProxies }: AuditedPasswordParts,
	end: PasskeyLogIn,
	refuse: Refuse,
): Promise<Account | Response> {
	if (end.kind !== "in") {
		const isOfAccount = end.kind === "suspended" || end.kind === "awaiting-approval";
		await refusals.note(c, "user.log-in-failed", isOfAccount ? end.kind : `passkey-${end.kind}`);
		return refuse(isOfAccount ? `login.${end.kind}` : `passkey.${end.kind}`, 400);
	}
	const { account } = end;
	const actor = { kind: "user", id: account.id } as const;
	const network = visitorNetwork(c, trustedProxies);
	await audit.trail.during({ name: "user.log-in-by-passkey", actor, network }, () =>
		signIn(c, place, account),
	);
	return account;
}

/** Where a visit is, for passkeys. Undefined where browsers make none. */
function placeOf(c: PortalContext, { brand }: Pick<PasskeyParts, "brand">): AtPortal | undefined {
	const party = relyingPartyOf(brand.baseUrl, brand.name);
	return party && { party, browser: c.var.visit.token };
}

function answerIn(c: PortalContext): string {
	return field(c.var.visit.form, PASSKEY_FIELD) ?? "";
}
