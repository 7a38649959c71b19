import type { BlockList } from "node:net";
import type { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { raw } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { FormField, LoginRequest } from "../../../contract/login-request.ts";
import type { LoginResponse } from "../../../contract/login-response.ts";
import { buttonsOf, isActive } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { LoginHook, PluginHooks } from "../../add-ons/plugin-hooks.ts";
import { notingConfirmed } from "../../add-ons/plugin-users.ts";
import { callbackPath, continuePath, startPath } from "../../brands/brand-addresses.ts";
import type { AttemptLimit } from "../../people/attempt-limit.ts";
import { isUnrecorded } from "../../sign-ins/stray-counts.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { Refusal } from "../bare-pages.ts";
import { addressAskedFor } from "../canonical-host.ts";
import { clientAddressOf } from "../client-address-of.ts";
import { pluginMarkup } from "../layout.ts";
import { cookieTraits, type Place, pluginCookiePrefix, type VisitEnv } from "../visit.ts";
import type { Recognition } from "./portal-sign-in.ts";
import { type PortalContext, type ShowPortalPage, visitorNetwork } from "./portal-visit.ts";

export interface PluginRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly addOns: AddOns;
	/** Limits the log-ins that one network may start. */
	readonly startLimit: AttemptLimit;
	readonly trustedProxies: BlockList;
	readonly show: ShowPortalPage;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	/** See `signInRecognised`. */
	readonly signInUser: (c: PortalContext, recognition: Recognition) => Promise<boolean>;
	readonly refuse: (c: PortalContext, refusal: Refusal) => Promise<Response>;
}

/** The paths of a brand that lead to the login hooks of the plugin in the path. */
export function pluginRoutes(app: Hono<VisitEnv>, parts: PluginRouteParts): void {
	const { brand, refuse, startLimit } = parts;
	app.post(startPath(":pluginId"), async (c) => {
		const network = visitorNetwork(c, parts.trustedProxies);
		const wait = startLimit.secondsToWait(brand.id, network);
		if (wait > 0) {
			return refuse(c, askToWait(c, wait));
		}
		return answer(c, parts, "startLogin");
	});
	app.post(continuePath(":pluginId"), async (c) => answer(c, parts, "continueLogin"));
	const get = (path: string, hook: LoginHook): void => {
		app.get(path, async (c) => {
			// A log-in must not be used up by a HEAD request or by a browser that loads pages in advance.
			if (c.req.method !== "GET") {
				return refuse(c, "method");
			}
			if (`${c.req.header("sec-purpose")} ${c.req.header("purpose")}`.includes("prefetch")) {
				return refuse(c, "prefetch");
			}
			return answer(c, parts, hook);
		});
	};
	get(callbackPath(":pluginId"), "handleCallback");
	get(continuePath(":pluginId"), "continueLogin");
}

/**
 * Starts the log-in of the one button on the log-in page, as if the visitor had pressed it. The caller checks that a person
 * came here on purpose, because no form proves it.
 *
 * @returns undefined where there is no button, or several.
 */
export async function startStraight(
	c: PortalContext,
	parts: PluginRouteParts,
	returnPath: string,
): Promise<Response | undefined> {
	const { brand, addOns, refuse, startLimit, trustedProxies } = parts;
	const page = {
		brandId: brand.id,
		page: "login",
		locale: c.var.visit.locale.tag,
		returnPath,
	} as const;
	const offered = await Promise.all(
		(await addOns.all()).map(async (addOn) => {
			const buttons = await buttonsOf([addOn], page);
			return buttons.map((button) => ({ pluginId: addOn.loaded.manifest.id, button }));
		}),
	);
	const [only, ...others] = offered.flat();
	if (only === undefined || others.length > 0) {
		return undefined;
	}
	const wait = startLimit.secondsToWait(brand.id, visitorNetwork(c, trustedProxies));
	if (wait > 0) {
		return refuse(c, askToWait(c, wait));
	}
	return answer(c, parts, "startLogin", {
		pluginId: only.pluginId,
		form: Object.entries(only.button.fields),
	});
}

/** @param pressed the button that a visitor counts as having pressed. Left out: the request is the plugin's own. */
async function answer(
	c: PortalContext,
	parts: PluginRouteParts,
	hook: LoginHook,
	pressed?: { readonly pluginId: string; readonly form: readonly FormField[] },
): Promise<Response> {
	const beganAt = parts.now();
	const addOn = await parts.addOns.find(pressed?.pluginId ?? c.req.param("pluginId") ?? "");
	if (addOn === undefined || !isActive(addOn)) {
		return parts.refuse(c, "not-found");
	}
	const { plugin } = addOn;
	const confirmed = new Set<string>();
	const response = await notingConfirmed(confirmed, () =>
		plugin.answer(hook, requestOf(c, plugin, parts, pressed?.form)),
	);
	if (response === undefined) {
		// The hook may have failed because the plugin was deactivated or uninstalled meanwhile.
		const isThere = plugin.can(hook) && (await plugin.isActive());
		return parts.refuse(c, isThere ? "unexpected" : "not-found");
	}
	if (isUnrecorded(response)) {
		addOn.strays.count(parts.brand.id);
	}
	const sent = await send(c, response, { plugin, beganAt, confirmed }, parts);
	setImmediate(() => void plugin.finish(hook, response.afterwards));
	return sent;
}

function requestOf(
	c: PortalContext,
	plugin: PluginHooks,
	{ brand, place, trustedProxies }: PluginRouteParts,
	pressed: readonly FormField[] | undefined,
): LoginRequest {
	const { form, locale, subjectId, provenAt } = c.var.visit;
	const prefix = pluginCookiePrefix(place, plugin.loaded.manifest.id);
	const cookies = Object.entries(getCookie(c)).flatMap(([name, value]) =>
		name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
	);
	const address = clientAddressOf(c, trustedProxies);
	return {
		brandId: brand.id,
		method: pressed !== undefined || c.req.method === "POST" ? "POST" : "GET",
		query: [...addressAskedFor(c).searchParams],
		form: pressed ?? form.filter(([name]) => name !== "_csrf"),
		cookies: Object.fromEntries(cookies),
		locale: locale.tag,
		clientAddress: address,
		clientNetwork: visitorNetwork(c, trustedProxies),
		currentUser: subjectId === undefined ? undefined : { id: subjectId, provenAt },
	};
}

/** The plugin that has answered, and what is known about its hook. */
interface Answered {
	readonly plugin: PluginHooks;
	/** When the request began. Milliseconds since the epoch. */
	readonly beganAt: number;
	/** The users whom the hook has confirmed. */
	readonly confirmed: ReadonlySet<string>;
}

async function send(
	c: PortalContext,
	response: LoginResponse,
	{ plugin, beganAt, confirmed }: Answered,
	{ place, show, signInUser }: PluginRouteParts,
): Promise<Response> {
	const { options } = cookieTraits(place);
	const prefix = pluginCookiePrefix(place, plugin.loaded.manifest.id);
	for (const { name, value, maxAgeSeconds } of response.cookies ?? []) {
		setCookie(c, `${prefix}${name}`, value, {
			...options,
			maxAge: maxAgeSeconds,
		});
	}
	switch (response.kind) {
		case "redirect":
			return leave(c, response.location);
		case "linked":
		case "signed-in":
		case "signed-up":
		// The portal asks for missing details on every page, so that this outcome needs no page of its own.
		case "complete-profile": {
			const { kind, userId, returnPath } = response;
			if (kind === "linked" && c.var.visit.subjectId === userId) {
				return leave(c, returnPath);
			}
			// A plugin checks a new link when it stores it. A visitor whom the hook confirmed has just proven the account.
			const readLink =
				kind !== "linked" && plugin.can("listLinkedAccounts") && !confirmed.has(userId);
			const linkReadAt = readLink ? beganAt : undefined;
			const { accessEpoch } = response;
			const isIn = await signInUser(c, { userId, accessEpoch, linkReadAt });
			const again = `/login?done=again&returnTo=${encodeURIComponent(returnPath)}`;
			return leave(c, isIn ? returnPath : again);
		}
		case "reauthenticate":
			return leave(c, `/login/confirm?returnTo=${encodeURIComponent(response.returnPath)}`);
		case "page":
		case "cancelled":
		case "refused": {
			const { page } = response;
			const content = raw(
				`<div class="card">${await pluginMarkup(page.html, c.var.visit.csrf)}</div>`,
			);
			// The URL may hold a verifier, which other sites must not learn.
			return show(c, { title: page.title, content }, page.status, "no-referrer");
		}
	}
}

function leave(c: PortalContext, location: string): Response {
	c.header("cache-control", "no-store");
	c.header("referrer-policy", "no-referrer");
	return c.redirect(location, 303);
}
