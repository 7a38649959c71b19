import type { Brand } from "../../contract/brands.ts";
import { administrationAddress } from "../brands/administration-address.ts";
import type { HelpdeskCore, HelpdeskOptions } from "../helpdesk.ts";
import { NAMESPACES } from "../namespaces.ts";
import { ADMIN_PATHS } from "./admin/paths.ts";
import { newSite } from "./bare-pages.ts";
import type { AdminAddress } from "./brand-hosts.ts";
import { adminOf } from "./brand-site.ts";
import { adminPlace } from "./places.ts";
import { securityHeaders } from "./security-headers.ts";

/** The administration at an origin of its own. It has no page of a portal. */
export function administrationApart(
	core: HelpdeskCore,
	options: HelpdeskOptions,
	first: Brand,
): AdminAddress {
	return {
		baseUrl: administrationAddress(options, [first]),
		makeSite: () => {
			const { app, part } = adminOf({ core, options }, first);
			const site = newSite({
				...{ name: ({ text }) => text("frame.site"), part },
				place: adminPlace({ core, options }, first),
				logError: (error) => core.logError("a request failed", error),
				// Its forms lead to its own pages only.
				headers: securityHeaders(() => []),
			});
			site.get("/healthz", async (c) => {
				await options.storage.get(NAMESPACES.health);
				return c.text("ok");
			});
			site.get("/", (c) => c.redirect(ADMIN_PATHS.overview, 302));
			site.route("/", app);
			return site;
		},
	};
}
