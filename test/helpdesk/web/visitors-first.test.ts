// Background work yields to people who use a portal, and neither to operators nor to monitors.
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { brandSites } from "../../../src/helpdesk/web/brand-site.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";

test.each([
	["/", true],
	["/login?returnTo=/account", true],
	["/login/x-login/callback?oauth_token=x", true],
	["/oidc/jwks", true],
	["/administrators", true],
	["/admin", false],
	["/admin?done=saved", false],
	["/admin/users", false],
	["/healthz", false],
])("a request for %s is one of a visitor: %s", async (path, isVisit) => {
	const clock = new MockClock();
	const options = await helpdeskOptions({ clock });
	const brands = brandsAt(options, [8080, 8081]);
	const core = openHelpdesk(options, brands);
	onTestFinished(() => core.close());
	const [first] = brands;
	const site = first && brandSites(core, options, new Map([[first.id, 8080]]))(first);
	const incoming = new IncomingMessage(new Socket());
	Object.assign(incoming, { url: path, method: "GET", headers: { host: "127.0.0.1:8080" } });
	const outgoing = new ServerResponse(incoming);

	await site?.fetch(new Request(`http://127.0.0.1:8080${path}`), { incoming, outgoing });

	expect(core.visitors.areHere()).toBe(isVisit);
	clock.advance(1_000);
	expect(core.visitors.areHere()).toBe(false);
});
