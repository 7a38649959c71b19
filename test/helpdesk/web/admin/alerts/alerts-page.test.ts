// The pages on which operators choose alerts say why somebody who chose them gets none.
import { expect, test } from "vitest";
import { openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const UNREAD = "You get none yet: nobody reads operator@helpdesk.example";

test("an operator at the address that the helpdesk began with reads beside the choice why no alert comes", async () => {
	const { operator, portal } = await openHelpdesk();
	await operator.open(`${portal}/admin/settings/general/alerts`);
	expect(operator.seen.html).toContain("Nobody gets alerts by e-mail.");

	await operator.open(`${portal}/admin/profile`);
	expect(operator.seen.html).toContain(UNREAD);
	await operator.submit("/admin/profile/alerts");

	expect(operator.seen.html).toContain("Saved.");
	expect(operator.seen.html).not.toContain(UNREAD);
});
