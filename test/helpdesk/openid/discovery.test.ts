import { expect, test } from "vitest";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";

test("discovery says what the provider does, and it does so with no helpdesk connected and X not activated", async () => {
	const { portal } = await openHelpdesk();
	const answer = await fetch(`${portal}/oidc/.well-known/openid-configuration`);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toMatchObject({
		issuer: `${portal}/oidc`,
		authorization_endpoint: `${portal}/oidc/auth`,
		token_endpoint: `${portal}/oidc/token`,
		userinfo_endpoint: `${portal}/oidc/me`,
		jwks_uri: `${portal}/oidc/jwks`,
		end_session_endpoint: `${portal}/oidc/session/end`,
		grant_types_supported: ["authorization_code"],
		response_types_supported: ["code"],
		response_modes_supported: ["query"],
		scopes_supported: ["openid", "profile", "email"],
		code_challenge_methods_supported: ["S256"],
		id_token_signing_alg_values_supported: ["ES256", "RS256"],
		authorization_response_iss_parameter_supported: true,
		backchannel_logout_supported: true,
		request_uri_parameter_supported: false,
		claims_parameter_supported: false,
	});
});

test("every brand has an issuer of its own, with keys of its own", async () => {
	const { helpdesk } = await openHelpdesk();
	const keys = await Promise.all(
		helpdesk.brands.map(async ({ baseUrl }) => {
			const answer = await fetch(`${baseUrl}/oidc/jwks`);
			const { keys: found } = (await answer.json()) as {
				readonly keys: readonly { kid: string }[];
			};
			return found.map(({ kid }) => kid);
		}),
	);
	expect(keys).toHaveLength(2);
	expect(new Set(keys.flat()).size).toBe(4);
});
