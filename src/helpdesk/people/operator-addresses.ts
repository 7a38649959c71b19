import { canonicalEmail } from "../../contract/email-address.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { merged } from "../../storage/merged-commit.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { placed } from "../../storage/ordered-storage.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { addressKey } from "../mail/email-key.ts";
import type { Outbox } from "../mail/outbox.ts";
import { NAMESPACES } from "../namespaces.ts";
import type { AddressCodes, Asker, NewCode, SentCode } from "./address-codes.ts";
import { invitationKey } from "./operator-invitations.ts";
import { findRoster, ROSTER_KEY, rosterSet } from "./operator-roster.ts";
import type { Operators } from "./operators.ts";
import { lastingIdOf, newSessionEpoch, OPERATOR, type StoredOperator } from "./stored-operator.ts";

interface OperatorAddressParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly random: Random;
	readonly operators: Pick<Operators, "lastingIdOf">;
	readonly codes: AddressCodes;
	readonly outbox: Pick<Outbox, "letterSets" | "expectRoom">;
}

/** An operator who is logged in at a browser, as a request found them. */
export interface OperatorAtBrowser {
	readonly email: string;
	/** That of the session. */
	readonly sessionEpoch: number;
	/** The token that the browser has in its session cookie. */
	readonly browserToken: string;
	/** See `clientNetwork`. */
	readonly network: string;
}

/** `invalid`: the text is not an address. `own`: it is the operator's already. For the others see {@link NewCode}. */
export type NewAddressAsked = NewCode | { readonly kind: "invalid" | "own" };

/** Where an operator is after a change. `over`: they were removed, or all their sessions have ended meanwhile. */
export type AddressChanged = { readonly sessionEpoch: number } | "taken" | "over";

/**
 * Operators change the address that they log in with, by a code in a letter to the new one. Only its reader learns whether
 * somebody else operates the helpdesk with it: that is looked up once the code is right.
 */
export class OperatorAddresses {
	constructor(private readonly parts: OperatorAddressParts) {}

	/** The code that this operator asked for in this browser. */
	async sentTo(operator: OperatorAtBrowser): Promise<SentCode | undefined> {
		return this.parts.codes.sentTo(await this.askerOf(operator));
	}

	/** @param letters see `AddressCodes.ask`. */
	async ask(operator: OperatorAtBrowser, typed: string, letters: number): Promise<NewAddressAsked> {
		const email = canonicalEmail(typed);
		if (email === undefined || email === operator.email) {
			return { kind: email === undefined ? "invalid" : "own" };
		}
		return this.parts.codes.ask(await this.askerOf(operator), email, letters);
	}

	/** Takes a code. If it is right, {@link change} may follow. Twice at once, it changes the address once. */
	async enter(operator: OperatorAtBrowser, typed: string): ReturnType<AddressCodes["enter"]> {
		return this.parts.codes.enter(await this.askerOf(operator), typed);
	}

	/**
	 * Gives an operator the address that they have proven, and ends all their sessions. Role, password, second factor and
	 * recovery codes stay, and so do invitations that they have sent.
	 *
	 * @param letter to the address from before. It is stored with the change, so that none goes without the other.
	 * @throws StorageError also when too many letters wait for the mail server.
	 */
	async change(
		{ email, sessionEpoch }: Pick<OperatorAtBrowser, "email" | "sessionEpoch">,
		to: string,
		letter: MailMessage | undefined,
	): Promise<AddressChanged> {
		const { storage, random, outbox } = this.parts;
		const place = namespaced(storage, NAMESPACES.operators);
		const invitations = namespaced(storage, NAMESPACES.operatorInvitations);
		const [from, id] = [addressKey(email), addressKey(to)];
		const room = letter && (await outbox.expectRoom());
		return updateEntry<AddressChanged>(storage, async () => {
			const { operators, version } = await findRoster(place);
			const { [from]: listed, ...others } = operators;
			const entry = await place.get([from]);
			const before = entry && readEntry(entry, OPERATOR);
			if (!(entry && before && listed) || before.sessionEpoch !== sessionEpoch) {
				return { result: "over" };
			}
			if (Object.hasOwn(others, id) || (await invitations.get(invitationKey(to)))) {
				return { result: "taken" };
			}
			const value = movedOperator(from, before, random);
			const roster = rosterSet({ ...others, [id]: { ...listed, email: to } });
			const moved = {
				checks: [
					{ key: ROSTER_KEY, version },
					{ key: [from], version: entry.version },
				],
				sets: [roster, { key: [id], value }],
				deletes: [[from]],
			};
			const commit = merged(placed(NAMESPACES.operators, moved), uninvited(to), {
				sets: letter && room ? outbox.letterSets(letter, null, room) : [],
			});
			return { commit, result: { sessionEpoch: value.sessionEpoch } };
		});
	}

	private async askerOf({ email, ...browser }: OperatorAtBrowser): Promise<Asker> {
		// Counted by what stays, so that another address is no way around the limits.
		const userId = (await this.parts.operators.lastingIdOf(email)) ?? "";
		return { ...browser, userId };
	}
}

function movedOperator(id: string, before: StoredOperator, random: Random): StoredOperator {
	return {
		...before,
		// That of no session: an operator who had the address before may have left some.
		sessionEpoch: newSessionEpoch(random),
		lastingId: lastingIdOf(id, before),
	};
}

/** An invitation that comes at the same time finds the address taken, or is found here. */
function uninvited(email: string): StorageCommit {
	const checks = [{ key: invitationKey(email), version: null }];
	return placed(NAMESPACES.operatorInvitations, { checks });
}
