import type {
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { Clock } from "../../../contract/clock.ts";
import type { AccountRecords } from "../account-records.ts";
import type { Account, StoredAccount } from "../stored-account.ts";
import type { Device } from "../stored-session.ts";
import type { AnswerProblem, PasskeyCeremonies, Request } from "./passkey-ceremonies.ts";
import type { RelyingParty } from "./relying-party.ts";
import { isLaterUse, MOST_PASSKEYS, type StoredPasskey, withPasskey } from "./stored-passkey.ts";

/** A browser at a brand's portal. */
export interface AtPortal {
	readonly party: RelyingParty;
	/** The token that the browser has in its session cookie. */
	readonly browser: string;
}

/** How a log-in with a passkey ended. */
export type PasskeyLogIn =
	| { readonly kind: "in"; readonly account: Account }
	| { readonly kind: AnswerProblem | "suspended" | "awaiting-approval" };

/** `over`: the user was deleted, or all their sessions have ended meanwhile. */
export type PasskeyAdded = Account | AnswerProblem | "too-many" | "over";

/** `unknown`: the user has no such passkey. */
export type PasskeyRemoved = Account | "unknown" | "last-way-in" | "over";

/** An account id, as {@link handleOf} makes it. */
const USER_ID = /^[\w-]{1,64}$/;

/**
 * The passkeys of users: a way to log in beside all others, which asks nobody but the browser. They are stored with the
 * account, so that whatever ends the account ends them.
 */
export class UserPasskeys {
	constructor(
		private readonly records: Pick<AccountRecords, "find" | "change">,
		private readonly ceremonies: PasskeyCeremonies,
		private readonly clock: Clock,
	) {}

	/** What a browser needs to make a passkey for a user. */
	async optionsToAdd(
		at: AtPortal,
		{ id, name, email, passkeys }: Account,
	): Promise<PublicKeyCredentialCreationOptionsJSON> {
		const request = requestAt(at, `add to user ${id}`);
		const about = { userHandle: handleOf(id), userName: email ?? name, passkeys };
		return this.ceremonies.creationOptions({ ...request, ...about });
	}

	/** @param text the answer of the browser, JSON. @param user as the request found them. */
	async add(
		at: AtPortal,
		{ id: userId, sessionEpoch }: Pick<Account, "id" | "sessionEpoch">,
		text: string,
		device: Pick<Device, "browser" | "system">,
	): Promise<PasskeyAdded> {
		const request = requestAt(at, `add to user ${userId}`);
		const passkey = await this.ceremonies.created(text, request, device);
		if (typeof passkey === "string") {
			return passkey;
		}
		let problem: "over" | "too-many" | "wrong" = "over";
		const account = await this.records.change(userId, (stored) => {
			const { passkeys = [] } = stored;
			const isKnown = passkeys.some(({ id }) => id === passkey.id);
			const isFull = passkeys.length >= MOST_PASSKEYS;
			problem = isKnown ? "wrong" : isFull ? "too-many" : "over";
			return isKnown || isFull || stored.sessionEpoch !== sessionEpoch
				? undefined
				: { ...stored, passkeys: [...passkeys, passkey] };
		});
		return account ?? problem;
	}

	/** What a browser needs to log somebody in who has a passkey for the brand. */
	async optionsToLogIn(
		at: AtPortal,
		brandId: string,
	): Promise<PublicKeyCredentialRequestOptionsJSON> {
		return this.ceremonies.requestOptions(requestAt(at, `log in at ${brandId}`));
	}

	/**
	 * Finds the user whose passkey has answered. Nothing can be guessed here, so that tries are not counted.
	 *
	 * @param text the answer of the browser, JSON.
	 */
	async logIn(at: AtPortal, brandId: string, text: string): Promise<PasskeyLogIn> {
		const handle = this.ceremonies.readAnswer(text)?.userHandle;
		const userId = handle === undefined ? "" : Buffer.from(handle).toString();
		const account = USER_ID.test(userId) ? await this.records.find(userId) : undefined;
		if (account?.brandId !== brandId) {
			return { kind: "wrong" };
		}
		return this.use(requestAt(at, `log in at ${brandId}`), account, text);
	}

	/** What a browser needs to use a passkey of a user who is logged in. Undefined where they have none for the address. */
	async optionsToProve(
		at: AtPortal,
		{ id, passkeys }: Account,
	): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
		const usable = passkeys.filter(({ rpId }) => rpId === at.party.id);
		return usable.length === 0
			? undefined
			: this.ceremonies.requestOptions(requestAt(at, `prove user ${id}`), usable);
	}

	/** Whether the answer of the browser is of a passkey of the user who is logged in. */
	async prove(at: AtPortal, user: Account, text: string): Promise<PasskeyLogIn> {
		return this.use(requestAt(at, `prove user ${user.id}`), user, text);
	}

	/**
	 * Removes a passkey, and logs out everybody who may have used it: all sessions of the user end.
	 *
	 * @param user as the request found them.
	 * @param isLinked whether an account at a provider lets the user in as well.
	 */
	async remove(
		{ id: userId, sessionEpoch }: Pick<Account, "id" | "sessionEpoch">,
		passkeyId: string,
		isLinked: boolean,
	): Promise<PasskeyRemoved> {
		let problem: "unknown" | "last-way-in" | "over" = "over";
		const account = await this.records.change(userId, (stored) => {
			const { passkeys: before = [], password, wayInEndedAt = 0 } = stored;
			const passkeys = before.filter(({ id }) => id !== passkeyId);
			if (stored.sessionEpoch !== sessionEpoch) {
				problem = "over";
				return undefined;
			}
			if (passkeys.length === before.length) {
				problem = "unknown";
				return undefined;
			}
			if (passkeys.length === 0 && password === null && !isLinked) {
				problem = "last-way-in";
				return undefined;
			}
			return {
				...{ ...stored, passkeys, sessionEpoch: sessionEpoch + 1 },
				wayInEndedAt: Math.max(wayInEndedAt, this.clock.now()),
			};
		});
		return account ?? problem;
	}

	/** Checks an answer, and notes that the passkey was used, unless it was removed meanwhile. */
	private async use(
		request: Request,
		{ id, passkeys }: Account,
		text: string,
	): Promise<PasskeyLogIn> {
		const answer = this.ceremonies.readAnswer(text);
		const passkey = passkeys.find((each) => each.id === answer?.id);
		if (answer === undefined || passkey === undefined) {
			return { kind: "wrong" };
		}
		const used = await this.ceremonies.used(answer, request, passkey);
		if (typeof used === "string") {
			return { kind: used };
		}
		const account = await this.records.change(id, (stored) => withUsed(stored, passkey, used));
		if (account === undefined) {
			return { kind: "wrong" };
		}
		const { status } = account;
		return status === "suspended" || status === "awaiting-approval"
			? { kind: status }
			: { kind: "in", account };
	}
}

function requestAt({ party, browser }: AtPortal, use: string): Request {
	// The passkey is the only proof.
	return { party, browser, use, verification: "required" };
}

/** What authenticators know a user by. It is random, as ids are. */
function handleOf(userId: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(Buffer.from(userId));
}

/** The account after a use; undefined where the passkey was removed meanwhile, or used with a later count. */
function withUsed(
	stored: StoredAccount,
	before: StoredPasskey,
	used: StoredPasskey,
): StoredAccount | undefined {
	const { passkeys = [] } = stored;
	const now = passkeys.find(
		({ id, publicKey }) => id === before.id && publicKey === before.publicKey,
	);
	return now !== undefined && isLaterUse(now, used)
		? { ...stored, passkeys: withPasskey(passkeys, used) }
		: undefined;
}
