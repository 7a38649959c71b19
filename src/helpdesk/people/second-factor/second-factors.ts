import type { Clock } from "../../../contract/clock.ts";
import type { Random } from "../../../contract/random.ts";
import type { Secret } from "../../../contract/secret.ts";
import type { HostStorage, StorageKey } from "../../../contract/storage.ts";
import { updateEntry } from "../../../contract/update-entry.ts";
import { orUnreadable, readEntry } from "../../../storage/stored-value.ts";
import type { Vault } from "../../settings/vault.ts";
import type { Operators } from "../operators.ts";
import type { StoredPasskey } from "../passkeys/stored-passkey.ts";
import type { StoredOperator } from "../stored-operator.ts";
import { type BrowserKind, countTry, HOUR_MS, type MustWait } from "./counted-try.ts";
import { OperatorRecords, recordIdOf } from "./operator-records.ts";
import { hashOfRecoveryCode, newRecoveryCodes } from "./recovery-codes.ts";
import { COUNTED_STEP, type StoredSecondFactor } from "./stored-second-factor.ts";
import { newTotpKey, stepOfCode } from "./totp.ts";

/** What came of a code. */
export type CodeCheck = { readonly kind: "right" | "wrong-code" } | MustWait;

/** What an operator has besides the password. */
export interface OwnFactor {
	readonly hasApp: boolean;
	readonly passkeys: readonly StoredPasskey[];
	readonly recoveryCodesLeft: number;
}

/** A second factor that is shown, and not confirmed. */
export interface NewKey {
	/** In base32. */
	readonly key: Secret;
	/** The key for the form that confirms it. Works for this operator in this session. */
	readonly sealed: string;
}

/** What an operator gets who has set up a second factor, or has new recovery codes. */
export interface Confirmed {
	/** Of the next sessions. All others have ended. */
	readonly sessionEpoch: number;
	/** Known here and never again. */
	readonly recoveryCodes: readonly string[];
}

interface SecondFactorParts {
	/** The namespace of operators. */
	readonly operators: HostStorage;
	/** A namespace whose entries expire. */
	readonly codes: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly vault: Vault;
}

/**
 * The second factors of operators: codes of an authenticator app (TOTP, RFC 6238), and recovery codes in their place. A code
 * counts once, whatever number of nodes it reaches at a time.
 */
export class SecondFactors {
	private readonly records: OperatorRecords;

	constructor(private readonly parts: SecondFactorParts) {
		this.records = new OperatorRecords(parts.operators);
	}

	/** @returns undefined for an operator without one. */
	async of(email: string): Promise<OwnFactor | undefined> {
		const factor = (await this.records.find(email))?.secondFactor;
		return factor
			? {
					...{ hasApp: factor.key !== null, passkeys: factor.passkeys },
					recoveryCodesLeft: factor.recoveryCodes.length,
				}
			: undefined;
	}

	/** Counts a try, and checks the code of an authenticator app. One that is right is used up. */
	async checkCode(email: string, typed: string, browser: BrowserKind): Promise<CodeCheck> {
		return this.counted(email, browser, async (id) => {
			const { key: sealed = null, confirmedStep = 0 } =
				(await this.records.find(email))?.secondFactor ?? {};
			if (sealed === null) {
				return false;
			}
			const key = this.parts.vault.open(sealed, placeOf(id));
			const step = stepOfCode(key, typed, this.parts.clock.now());
			return step !== undefined && this.useStep(id, confirmedStep, step);
		});
	}

	/** Counts a try, and checks a recovery code. One that is right is used up. */
	async checkRecoveryCode(email: string, typed: string, browser: BrowserKind): Promise<CodeCheck> {
		return this.counted(email, browser, async () => {
			const changed = await this.records.change(email, ({ secondFactor, ...operator }, id) => {
				const used = hashOfRecoveryCode(id, typed);
				return secondFactor?.recoveryCodes.includes(used)
					? {
							...operator,
							secondFactor: {
								...secondFactor,
								recoveryCodes: secondFactor.recoveryCodes.filter((each) => each !== used),
							},
						}
					: undefined;
			});
			return changed !== undefined;
		});
	}

	/** Makes a key to show. Nothing is stored before a code of it has come. */
	newKey(email: string, sessionId: string): NewKey {
		return this.shown(email, sessionId, newTotpKey(this.parts.random));
	}

	/** The key of a form once more, for an app that has it already. @returns undefined for a form of another session. */
	shownKey(email: string, sessionId: string, sealed: string): NewKey | undefined {
		const key = this.opened(email, sessionId, sealed);
		return key && this.shown(email, sessionId, key);
	}

	/**
	 * Makes a key the operator's second factor, in place of any other app and beside their passkeys, and ends their sessions.
	 * Where somebody is put out meanwhile, by a reset say, they leave no app behind.
	 *
	 * @param form `sessionEpoch`: that of the session.
	 * @returns undefined when the code is not one of the key's, or the form is of another session.
	 */
	async setUp(
		email: string,
		sessionId: string,
		{
			sealed,
			typed,
			sessionEpoch,
		}: { readonly sealed: string; readonly typed: string; readonly sessionEpoch: number },
	): Promise<Confirmed | undefined> {
		const key = this.opened(email, sessionId, sealed);
		const step = key && stepOfCode(key, typed, this.parts.clock.now());
		if (key === undefined || step === undefined) {
			return undefined;
		}
		const recoveryCodes = newRecoveryCodes(this.parts.random);
		const setUp = (operator: StoredOperator, id: string): StoredOperator => {
			const secondFactor: StoredSecondFactor = {
				key: this.parts.vault.seal(key, placeOf(id)),
				confirmedStep: step,
				recoveryCodes: recoveryCodes.map((code) => hashOfRecoveryCode(id, code)),
				passkeys: operator.secondFactor?.passkeys ?? [],
			};
			return { ...operator, secondFactor, sessionEpoch: operator.sessionEpoch + 1 };
		};
		const changed = await this.records.change(email, setUp, sessionEpoch);
		return changed && { sessionEpoch: changed.sessionEpoch, recoveryCodes };
	}

	/**
	 * Ends the operator's sessions.
	 *
	 * @param sessionEpoch that of the session that asks.
	 * @returns the epoch of the next ones; undefined where there is nothing to turn off, or the session is over.
	 */
	async turnOff(email: string, sessionEpoch: number): Promise<number | undefined> {
		const off = (operator: StoredOperator): StoredOperator | undefined =>
			operator.secondFactor === null
				? undefined
				: { ...operator, secondFactor: null, sessionEpoch: operator.sessionEpoch + 1 };
		return (await this.records.change(email, off, sessionEpoch))?.sessionEpoch;
	}

	/**
	 * Makes other recovery codes. Those from before no longer work.
	 *
	 * @param sessionEpoch that of the session that asks.
	 * @returns the new ones; undefined for an operator without a second factor, or a session that is over.
	 */
	async renewRecoveryCodes(
		email: string,
		sessionEpoch: number,
	): Promise<readonly string[] | undefined> {
		const codes = newRecoveryCodes(this.parts.random);
		const renewed = (
			{ secondFactor, ...operator }: StoredOperator,
			id: string,
		): StoredOperator | undefined => {
			const recoveryCodes = codes.map((code) => hashOfRecoveryCode(id, code));
			return secondFactor === null
				? undefined
				: { ...operator, secondFactor: { ...secondFactor, recoveryCodes } };
		};
		const changed = await this.records.change(email, renewed, sessionEpoch);
		return changed && codes;
	}

	/** Seals every key with the newest encryption key. What cannot be read or opened stays as it is. */
	async reseal(operators: Pick<Operators, "list">): Promise<void> {
		const { vault } = this.parts;
		for (const { email } of await operators.list()) {
			await orUnreadable(() =>
				this.records.change(email, ({ secondFactor, ...operator }, id) => {
					const sealed = secondFactor?.key ?? null;
					const key = sealed === null ? null : vault.resealed(sealed, placeOf(id));
					return key === sealed
						? undefined
						: { ...operator, secondFactor: secondFactor && { ...secondFactor, key } };
				}),
			);
		}
	}

	private async counted(
		email: string,
		browser: BrowserKind,
		check: (id: string) => Promise<boolean>,
	): Promise<CodeCheck> {
		const { codes: storage, clock } = this.parts;
		const id = await this.records.lastingIdOf(email);
		const wait = await countTry({ storage, clock }, id, browser);
		if (wait !== undefined) {
			return wait;
		}
		return { kind: (await check(id)) ? "right" : "wrong-code" };
	}

	/** @returns false when the step's code, or that of a later step, has counted before. */
	private useStep(id: string, confirmedStep: number, step: number): Promise<boolean> {
		const { codes, clock } = this.parts;
		// The step that confirmed an app names it: what counted before another app was set up says nothing about this one.
		const key: StorageKey = ["step", id, String(confirmedStep)];
		return updateEntry(codes, async () => {
			const entry = await codes.get(key);
			const last = entry === undefined ? confirmedStep : readEntry(entry, COUNTED_STEP);
			if (step <= last) {
				return { result: false };
			}
			// No clock of a node is so wrong that the code would count again afterwards.
			const set = { key, value: step, expiresAt: clock.now() + HOUR_MS };
			return {
				commit: { checks: [{ key, version: entry?.version ?? null }], sets: [set] },
				result: true,
			};
		});
	}

	private shown(email: string, sessionId: string, key: Secret): NewKey {
		return { key, sealed: this.parts.vault.seal(key, formPlaceOf(email, sessionId)) };
	}

	private opened(email: string, sessionId: string, sealed: string): Secret | undefined {
		try {
			return this.parts.vault.open(sealed, formPlaceOf(email, sessionId));
		} catch {
			return undefined;
		}
	}
}

function placeOf(operatorId: string): string {
	return `the second factor of operator ${operatorId}`;
}

function formPlaceOf(email: string, sessionId: string): string {
	return `a second factor of operator ${recordIdOf(email)} in session ${sessionId}`;
}
