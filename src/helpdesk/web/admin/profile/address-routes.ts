import type { Brand } from "../../../../contract/brands.ts";
import type { MailMessage } from "../../../../contract/mail.ts";
import type { NewDeed } from "../../../audit/audit-entry.ts";
import { localeFor } from "../../../locale/locale.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { ReachedLimit } from "../../../people/address-proof-limits.ts";
import { FIRST_OPERATOR } from "../../../people/operator-roster.ts";
import { askToWait } from "../../ask-to-wait.ts";
import type { RefusalNotes } from "../../refusal-notes.ts";
import { goOn } from "../../signing-in.ts";
import { field, typedAddress } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { doneQuery } from "../done-message.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { LETTERS_FIELD } from "./address-card.ts";
import { changedLetter, codeLetter } from "./address-letters.ts";
import { operatorAt, type ProfileViewParts, refuseOnProfile } from "./profile-view.ts";

export interface AddressRouteParts extends ProfileViewParts {
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly refusals: RefusalNotes;
}

/** Operators change the address that they log in with. */
export function addressRoutes(app: OperatorApp, parts: AddressRouteParts): void {
	const whereLettersGo =
		(answer: (c: AdminContext, parts: AddressRouteParts) => Promise<Response>) =>
		async (c: AdminContext): Promise<Response> => {
			const sentence = c.var.visit.locale.text("profile.address.refused-no-mail-server");
			return (await parts.hasMailServer())
				? answer(c, parts)
				: refuseOnProfile(c, parts, sentence, 403);
		};
	app.post(ADMIN_PATHS.newAddress, whereLettersGo(askForCode));
	app.post(ADMIN_PATHS.newAddressCode, whereLettersGo(enterCode));
}

async function askForCode(c: AdminContext, parts: AddressRouteParts): Promise<Response> {
	const { form, locale } = c.var.visit;
	const { operatorAddresses, outbox } = parts;
	// Asked before a code is made, because the answer promises a letter.
	await outbox.expectRoom(0);
	const letters = Number(field(form, LETTERS_FIELD) ?? Number.NaN);
	const email = typedAddress(form);
	const asked = await operatorAddresses.ask(operatorAt(c, parts), email, letters);
	switch (asked.kind) {
		case "code":
			await outbox.send(codeLetter(brandIn(parts), asked.email, asked.code, c.var.visit.locale));
			return c.redirect(`${ADMIN_PATHS.profile}#address`, 303);
		case "sent":
			return c.redirect(`${ADMIN_PATHS.profile}#address`, 303);
		case "limit":
			return refuseByLimit(c, parts, asked.limit);
		case "invalid":
		case "own":
		case "fixed":
			return refuseOnProfile(
				c,
				parts,
				locale.text(`profile.address.${asked.kind}`),
				400,
				"new-address",
			);
	}
}

async function enterCode(c: AdminContext, parts: AddressRouteParts): Promise<Response> {
	const { operatorAddresses, place, audit, networkOf } = parts;
	const { form, locale } = c.var.visit;
	const operator = operatorAt(c, parts);
	const guess = await operatorAddresses.enter(operator, field(form, "code") ?? "");
	if (guess.kind !== "right") {
		await noteFailure(c, parts, `code-${guess.kind}`);
	}
	if (guess.kind === "limit") {
		return refuseByLimit(c, parts, guess.limit);
	}
	if (guess.kind !== "right") {
		const sentence = locale.text(`profile.address.${guess.kind}`);
		return refuseOnProfile(c, parts, sentence, 400, "address-code");
	}
	const { email } = guess;
	const deed: NewDeed = {
		name: "operator.change-address",
		actor: { kind: "operator", id: operatorOf(c) },
		object: { kind: "operator", id: email },
		network: networkOf(c),
	};
	// Nobody reads the address that the helpdesk made up.
	const letter =
		operator.email === FIRST_OPERATOR ? undefined : await warning(parts, operator.email, email);
	const changed = await audit.trail.during(deed, () =>
		operatorAddresses.change(operator, email, letter),
	);
	if (changed === "taken") {
		await noteFailure(c, parts, changed);
		return refuseOnProfile(c, parts, locale.text("profile.address.taken"), 409, "address-code");
	}
	const isIn =
		changed !== "over" && (await goOn(c, place, { id: email, email, ...changed }, operator.email));
	return c.redirect(
		isIn ? `${ADMIN_PATHS.profile}?${doneQuery("address")}` : ADMIN_PATHS.logIn,
		303,
	);
}

/**
 * In the language of the brand, and in the one in which its reader logged in last: who has stolen a password may have logged in
 * with a language that the owner cannot read.
 */
async function warning(parts: AddressRouteParts, from: string, to: string): Promise<MailMessage> {
	const brand = brandIn(parts);
	const own = localeFor(undefined, brand.locale);
	const last = localeFor(await parts.operators.localeOf(from), brand.locale);
	const locales = last.language === own.language ? ([own] as const) : ([last, own] as const);
	return changedLetter(brand, from, to, locales);
}

function noteFailure(
	c: AdminContext,
	{ refusals }: AddressRouteParts,
	reason: string,
): Promise<void> {
	return refusals.note(c, "operator.address-code-failed", reason);
}

function refuseByLimit(
	c: AdminContext,
	parts: AddressRouteParts,
	{ what, waitMs }: ReachedLimit,
): Promise<Response> {
	askToWait(c, Math.ceil(waitMs / 1000));
	const minutes = Math.max(2, Math.ceil(waitMs / 60_000));
	const why = what === "letters" ? "sent" : "tried";
	const sentence = c.var.visit.locale.text(`profile.address.too-many-${why}`, { minutes });
	return refuseOnProfile(c, parts, sentence, 429);
}

function brandIn({ place, brands }: AddressRouteParts): Brand {
	const brand = brands.find(({ id }) => id === place.brandId);
	if (brand === undefined) {
		throw new Error(`There is no brand ${place.brandId}, at which the administration is.`);
	}
	return brand;
}
