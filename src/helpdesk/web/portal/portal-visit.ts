import type { BlockList } from "node:net";
import type { Context } from "hono";
import { clientNetwork } from "../../../routes/client-network.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { Account } from "../../people/stored-account.ts";
import { clientAddressOf } from "../client-address-of.ts";
import type { Markup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";

/** A user who proved the account more recently than this is not asked for the password again. */
const RECENT_PROOF_MS = 10 * 60_000;

export type PortalContext = Context<VisitEnv>;

/** Sends a page of the portal. */
export type ShowPortalPage = (
	c: PortalContext,
	page: PortalContent,
	status?: number,
	referrerPolicy?: string,
) => Promise<Response>;

/** A page without the layout of the portal around it. */
export interface PortalContent {
	readonly title: string;
	readonly content: Markup;
	/** Whether a browser with scripts sends the form of the page at once. Left out: no. */
	readonly submits?: boolean;
}

/** The account of the logged-in user; undefined when nobody is logged in. */
export async function visitorOf(
	c: PortalContext,
	accounts: Pick<Accounts, "find">,
): Promise<Account | undefined> {
	return accounts.find(c.var.visit.subjectId ?? "");
}

/** Whether the user proved the account so recently that they may change how it is opened. @param now the time of the request. */
export function hasRecentProof(c: PortalContext, now: number): boolean {
	return now - c.var.visit.provenAt < RECENT_PROOF_MS;
}

/** The token in the address that a link in a letter leads to, also where more than the link was copied; else empty. */
export function linkToken(c: PortalContext): string {
	return /[A-Za-z0-9_-]{43}/.exec(c.req.query("token") ?? "")?.[0] ?? "";
}

/** The network of the visitor, by which attempts are counted. */
export function visitorNetwork(c: PortalContext, trustedProxies: BlockList): string {
	return clientNetwork(clientAddressOf(c, trustedProxies));
}

/** Redirects to the log-in page, which leads on to the account. */
export function toLogin(c: PortalContext): Response {
	return c.redirect("/login?returnTo=/account", 303);
}
