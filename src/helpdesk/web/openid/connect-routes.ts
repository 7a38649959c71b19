import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Brand } from "../../../contract/brands.ts";
import { localeFor } from "../../locale/locale.ts";
import { claimsOf, type UserClaims } from "../../openid/claims.ts";
import { connectStep } from "../../openid/connect-step.ts";
import { CONNECT_PATH, connectPath } from "../../openid/make-provider.ts";
import type { BrandConnections } from "../../openid/open-openid.ts";
import {
	type AgreedData,
	isAgreed,
	newData,
	type PassedData,
	passedData,
	textOf,
} from "../../openid/passed-data.ts";
import type { PortalSession } from "../../openid/portal-sessions.ts";
import type { WaitingRequest } from "../../openid/waiting-request.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { Account } from "../../people/stored-account.ts";
import { forgetWay, rememberedWay, rememberWay } from "../helpdesk-cookies.ts";
import { idOnTheWay } from "../helpdesk-on-the-way.ts";
import { type PortalContext, type ShowPortalPage, visitorOf } from "../portal/portal-visit.ts";
import { field, type Place, type VisitEnv } from "../visit.ts";
import { addressRefusedPage, consentPage, leavePage, requestOverPage } from "./connect-pages.ts";

export interface ConnectRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly connections: BrandConnections;
	/** The handle of a user at X, without an "@"; undefined for none. */
	readonly handleOf: (userId: string) => Promise<string | undefined>;
	/** Leads straight to the one provider of the log-in page. @returns undefined where a visitor has to choose. */
	readonly startStraight: (c: PortalContext, returnPath: string) => Promise<Response | undefined>;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPortalPage;
}

/**
 * Finds the request of a connected helpdesk that a visit is about, see `idOnTheWay`. Pages show its helpdesk and speak its
 * language, and their forms may lead to it.
 */
export function aboutRequest(
	parts: Pick<ConnectRouteParts, "brand" | "place" | "connections">,
): MiddlewareHandler<VisitEnv> {
	const { openid } = parts.connections;
	return async (c, next) => {
		const id = idOnTheWay(c, parts, CONNECT_PATH);
		const waiting = id === undefined ? undefined : await openid.waiting(id);
		if (waiting !== undefined) {
			c.set("waiting", waiting);
			if (waiting.languages.length > 0) {
				const { visit } = c.var;
				const locale = localeFor(waiting.languages.join(","), visit.locale.tag);
				c.set("visit", { ...visit, locale });
			}
		}
		return next();
	};
}

/** The origins that a form of this visit may lead to. */
export function formTargetsOf(c: Context): readonly string[] {
	const { waiting } = (c as Context<Partial<VisitEnv>>).var;
	if (waiting === undefined) {
		return [];
	}
	const { address, redirectUris } = waiting.helpdesk;
	return [address, ...redirectUris, waiting.redirectUri].map((each) => new URL(each).origin);
}

/** The page between a connected helpdesk and the portal: what is missing, and then on to the helpdesk. */
export function connectRoutes(app: Hono<VisitEnv>, parts: ConnectRouteParts): void {
	app.get(`${CONNECT_PATH}/:requestId`, async (c) => {
		const waiting = await ownRequest(c, parts);
		if (waiting === undefined) {
			return parts.show(c, requestOverPage(c.var.visit), 404);
		}
		rememberWay(c, parts.place, connectPath(waiting.id));
		return takeStep(c, parts, waiting);
	});
	app.post(`${CONNECT_PATH}/:requestId`, async (c) => answerConsent(c, parts));
}

/** The request in the path, if this browser made it. */
async function ownRequest(
	c: PortalContext,
	{ connections: { openid } }: ConnectRouteParts,
): Promise<WaitingRequest | undefined> {
	const { waiting } = c.var;
	const { incoming, outgoing } = bindingsOf(c);
	return waiting !== undefined && (await openid.isOwn(waiting.id, incoming, outgoing))
		? waiting
		: undefined;
}

interface Visitor {
	readonly session: Pick<PortalSession, "provenAt"> & { readonly subject: string };
	readonly account: Account;
	readonly claims: UserClaims;
	readonly passed: PassedData;
	readonly agreed: AgreedData;
	readonly hasConsented: boolean;
}

async function visitorAt(
	c: PortalContext,
	{ accounts, handleOf, connections: { consents } }: ConnectRouteParts,
	{ helpdesk, hosts }: WaitingRequest,
): Promise<Visitor | undefined> {
	const account = await visitorOf(c, accounts);
	if (account === undefined) {
		return undefined;
	}
	const claims = claimsOf(account, await handleOf(account.id), helpdesk);
	const { sub: subject } = claims;
	const session = { subject, provenAt: c.var.visit.provenAt };
	const passed = passedData(claims, hosts);
	const { agreed = {} } = (await consents.find(subject, helpdesk.id)) ?? {};
	return { session, account, claims, passed, agreed, hasConsented: isAgreed(agreed, passed) };
}

async function takeStep(
	c: PortalContext,
	parts: ConnectRouteParts,
	waiting: WaitingRequest,
): Promise<Response> {
	const { show } = parts;
	const { id, helpdesk } = waiting;
	const here = connectPath(id);
	const visitor = await visitorAt(c, parts, waiting);
	const step = connectStep(waiting, visitor, parts.now());
	if (step === "log-in" || visitor === undefined) {
		return (
			(helpdesk.straightToX && isNavigation(c) && (await parts.startStraight(c, here))) ||
			c.redirect(`/login?returnTo=${encodeURIComponent(here)}`, 303)
		);
	}
	if (step === "prove" || step === "address") {
		const page = step === "prove" ? "/login/confirm" : "/account/email";
		return c.redirect(`${page}?returnTo=${encodeURIComponent(here)}`, 303);
	}
	const { account, claims, passed, agreed } = visitor;
	if (step === "address-refused") {
		return show(c, addressRefusedPage(c.var.visit, id, helpdesk, account.email ?? ""), 403);
	}
	if (step === "consent") {
		const more = newData(agreed, passed);
		const isFirst = Object.keys(agreed).length === 0;
		const view = { helpdesk, claims, hosts: passed.hosts, shown: textOf(passed) };
		const page = { ...view, requestId: id, more: isFirst ? undefined : more };
		return show(c, consentPage(c.var.visit, page));
	}
	return goOn(c, parts, waiting, visitor);
}

async function answerConsent(c: PortalContext, parts: ConnectRouteParts): Promise<Response> {
	const { connections, show, now } = parts;
	const waiting = await ownRequest(c, parts);
	if (waiting === undefined) {
		return show(c, requestOverPage(c.var.visit), 404);
	}
	const { incoming, outgoing } = bindingsOf(c);
	const { form } = c.var.visit;
	const answer = field(form, "answer");
	if (answer === "cancel") {
		const why = "the visitor went back";
		return leave(c, parts, waiting, await connections.openid.refuse(incoming, outgoing, why));
	}
	const visitor = await visitorAt(c, parts, waiting);
	const step = connectStep(waiting, visitor, now());
	// What the page has shown may be another thing than what goes to the helpdesk by now.
	const isAnswer = answer === "go" && field(form, "shown") === (visitor && textOf(visitor.passed));
	if (visitor === undefined || !isAnswer || (step !== "consent" && step !== "go")) {
		return c.redirect(connectPath(waiting.id), 303);
	}
	const { session, passed } = visitor;
	await connections.consents.give(session.subject, waiting.helpdesk.id, passed);
	return goOn(c, parts, waiting, visitor);
}

async function goOn(
	c: PortalContext,
	parts: ConnectRouteParts,
	waiting: WaitingRequest,
	{ session }: Visitor,
): Promise<Response> {
	const {
		place,
		connections: { openid },
	} = parts;
	const { incoming, outgoing } = bindingsOf(c);
	const location = await openid.finish(waiting, session, incoming, outgoing);
	forgetWay(c, place);
	return leave(c, parts, waiting, location);
}

/**
 * Leads on to the provider, which leads on to the helpdesk. Chromium applies the `form-action` of a page to all redirects
 * after its form, and nobody here knows where a helpdesk redirects its visitors to. So the redirects after a form end at a
 * page, which the browser leaves by itself.
 *
 * @param location at this site. The code is made there, and is in no page.
 */
function leave(
	c: PortalContext,
	{ place, show }: ConnectRouteParts,
	waiting: WaitingRequest,
	location: string,
): Response | Promise<Response> {
	c.header("cache-control", "no-store");
	c.header("referrer-policy", "no-referrer");
	const wasHere = rememberedWay(c, place) === connectPath(waiting.id);
	const isAfterForm = c.req.method === "POST" || wasHere;
	// Browsers that apply the policy to redirects say that they navigate.
	if (!isAfterForm || c.req.header("sec-fetch-mode") !== "navigate") {
		return c.redirect(location, 303);
	}
	c.header("refresh", `0; url=${location}`);
	return show(c, leavePage(c.var.visit, waiting.helpdesk, location), 200, "no-referrer");
}

/** Whether a person opens the page, and neither an image, a frame, nor a browser that loads pages in advance. */
export function isNavigation(c: PortalContext): boolean {
	return (
		c.req.method === "GET" &&
		c.req.header("sec-fetch-mode") === "navigate" &&
		c.req.header("sec-fetch-dest") === "document" &&
		c.req.header("sec-purpose") === undefined &&
		c.req.header("purpose") === undefined
	);
}

function bindingsOf(c: Context): HttpBindings {
	return c.env as HttpBindings;
}
