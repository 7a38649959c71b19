import type { Hono } from "hono";
import { html, raw } from "hono/html";
import type { TrialTickets } from "../../add-ons/trial-tickets.ts";
import { trialPath } from "../../brands/brand-addresses.ts";
import { csrfField } from "../layout.ts";
import { field, type VisitEnv } from "../visit.ts";
import { type PluginRouteParts, startTrial } from "./plugin-routes.ts";
import { cardPage } from "./portal-page.ts";
import type { PortalContext } from "./portal-visit.ts";

export interface TrialRouteParts extends PluginRouteParts {
	readonly trialTickets: TrialTickets;
}

/** The page to which the administration leads an operator who tries a log-in. A link alone starts nothing. */
export function trialRoutes(app: Hono<VisitEnv>, parts: TrialRouteParts): void {
	const logInOf = (c: PortalContext) => ({
		pluginId: c.req.param("pluginId") ?? "",
		brandId: parts.brand.id,
	});
	app.get(trialPath(":pluginId"), async (c) => {
		const ticket = c.req.query("ticket") ?? "";
		return parts.trialTickets.isOf(ticket, logInOf(c))
			? showTrial(c, parts, ticket)
			: showOver(c, parts);
	});
	app.post(trialPath(":pluginId"), async (c) => {
		const ticket = field(c.var.visit.form, "ticket") ?? "";
		const { pluginId } = logInOf(c);
		return (await parts.trialTickets.redeem(ticket, logInOf(c)))
			? startTrial(c, parts, pluginId)
			: showOver(c, parts);
	});
}

async function showTrial(
	c: PortalContext,
	{ addOns, show }: TrialRouteParts,
	ticket: string,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const addOn = await addOns.find(c.req.param("pluginId") ?? "");
	const name = addOn?.loaded.manifest.name ?? "";
	const content = html`<p>${locale.text("try.text", { name })}</p><form method="post" action="${c.req.path}">${csrfField(csrf)}<input type="hidden" name="ticket" value="${ticket}"><button type="submit" class="login-button"><span class="login-button-icon" aria-hidden="true">${raw(addOn?.loaded.icon ?? "")}</span><span class="login-button-label">${locale.text("try.submit", { name })}</span></button></form>`;
	return show(c, cardPage(locale.text("try.title"), content), 200, "no-referrer");
}

async function showOver(c: PortalContext, { show }: TrialRouteParts): Promise<Response> {
	const { locale } = c.var.visit;
	return show(
		c,
		cardPage(locale.text("try.over.title"), html`<p>${locale.text("try.over.text")}</p>`),
		403,
	);
}
