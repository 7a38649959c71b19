/**
 * A cookie of the plugin. The host sends it HttpOnly, SameSite=Lax, Path=/, with the brand in its name, Secure
 * and with the `__Host-` prefix; the last two fall away only where the brand's base URL is plain http on
 * loopback.
 */
export interface PluginCookie {
	/** `[a-z-]+`, unique within the plugin. */
	readonly name: string;
	/** `[A-Za-z0-9_.-]*`, at most 1,024 characters. */
	readonly value: string;
	/** 0 deletes the cookie. */
	readonly maxAgeSeconds: number;
}

/**
 * A page that the host wraps in its layout. Sent with `Cache-Control: no-store` and
 * `Referrer-Policy: no-referrer`.
 */
export interface Page {
	readonly status: number;
	readonly title: string;
	/**
	 * Markup without script, style or inline handlers, all text in it escaped. Its forms post to paths of the
	 * portal; the host puts its CSRF field before each `</form>`.
	 */
	readonly html: string;
}

/** What became of the visitor. The host opens the session: a plugin never does. */
export type LoginResponse = LoginStep & {
	readonly cookies?: readonly PluginCookie[];
	/**
	 * What is still to be done once the answer is on its way, so that its time tells nothing. The host calls it once
	 * and reports what it rejects with.
	 */
	readonly afterwards?: () => Promise<void>;
};

/** A response that the visitor sees as a page. */
export type PageResponse = Extract<LoginResponse, { readonly page: Page }>;

type LoginStep =
	/** A 303 to a path of the portal, or to an address under `capabilities.navigation`. */
	| { readonly kind: "redirect"; readonly location: string }
	/** The host signs this user in with a new session id and sends the browser (303) to the path. */
	| { readonly kind: "signed-in"; readonly userId: string; readonly returnPath: string }
	/** As `signed-in`, for a user the plugin made in this request. */
	| { readonly kind: "signed-up"; readonly userId: string; readonly returnPath: string }
	/** A form on the way; it posts to the brand's `continuePath`. */
	| { readonly kind: "page"; readonly page: Page }
	/**
	 * The identity is this user's from now on. The host signs them in with a new session id, unless they are signed
	 * in, and sends the browser (303) to the path.
	 */
	| { readonly kind: "linked"; readonly userId: string; readonly returnPath: string }
	/** The user is `incomplete`: the host asks for what it misses, signs them in, and goes on to the path. */
	| { readonly kind: "complete-profile"; readonly userId: string; readonly returnPath: string }
	/** The host lets somebody log in, or whoever is signed in prove who they are, and comes back to the path. */
	| { readonly kind: "reauthenticate"; readonly returnPath: string }
	/** The visitor changed their mind. */
	| Ended<"cancelled">
	/** The visitor does not get in; the page says why and what to do. */
	| Ended<"refused">;

interface Ended<Kind extends string> {
	readonly kind: Kind;
	/** Closed set per plugin, for the host's records. */
	readonly code: string;
	/** What the visitor can quote and the administrator can look up; stands in the page too. */
	readonly traceCode: string;
	readonly page: Page;
}
