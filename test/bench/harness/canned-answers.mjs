// X's answers to a log-in that succeeds. The driver wrote the account into the verifier or code. Nothing is kept
// between calls.
import { handleOf } from "./account.mjs";

const JSON_TYPE = "application/json; charset=utf-8";
const SECRET = "a".repeat(32);

let requestTokens = 0;

function requestToken() {
	requestTokens += 1;
	const token = String(requestTokens).padStart(27, "t");
	return `oauth_token=${token}&oauth_token_secret=${SECRET}&oauth_callback_confirmed=true`;
}

/** The verifier is in the header or in the body. */
function accessToken(authorization, body) {
	const [, id = "0"] = /oauth_verifier="?(\d+)/.exec(authorization + body) ?? [];
	const token = `${id}-${"a".repeat(40)}`;
	return `oauth_token=${token}&oauth_token_secret=${SECRET}&user_id=${id}&screen_name=${handleOf(id)}`;
}

function profile(authorization) {
	const [, id = "0"] = /oauth_token="(\d+)-/.exec(authorization) ?? [];
	const handle = handleOf(id);
	return JSON.stringify({
		id: Number(id),
		id_str: id,
		name: handle,
		screen_name: handle,
		location: "",
		description: "",
		url: null,
		protected: false,
		followers_count: 0,
		friends_count: 0,
		listed_count: 0,
		created_at: "Tue Dec 01 18:37:44 +0000 2009",
		favourites_count: 0,
		utc_offset: null,
		time_zone: null,
		geo_enabled: false,
		verified: false,
		statuses_count: 0,
		lang: null,
		profile_image_url_https: "https://abs.twimg.com/sticky/default_profile_images/default.png",
		default_profile: true,
		default_profile_image: true,
		suspended: false,
		needs_phone_verification: false,
		email: `${handle}@example.com`,
	});
}

function oauth2Token(body) {
	const id = new URLSearchParams(body).get("code") ?? "0";
	return JSON.stringify({
		token_type: "bearer",
		expires_in: 7200,
		access_token: `${id}-${"a".repeat(80)}`,
		scope: "users.read tweet.read users.email",
	});
}

function oauth2Profile(authorization) {
	const [, id = "0"] = /^bearer (\d+)-/i.exec(authorization) ?? [];
	const username = handleOf(id);
	return JSON.stringify({
		data: { id, name: username, username, confirmed_email: `${username}@example.com` },
	});
}

const FORM_TYPE = "text/html;charset=utf-8";

const ANSWERS = {
	"/oauth/request_token": { type: FORM_TYPE, textOf: requestToken },
	"/oauth/access_token": { type: FORM_TYPE, textOf: accessToken },
	"/1.1/account/verify_credentials.json": { type: JSON_TYPE, textOf: profile },
	"/2/oauth2/token": { type: JSON_TYPE, textOf: (_, body) => oauth2Token(body) },
	"/2/users/me": { type: JSON_TYPE, textOf: oauth2Profile },
};

/** @returns undefined for a request that is not one of X's calls. */
export function cannedAnswer(target, authorization, body) {
	const [path] = target.split("?");
	const answer = ANSWERS[path];
	return answer && { type: answer.type, text: answer.textOf(authorization, body) };
}
