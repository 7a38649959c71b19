import type { BlockList } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { raw } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { FormField } from "../../../contract/login-request.ts";
import type { LoginResponse } from "../../../contract/login-response.ts";
import { afterSent } from "../../../routes/after-sent.ts";
import {
	type Doors,
	type LoginHook,
	METHODS_OF,
	methodRefusal,
	PRIVATE_HEADERS,
	passOn,
	type Recognition,
	type RouteAnswer,
	type RouteVisit,
} from "../../../routes/route-answer.ts";
import { type AddOn, buttonsOf, isActive } from "../../add-ons/add-on.ts";
import type { AddOns } from "../../add-ons/add-ons.ts";
import { notingCreated } from "../../add-ons/created-by-hook.ts";
import type { PluginHooks } from "../../add-ons/plugin-hooks.ts";
import { callbackPath, continuePath, startPath } from "../../brands/brand-addresses.ts";
import type { AttemptLimit } from "../../people/attempt-limit.ts";
import type { Account } from "../../people/stored-account.ts";
import { isUnrecorded } from "../../sign-ins/stray-counts.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { Refusal } from "../bare-pages.ts";
import { addressAskedFor } from "../canonical-host.ts";
import { clientAddressOf } from "../client-address-of.ts";
import { pluginMarkup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";
import { type PortalContext, type ShowPortalPage, visitorNetwork } from "./portal-visit.ts";

export interface PluginRouteParts {
	readonly brand: Brand;
	readonly addOns: AddOns;
	/** Limits the log-ins that one network may start. */
	readonly startLimit: AttemptLimit;
	readonly trustedProxies: BlockList;
	readonly show: ShowPortalPage;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	/** See `signInRecognised`. */
	readonly signInUser: (
		c: PortalContext,
		recognition: Recognition,
	) => Promise<Account | "again" | undefined>;
	readonly refuse: (c: PortalContext, refusal: Refusal) => Promise<Response>;
}

/** The paths of a brand that lead to the login hooks of the plugin in the path. */
export function pluginRoutes(app: Hono<VisitEnv>, parts: PluginRouteParts): void {
	const route = (path: string, hook: LoginHook): void => {
		app.on([...METHODS_OF[hook]], path, async (c) => {
			const refusal = methodRefusal(hook, c.req.method, (name) => c.req.header(name));
			if (refusal !== undefined) {
				return parts.refuse(c, refusal);
			}
			const wait = hook === "startLogin" ? secondsToWait(c, parts) : 0;
			return wait > 0 ? parts.refuse(c, askToWait(c, wait)) : answer(c, parts, hook);
		});
	};
	route(startPath(":pluginId"), "startLogin");
	route(callbackPath(":pluginId"), "handleCallback");
	route(continuePath(":pluginId"), "continueLogin");
}

/** A button that somebody counts as having pressed. */
interface Pressed {
	readonly pluginId: string;
	readonly form: readonly FormField[];
	readonly intent?: "try";
}

function secondsToWait(
	c: PortalContext,
	{ brand, startLimit, trustedProxies }: PluginRouteParts,
): number {
	return startLimit.secondsToWait(brand.id, visitorNetwork(c, trustedProxies));
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
	const { brand, addOns, refuse } = parts;
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
	const wait = secondsToWait(c, parts);
	if (wait > 0) {
		return refuse(c, askToWait(c, wait));
	}
	return answer(c, parts, "startLogin", {
		pluginId: only.pluginId,
		form: Object.entries(only.button.fields),
	});
}

/** Starts a test log-in. The caller has checked that an operator asks for it. */
export async function startTrial(
	c: PortalContext,
	parts: PluginRouteParts,
	pluginId: string,
): Promise<Response> {
	const wait = secondsToWait(c, parts);
	return wait > 0
		? parts.refuse(c, askToWait(c, wait))
		: answer(c, parts, "startLogin", { pluginId, form: [], intent: "try" });
}

/** @param pressed the button that a visitor counts as having pressed. Left out: the request is the plugin's own. */
async function answer(
	c: PortalContext,
	parts: PluginRouteParts,
	hook: LoginHook,
	pressed?: Pressed,
): Promise<Response> {
	const addOn = await parts.addOns.find(pressed?.pluginId ?? c.req.param("pluginId") ?? "");
	if (addOn === undefined || !isActive(addOn)) {
		return parts.refuse(c, "not-found");
	}
	if (pressed?.intent === "try" && addOn.loaded.canTry !== true) {
		return parts.refuse(c, "not-found");
	}
	const { plugin } = addOn;
	const created = new Set<string>();
	const passed = await passOn(visitOf(c, plugin, parts, pressed), {
		ask: (request) => notingCreated(created, () => plugin.answer(hook, request)),
		hasLinks: plugin.can("listLinkedAccounts"),
		clock: { now: parts.now },
		doors: doorsOf(c, parts, addOn),
	});
	if (passed === undefined) {
		// The hook may have failed because the plugin was deactivated or uninstalled meanwhile.
		const isThere = plugin.can(hook) && (await plugin.isActive());
		return parts.refuse(c, isThere ? "unexpected" : "not-found");
	}
	const { response } = passed;
	// Somebody whose account waits for an approval does not come in, although something is linked to it now.
	const changed = response.kind === "refused" ? created : [];
	for (const userId of response.kind === "linked" ? [response.userId] : changed) {
		await parts.addOns.linkFacts.linked(userId);
	}
	if (isUnrecorded(response)) {
		addOn.strays.count(parts.brand.id);
	}
	if (hook === "startLogin" && pressed?.intent !== "try" && leadsAway(response)) {
		addOn.attempts.started(parts.brand.id, visitorNetwork(c, parts.trustedProxies));
	}
	const sent = await send(c, passed, parts);
	const { outgoing } = c.env as HttpBindings;
	afterSent(outgoing, () => plugin.finish(hook, response.afterwards));
	return sent;
}

/** Whether the visitor goes to the provider. */
function leadsAway(response: LoginResponse): boolean {
	return response.kind === "redirect" && !response.location.startsWith("/");
}

function visitOf(
	c: PortalContext,
	plugin: PluginHooks,
	{ brand, trustedProxies }: PluginRouteParts,
	pressed: Pressed | undefined,
): RouteVisit {
	const { form, locale, subjectId, provenAt } = c.var.visit;
	return {
		brand,
		pluginId: plugin.loaded.manifest.id,
		method: pressed !== undefined || c.req.method === "POST" ? "POST" : "GET",
		query: addressAskedFor(c).searchParams,
		form: pressed?.form ?? form.filter(([name]) => name !== "_csrf"),
		cookies: c.req.header("cookie"),
		locale: locale.tag,
		clientAddress: clientAddressOf(c, trustedProxies),
		currentUser: subjectId === undefined ? undefined : { id: subjectId, provenAt },
		...(pressed?.intent && { intent: pressed.intent }),
	};
}

function doorsOf(c: PortalContext, { addOns, signInUser }: PluginRouteParts, addOn: AddOn): Doors {
	return {
		setCookies: (lines) => {
			for (const line of lines) {
				c.header("set-cookie", line, { append: true });
			}
		},
		// The portal asks for missing details on every page, so that they need no page of their own.
		enter: async (recognition, returnPath) => {
			const account = await signInUser(c, recognition);
			if (account === "again") {
				return `/login?done=again&returnTo=${encodeURIComponent(returnPath)}`;
			}
			const { kind, linkedAccount } = recognition;
			if (account !== undefined && kind !== "linked") {
				await addOns.linkFacts.cameIn(addOn, account, linkedAccount, kind === "signed-up");
			}
			return returnPath;
		},
		prove: (returnPath) => `/login/confirm?returnTo=${encodeURIComponent(returnPath)}`,
	};
}

async function send(
	c: PortalContext,
	{ location, page }: RouteAnswer,
	{ show }: PluginRouteParts,
): Promise<Response> {
	if (location === undefined) {
		const markup = await pluginMarkup(page.html, c.var.visit.csrf);
		const content = raw(`<div class="card">${markup}</div>`);
		return show(c, { title: page.title, content }, page.status, PRIVATE_HEADERS["referrer-policy"]);
	}
	for (const [name, value] of Object.entries(PRIVATE_HEADERS)) {
		c.header(name, value);
	}
	return c.redirect(location, 303);
}
