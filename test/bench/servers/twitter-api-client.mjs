import { TwitterApi } from "twitter-api-v2";
import { DetourAgent } from "./detour.mjs";
import { KEYS } from "./keys.mjs";

const app = { appKey: KEYS.apiKey, appSecret: KEYS.apiKeySecret };
const settings = { httpAgent: new DetourAgent() };

/** @returns the address at X for the visitor, and the values to keep until they come back. */
export async function linkToX(callback) {
	const client = new TwitterApi(app, settings);
	const link = await client.generateAuthLink(callback, { linkMode: "authenticate" });
	return {
		location: link.url,
		pending: { token: link.oauth_token, secret: link.oauth_token_secret },
	};
}

/** The user who came back; undefined for a callback that does not belong to the pending log-in. */
export async function userAtX(pending, token, verifier) {
	if (pending === undefined || pending.token !== token) {
		return undefined;
	}
	const tokens = { ...app, accessToken: pending.token, accessSecret: pending.secret };
	const { client } = await new TwitterApi(tokens, settings).login(verifier);
	const profile = await client.v1.verifyCredentials({ include_email: true });
	return { id: profile.id_str, handle: profile.screen_name, email: profile.email };
}
