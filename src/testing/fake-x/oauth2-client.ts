import { type Answer, jsonAnswer } from "./answer.ts";
import type { FakeXApp } from "./fake-x-options.ts";
import { appWithClientId } from "./oauth2-authorization.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** The body's parameters. Some clients that work with X send JSON instead of a form. */
export function fieldsOf({ form, body }: ReceivedRequest): ReadonlyMap<string, string> {
	return new Map(form.length > 0 ? form : fieldsOfJson(body));
}

/** The client id and secret in a header of HTTP Basic. */
export function basicCredentialsIn({
	authorization = "",
}: ReceivedRequest): { readonly id: string; readonly secret: string } | undefined {
	const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(authorization) ?? [];
	const decoded = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString();
	const colon = decoded.indexOf(":");
	return colon < 0 ? undefined : { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

/**
 * The app that calls, as X's token endpoint finds it: a confidential client by HTTP Basic, a public client by its id in
 * the body. Bodies and statuses are observed: X answers an unknown id otherwise than a wrong secret, and refuses a secret
 * in the body as a missing header.
 *
 * An assumption: id and secret count as they are sent. X's documentation shows the base64 form of both and nothing else,
 * while RFC 6749 (section 2.3.1) wants each form-encoded before. X's secrets have `-` and `_`, which some libraries
 * encode, so a client that works here works there.
 */
export function clientOf(
	request: ReceivedRequest,
	apps: readonly FakeXApp[],
): { readonly app: FakeXApp } | { readonly refusal: Answer } {
	const fields = fieldsOf(request);
	const basic = basicCredentialsIn(request);
	const clientId = basic?.id ?? fields.get("client_id");
	if (clientId === undefined) {
		return { refusal: missing("client_id") };
	}
	const app = appWithClientId(apps, clientId);
	if (app === undefined) {
		const message = "Value passed for the client id was invalid.";
		return { refusal: oauth2Error(400, "invalid_client", message) };
	}
	const secretInBody = (fields.get("client_secret") ?? "") !== "";
	const right =
		basic === undefined
			? request.authorization === undefined && app.clientSecret === undefined && !secretInBody
			: app.clientSecret === basic.secret;
	return right
		? { app }
		: {
				refusal: oauth2Error(401, "unauthorized_client", "Missing valid authorization header"),
			};
}

/** X's form of an error at its OAuth 2.0 endpoints. It writes `invalid_request` where RFC 6749 has `invalid_grant`. */
export function oauth2Error(status: number, error: string, description: string): Answer {
	return jsonAnswer(status, { error, error_description: description });
}

/** Observed for `code_verifier` and `client_id`. */
export function missing(parameter: string): Answer {
	return oauth2Error(400, "invalid_request", `Missing required parameter [${parameter}].`);
}

function fieldsOfJson(body: string): [string, string][] {
	try {
		const parsed: unknown = JSON.parse(body);
		return Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]);
	} catch {
		return [];
	}
}
