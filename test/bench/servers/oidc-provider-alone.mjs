// oidc-provider beside the least portal that it can work for: its own storage, and who is logged in in a map.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";
import { handleOf } from "../harness/account.mjs";
import { REDIRECT_URI } from "../harness/relying-party.mjs";
import { listen } from "./listen.mjs";
import { SmallSessions } from "./small-sessions.mjs";

const MOUNT = "/oidc";
const PAGE = "/connect/";

const sessions = new SmallSessions();

const keys = [
	{ alg: "ES256", ...jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" })) },
	{ alg: "RS256", ...jwkOf(generateKeyPairSync("rsa", { modulusLength: 2048 })) },
];

const clients = keys.map(({ alg }) => ({
	id: `desk-${alg.toLowerCase()}`,
	secret: randomBytes(32).toString("base64url"),
	alg,
}));

function jwkOf({ privateKey }) {
	return { ...privateKey.export({ format: "jwk" }), use: "sig" };
}

function metadataOf({ id, secret, alg }) {
	return {
		client_id: id,
		client_secret: secret,
		redirect_uris: [REDIRECT_URI],
		token_endpoint_auth_method: "client_secret_basic",
		id_token_signed_response_alg: alg,
		grant_types: ["authorization_code"],
		response_types: ["code"],
		backchannel_logout_uri: "http://127.0.0.1:4/log-out",
		backchannel_logout_session_required: true,
	};
}

function accountOf(id) {
	const name = handleOf(id);
	const about = { sub: id, preferred_username: `x-${id}`, name, nickname: name };
	return { accountId: id, claims: async () => ({ ...about, locale: "en" }) };
}

/** The same protocol as the helpdesk's provider. */
function configuration() {
	return {
		clients: clients.map(metadataOf),
		jwks: { keys },
		scopes: ["openid", "profile", "email"],
		claims: {
			openid: ["sub"],
			profile: ["name", "nickname", "preferred_username", "locale"],
			email: ["email", "email_verified"],
		},
		responseTypes: ["code"],
		subjectTypes: ["public"],
		clientAuthMethods: ["client_secret_basic"],
		enabledJWA: { idTokenSigningAlgValues: ["ES256", "RS256"] },
		conformIdTokenClaims: false,
		pkce: { required: () => true },
		features: {
			devInteractions: { enabled: false },
			dPoP: { enabled: false },
			pushedAuthorizationRequests: { enabled: false },
			resourceIndicators: { enabled: false },
			userinfo: { enabled: true },
			backchannelLogout: { enabled: true },
			rpInitiatedLogout: { enabled: true },
		},
		cookies: {
			long: { httpOnly: true, sameSite: "lax", signed: false },
			short: { httpOnly: true, sameSite: "lax", signed: false },
		},
		interactions: { url: (_, { uid }) => PAGE + uid },
		ttl: { AuthorizationCode: 60, AccessToken: 600, IdToken: 600, Interaction: 3600 },
		findAccount: async (_, id) => accountOf(id),
	};
}

/** Goes on to the helpdesk: everybody has agreed. */
async function goOn(provider, request, response) {
	const { params } = await provider.interactionDetails(request, response);
	const { id: accountId } = sessions.of("session", request);
	const grant = new provider.Grant({ accountId, clientId: params.client_id });
	grant.addOIDCScope("openid profile email");
	const result = { login: { accountId }, consent: { grantId: await grant.save() } };
	await provider.interactionFinished(request, response, result);
}

function enter(request, response) {
	const id = request.url.slice(request.url.indexOf("=") + 1);
	response.writeHead(303, { location: "/", "set-cookie": sessions.open("session", { id }) }).end();
}

await listen(
	async (url) => {
		const provider = new Provider(url + MOUNT, configuration());
		const answer = provider.callback();
		return async (request, response) => {
			if (request.url.startsWith(`${MOUNT}/`)) {
				request.originalUrl = request.url;
				request.url = request.url.slice(MOUNT.length);
				await answer(request, response);
			} else if (request.url.startsWith(PAGE)) {
				await goOn(provider, request, response);
			} else {
				enter(request, response);
			}
		};
	},
	{ clients },
);
