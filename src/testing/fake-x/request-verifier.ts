import { timingSafeEqual } from "node:crypto";
import { type Answer, negotiatedError } from "./answer.ts";
import type { FakeXApp } from "./fake-x-options.ts";
import {
	hmacSha1Signature,
	type Parameter,
	parseAuthorizationHeader,
	signatureBaseString,
} from "./oauth1-signature.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { UsedNonces } from "./used-nonces.ts";

/** An assumption: X refuses timestamps that are too far off, and publishes no tolerance. */
const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** A request with a valid signature. */
interface VerifiedRequest {
	readonly app: FakeXApp;
	/** The parameters of header, query and form body together. Each name occurs once. */
	readonly parameters: ReadonlyMap<string, string>;
}

/** The secret of the token that a request names, or X's answer to an invalid token. */
export type FindTokenSecret = (
	app: FakeXApp,
	token: string | undefined,
) => { readonly secret: string } | { readonly refusal: Answer };

export type Verification = { readonly verified: VerifiedRequest } | { readonly refusal: Answer };

interface Credentials {
	readonly apiKey: string;
	readonly nonce: string;
	readonly timestamp: number;
	readonly signature: string;
	readonly token: string | undefined;
}

/** Checks signed requests as X does. */
export class RequestVerifier {
	private readonly nonces = new UsedNonces();

	constructor(
		private readonly apps: readonly FakeXApp[],
		private readonly clock: { now(): number },
	) {}

	verify(request: ReceivedRequest, findTokenSecret: FindTokenSecret): Verification {
		const all = allParameters(request);
		const parameters = new Map(all);
		const credentials = readCredentials(parameters);
		if (all === undefined || parameters.size !== all.length || credentials === undefined) {
			return { refusal: negotiatedError(request.accept, 400, 215, "Bad Authentication data.") };
		}
		const app = this.apps.find(({ apiKey }) => apiKey === credentials.apiKey);
		if (app === undefined) {
			return { refusal: notAuthenticated(request) };
		}
		const now = this.clock.now();
		if (Math.abs(now / 1000 - credentials.timestamp) > TIMESTAMP_TOLERANCE_SECONDS) {
			return { refusal: negotiatedError(request.accept, 401, 135, "Timestamp out of bounds.") };
		}
		const token = findTokenSecret(app, credentials.token);
		if ("refusal" in token) {
			return token;
		}
		const baseString = signatureBaseString(request.method, request.url, all);
		const expected = hmacSha1Signature(baseString, app.apiKeySecret, token.secret);
		if (!isSame(expected, credentials.signature)) {
			return { refusal: notAuthenticated(request) };
		}
		// The nonce is used up only now, so that nobody can spend it without the secret.
		const keepUntil = (credentials.timestamp + TIMESTAMP_TOLERANCE_SECONDS) * 1000;
		if (!this.nonces.use(app.apiKey, credentials.nonce, now, keepUntil)) {
			return { refusal: notAuthenticated(request) };
		}
		return { verified: { app, parameters } };
	}
}

function allParameters(request: ReceivedRequest): Parameter[] | undefined {
	const header = parseAuthorizationHeader(request.authorization ?? "");
	if (header === undefined) {
		return undefined;
	}
	const protocol = header.filter(([name]) => name !== "realm");
	// Some clients that work with X send oauth_token in the header and in the body, and sign it once.
	const isRepeated = ([name, value]: Parameter): boolean =>
		protocol.some((known) => known[0] === name && known[1] === value);
	return [...protocol, ...request.query, ...request.form.filter((each) => !isRepeated(each))];
}

function readCredentials(parameters: ReadonlyMap<string, string>): Credentials | undefined {
	const apiKey = parameters.get("oauth_consumer_key");
	const nonce = parameters.get("oauth_nonce");
	const timestamp = parameters.get("oauth_timestamp");
	const signature = parameters.get("oauth_signature");
	const wellFormed =
		parameters.get("oauth_signature_method") === "HMAC-SHA1" &&
		(parameters.get("oauth_version") ?? "1.0") === "1.0" &&
		/^[!-~]+$/.test(nonce ?? "") &&
		/^\d{1,12}$/.test(timestamp ?? "");
	if (!wellFormed || apiKey === undefined || nonce === undefined || signature === undefined) {
		return undefined;
	}
	const token = parameters.get("oauth_token");
	return { apiKey, nonce, timestamp: Number(timestamp), signature, token };
}

function isSame(expected: string, given: string): boolean {
	// Strings are compared, because two different strings of base64 can decode to the same bytes.
	const a = Buffer.from(expected, "utf8");
	const b = Buffer.from(given, "utf8");
	return a.length === b.length && timingSafeEqual(a, b);
}

function notAuthenticated({ accept }: ReceivedRequest): Answer {
	return negotiatedError(accept, 401, 32, "Could not authenticate you.");
}
