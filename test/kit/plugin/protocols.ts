import type { FakeXScenario } from "../../../src/testing/fake-x/scenarios.ts";
import { openHouse } from "./open-house.ts";

/** A person, as X's profile call gives them. Null stands for a field that X leaves out. */
interface Person {
	readonly id: string;
	readonly handle?: unknown;
	readonly name?: unknown;
	readonly email?: unknown;
}

/** What differs between the protocols at X. */
export interface AtX {
	readonly protocol: "oauth1" | "oauth2";
	/** The calls of a log-in: before the visitor leaves, of a new visitor and of a returning one. */
	readonly calls: {
		readonly start: number;
		readonly newVisitor: number;
		readonly returning: number;
	};
	/** The call that takes the proof, and the one that reads the profile. */
	readonly exchange: "access_token" | "oauth2_token";
	readonly profile: "verify_credentials" | "users_me";
	/** The parameters of a callback: the one that names the log-in, and the proof that X adds. */
	readonly token: string;
	readonly proof: string;
	/** The next answer of the profile call. */
	profileOf(person: Person): FakeXScenario;
}

/** Both protocols. A promise about a log-in holds under each. */
export const PROTOCOLS: readonly (readonly [title: string, x: AtX])[] = [
	[
		"OAuth 1.0a",
		{
			protocol: "oauth1",
			calls: { start: 1, newVisitor: 3, returning: 2 },
			exchange: "access_token",
			profile: "verify_credentials",
			token: "oauth_token",
			proof: "oauth_verifier",
			profileOf({ id, handle, name, email }) {
				const body = JSON.stringify({ id_str: id, screen_name: handle, name, email });
				return { call: "verify_credentials", status: 200, body };
			},
		},
	],
	[
		"OAuth 2.0",
		{
			protocol: "oauth2",
			calls: { start: 0, newVisitor: 2, returning: 2 },
			exchange: "oauth2_token",
			profile: "users_me",
			token: "state",
			proof: "code",
			profileOf({ id, handle, name, email }) {
				const data = { id, username: handle, name, confirmed_email: email };
				return { call: "users_me", status: 200, body: JSON.stringify({ data }) };
			},
		},
	],
];

/** Opens houses whose brands use this protocol. */
export function housesUnder({ protocol }: AtX): typeof openHouse {
	return (options = {}) => openHouse({ protocol, ...options });
}
