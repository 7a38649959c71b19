import { expect } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import type { CodeAsked, Visitor } from "../../../src/helpdesk/people/address-proofs.ts";
import { PendingProofs } from "../../../src/helpdesk/people/pending-proofs.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { keptLetters } from "./kept-letters.ts";
import { type OpenCore, openCore } from "./open-core.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const NETWORK = "203.0.113.1";
export const EMAIL = "ada@example.com";
export const WRONG = "000000000000";

/** A user without an address, as an add-on makes them. */
export async function addNameless({ accounts }: OpenCore, key: string): Promise<string> {
	const about = {
		brandId: "acorn",
		name: key,
		email: null,
		emailProof: "none",
		locale: "en",
	} as const;
	const creation = await accounts.create(key, about);
	return creation.kind === "created" ? creation.user.id : expect.fail("no account");
}

export async function visitorOf(
	{ accounts }: OpenCore,
	userId: string,
	browserToken = `browser of ${userId}`,
	network = NETWORK,
): Promise<Visitor> {
	const account = (await accounts.find(userId)) ?? expect.fail("no account");
	return { account, browserToken, network };
}

/** Asks for a code, and waits for the letter. */
export async function ask(
	{ addressProofs, clock }: OpenCore,
	visitor: Visitor,
	email = EMAIL,
	letters = 99,
): Promise<CodeAsked["kind"]> {
	// So that the newest letter is the first in the mailbox.
	clock.advance(1);
	const asked = await addressProofs.ask(visitor, { email, locale: "en", letters });
	await (asked.kind === "asked" && asked.write());
	return asked.kind;
}

/** The letters to an address, the newest first: their subject and text. */
export async function lettersTo({ outbox }: OpenCore, email: string): Promise<string[]> {
	const kept = await keptLetters(outbox);
	return kept.filter(({ to }) => to === email).map(({ subject, text }) => `${subject}\n${text}`);
}

export async function codeTo(core: OpenCore, email = EMAIL): Promise<string> {
	const [, code] =
		/code is (\d{4} \d{4} \d{4})\./.exec((await lettersTo(core, email)).join()) ?? [];
	return code ?? expect.fail(`no code for ${email}`);
}

export async function openWithVisitor() {
	const core = await openCore();
	const userId = await addNameless(core, "no address");
	return { core, userId, visitor: await visitorOf(core, userId) };
}

export function pendingFor({ storage, clock }: OpenCore, { account, browserToken }: Visitor) {
	const place = namespaced(storage, NAMESPACES.addressProofs);
	const { id: userId, sessionEpoch } = account;
	const prover = { userId, sessionEpoch, browserToken };
	return { pending: new PendingProofs(place, clock, cryptoRandom), prover };
}
