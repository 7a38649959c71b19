// A page says what was done because its address does, so a link could make it say what never was.
import { expect, test } from "vitest";
import { openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";

const SAYS = "The mail server is removed.";

test.each(["cross-site", "same-site", "none"])(
	"a link (%s) does not make a page say that something was done",
	async (site) => {
		const { operator, helpdesk } = await openHelpdesk();
		const link = `${helpdesk.adminUrl}/mailbox/server?d%6Fne=removed&x=1`;

		const answer = await operator.request(link, { headers: { "sec-fetch-site": site } });

		expect([answer.status, answer.headers.get("location")]).toEqual([
			303,
			"/admin/mailbox/server?x=1",
		]);
	},
);

test("our own redirect makes a page say what was done", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	const headers = { "sec-fetch-site": "same-origin" };
	const address = `${helpdesk.adminUrl}/mailbox/server?done=removed`;
	expect((await operator.open(address, { headers })).html).toContain(SAYS);
});

test("a log-in and a new proof lead to no page that says what was done", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	for (const path of ["login", "prove"]) {
		for (const name of ["done", "d%6Fne"]) {
			const asked = encodeURIComponent(`/admin/mailbox/server?${name}=removed`);
			const { html } = await operator.open(`${helpdesk.adminUrl}/${path}?returnTo=${asked}`);
			expect(html).toContain('name="returnTo" value=""');
		}
		const { html } = await operator.open(`${helpdesk.adminUrl}/${path}?returnTo=/admin/mailbox`);
		expect(html).toContain('name="returnTo" value="/admin/mailbox"');
	}
});
