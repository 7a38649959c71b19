/** The part of the package that tests use. It has no types of its own, and those of others bring Express with them. */
declare module "passport-openidconnect" {
	export interface StrategyOptions {
		readonly issuer: string;
		readonly authorizationURL: string;
		readonly tokenURL: string;
		readonly userInfoURL: string;
		readonly clientID: string;
		readonly clientSecret: string;
		readonly callbackURL: string;
		readonly scope: readonly string[];
		readonly nonce: boolean;
		readonly skipUserProfile: boolean;
	}

	export interface Profile {
		readonly id: string;
		readonly displayName?: string;
		readonly username?: string;
		readonly emails?: readonly { readonly value: string }[];
	}

	export interface PassportRequest {
		readonly query: Readonly<Record<string, string>>;
		readonly session: object;
	}

	export class Strategy {
		constructor(
			options: StrategyOptions,
			verify: (
				issuer: string,
				profile: Profile,
				verified: (error: unknown, user: Profile) => void,
			) => void,
		);
		authenticate(request: PassportRequest): void;
		/** What Passport gives a strategy. */
		success: (user: Profile) => void;
		fail: (challenge: { readonly message?: string }) => void;
		redirect: (url: string) => void;
		error: (error: Error) => void;
	}
}
