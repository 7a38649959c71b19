import type { FakeXApp } from "./fake-x-options.ts";
import { appWithClientId } from "./oauth2-authorization.ts";
import { basicCredentialsIn, fieldsOf } from "./oauth2-client.ts";
import type { OAuth2Grants } from "./oauth2-grants.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { CallSubject } from "./scenarios.ts";
import type { TokenStore } from "./token-store.ts";

interface Known {
	readonly apps: readonly FakeXApp[];
	readonly tokens: TokenStore;
	readonly grants: OAuth2Grants;
}

/** The app and the account that a call names. Nothing of it is checked yet. */
export function subjectOf(request: ReceivedRequest, known: Known): CallSubject {
	const { authorization = "", path } = request;
	if (/^OAuth /i.test(authorization)) {
		return subjectOfSignature(authorization, known);
	}
	const [, bearer] = /^Bearer (.+)$/i.exec(authorization) ?? [];
	if (bearer !== undefined || !path.startsWith("/2/oauth2/")) {
		const found = known.grants.findBearer(bearer ?? "");
		return { app: found?.app.apiKey, clientId: found?.app.clientId, account: found?.account.id };
	}
	const fields = fieldsOf(request);
	const { grants } = known;
	const clientId = basicCredentialsIn(request)?.id ?? fields.get("client_id");
	const token = fields.get("token") ?? "";
	const access =
		grants.findCode(fields.get("code") ?? "") ??
		grants.findRefreshToken(fields.get("refresh_token") ?? token) ??
		grants.findBearer(token);
	return {
		app: appWithClientId(known.apps, clientId)?.apiKey,
		clientId,
		account: access?.account.id,
	};
}

function subjectOfSignature(header: string, { apps, tokens }: Known): CallSubject {
	const [, app] = /oauth_consumer_key="([^"]*)"/.exec(header) ?? [];
	const [, token = ""] = /oauth_token="([^"]*)"/.exec(header) ?? [];
	const account =
		tokens.findAccessToken(token)?.account ?? tokens.findRequestToken(token)?.approval?.account;
	const { clientId } = apps.find(({ apiKey }) => apiKey === app) ?? {};
	return { app, clientId, account: account?.id };
}
