import { expect, test } from "vitest";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { install, upload } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";

const SENTENCE =
	"Log people in as any user of your brands. The helpdesk believes what the add-on says about who they are.";
const ready = { onActivate: 'return { state: "ready" };' };

test.each(["startLogin", "handleCallback", "continueLogin"])(
	"the review of an add-on with the hook %s says that it can log people in as any user",
	async (hook) => {
		const { operator, portal } = await openHelpdesk();

		const seen = await upload(operator, portal, tinyZip({ [hook]: "return {};" }));

		expect(seen.html).toContain(SENTENCE);
	},
);

test("the review of an upgrade says that the new version logs people in and the installed one does not", async () => {
	const { operator, portal } = await openHelpdesk();
	await install(operator, portal, tinyZip(ready));
	const without = await upload(operator, portal, tinyZip(ready, { version: "1.1.0" }));
	expect(without.html).not.toContain("Log people in");

	const hooks = { ...ready, startLogin: "return {};" };
	const seen = await upload(operator, portal, tinyZip(hooks, { version: "1.2.0" }));

	expect(seen.html).toContain(`<strong>New:</strong> ${SENTENCE}`);
});
