import type { FakeXAccount } from "./fake-x-options.ts";

const AVATAR = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png";

/** Version 1.1 escapes these three, and nothing else, in texts that people write. */
function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The recorded fields of GET account/verify_credentials. `email` is there only if asked for and granted. */
export function profileV1(account: FakeXAccount, withEmail: boolean): string {
	const fields = JSON.stringify({
		id_str: account.id,
		name: escaped(account.name),
		screen_name: account.screenName,
		location: "",
		description: escaped(account.description ?? ""),
		url: null,
		protected: account.protected ?? false,
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
		contributors_enabled: false,
		is_translator: false,
		is_translation_enabled: false,
		profile_image_url: AVATAR.replace("https:", "http:"),
		profile_image_url_https: AVATAR,
		default_profile: true,
		default_profile_image: true,
		following: false,
		follow_request_sent: false,
		notifications: false,
		suspended: account.state === "suspended",
		needs_phone_verification: false,
		...(withEmail ? { email: account.email ?? null } : {}),
	});
	// The id is written by hand, because a JavaScript number would lose digits of a large id.
	return `{"id":${account.id},${fields.slice(1)}`;
}

/** GET /2/users/me: the answer's `data`. */
export function profileV2(
	account: FakeXAccount,
	fields: readonly string[],
	withEmail: boolean,
): Readonly<Record<string, unknown>> {
	const all: Readonly<Record<string, unknown>> = {
		created_at: "2009-12-01T18:37:44.000Z",
		description: account.description ?? "",
		profile_image_url: AVATAR,
		protected: account.protected ?? false,
		verified: false,
		...(withEmail && account.email ? { confirmed_email: account.email } : {}),
	};
	const asked = Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
	const { id, name, screenName: username } = account;
	return { id, name, username, ...asked };
}
