import { createHmac } from "node:crypto";
import type {
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { Clock } from "../../../contract/clock.ts";
import type { Random } from "../../../contract/random.ts";
import type { HostStorage } from "../../../contract/storage.ts";
import type { AnswerProblem, PasskeyCeremonies, Request } from "../passkeys/passkey-ceremonies.ts";
import type { RelyingParty } from "../passkeys/relying-party.ts";
import {
	isLaterUse,
	MOST_PASSKEYS,
	type StoredPasskey,
	withPasskey,
} from "../passkeys/stored-passkey.ts";
import type { StoredOperator } from "../stored-operator.ts";
import type { Device } from "../stored-session.ts";
import { type BrowserKind, countTry, type MustWait } from "./counted-try.ts";
import { OperatorRecords } from "./operator-records.ts";
import { hashOfRecoveryCode, newRecoveryCodes } from "./recovery-codes.ts";
import type { StoredSecondFactor } from "./stored-second-factor.ts";

/** Where a passkey is asked for. */
export interface PasskeyPlace {
	readonly party: RelyingParty;
	/** What the form belongs to: the token of the browser at a log-in, the id of the session where one is added. */
	readonly browser: string;
}

/** Where a passkey is added. */
export interface AddingPlace extends PasskeyPlace {
	/** That of the session: an intruder who is put out meanwhile leaves no passkey behind. */
	readonly sessionEpoch: number;
}

/** What came of a passkey in a form. `old-passkey`: the page was open for too long, or its answer came before. */
export type PasskeyCheck = { readonly kind: "right" | "wrong-code" | "old-passkey" } | MustWait;

/** A passkey that was added. */
export interface AddedPasskey {
	/** Of the next sessions. All others have ended. */
	readonly sessionEpoch: number;
	/** Known here and never again. Undefined for an operator who had a second factor, and has recovery codes. */
	readonly recoveryCodes: readonly string[] | undefined;
}

/**
 * Why a passkey is not removed. `unknown`: there is none. `required`: the role needs a second factor, and none that works here
 * would be left. `last-here`: what would be left works at another address only, so that the operator could not log in.
 */
export type RemovalProblem = "unknown" | "required" | "last-here";

interface OperatorPasskeyParts {
	/** The namespace of operators. */
	readonly operators: HostStorage;
	/** A namespace whose entries expire. */
	readonly codes: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly ceremonies: PasskeyCeremonies;
	/** The first one names operators to authenticators. */
	readonly handleKeys: readonly Uint8Array[];
}

/** The passkeys of operators: each stands in for the code of the authenticator app, after the password. */
export class OperatorPasskeys {
	private readonly records: OperatorRecords;

	constructor(private readonly parts: OperatorPasskeyParts) {
		this.records = new OperatorRecords(parts.operators);
	}

	/** What a browser needs to make one. @returns undefined for an operator who has as many as there can be. */
	async creationOptions(
		email: string,
		{ party, browser }: PasskeyPlace,
	): Promise<PublicKeyCredentialCreationOptionsJSON | undefined> {
		const id = await this.records.lastingIdOf(email);
		const passkeys = await this.of(email);
		const [key = new Uint8Array()] = this.parts.handleKeys;
		return passkeys.length >= MOST_PASSKEYS
			? undefined
			: this.parts.ceremonies.creationOptions({
					...addingAt(id, { party, browser }),
					...{ passkeys, userName: email },
					userHandle: Uint8Array.from(createHmac("sha256", key).update(id).digest()),
				});
	}

	/**
	 * Adds what a browser has made, and ends the operator's sessions. Where those are ended meanwhile, by a reset say, nothing is
	 * added: somebody was put out, and must not leave a passkey behind.
	 *
	 * @param text the browser's answer.
	 */
	async add(
		email: string,
		{ sessionEpoch, ...at }: AddingPlace,
		text: string,
		device: Pick<Device, "browser" | "system">,
	): Promise<AddedPasskey | AnswerProblem | "too-many"> {
		const found = await this.records.find(email);
		if ((found?.secondFactor?.passkeys ?? []).length >= MOST_PASSKEYS) {
			return "too-many";
		}
		const id = await this.records.lastingIdOf(email);
		const made = await this.parts.ceremonies.created(text, addingAt(id, at), device);
		if (typeof made === "string") {
			return made;
		}
		const codes = newRecoveryCodes(this.parts.random);
		let isFirst = false;
		const added = (
			{ secondFactor, ...operator }: StoredOperator,
			lastingId: string,
		): StoredOperator | undefined => {
			isFirst = secondFactor === null;
			const hashes = codes.map((code) => hashOfRecoveryCode(lastingId, code));
			const before = secondFactor ?? withoutAnything(hashes);
			const isNew = !before.passkeys.some((each) => each.id === made.id);
			return isNew && before.passkeys.length < MOST_PASSKEYS && lastingId === id
				? renewed({ ...operator, secondFactor: before }, [...before.passkeys, made])
				: undefined;
		};
		const changed = await this.records.change(email, added, sessionEpoch);
		return changed === undefined
			? "wrong"
			: {
					sessionEpoch: changed.sessionEpoch,
					recoveryCodes: isFirst ? codes : undefined,
				};
	}

	/**
	 * Removes one, and ends the operator's sessions. The second factor goes with the last one where there is no app.
	 *
	 * @param rpId what passkeys must be made for to work here; undefined where none does.
	 * @param isRequired whether the operator's role needs a second factor.
	 * @param sessionEpoch that of the session that asks.
	 * @returns the epoch of the next sessions, or why nothing is removed.
	 */
	async remove(
		email: string,
		passkeyId: string,
		{
			rpId,
			isRequired,
			sessionEpoch,
		}: {
			readonly rpId: string | undefined;
			readonly isRequired: boolean;
			readonly sessionEpoch: number;
		},
	): Promise<number | RemovalProblem> {
		let problem: RemovalProblem = "unknown";
		const removed = (operator: StoredOperator): StoredOperator | undefined => {
			const { secondFactor: before } = operator;
			const gone = before?.passkeys.find(({ id }) => id === passkeyId);
			problem = "unknown";
			if (!before || gone === undefined) {
				return undefined;
			}
			const left = before.passkeys.filter((each) => each !== gone);
			const isLeftHere = before.key !== null || left.some((each) => each.rpId === rpId);
			if (!isLeftHere && isRequired) {
				problem = "required";
				return undefined;
			}
			if (!isLeftHere && left.length > 0 && gone.rpId === rpId) {
				problem = "last-here";
				return undefined;
			}
			return renewed(operator, left);
		};
		const changed = await this.records.change(email, removed, sessionEpoch);
		return changed?.sessionEpoch ?? problem;
	}

	/** What a browser needs to use one. @returns undefined for an operator who has none that works there. */
	async requestOptions(
		email: string,
		at: PasskeyPlace,
	): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
		const usable = (await this.of(email)).filter(({ rpId }) => rpId === at.party.id);
		const id = await this.records.lastingIdOf(email);
		return usable.length === 0
			? undefined
			: this.parts.ceremonies.requestOptions(usingAt(id, at), usable);
	}

	/** Counts a try, and checks what a browser has signed. It counts once. @param text the browser's answer. */
	async check(
		email: string,
		at: PasskeyPlace,
		text: string,
		browser: BrowserKind,
	): Promise<PasskeyCheck> {
		const { codes: storage, clock, ceremonies } = this.parts;
		const id = await this.records.lastingIdOf(email);
		const wait = await countTry({ storage, clock }, id, browser);
		if (wait !== undefined) {
			return wait;
		}
		const answer = ceremonies.readAnswer(text);
		const passkey = (await this.of(email)).find((each) => each.id === answer?.id);
		if (answer === undefined || passkey === undefined) {
			return { kind: "wrong-code" };
		}
		const used = await ceremonies.used(answer, usingAt(id, at), passkey);
		if (typeof used === "string") {
			return { kind: used === "old" ? "old-passkey" : "wrong-code" };
		}
		return { kind: (await this.store(email, id, used)) ? "right" : "wrong-code" };
	}

	/** @returns false where the passkey is gone by now, or was used with a later count. */
	private async store(email: string, id: string, used: StoredPasskey): Promise<boolean> {
		const changed = await this.records.change(email, ({ secondFactor, ...operator }, lastingId) => {
			const before = secondFactor?.passkeys.find((each) => each.id === used.id);
			if (!secondFactor || before === undefined || lastingId !== id) {
				return undefined;
			}
			const passkeys = withPasskey(secondFactor.passkeys, used);
			return isLaterUse(before, used)
				? { ...operator, secondFactor: { ...secondFactor, passkeys } }
				: undefined;
		});
		return changed !== undefined;
	}

	private async of(email: string): Promise<readonly StoredPasskey[]> {
		return (await this.records.find(email))?.secondFactor?.passkeys ?? [];
	}
}

/** The operator with these passkeys, and with all sessions ended. */
function renewed(operator: StoredOperator, passkeys: readonly StoredPasskey[]): StoredOperator {
	const { secondFactor, sessionEpoch } = operator;
	const isLeft = secondFactor !== null && (secondFactor.key !== null || passkeys.length > 0);
	return {
		...operator,
		secondFactor: isLeft ? { ...secondFactor, passkeys } : null,
		sessionEpoch: sessionEpoch + 1,
	};
}

function withoutAnything(recoveryCodes: readonly string[]): StoredSecondFactor {
	return { key: null, confirmedStep: 0, recoveryCodes, passkeys: [] };
}

function addingAt(operatorId: string, at: PasskeyPlace): Request {
	return { ...at, use: `operator passkey ${operatorId}`, verification: "preferred" };
}

function usingAt(operatorId: string, at: PasskeyPlace): Request {
	return { ...at, use: `operator log-in ${operatorId}`, verification: "preferred" };
}
