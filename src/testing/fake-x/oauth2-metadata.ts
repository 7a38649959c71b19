import { type Answer, jsonAnswer } from "./answer.ts";
import type { ReceivedRequest } from "./received-request.ts";

const SCOPES = [
	"tweet.read",
	"users.read",
	"follows.read",
	"space.read",
	"mute.read",
	"like.read",
	"list.read",
	"list.write",
	"block.read",
	"block.write",
	"bookmark.read",
	"bookmark.write",
	"dm.read",
	"dm.write",
	"developer.billing.write",
	"developer.write",
	"offline.access",
];

/**
 * GET /.well-known/oauth-authorization-server (RFC 8414), with the values that api.x.com gave on 28 August 2026. X's lists
 * have neither the scope `users.email`, which works, nor a revocation endpoint, which exists. X's page for the visitor is
 * on another host; here all addresses have the fake X's own origin.
 */
export function authorizationServerMetadata({ origin }: ReceivedRequest): Answer {
	return jsonAnswer(200, {
		issuer: origin,
		authorization_endpoint: `${origin}/i/oauth2/authorize`,
		token_endpoint: `${origin}/2/oauth2/token`,
		response_types_supported: ["code"],
		grant_types_supported: ["authorization_code", "refresh_token"],
		code_challenge_methods_supported: ["S256"],
		token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
		scopes_supported: [...SCOPES, "ads.read", "ads.write", "media.write"],
	});
}

/** GET /.well-known/oauth-protected-resource (RFC 9728). X names its server for the Model Context Protocol there. */
export function protectedResourceMetadata({ origin }: ReceivedRequest): Answer {
	return jsonAnswer(200, {
		resource: `${origin}/mcp`,
		authorization_servers: [origin],
		bearer_methods_supported: ["header"],
		scopes_supported: SCOPES,
	});
}
