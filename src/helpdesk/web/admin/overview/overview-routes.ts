import type { SharedAddress } from "../../../brands/administration-address.ts";
import { mayOpen } from "../admin-layout.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type OverviewParts, overviewFacts } from "./overview-facts.ts";
import { overviewPage } from "./overview-page.ts";

export interface OverviewRouteParts extends OverviewParts {
	/** What the administration shares with a portal that strangers may reach. Left out: nothing. */
	readonly sharedAddress?: SharedAddress | undefined;
	/** The storage as operators know it. Left out: memory, which a restart empties. */
	readonly storageName?: string | undefined;
	readonly show: ShowPage;
}

/** The start page of the administration. */
export function overviewRoutes(app: OperatorApp, parts: OverviewRouteParts): void {
	app.get(ADMIN_PATHS.overview, async (c) => {
		const { brands, sharedAddress } = parts;
		const { locale } = c.var.visit;
		const page = overviewPage({
			...{ brands, facts: await overviewFacts(parts, locale) },
			hasMailServer: await parts.hasMailServer(),
			storageName: parts.storageName,
			setsUp: mayOpen(c, ADMIN_PATHS.integrations),
			sharedAddress: c.var.operator?.role === "owner" ? sharedAddress : undefined,
			locale,
		});
		return parts.show(c, locale.text("overview.title"), page);
	});
}
