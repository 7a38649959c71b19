import { expect, test } from "vitest";
import type { ExportedLink } from "../../../src/contract/link-transfer.ts";
import { isExportedLink } from "../../../src/helpdesk/add-ons/exported-link.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

const LINK: ExportedLink = { identityId: "x:1", handle: "ada", userId: "ada", linkedAt: 1 };

/** What a plugin gives may have any form. */
const asLink = (given: unknown): ExportedLink => given as ExportedLink;

test.each([LINK, { ...LINK, handle: "" }, { ...LINK, later: true }, { ...LINK, linkedAt: -1 }])(
	"as the contract says: %j",
	(link) => {
		expect(isExportedLink(link)).toBe(true);
	},
);

test.each([
	null,
	"x:1",
	{ ...LINK, identityId: 1 },
	{ ...LINK, handle: undefined },
	{ ...LINK, userId: null },
	{ ...LINK, linkedAt: "yesterday" },
	{ ...LINK, linkedAt: Number.NaN },
	{ ...LINK, linkedAt: 1e300 },
])("not as the contract says: %j", (given) => {
	expect(isExportedLink(asLink(given))).toBe(false);
});

test("an export leaves out what breaks the contract, and goes on to the next page", async () => {
	const broken = asLink({ ...LINK, userId: undefined });
	const { addOn } = await openCore(() => ({
		exportLinks: async () => ({ links: [broken, LINK], cursor: "2" }),
	}));

	expect(await addOn.plugin.exportLinks("acorn")).toEqual({ links: [LINK], cursor: "2" });
});
