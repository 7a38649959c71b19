import type {
	AuthenticationResponseJSON,
	AuthenticatorTransport,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
	RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Clock } from "../../../contract/clock.ts";
import { readTexts } from "../../../storage/stored-value.ts";
import type { Device } from "../stored-session.ts";
import type { Asked, PasskeyChallenges } from "./passkey-challenges.ts";
import type { RelyingParty } from "./relying-party.ts";
import type { StoredPasskey } from "./stored-passkey.ts";

/** How long a browser waits for the person. Milliseconds. */
const TIMEOUT_MS = 5 * 60_000;
/** ES256 and RS256 (RFC 9053 and RFC 8812): what authenticators have, and what all supported versions of Node verify. */
const ALGORITHMS = [-7, -257];
/** The longest answer of a browser that is read, in UTF-16 units. The largest keys and ids need a tenth of it. */
const MAX_ANSWER = 50_000;
const MOST_TRANSPORTS = 10;

/**
 * Whether the authenticator has to check who uses it, by a PIN or a finger. It must where the passkey is the only proof:
 * then having the device is not enough.
 */
type Verification = "required" | "preferred";

/** What a passkey is made for. */
export interface NewPasskey extends Asked {
	readonly party: RelyingParty;
	/** Names the person to authenticators, and says nothing about them. At most 64 bytes. */
	readonly userHandle: Uint8Array<ArrayBuffer>;
	/** What the person is called in the list that a browser shows. */
	readonly userName: string;
	/** Those that the person has. */
	readonly passkeys: readonly StoredPasskey[];
	readonly verification: Verification;
}

/** What a passkey is asked for, and at which relying party. */
export interface Request extends Asked {
	readonly party: RelyingParty;
	readonly verification: Verification;
}

/** The answer of a browser to a request, not checked yet. */
export interface PasskeyAnswer {
	/** Of the passkey. */
	readonly id: string;
	/** What the passkey was made with, see {@link NewPasskey.userHandle}. Undefined where the authenticator keeps none. */
	readonly userHandle: Uint8Array | undefined;
	readonly response: AuthenticationResponseJSON;
}

/** Why an answer lets nobody in. `old`: the page was open for too long, or the answer came before. */
export type AnswerProblem = "old" | "wrong";

/** The ceremonies of WebAuthn Level 3, sections 7.1 and 7.2, without a word about whose passkeys they are. */
export class PasskeyCeremonies {
	constructor(
		private readonly challenges: PasskeyChallenges,
		private readonly clock: Clock,
	) {}

	/** What a browser needs to make a passkey. */
	async creationOptions({
		party,
		userHandle,
		userName,
		passkeys,
		verification,
		...asked
	}: NewPasskey): Promise<PublicKeyCredentialCreationOptionsJSON> {
		const { generateRegistrationOptions } = await import("@simplewebauthn/server");
		return generateRegistrationOptions({
			rpID: party.id,
			rpName: party.name,
			userID: userHandle,
			userName,
			userDisplayName: userName,
			challenge: this.challenges.make(asked),
			timeout: TIMEOUT_MS,
			attestationType: "none",
			// An authenticator makes no second one for the same person.
			excludeCredentials: described(passkeys),
			authenticatorSelection: {
				residentKey: verification === "required" ? "required" : "discouraged",
				userVerification: verification,
			},
			supportedAlgorithmIDs: ALGORITHMS,
		});
	}

	/**
	 * Checks what a browser has made. No statement of the authenticator about itself is looked at: nobody asked for one, and
	 * its certificates may name addresses to fetch lists from.
	 *
	 * @param text JSON from a form.
	 * @param device the browser, by which the person knows the passkey later.
	 */
	async created(
		text: string,
		{ party, verification, ...asked }: Request,
		{ browser, system }: Pick<Device, "browser" | "system">,
	): Promise<StoredPasskey | AnswerProblem> {
		const response = readJson<RegistrationResponseJSON>(text);
		const challenge = await this.challengeIn(response, asked);
		if (response === undefined || challenge === undefined) {
			return "old";
		}
		const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
		const checked = await orUndefined(async () =>
			verifyRegistrationResponse({
				response: await withoutStatement(response),
				expectedChallenge: challenge,
				expectedOrigin: party.origin,
				expectedRPID: party.id,
				requireUserVerification: verification === "required",
				supportedAlgorithmIDs: ALGORITHMS,
			}),
		);
		if (checked?.verified !== true) {
			return "wrong";
		}
		if (!(await this.challenges.spend(challenge))) {
			return "old";
		}
		const { id, publicKey, counter } = checked.registrationInfo.credential;
		const transports = readTexts(response.response.transports) ?? [];
		return {
			...{ id, publicKey: Buffer.from(publicKey).toString("base64url"), counter },
			transports: transports
				.filter((each) => /^[a-z-]{1,20}$/.test(each))
				.slice(0, MOST_TRANSPORTS),
			...{ rpId: party.id, browser, system, addedAt: this.clock.now(), usedAt: null },
		};
	}

	/**
	 * What a browser needs to use a passkey.
	 *
	 * @param passkeys those of the person. Left out: the person chooses among all that the browser has for the helpdesk.
	 */
	async requestOptions(
		{ party, verification, ...asked }: Request,
		passkeys: readonly StoredPasskey[] = [],
	): Promise<PublicKeyCredentialRequestOptionsJSON> {
		const { generateAuthenticationOptions } = await import("@simplewebauthn/server");
		return generateAuthenticationOptions({
			rpID: party.id,
			challenge: this.challenges.make(asked),
			timeout: TIMEOUT_MS,
			userVerification: verification,
			...(passkeys.length > 0 && { allowCredentials: described(passkeys) }),
		});
	}

	/** Reads the answer of a browser. @param text JSON from a form. @returns undefined for anything else. */
	readAnswer(text: string): PasskeyAnswer | undefined {
		const response = readJson<AuthenticationResponseJSON>(text);
		if (typeof response?.id !== "string") {
			return undefined;
		}
		const { userHandle } = response.response ?? {};
		return {
			...{ id: response.id, response },
			userHandle: typeof userHandle === "string" ? Buffer.from(userHandle, "base64url") : undefined,
		};
	}

	/**
	 * Checks an answer, and spends its challenge.
	 *
	 * @param passkey the one with the answer's id.
	 * @returns the passkey as it is to be stored from now on.
	 */
	async used(
		{ response }: PasskeyAnswer,
		{ party, verification, ...asked }: Request,
		passkey: StoredPasskey,
	): Promise<StoredPasskey | AnswerProblem> {
		const challenge = await this.challengeIn(response, asked);
		if (challenge === undefined) {
			return "old";
		}
		const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
		const { id, counter } = passkey;
		const publicKey = Uint8Array.from(Buffer.from(passkey.publicKey, "base64url"));
		const checked = await orUndefined(() =>
			verifyAuthenticationResponse({
				response,
				credential: { id, publicKey, counter },
				expectedChallenge: challenge,
				expectedOrigin: party.origin,
				expectedRPID: party.id,
				requireUserVerification: verification === "required",
			}),
		);
		// The library leaves it to its caller that the answer is of this passkey, and the passkey of this relying party.
		if (checked?.verified !== true || response.id !== id || passkey.rpId !== party.id) {
			return "wrong";
		}
		const { newCounter } = checked.authenticationInfo;
		return (await this.challenges.spend(challenge))
			? { ...passkey, counter: newCounter, usedAt: this.clock.now() }
			: "old";
	}

	/** The challenge that an answer is about. @returns undefined for one that was not made for this, or that is too old. */
	private async challengeIn(
		answer: { readonly response?: { readonly clientDataJSON?: unknown } } | undefined,
		asked: Asked,
	): Promise<string | undefined> {
		const text = answer?.response?.clientDataJSON;
		const data =
			typeof text === "string"
				? readJson<{ readonly challenge?: unknown; readonly crossOrigin?: unknown }>(
						Buffer.from(text, "base64url").toString(),
					)
				: undefined;
		const { challenge, crossOrigin } = data ?? {};
		// The helpdesk's pages are in no frame of another site.
		const isOwn = typeof challenge === "string" && crossOrigin !== true;
		return isOwn && this.challenges.isFor(challenge, asked) ? challenge : undefined;
	}
}

function described(passkeys: readonly StoredPasskey[]) {
	return passkeys.map(({ id, transports }) => ({
		id,
		// Browsers ignore words that they do not know.
		transports: [...transports] as AuthenticatorTransport[],
	}));
}

/** A registration as browsers send it to those who ask for no statement of the authenticator about itself. */
async function withoutStatement(
	registration: RegistrationResponseJSON,
): Promise<RegistrationResponseJSON> {
	const { isoBase64URL, isoCBOR } = await import("@simplewebauthn/server/helpers");
	const { response } = registration;
	const stated = isoCBOR.decodeFirst<Map<string, Uint8Array<ArrayBuffer>>>(
		isoBase64URL.toBuffer(response.attestationObject),
	);
	const bare = isoCBOR.encode(
		new Map<string, string | Uint8Array | Map<string, string>>([
			["fmt", "none"],
			["attStmt", new Map()],
			["authData", stated.get("authData") ?? new Uint8Array()],
		]),
	);
	return {
		...registration,
		response: { ...response, attestationObject: isoBase64URL.fromBuffer(bare) },
	};
}

/** An object from the text of a browser. Its fields are checked by those who read them. */
function readJson<Read extends object>(text: string): Read | undefined {
	try {
		const value: unknown = text.length > MAX_ANSWER ? undefined : JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Read) : undefined;
	} catch {
		return undefined;
	}
}

/** The library throws for whatever a browser sends that is not right. */
async function orUndefined<Checked>(check: () => Promise<Checked>): Promise<Checked | undefined> {
	try {
		return await check();
	} catch {
		return undefined;
	}
}
