import type { BlockList } from "node:net";
import type { Hono } from "hono";
import type { Brand } from "../../../contract/brands.ts";
import type { HandOffHelpdesk } from "../../hand-off/hand-off-helpdesk.ts";
import { handOffPaths } from "../../hand-off/hand-off-paths.ts";
import { handOffStep, passedTo, receivedBy } from "../../hand-off/hand-off-step.ts";
import type { Delivery, HandOffs } from "../../hand-off/hand-offs.ts";
import { handOffPresetOf } from "../../hand-off/presets/hand-off-presets.ts";
import type { BrandConnections } from "../../openid/open-openid.ts";
import { isAgreed, textOf } from "../../openid/passed-data.ts";
import { subjectOf } from "../../openid/subject.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { AttemptLimit } from "../../people/attempt-limit.ts";
import type { Account } from "../../people/stored-account.ts";
import { askToWait } from "../ask-to-wait.ts";
import type { Refusal } from "../bare-pages.ts";
import { forgetWay, noteHanded, rememberWay } from "../helpdesk-cookies.ts";
import { isNavigation } from "../openid/connect-routes.ts";
import {
	type PortalContent,
	type PortalContext,
	type ShowPortalPage,
	visitorNetwork,
	visitorOf,
} from "../portal/portal-visit.ts";
import { field, type Place, type VisitEnv } from "../visit.ts";
import {
	addressMissingPage,
	addressRefusedPage,
	consentPage,
	errorPage,
	failedPage,
	goPage,
	loggedOutTherePage,
	previewPage,
	unknownKindPage,
} from "./hand-off-pages.ts";

/** The longest path that a log-in leads on to, see `returnPath`. What is longer is left out, and the way still works. */
const MOST_CHARACTERS = 700;

export interface HandOffRouteParts {
	readonly brand: Brand;
	readonly place: Place;
	readonly accounts: Accounts;
	readonly handOffs: HandOffs;
	readonly connections: BrandConnections;
	/** Counts the tokens that networks ask for. */
	readonly requestLimit: AttemptLimit;
	readonly trustedProxies: BlockList;
	/** Leads straight to the one provider of the log-in page. @returns undefined where a visitor has to choose. */
	readonly startStraight: (c: PortalContext, returnPath: string) => Promise<Response | undefined>;
	readonly show: ShowPortalPage;
	readonly refuse: (c: PortalContext, refusal: Refusal) => Promise<Response>;
}

type Answer = (
	c: PortalContext,
	parts: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
) => Promise<Response>;

/** The pages between the portal and a helpdesk that takes a signed token: what is missing, and then on to the helpdesk. */
export function handOffRoutes(app: Hono<VisitEnv>, parts: HandOffRouteParts): void {
	const { handOff, logOut, test } = handOffPaths(":helpdeskId");
	const about = (answer: Answer) => async (c: PortalContext) => {
		// A token is for a person who goes on. Neither HEAD nor a browser that loads pages in advance is one.
		if (c.req.method === "HEAD") {
			return parts.refuse(c, "method");
		}
		if (`${c.req.header("sec-purpose")} ${c.req.header("purpose")}`.includes("prefetch")) {
			return parts.refuse(c, "prefetch");
		}
		// Neither is an image or a script of any page on the web.
		const mode = c.req.header("sec-fetch-mode");
		if (c.req.header("sec-fetch-site") !== undefined && mode !== "navigate") {
			return parts.refuse(c, "not-found");
		}
		const { handOff: helpdesk } = c.var;
		return helpdesk === undefined ? parts.refuse(c, "not-found") : answer(c, parts, helpdesk);
	};
	app.get(handOff, about(takeStep));
	app.post(handOff, about(answerConsent));
	app.get(test, about(preview));
	app.get(logOut, about(logOutThere));
}

async function takeStep(
	c: PortalContext,
	parts: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
): Promise<Response> {
	const { place, accounts, show } = parts;
	rememberWay(c, place, handOffPaths(helpdesk.id).handOff);
	const account = await visitorOf(c, accounts);
	const step = await stepOf(parts, helpdesk, account);
	const here = hereOf(c, helpdesk);
	if (account === undefined || (step !== "consent" && step !== "go")) {
		return missing(c, parts, helpdesk, account, here);
	}
	return step === "consent"
		? show(c, consentPage(c.var.visit, here, helpdesk, receivedBy(helpdesk), account))
		: goOn(c, parts, helpdesk, account);
}

/** The answer to a visitor of whom the helpdesk can hear nothing yet. */
async function missing(
	c: PortalContext,
	{ show, startStraight }: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
	account: Account | undefined,
	here: string,
): Promise<Response> {
	const { visit } = c.var;
	if (account === undefined) {
		return (
			(helpdesk.straightToX && isNavigation(c) && (await startStraight(c, here))) ||
			c.redirect(`/login?returnTo=${encodeURIComponent(here)}`, 303)
		);
	}
	return handOffStep(helpdesk, { account, hasConsented: true }) === "address"
		? show(c, addressMissingPage(visit, here, helpdesk), 403)
		: show(c, addressRefusedPage(visit, helpdesk, account.email ?? ""), 403);
}

async function answerConsent(
	c: PortalContext,
	parts: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
): Promise<Response> {
	const { form } = c.var.visit;
	const answer = field(form, "answer");
	if (answer === "cancel") {
		return c.redirect("/account", 303);
	}
	const account = await visitorOf(c, parts.accounts);
	const step = await stepOf(parts, helpdesk, account);
	const passed = passedTo(helpdesk);
	// What the page has shown may be another thing than what goes to the helpdesk by now.
	const isAnswer = answer === "go" && field(form, "shown") === textOf(passed);
	if (account === undefined || !isAnswer || (step !== "consent" && step !== "go")) {
		return c.redirect(hereOf(c, helpdesk), 303);
	}
	await parts.connections.consents.give(subjectOf(account), helpdesk.id, passed);
	return goOn(c, parts, helpdesk, account);
}

async function stepOf(
	{ connections: { consents } }: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
	account: Account | undefined,
) {
	const consent = account && (await consents.find(subjectOf(account), helpdesk.id));
	const hasConsented = consent !== undefined && isAgreed(consent.agreed, passedTo(helpdesk));
	return handOffStep(helpdesk, account && { account, hasConsented });
}

async function goOn(
	c: PortalContext,
	parts: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
	account: Account,
): Promise<Response> {
	const { brand, place, handOffs, requestLimit, trustedProxies, refuse } = parts;
	const wait = requestLimit.secondsToWait(brand.id, visitorNetwork(c, trustedProxies));
	if (wait > 0) {
		return refuse(c, askToWait(c, wait));
	}
	const result = await handOffs.handOver(helpdesk, account, askedIn(c, helpdesk));
	const { visit } = c.var;
	const here = hereOf(c, helpdesk);
	const show = (page: PortalContent, status = 200) => parts.show(c, page, status, "no-referrer");
	switch (result.kind) {
		case "nobody":
			return show(addressRefusedPage(visit, helpdesk, account.email ?? ""), 403);
		case "failed":
			return show(failedPage(visit, here, helpdesk, result.trace), 502);
		case "delivery":
			forgetWay(c, place);
			noteHanded(c, place, helpdesk.id);
			return result.delivery.method === "get"
				? leave(c, result.delivery)
				: show(goPage(visit, here, helpdesk, result.delivery, account.email ?? ""));
	}
}

function leave(c: PortalContext, { url, fields }: Delivery): Response {
	const query = new URLSearchParams(
		[...fields].map(([name, value]): [string, string] => [
			name,
			typeof value === "string" ? value : value.reveal(),
		]),
	);
	c.header("cache-control", "no-store");
	c.header("referrer-policy", "no-referrer");
	return c.redirect(`${url}?${query}`, 303);
}

async function preview(
	c: PortalContext,
	parts: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
): Promise<Response> {
	if (handOffPresetOf(helpdesk.preset) === undefined) {
		return parts.show(c, unknownKindPage(c.var.visit, helpdesk), 404);
	}
	const account = await visitorOf(c, parts.accounts);
	const shown = account && parts.handOffs.preview(helpdesk, account);
	return shown === undefined
		? missing(c, parts, helpdesk, account, handOffPaths(helpdesk.id).test)
		: parts.show(c, previewPage(c.var.visit, helpdesk, shown));
}

/** A helpdesk leads here after a log-out, and with an error. Any page on the web can, so nobody is logged out by it. */
async function logOutThere(
	c: PortalContext,
	{ brand, handOffs, requestLimit, trustedProxies, show, refuse }: HandOffRouteParts,
	helpdesk: HandOffHelpdesk,
): Promise<Response> {
	const { visit } = c.var;
	if (c.req.query("kind") !== "error") {
		return show(c, loggedOutTherePage(visit, visit.subjectId !== undefined));
	}
	const wait = requestLimit.secondsToWait(brand.id, visitorNetwork(c, trustedProxies));
	if (wait > 0) {
		return refuse(c, askToWait(c, wait));
	}
	const trace = handOffs.noteError(helpdesk, c.req.query("message") ?? "");
	return show(c, errorPage(visit, helpdesk, trace), 400);
}

/** The page that the visitor is on, with the way on that it was asked for. */
function hereOf(c: PortalContext, helpdesk: HandOffHelpdesk): string {
	const { handOff } = handOffPaths(helpdesk.id);
	const asked = askedIn(c, helpdesk);
	const { returnField } = handOffPresetOf(helpdesk.preset) ?? {};
	if (asked === undefined || returnField === undefined) {
		return handOff;
	}
	const here = `${handOff}?${new URLSearchParams({ [returnField]: asked })}`;
	return here.length > MOST_CHARACTERS ? handOff : here;
}

function askedIn(c: PortalContext, { preset }: HandOffHelpdesk): string | undefined {
	const { returnField } = handOffPresetOf(preset) ?? {};
	return returnField === undefined ? undefined : c.req.query(returnField);
}
