import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { raw } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginRequest } from "../../../contract/login-request.ts";
import type { LoginResponse } from "../../../contract/login-response.ts";
import type { InstalledPlugin } from "../installed-plugin.ts";
import { callbackPath, startPath } from "../standalone-brands.ts";
import type { Refusal } from "./bare-pages.ts";
import { type Markup, pluginMarkup } from "./layout.ts";
import { cookieTraits, type Place, signIn, type VisitEnv } from "./visit.ts";

export interface PluginRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly plugin: InstalledPlugin;
	readonly show: (
		c: Context<VisitEnv>,
		title: string,
		content: Markup,
		status?: number,
	) => Promise<Response>;
	readonly refuse: (c: Context<VisitEnv>, refusal: Refusal) => Promise<Response>;
}

/** The two addresses of a brand that end in the plugin's login hooks. */
export function pluginRoutes(app: Hono<VisitEnv>, parts: PluginRouteParts): void {
	const { plugin, refuse } = parts;
	const { id } = plugin.loaded.manifest;
	app.post(startPath(id), async (c) => {
		const response = await plugin.answer("startLogin", requestOf(c, parts));
		return response === undefined ? refuse(c, await reasonOf(plugin)) : send(c, response, parts);
	});
	app.get(callbackPath(id), async (c) => {
		// Neither a HEAD request nor a browser that loads ahead may use up a log-in.
		if (c.req.method !== "GET") {
			return refuse(c, "method");
		}
		if (`${c.req.header("sec-purpose")} ${c.req.header("purpose")}`.includes("prefetch")) {
			return refuse(c, "prefetch");
		}
		const response = await plugin.answer("handleCallback", requestOf(c, parts));
		return response === undefined ? refuse(c, await reasonOf(plugin)) : send(c, response, parts);
	});
}

async function reasonOf(plugin: InstalledPlugin): Promise<Refusal> {
	return (await plugin.isActive()) ? "unexpected" : "not-found";
}

function requestOf(c: Context<VisitEnv>, { brand, place, plugin }: PluginRouteParts): LoginRequest {
	const { form, locale, subjectId } = c.var.visit;
	const prefix = cookiePrefix(place, plugin);
	const cookies = Object.entries(getCookie(c)).flatMap(([name, value]) =>
		name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
	);
	return {
		brandId: brand.id,
		query: [...new URL(c.req.url).searchParams],
		form: form.filter(([name]) => name !== "_csrf"),
		cookies: Object.fromEntries(cookies),
		locale: locale.tag,
		clientAddress: getConnInfo(c).remote.address ?? "",
		currentUserId: subjectId,
	};
}

async function send(
	c: Context<VisitEnv>,
	response: LoginResponse,
	{ place, plugin, show }: PluginRouteParts,
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
		case "signed-in":
		case "signed-up":
			await signIn(c, place, response.userId);
			return leave(c, response.returnPath);
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

function cookiePrefix(place: Place, plugin: InstalledPlugin): string {
	return `${cookieTraits(place).prefix}${plugin.loaded.manifest.id}-${place.brandId}-`;
}
