// Third-Party Integrations says since when log-ins fail, and why.
import { expect, onTestFinished, test } from "vitest";
import { brandsAt } from "../../../../../src/helpdesk/brands/brand-addresses.ts";
import { openHelpdesk as openCore } from "../../../../../src/helpdesk/helpdesk.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { throughX } from "../../../../kit/helpdesk/people-with-x.ts";

const MINUTE = 60_000;

test("the status of X is “Failing since”, until visitors come in again", async () => {
	const open = await openHelpdesk();
	const { helpdesk, fakeX, clock, storage, operator, portal } = open;
	await setUpX(open);
	// Another node does the duties.
	const options = await helpdeskOptions({ storage, clock, origins: { "api.x.com": fakeX.url } });
	const other = openCore(options, brandsAt(options, [1, 2]));
	onTestFinished(() => other.close());
	const statusAfter = async (): Promise<string> => {
		// The page waits for what this node has recorded.
		await operator.open(`${helpdesk.adminUrl}/sign-ins`);
		clock.advance(2 * MINUTE);
		await other.alerts.duty.run();
		const page = await operator.open(`${helpdesk.adminUrl}/settings/general/integrations`);
		const [, status = ""] = /<\/div><\/div><\/td>\s*<td>(.*?)<\/td>/s.exec(page.html) ?? [];
		return status;
	};
	await throughX(open, "1");
	expect(await statusAfter()).toContain("Active");

	fakeX.answerNext({ call: "request_token", fault: "32", times: 2 });
	for (let visit = 0; visit < 2; visit += 1) {
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		await visitor.submit("/login/x-login/start");
	}
	const failing = await statusAfter();
	expect(failing).toMatch(/^Failing since \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
	expect(failing).toContain("Acorn Outdoor, since");
	expect(failing).toContain("Wrong API key or secret");
	expect(failing).toContain('href="/admin/settings/general/integrations/x-login?brand=acorn"');

	for (let visit = 0; visit < 3; visit += 1) {
		await throughX(open, "1");
	}
	expect(await statusAfter()).toContain("Active");
});
