import type { ExportLinksParts } from "../../../src/helpdesk/add-ons/jobs/export-links.ts";
import { type OpenCore, openCore } from "../helpdesk/open-core.ts";

/** A helpdesk with an add-on that exports so many links of so many users, 100 on a page. */
export async function exportingAddOn(
	count: number,
): Promise<
	Pick<OpenCore, "storage" | "clock"> &
		Pick<ExportLinksParts, "addOns" | "accounts"> & { readonly count: number }
> {
	const users: string[] = [];
	const core = await openCore(() => ({
		exportLinks: async (_, cursor) => {
			const from = Number(cursor ?? 0);
			const links = users.slice(from, from + 100).map((userId, index) => ({
				...{ userId, handle: "h", linkedAt: 1 },
				identityId: `x:${from + index}`,
			}));
			const next = from + 100;
			return next < users.length ? { links, cursor: String(next) } : { links };
		},
	}));
	for (let each = 0; each < count; each += 1) {
		users.push((await core.addUser(`p${each}@example.com`)).id);
	}
	const { storage, clock, accounts, addOns } = core;
	return { storage, clock, accounts, addOns, count };
}
