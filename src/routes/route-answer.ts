import type { Brand } from "../contract/brands.ts";
import type { Clock } from "../contract/clock.ts";
import type { CurrentUser, FormField, LoginRequest } from "../contract/login-request.ts";
import type { LinkedIdentity, LoginResponse, Page } from "../contract/login-response.ts";
import { clientNetwork, withoutMapping } from "./client-network.ts";
import { notingConfirmed } from "./confirmed-by-hook.ts";
import type { ReadHeader } from "./form-origin.ts";
import { placeOf, pluginCookieLines, pluginCookiesIn } from "./plugin-cookies.ts";

export type LoginHook = "startLogin" | "handleCallback" | "continueLogin";

/** The methods of each route. */
export const METHODS_OF: Readonly<Record<LoginHook, readonly ("GET" | "POST")[]>> = {
	startLogin: ["POST"],
	handleCallback: ["GET"],
	continueLogin: ["GET", "POST"],
};

/** The headers of every answer of a plugin. Its address may hold a verifier, which other sites must not learn. */
export const PRIVATE_HEADERS = {
	"cache-control": "no-store",
	"referrer-policy": "no-referrer",
} as const;

/** Whether the routes answer a request without the plugin: a log-in must not be used up by it. */
export function methodRefusal(
	hook: LoginHook,
	method: string,
	header: ReadHeader,
): "method" | "prefetch" | undefined {
	if (!METHODS_OF[hook].some((each) => each === method)) {
		return "method";
	}
	const purpose = `${header("sec-purpose")} ${header("purpose")}`;
	return method === "GET" && purpose.includes("prefetch") ? "prefetch" : undefined;
}

/** A request to a route that a plugin answers. */
export interface RouteVisit {
	readonly brand: Brand;
	readonly pluginId: string;
	readonly method: "GET" | "POST";
	readonly query: URLSearchParams;
	/** Without the CSRF field, which was valid. */
	readonly form: readonly FormField[];
	/** The `Cookie` header. Undefined: there is none. */
	readonly cookies: string | undefined;
	readonly locale: string;
	readonly clientAddress: string;
	readonly currentUser: CurrentUser | undefined;
	/** See `LoginRequest.intent`. */
	readonly intent?: "try";
}

function loginRequest(visit: RouteVisit): LoginRequest {
	const { brand, pluginId, method, query, form, locale, currentUser, intent } = visit;
	const clientAddress = withoutMapping(visit.clientAddress);
	return {
		brandId: brand.id,
		method,
		query: [...query],
		form,
		cookies: pluginCookiesIn(visit.cookies, placeOf(brand), pluginId),
		locale,
		clientAddress,
		clientNetwork: clientNetwork(clientAddress),
		currentUser,
		...(intent && { intent }),
	};
}

/** A user whom a plugin has recognised, and what that rests on. */
export interface Recognition {
	readonly kind: "linked" | "signed-in" | "signed-up" | "complete-profile";
	readonly userId: string;
	/** The account at the provider by which they came in; undefined for a plugin of a contract before 1.2. */
	readonly linkedAccount: LinkedIdentity | undefined;
	/** The user's `accessEpoch` as the plugin saw it; undefined for a plugin of contract 1.0. */
	readonly accessEpoch: string | undefined;
	/**
	 * The earliest time at which the plugin can have read the link that it recognised the user by. Milliseconds since the
	 * epoch. Undefined: it recognised them by something else.
	 */
	readonly linkReadAt: number | undefined;
}

/** What the host knows about a hook that has answered. */
interface Answered {
	/** When the request began. Milliseconds since the epoch. */
	readonly beganAt: number;
	/** Whether the plugin has links that can be removed. */
	readonly hasLinks: boolean;
	/** The users whom the hook has confirmed. */
	readonly confirmed: ReadonlySet<string>;
}

/** The host's part of an answer. */
export interface Doors {
	/**
	 * Sets cookies of the plugin. Called first: a log-out, which deletes the cookies of plugins, comes after.
	 *
	 * @param lines `Set-Cookie` values.
	 */
	setCookies(lines: readonly string[]): void;
	/**
	 * Logs a user in or, where they must not come in, the browser out.
	 *
	 * @returns where the visitor goes: to the path, or to log in again.
	 */
	enter(recognition: Recognition, returnPath: string): Promise<string>;
	/** Where a visitor logs in, or proves again who they are, before they go on. */
	prove(returnPath: string): string;
}

/** An answer, sent with {@link PRIVATE_HEADERS}: a 303 to an address, or a page for the host's layout. */
export type RouteAnswer =
	| { readonly location: string; readonly page?: undefined }
	| { readonly location?: undefined; readonly page: Page };

/** What a plugin's answer to a request is made of. */
export interface Passing {
	/** Asks the plugin. @returns undefined where there is no answer. The host knows why. */
	ask(request: LoginRequest): Promise<LoginResponse | undefined>;
	/** Whether the plugin has links that can be removed. */
	readonly hasLinks: boolean;
	readonly clock: Clock;
	readonly doors: Doors;
}

/** An answer, and the response of the plugin that it comes from. The host runs the response's `afterwards`. */
export type PassedAnswer = RouteAnswer & { readonly response: LoginResponse };

/** Passes a request to a plugin, and does what it answers. @returns undefined where it gives no answer. */
export async function passOn(
	visit: RouteVisit,
	{ ask, hasLinks, clock, doors }: Passing,
): Promise<PassedAnswer | undefined> {
	const beganAt = clock.now();
	const confirmed = new Set<string>();
	const response = await notingConfirmed(confirmed, () => ask(loginRequest(visit)));
	if (response === undefined) {
		return undefined;
	}
	const answer = await carryOut(response, visit, { beganAt, hasLinks, confirmed }, doors);
	return { ...answer, response };
}

async function carryOut(
	response: LoginResponse,
	visit: Pick<RouteVisit, "brand" | "pluginId" | "currentUser">,
	answered: Answered,
	doors: Doors,
): Promise<RouteAnswer> {
	const { brand, pluginId } = visit;
	doors.setCookies(pluginCookieLines(response.cookies ?? [], placeOf(brand), pluginId));
	switch (response.kind) {
		case "redirect":
			return { location: response.location };
		case "linked":
		case "signed-in":
		case "signed-up":
		case "complete-profile": {
			const { kind, userId, accessEpoch, linkedAccount, returnPath } = response;
			if (kind === "linked" && visit.currentUser?.id === userId) {
				return { location: returnPath };
			}
			// A plugin checks a new link when it stores it. A visitor whom the hook confirmed has just proven the account.
			const { beganAt, hasLinks, confirmed } = answered;
			const readLink = hasLinks && kind !== "linked" && !confirmed.has(userId);
			const linkReadAt = readLink ? beganAt : undefined;
			const recognition = { kind, userId, accessEpoch, linkedAccount, linkReadAt };
			return { location: await doors.enter(recognition, returnPath) };
		}
		case "reauthenticate":
			return { location: doors.prove(response.returnPath) };
		case "page":
		case "cancelled":
		case "refused":
			return { page: response.page };
	}
}
