import type { BlockList } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { raw } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginRequest } from "../../../contract/login-request.ts";
import type { LoginResponse } from "../../../contract/login-response.ts";
import { isActive } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import type { LoginHook, PluginHooks } from "../../add-ons/plugin-hooks.ts";
import { callbackPath, continuePath, startPath } from "../../brands.ts";
import type { AttemptLimit } from "../../people/attempt-limit.ts";
import { clientAddress, clientNetwork } from "../../people/client-address.ts";
import type { Refusal } from "../bare-pages.ts";
import { type Markup, pluginMarkup } from "../layout.ts";
import { cookieTraits, type Place, type VisitEnv } from "../visit.ts";

export interface PluginRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly addOns: AddOns;
	readonly startLimit: AttemptLimit;
	readonly trustedProxies: BlockList;
	readonly show: (
		c: Context<VisitEnv>,
		title: string,
		content: Markup,
		status?: number,
	) => Promise<Response>;
	readonly signInUser: (c: Context<VisitEnv>, userId: string) => Promise<void>;
	readonly refuse: (c: Context<VisitEnv>, refusal: Refusal) => Promise<Response>;
}

/** The addresses of a brand that end in the login hooks of the plugin in their path. */
export function pluginRoutes(app: Hono<VisitEnv>, parts: PluginRouteParts): void {
	const { brand, addOns, refuse, startLimit } = parts;
	app.post(startPath(":pluginId"), async (c) => {
		const wait = startLimit.secondsToWait(
			brand.id,
			clientNetwork(clientAddressOf(c, parts.trustedProxies)),
		);
		if (wait > 0) {
			c.header("retry-after", String(wait));
			return refuse(c, "too-many");
		}
		return answer(c, "startLogin");
	});
	app.post(continuePath(":pluginId"), async (c) => answer(c, "continueLogin"));
	const get = (path: string, hook: LoginHook): void => {
		app.get(path, async (c) => {
			// Neither a HEAD request nor a browser that loads ahead may use up a log-in.
			if (c.req.method !== "GET") {
				return refuse(c, "method");
			}
			if (`${c.req.header("sec-purpose")} ${c.req.header("purpose")}`.includes("prefetch")) {
				return refuse(c, "prefetch");
			}
			return answer(c, hook);
		});
	};
	get(callbackPath(":pluginId"), "handleCallback");
	get(continuePath(":pluginId"), "continueLogin");

	async function answer(c: Context<VisitEnv>, hook: LoginHook): Promise<Response> {
		const addOn = await addOns.find(c.req.param("pluginId") ?? "");
		if (addOn === undefined || !isActive(addOn)) {
			return refuse(c, "not-found");
		}
		const { plugin } = addOn;
		const response = await plugin.answer(hook, requestOf(c, plugin, parts));
		if (response === undefined) {
			// It may have been taken away meanwhile, and with it what the hook stood on.
			return refuse(c, plugin.can(hook) && (await plugin.isActive()) ? "unexpected" : "not-found");
		}
		const sent = await send(c, response, plugin, parts);
		setImmediate(() => void plugin.finish(hook, response.afterwards));
		return sent;
	}
}

/** Who asks, behind the trusted proxies. */
export function clientAddressOf(c: Context<VisitEnv>, trustedProxies: BlockList): string {
	const peer = getConnInfo(c).remote.address ?? "";
	return clientAddress(peer, c.req.header("x-forwarded-for"), trustedProxies);
}

function requestOf(
	c: Context<VisitEnv>,
	plugin: PluginHooks,
	{ brand, place, trustedProxies }: PluginRouteParts,
): LoginRequest {
	const { form, locale, subjectId, provenAt } = c.var.visit;
	const prefix = cookiePrefix(place, plugin);
	const cookies = Object.entries(getCookie(c)).flatMap(([name, value]) =>
		name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
	);
	return {
		brandId: brand.id,
		method: c.req.method === "POST" ? "POST" : "GET",
		query: [...new URL(c.req.url).searchParams],
		form: form.filter(([name]) => name !== "_csrf"),
		cookies: Object.fromEntries(cookies),
		locale: locale.tag,
		clientAddress: clientAddressOf(c, trustedProxies),
		currentUser: subjectId === undefined ? undefined : { id: subjectId, provenAt },
	};
}

async function send(
	c: Context<VisitEnv>,
	response: LoginResponse,
	plugin: PluginHooks,
	{ place, show, signInUser }: PluginRouteParts,
): Promise<Response> {
	const { options } = cookieTraits(place);
	for (const { name, value, maxAgeSeconds } of response.cookies ?? []) {
		setCookie(c, `${cookiePrefix(place, plugin)}${name}`, value, {
			...options,
			maxAge: maxAgeSeconds,
		});
	}
	switch (response.kind) {
		case "redirect":
			return leave(c, response.location);
		case "linked":
			if (c.var.visit.subjectId === response.userId) {
				return leave(c, response.returnPath);
			}
			await signInUser(c, response.userId);
			return leave(c, response.returnPath);
		case "signed-in":
		case "signed-up":
		// The portal itself asks a user for what it misses, wherever they go.
		case "complete-profile":
			await signInUser(c, response.userId);
			return leave(c, response.returnPath);
		case "reauthenticate":
			return leave(c, `/login/confirm?returnTo=${encodeURIComponent(response.returnPath)}`);
		case "page":
		case "cancelled":
		case "refused": {
			const { page } = response;
			const content = raw(
				`<div class="card">${await pluginMarkup(page.html, c.var.visit.csrf)}</div>`,
			);
			const shown = await show(c, page.title, content, page.status);
			// The address holds a verifier that no other site may learn.
			shown.headers.set("referrer-policy", "no-referrer");
			return shown;
		}
	}
}

function leave(c: Context, location: string): Response {
	c.header("cache-control", "no-store");
	c.header("referrer-policy", "no-referrer");
	return c.redirect(location, 303);
}

/** Ends in what no id has, so that no plugin's cookies can be taken for another one's. */
function cookiePrefix(place: Place, plugin: PluginHooks): string {
	return `${cookieTraits(place).prefix}${plugin.loaded.manifest.id}.${place.brandId}.`;
}
