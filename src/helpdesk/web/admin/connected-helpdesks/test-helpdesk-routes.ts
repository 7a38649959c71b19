import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, helpdeskPaths } from "../paths.ts";
import { type ConnectedHelpdeskParts, placeIn } from "./helpdesk-place.ts";
import { testPage } from "./test-page.ts";

/**
 * Tests a connected helpdesk. The test begins and ends in the administration, whatever the brand, so only the session of
 * the operator who began it sees what it shows.
 */
export function testHelpdeskRoutes(app: OperatorApp, parts: ConnectedHelpdeskParts): void {
	const { openid, brands, show } = parts;
	app.get(helpdeskPaths(":helpdeskId").test, async (c) => {
		const found = placeIn(c, parts);
		const id = c.req.param("helpdeskId");
		const address =
			found &&
			(await openid.tests.start(openid.testedBrand(found.brand), id, c.var.visit.sessionId ?? ""));
		if (address === undefined) {
			return c.notFound();
		}
		c.header("referrer-policy", "no-referrer");
		return c.redirect(address, 303);
	});
	app.get(ADMIN_PATHS.testedHelpdesk, async (c) => {
		const { locale } = c.var.visit;
		const answer = new URL(c.req.url).searchParams;
		const result = await openid.tests.finish(answer, c.var.visit.sessionId ?? "", (brandId) => {
			const brand = brands.find(({ id }) => id === brandId);
			return brand && openid.testedBrand(brand);
		});
		return show(
			c,
			locale.text("helpdesk.tested.head"),
			testPage(result, locale),
			result.kind === "received" ? 200 : 400,
		);
	});
}
