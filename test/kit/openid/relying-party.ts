import * as client from "openid-client";
import { REDIRECT_URI } from "./connect-helpdesk.ts";

/** A log-in that a relying party has begun. */
export interface BegunLogIn {
	readonly url: string;
	readonly verifier: string;
	readonly state: string;
	readonly nonce: string;
}

/** A helpdesk that uses the unmodified `openid-client`. */
export class RelyingParty {
	private constructor(readonly configuration: client.Configuration) {}

	/** Reads discovery. @param auth how it proves itself; by default `client_secret_basic`. */
	static async at(
		issuer: string,
		{ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
		auth: (secret: string) => client.ClientAuth = client.ClientSecretBasic,
		alg = "ES256",
	): Promise<RelyingParty> {
		const signature = { id_token_signed_response_alg: alg };
		const configuration = await client.discovery(
			new URL(issuer),
			clientId,
			signature,
			auth(clientSecret),
			{ execute: [client.allowInsecureRequests] },
		);
		return new RelyingParty(configuration);
	}

	async begin(more: Readonly<Record<string, string>> = {}): Promise<BegunLogIn> {
		const verifier = client.randomPKCECodeVerifier();
		const state = client.randomState();
		const nonce = client.randomNonce();
		const url = client.buildAuthorizationUrl(this.configuration, {
			redirect_uri: REDIRECT_URI,
			scope: "openid profile email",
			code_challenge: await client.calculatePKCECodeChallenge(verifier),
			code_challenge_method: "S256",
			...{ state, nonce, ...more },
		});
		return { url: url.href, verifier, state, nonce };
	}

	/** Where a browser goes that logs out at the helpdesk. */
	endSession(parameters: Readonly<Record<string, string>>): string {
		return client.buildEndSessionUrl(this.configuration, parameters).href;
	}

	/** Redeems the code of an answer, and checks all that a relying party checks. */
	redeem(answer: string, { verifier, state, nonce }: BegunLogIn, maxAge?: number) {
		return client.authorizationCodeGrant(this.configuration, new URL(answer), {
			...(maxAge !== undefined && { maxAge }),
			pkceCodeVerifier: verifier,
			expectedState: state,
			expectedNonce: nonce,
			idTokenExpected: true,
		});
	}

	userInfo(accessToken: string, sub: string) {
		return client.fetchUserInfo(this.configuration, accessToken, sub);
	}
}
