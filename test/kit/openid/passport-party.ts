import { type PassportRequest, type Profile, Strategy } from "passport-openidconnect";
import { REDIRECT_URI } from "./connect-helpdesk.ts";

/** What the strategy says to Passport about a request. */
export type PassportAnswer =
	| { readonly kind: "redirect"; readonly url: string }
	| { readonly kind: "success"; readonly user: Profile }
	| { readonly kind: "fail"; readonly message: string }
	| { readonly kind: "error"; readonly error: Error & { readonly code?: string } };

/** A helpdesk that uses the unmodified `passport-openidconnect`, which knows no PKCE and no discovery. */
export class PassportParty {
	private readonly session = {};

	constructor(
		private readonly issuer: string,
		private readonly client: { readonly clientId: string; readonly clientSecret: string },
	) {}

	begin(): Promise<PassportAnswer> {
		return this.answerTo({});
	}

	/** @param answer the address that the visitor comes back to. */
	comeBack(answer: string): Promise<PassportAnswer> {
		return this.answerTo(Object.fromEntries(new URL(answer).searchParams));
	}

	private answerTo(query: PassportRequest["query"]): Promise<PassportAnswer> {
		const { issuer, client, session } = this;
		return new Promise((resolve) => {
			const strategy = new Strategy(
				{
					issuer,
					authorizationURL: `${issuer}/auth`,
					tokenURL: `${issuer}/token`,
					userInfoURL: `${issuer}/me`,
					clientID: client.clientId,
					clientSecret: client.clientSecret,
					callbackURL: REDIRECT_URI,
					scope: ["profile", "email"],
					nonce: true,
					skipUserProfile: false,
				},
				(_, profile, verified) => verified(null, profile),
			);
			strategy.redirect = (url) => resolve({ kind: "redirect", url });
			strategy.success = (user) => resolve({ kind: "success", user });
			strategy.fail = ({ message = "" }) => resolve({ kind: "fail", message });
			strategy.error = (error) => resolve({ kind: "error", error });
			strategy.authenticate({ query, session });
		});
	}
}
