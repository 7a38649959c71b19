import type { Brand, Brands } from "../contract/brands.ts";
import type { Clock } from "../contract/clock.ts";
import type { LoginPage } from "../contract/login-button.ts";
import type { CurrentUser, FormField } from "../contract/login-request.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { HookName, Plugin } from "../contract/plugin.ts";
import type { Random } from "../contract/random.ts";
import type { User, Users } from "../contract/users.ts";
import type { Refusal } from "./refusal.ts";

/** A loaded plugin, and the brands as it knows them. */
export interface RoutedPlugin {
	readonly manifest: Pick<Manifest, "id" | "capabilities">;
	/** What `createPlugin` returned. */
	readonly plugin: Partial<Plugin>;
	/** The port that the plugin got. The brands' paths are those of this plugin, and the routes are there. */
	readonly brands: Brands;
	/** Whether an administrator has activated the plugin. Asked for each request. Left out: it is active. */
	readonly isActive?: () => boolean | Promise<boolean>;
}

/** A page to wrap in the helpdesk's layout: a plugin's, or one that says why a request was refused. */
export interface PageToShow {
	/** Plain text. The layout encodes it. */
	readonly title: string;
	/** Ready markup with a heading of its own. Its forms have the CSRF field. */
	readonly html: string;
	/** The HTTP status. The handler sends it. */
	readonly status: number;
	/** BCP 47. */
	readonly locale: string;
	/** Undefined for a page of a plugin. Otherwise the page is the helpdesk's own, which may write another text. */
	readonly refusal: Refusal | undefined;
}

/** CSRF protection of the helpdesk's own, in place of the one that the routes bring. */
export interface OwnCsrf<At> {
	/** The hidden field for the forms of plugins on the page that answers this request. */
	field(at: At): FormField | Promise<FormField>;
	/** Whether a form was sent on purpose, from a page of this helpdesk in this browser. */
	check(at: At, form: readonly FormField[]): boolean | Promise<boolean>;
}

/**
 * What a helpdesk gives the routes. `At` is the request as its framework has it: see `toNodeHandler` and `toFetchHandler`.
 * When one of these functions fails, the error goes to the framework.
 */
export interface RouteOptions<At> {
	/** Read for each request, so that a plugin can be installed while the helpdesk runs. */
	readonly plugins: readonly RoutedPlugin[];
	readonly users: Pick<Users, "find">;
	/** The user who is logged in to the portal in this browser; undefined for nobody. */
	currentUser(at: At): CurrentUser | undefined | Promise<CurrentUser | undefined>;
	/**
	 * Logs a user in: opens a session with a new id, whose `provenAt` is now, in place of the session that the browser
	 * had. The user is of the brand, is neither suspended nor awaiting approval, and has the access epoch that the plugin
	 * saw. Bind the session to `user.accessEpoch`, so that it ends when another one begins.
	 */
	openSession(at: At, user: User): Promise<void>;
	/**
	 * Logs the browser out. Called when a plugin recognised a user who must not come in: another user who was logged in
	 * before must not stay logged in.
	 */
	closeSession(at: At): Promise<void>;
	/** The whole document of a page, in the helpdesk's layout. */
	showPage(at: At, page: PageToShow): string | Promise<string>;
	/** The visitor's IP address, from the connection and from trusted proxies; never from a header that anybody can write. */
	clientAddress(at: At): string;
	/** The visitor's language, BCP 47. Left out, or no language tag: the brand's language. */
	locale?(at: At): string | undefined;
	/**
	 * The brand of a request; undefined where there is none. Left out: the one at whose path the request is and, where
	 * several have that path, whose base URL has the host of the `Host` header.
	 */
	brandId?(at: At): string | undefined;
	/**
	 * The path where a visitor logs in, and then goes on to a path of the portal. Left out: the brand's `loginPath`, with
	 * the other path in the query as `returnTo`.
	 */
	logInPath?(brand: Brand, returnPath: string): string;
	/** The path where a user who is logged in proves again who they are, and then goes on. Left out: `logInPath`. */
	confirmPath?(brand: Brand, returnPath: string): string;
	/**
	 * The path where a user who is logged in gives the details that the helpdesk lacks, and then goes on. Left out: where
	 * they go on to, for a helpdesk that asks for details on every page.
	 */
	profilePath?(brand: Brand, returnPath: string): string;
	/**
	 * Whether a link that a plugin read may still log a user in: no link of the user was removed since, and nobody claimed
	 * the account, except in the hook that has just answered. Left out: it may.
	 *
	 * @param readAt the earliest time at which the plugin can have read the link. Milliseconds since the epoch.
	 */
	isLinkGood?(user: User, readAt: number): boolean | Promise<boolean>;
	/**
	 * Counts a log-in that a network starts. The network is an IPv4 address, or the /64 of an IPv6 address. Left out: there
	 * is no limit besides the plugin's own.
	 *
	 * @returns how many seconds the visitor has to wait. 0: the log-in starts.
	 */
	secondsToWait?(brandId: string, network: string): number | Promise<number>;
	/** Left out: a field that belongs to a cookie of the routes. */
	readonly csrf?: OwnCsrf<At>;
	/** Called with what a hook, or the work after an answer, rejects with. Left out: `console.error`. */
	report?(error: unknown, of: { readonly pluginId: string; readonly hook: HookName }): void;
	/**
	 * Runs work after the answer was sent, on a platform that stops when it has answered: `after` of Next, or `waitUntil`.
	 * Left out: the routes run it themselves. The work never rejects.
	 */
	runAfter?(at: At, work: () => Promise<void>): void;
	/** Left out: the system's. */
	readonly clock?: Clock;
	/** Makes the CSRF fields. Left out: the platform's. */
	readonly random?: Random;
}

/** A page of the helpdesk that shows the plugins' buttons. */
export type ButtonPage = Pick<LoginPage, "page" | "returnPath"> & {
	/** Left out: `brandId` of the options and, without it, the only brand or the one with the host of the request. */
	readonly brandId?: string;
};
