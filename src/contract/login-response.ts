/**
 * A cookie of the plugin. The host sends it HttpOnly, SameSite=Lax, Path=/, Secure, with the brand in its name and with
 * the `__Host-` prefix. Secure and the prefix fall away only when the brand's base URL is plain http on loopback. A host
 * of contract 1.1 deletes the cookies of all plugins when a user logs out.
 */
export interface PluginCookie {
	/** `[a-z-]+`, unique within the plugin. */
	readonly name: string;
	/** `[A-Za-z0-9_.-]*`, at most 1,024 characters. */
	readonly value: string;
	/** 0 deletes the cookie. At most 400 days. */
	readonly maxAgeSeconds: number;
}

/**
 * A page that the host wraps in its layout. Sent with `Cache-Control: no-store` and
 * `Referrer-Policy: no-referrer`.
 */
export interface Page {
	/** From 200 to 599. The loader refuses statuses without content, such as 204, and redirects. */
	readonly status: number;
	readonly title: string;
	/**
	 * Markup without script, style or inline handlers, with all text escaped. It has its own heading (`h1`), so the host adds
	 * none. Its forms post to paths of the portal. The host puts its CSRF field before each `</form>`. The loader refuses
	 * `meta`, `base`, `script`, frames, `object` and `embed`.
	 */
	readonly html: string;
}

/** What happens to the visitor. Only the host opens a session, never a plugin. */
export type LoginResponse = LoginStep & {
	/** At most 20. */
	readonly cookies?: readonly PluginCookie[];
	/**
	 * Work to do after the answer was sent. The time of the answer then reveals nothing about it. The host calls it once
	 * and reports a rejection.
	 */
	readonly afterwards?: () => Promise<void>;
};

/** A response that the visitor sees as a page. */
export type PageResponse = Extract<LoginResponse, { readonly page: Page }>;

type LoginStep =
	/** A 303 to a path of the portal, or to an address under `capabilities.navigation`. */
	| { readonly kind: "redirect"; readonly location: string }
	/** The host logs this user in with a new session id and sends the browser (303) to the path. */
	| CameIn<"signed-in">
	/** Like `signed-in`, for a user whom the plugin created in this request. */
	| CameIn<"signed-up">
	/** A form before the end. It posts to the brand's `continuePath`. */
	| { readonly kind: "page"; readonly page: Page }
	/**
	 * The identity is linked to this user from now on. The host logs them in with a new session id, unless they are
	 * logged in, and sends the browser (303) to the path.
	 */
	| CameIn<"linked">
	/** The user is `incomplete`. The host asks for what is missing, logs them in, and sends them to the path. */
	| CameIn<"complete-profile">
	/** The host lets the visitor log in, or prove again who they are, and then sends them to the path. */
	| { readonly kind: "reauthenticate"; readonly returnPath: string }
	/** The visitor changed their mind. */
	| Ended<"cancelled">
	/** The visitor cannot log in. The page says why and what to do. */
	| Ended<"refused">;

/** An account at the provider, by its id and by the name under which its owner knows it. */
export interface LinkedIdentity {
	/** As in `LinkedAccount`: `x:2244994945`. At most 200 characters. */
	readonly identityId: string;
	/** As in `LinkedAccount`: `@XDevelopers`. At most 200 characters. */
	readonly label: string;
}

interface CameIn<Kind extends string> {
	readonly kind: Kind;
	readonly userId: string;
	/** A wish: the host may lead the browser elsewhere, such as to a second factor or to terms that have to be accepted. */
	readonly returnPath: string;
	/**
	 * The user's access epoch, as the plugin read it before it decided. A host of contract 1.1 opens no session when the
	 * epoch is another one by then, because somebody else has claimed the account or set its password, for example. The
	 * host then sends the browser to its log-in page. Absent where the host gives none.
	 */
	readonly accessEpoch?: string | undefined;
	/**
	 * The account at the provider by which the visitor came in. A host of contract 1.2 keeps the label beside the user, so
	 * that an administrator finds people by it. The loader leaves out one that is not as described. A plugin gives it to a
	 * host of 1.2 and later only. Since version 1.2.
	 */
	readonly linkedAccount?: LinkedIdentity;
}

interface Ended<Kind extends string> {
	readonly kind: Kind;
	/** A code from a closed set of the plugin, for the host's records. */
	readonly code: string;
	/**
	 * The visitor can quote it and the administrator can look it up. The page shows it. Empty for a request that belongs
	 * to no attempt and that the plugin did not record, because the same network had sent too many: no `login.ended` was
	 * emitted, and the host counts the request if it wants to show the number.
	 */
	readonly traceCode: string;
	readonly page: Page;
}
