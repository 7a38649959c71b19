import type { Brand } from "../contract/brands.ts";
import type { Clock } from "../contract/clock.ts";
import type { LoginRequest } from "../contract/login-request.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import type { HookName } from "../contract/plugin.ts";
import { type Route, routeAt } from "./brand-of-request.ts";
import { clientNetwork } from "./client-network.ts";
import { withFormField } from "./form-field.ts";
import type { FormGuard } from "./form-guard.ts";
import { hookInTime, LOGIN_HOOK_MS, SlowHookError } from "./hook-in-time.ts";
import type { Incoming, Outgoing } from "./incoming.ts";
import { expiredPluginCookies, placeOf } from "./plugin-cookies.ts";
import { type Refusal, STATUS_OF } from "./refusal.ts";
import { refusalPage } from "./refusal-page.ts";
import {
	type Doors,
	type LoginHook,
	METHODS_OF,
	methodRefusal,
	PRIVATE_HEADERS,
	passOn,
	type RouteVisit,
} from "./route-answer.ts";
import type { PageToShow, RoutedPlugin, RouteOptions } from "./route-options.ts";

const PAGE_HEADERS = {
	...PRIVATE_HEADERS,
	"content-type": "text/html; charset=utf-8",
	"x-content-type-options": "nosniff",
	// A page may have a button that links an account. No other site may lay it under the visitor's pointer.
	"x-frame-options": "DENY",
} as const;

/** The routes of plugins in a helpdesk, whatever its framework. */
export class PluginRoutes<At> {
	constructor(
		private readonly options: RouteOptions<At>,
		private readonly guard: FormGuard<At>,
		private readonly clock: Clock,
	) {}

	/** @returns undefined where no route is at the path. */
	async answer(incoming: Incoming, at: At): Promise<Outgoing | undefined> {
		const { plugins, brandId } = this.options;
		const [path = "", query = ""] = incoming.target.split(/\?(.*)/s);
		const hints = { brandId: brandId?.(at), host: incoming.header("host") };
		const route = await routeAt(path, plugins, hints);
		return route && this.answerAt(route, new URLSearchParams(query), incoming, at);
	}

	/** The helpdesk's page for a request that no plugin answers. @param brand undefined: no brand is at its address. */
	async refuse(
		refusal: Refusal,
		brand: Brand | undefined,
		at: At,
		headers: Readonly<Record<string, string>> = {},
	): Promise<Outgoing> {
		const locale = localeOf(this.options, brand, at);
		const status = STATUS_OF[refusal];
		const page = { ...refusalPage(refusal, locale), status, locale, refusal };
		return this.shown(page, at, headers);
	}

	private async answerAt(
		{ routed, brand, hook }: Route,
		query: URLSearchParams,
		incoming: Incoming,
		at: At,
	): Promise<Outgoing> {
		const { method, header } = incoming;
		if (!(await isThere(routed, hook))) {
			return this.refuse("not-found", brand, at);
		}
		const fault = methodRefusal(hook, method, header);
		if (fault !== undefined) {
			return this.refuse(fault, brand, at, { allow: METHODS_OF[hook].join(", ") });
		}
		const sent = method === "POST" ? await this.guard.read(brand, incoming, at) : { form: [] };
		if (sent.refusal !== undefined) {
			return this.refuse(sent.refusal, brand, at);
		}
		const clientAddress = this.options.clientAddress(at);
		const wait = hook === "startLogin" ? await this.secondsToWait(brand, clientAddress) : 0;
		if (wait > 0) {
			return this.refuse("too-many", brand, at, { "retry-after": String(Math.ceil(wait)) });
		}
		const visit: RouteVisit = {
			brand,
			pluginId: routed.manifest.id,
			method: method === "POST" ? "POST" : "GET",
			query,
			form: sent.form,
			cookies: header("cookie"),
			locale: localeOf(this.options, brand, at),
			clientAddress,
			currentUser: await this.options.currentUser(at),
		};
		return this.pass(visit, hook, routed, incoming, at);
	}

	/** Passes a request to the plugin, and does what it answers. */
	private async pass(
		visit: RouteVisit,
		hook: LoginHook,
		routed: RoutedPlugin,
		incoming: Incoming,
		at: At,
	): Promise<Outgoing> {
		const { brand } = visit;
		const cookies: string[] = [];
		let failure: Refusal = "not-found";
		const ask = async (request: LoginRequest): Promise<LoginResponse | undefined> => {
			try {
				const call = async () => routed.plugin[hook]?.(request);
				return await hookInTime(call(), LOGIN_HOOK_MS);
			} catch (error) {
				report(this.options, error, routed, hook);
				failure = error instanceof SlowHookError ? "slow" : "unexpected";
				return undefined;
			}
		};
		const answer = await passOn(visit, {
			ask,
			hasLinks: routed.plugin.listLinkedAccounts !== undefined,
			clock: this.clock,
			doors: this.doorsOf(visit, at, cookies),
		});
		if (answer === undefined) {
			return this.refuse(failure, brand, at);
		}
		const { location, page, response } = answer;
		const afterwards = this.reported(response.afterwards, routed, hook);
		if (location !== undefined) {
			const headers = { ...PRIVATE_HEADERS, location };
			return { status: 303, headers, cookies, body: "", afterwards };
		}
		const proof = page.html.includes("</form>")
			? await this.guard.proofFor(brand, incoming, at)
			: undefined;
		const html = proof === undefined ? page.html : withFormField(page.html, proof.field);
		const shown = { ...page, html, locale: visit.locale, refusal: undefined };
		const sent = await this.shown(shown, at);
		return { ...sent, cookies: [...cookies, ...(proof?.cookies ?? [])], afterwards };
	}

	/** @param cookies receives the `Set-Cookie` values of the answer. */
	private doorsOf(visit: RouteVisit, at: At, cookies: string[]): Doors {
		const { options } = this;
		const { brand, currentUser } = visit;
		const logInPath = (returnPath: string): string =>
			options.logInPath?.(brand, returnPath) ??
			`${brand.loginPath}?returnTo=${encodeURIComponent(returnPath)}`;
		return {
			setCookies: (lines) => void cookies.push(...lines),
			enter: async ({ userId, accessEpoch, linkReadAt }, returnPath) => {
				const user = await options.users.find(userId);
				const mayEnter =
					user?.brandId === brand.id &&
					(user.status === "active" || user.status === "incomplete") &&
					(accessEpoch === undefined || accessEpoch === user.accessEpoch) &&
					(linkReadAt === undefined || (await options.isLinkGood?.(user, linkReadAt)) !== false);
				if (user === undefined || !mayEnter) {
					await options.closeSession(at);
					cookies.push(...expiredPluginCookies(visit.cookies, [placeOf(brand)]));
					return logInPath(returnPath);
				}
				await options.openSession(at, user);
				const profilePath =
					user.status === "incomplete" ? options.profilePath?.(brand, returnPath) : undefined;
				return profilePath ?? returnPath;
			},
			prove: (returnPath) =>
				(currentUser && options.confirmPath?.(brand, returnPath)) ?? logInPath(returnPath),
		};
	}

	private async shown(
		page: PageToShow,
		at: At,
		headers: Readonly<Record<string, string>> = {},
	): Promise<Outgoing> {
		const body = await this.options.showPage(at, page);
		return { status: page.status, headers: { ...PAGE_HEADERS, ...headers }, cookies: [], body };
	}

	private async secondsToWait(brand: Brand, clientAddress: string): Promise<number> {
		return (await this.options.secondsToWait?.(brand.id, clientNetwork(clientAddress))) ?? 0;
	}

	private reported(
		afterwards: LoginResponse["afterwards"],
		routed: RoutedPlugin,
		hook: HookName,
	): Outgoing["afterwards"] {
		return (
			afterwards &&
			(() => afterwards().catch((error: unknown) => report(this.options, error, routed, hook)))
		);
	}
}

/** Whether a plugin is active and has a hook. */
export async function isThere(
	{ plugin, isActive }: RoutedPlugin,
	hook: HookName,
): Promise<boolean> {
	return plugin[hook] !== undefined && ((await isActive?.()) ?? true);
}

/** The language of an answer, as BCP 47 writes it. @param brand undefined: no brand is at the address of the request. */
export function localeOf<At>(
	{ locale }: Pick<RouteOptions<At>, "locale">,
	brand: Brand | undefined,
	at: At,
): string {
	try {
		const [tag] = Intl.getCanonicalLocales(locale?.(at));
		return tag ?? brand?.locale ?? "en";
	} catch {
		return brand?.locale ?? "en";
	}
}

export function report<At>(
	options: Pick<RouteOptions<At>, "report">,
	error: unknown,
	{ manifest: { id: pluginId } }: RoutedPlugin,
	hook: HookName,
): void {
	if (options.report !== undefined) {
		options.report(error, { pluginId, hook });
	} else {
		console.error(`the hook ${hook} of the plugin ${pluginId} failed`, error);
	}
}
