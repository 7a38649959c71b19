import {
	createHash,
	createSign,
	generateKeyPairSync,
	type KeyObject,
	randomBytes,
} from "node:crypto";
import type {
	AuthenticationResponseJSON,
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
	RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { parseFragment } from "parse5";
import type { HttpVisitor, Seen } from "./http-visitor.ts";

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

interface HeldPasskey {
	readonly id: Buffer;
	readonly rpId: string;
	readonly userHandle: string;
	readonly key: KeyObject;
	counter: number;
}

/** What a test changes of an honest authenticator and browser. */
export interface Dishonesty {
	readonly origin?: string;
	readonly rpId?: string;
	readonly crossOrigin?: boolean;
	/** Whether a PIN or a finger was checked. */
	readonly isVerified?: boolean;
	readonly isPresent?: boolean;
	readonly fmt?: string;
	readonly attStmt?: Map<string, unknown>;
	readonly type?: string;
	readonly counter?: number;
	/** Of the new passkey. */
	readonly id?: Buffer;
	readonly userHandle?: string;
}

/** An authenticator with a browser around it, for tests without either. */
export class SoftAuthenticator {
	private readonly held: HeldPasskey[] = [];

	/** @param counts whether it counts how often a passkey was used. Those that keep passkeys in a cloud do not. */
	constructor(
		private readonly origin: string,
		private readonly counts = true,
	) {}

	/** @returns JSON, as a page sends it. */
	create(
		{ rp, user, challenge }: PublicKeyCredentialCreationOptionsJSON,
		lie: Dishonesty = {},
	): string {
		const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		const { x = "", y = "" } = publicKey.export({ format: "jwk" });
		const passkey = {
			...{ id: lie.id ?? randomBytes(32), key: privateKey, userHandle: user.id, counter: 0 },
			rpId: rp.id ?? new URL(this.origin).hostname,
		};
		this.held.push(passkey);
		const coseKey = isoCBOR.encode(
			new Map<number, number | Uint8Array>([
				[1, 2],
				[3, -7],
				[-1, 1],
				[-2, bytesOf(x)],
				[-3, bytesOf(y)],
			]),
		);
		const length = Buffer.alloc(2);
		length.writeUInt16BE(passkey.id.length);
		const credential = [Buffer.alloc(16), length, passkey.id, Buffer.from(coseKey)];
		const authData = Buffer.concat([this.authData(passkey, HAS_CREDENTIAL, lie), ...credential]);
		const attestation = isoCBOR.encode(
			new Map<string, never>([
				["fmt", (lie.fmt ?? "none") as never],
				["attStmt", (lie.attStmt ?? new Map()) as never],
				["authData", Uint8Array.from(authData) as never],
			]),
		);
		const answer: RegistrationResponseJSON = {
			...named(passkey),
			response: {
				clientDataJSON: this.clientData("webauthn.create", challenge, lie),
				attestationObject: Buffer.from(attestation).toString("base64url"),
				transports: ["internal"],
			},
		};
		return JSON.stringify(answer);
	}

	/** @returns JSON, as a page sends it. @throws Error where it has no passkey for the options. */
	get(
		{ rpId, challenge, allowCredentials = [] }: PublicKeyCredentialRequestOptionsJSON,
		lie: Dishonesty = {},
	): string {
		const allowed = allowCredentials.map(({ id }) => id);
		const passkey = this.held.find(
			({ id, rpId: own }) =>
				own === rpId && (allowed.length === 0 || allowed.includes(id.toString("base64url"))),
		);
		if (passkey === undefined) {
			throw new Error("this authenticator has no such passkey");
		}
		passkey.counter += this.counts ? 1 : 0;
		const authData = this.authData(passkey, 0, lie);
		const clientDataJSON = this.clientData("webauthn.get", challenge, lie);
		const digest = createHash("sha256").update(Buffer.from(clientDataJSON, "base64url")).digest();
		const signature = createSign("sha256")
			.update(Buffer.concat([authData, digest]))
			.sign(passkey.key);
		const answer: AuthenticationResponseJSON = {
			...named(passkey),
			response: {
				...{ clientDataJSON, userHandle: lie.userHandle ?? passkey.userHandle },
				authenticatorData: authData.toString("base64url"),
				signature: signature.toString("base64url"),
			},
		};
		return JSON.stringify(answer);
	}

	private authData(
		{ rpId, counter }: HeldPasskey,
		more: number,
		{ isVerified = true, isPresent = true, ...lie }: Dishonesty,
	): Buffer {
		const flags = (isPresent ? USER_PRESENT : 0) | (isVerified ? USER_VERIFIED : 0) | more;
		const rest = Buffer.alloc(5);
		rest.writeUInt8(flags);
		rest.writeUInt32BE(lie.counter ?? counter, 1);
		const rpIdHash = createHash("sha256")
			.update(lie.rpId ?? rpId)
			.digest();
		return Buffer.concat([rpIdHash, rest]);
	}

	private clientData(
		type: string,
		challenge: string,
		{ origin = this.origin, crossOrigin = false, ...lie }: Dishonesty,
	): string {
		const data = JSON.stringify({ type: lie.type ?? type, challenge, origin, crossOrigin });
		return Buffer.from(data).toString("base64url");
	}
}

function named({ id }: HeldPasskey) {
	return {
		id: id.toString("base64url"),
		rawId: id.toString("base64url"),
		type: "public-key" as const,
		clientExtensionResults: {},
	};
}

function bytesOf(text: string): Uint8Array {
	return Uint8Array.from(Buffer.from(text, "base64url"));
}

/**
 * What the button for passkeys has for the browser.
 *
 * @param action of its form. Left out: the first button of the page.
 * @throws Error where the page has no such button.
 */
export function passkeyOptionsIn(html: string, action?: string) {
	const form = html
		.split("<form ")
		.find((each) => each.includes(action === undefined ? "data-options" : `action="${action}"`));
	const [, attribute] = /data-options="([^"]*)"/.exec(form ?? "") ?? [];
	const [text] = parseFragment(attribute ?? "").childNodes;
	if (text === undefined || !("value" in text)) {
		throw new Error(`no button for passkeys leads to ${action}: ${html}`);
	}
	return JSON.parse(text.value);
}

/** Adds a passkey for a user who is logged in at a portal. */
export async function addPasskeyAt(
	visitor: HttpVisitor,
	url: string,
	authenticator: SoftAuthenticator,
	lie: Dishonesty = {},
): Promise<Seen> {
	const { html } = await visitor.open(`${url}/account`);
	const action = "/account/passkeys/add";
	const passkey = authenticator.create(passkeyOptionsIn(html, action), lie);
	return visitor.submit(action, { passkey });
}

/** Logs somebody in at a portal with a passkey. */
export async function logInByPasskeyAt(
	visitor: HttpVisitor,
	url: string,
	authenticator: SoftAuthenticator,
	lie: Dishonesty = {},
): Promise<Seen> {
	const { html } = await visitor.open(`${url}/login`);
	const action = "/login/passkey";
	const passkey = authenticator.get(passkeyOptionsIn(html, action), lie);
	return visitor.submit(action, { passkey });
}
