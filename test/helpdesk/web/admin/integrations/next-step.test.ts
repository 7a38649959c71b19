// Each page of the set-up says what is left to do, and nothing that is done.
import { expect, test } from "vitest";
import { openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { press, X } from "../../../../kit/helpdesk/people-with-x.ts";

const ACORN = `${X}?brand=acorn`;
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";

test("activating an add-on says what is left: its keys, its brands, or nothing", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	expect((await press(open, `${X}/activate`)).html).toContain("Next, enter its keys");

	await press(open, `${X}/deactivate`);
	await setUpX(open);
	await press(open, `${X}/deactivate`);
	expect((await press(open, `${X}/activate`)).html).toContain(
		"X is active again. Visitors see its button at the brands that are switched on.",
	);

	await operator.open(`${portal}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN);
	await press(open, `${X}/deactivate`);
	expect((await press(open, `${X}/activate`)).html).toContain(
		"X is active. No brand shows its button: switch it on under Social Login.",
	);
});

test("after Save and test the banner leads to the switch of a brand whose button is off", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await setUpX(open);
	const tested = async () => {
		await operator.open(`${portal}${ACORN}`);
		return (await operator.submit(ACORN, { apiKey: "api-key", action: "test" })).html;
	};
	expect(await tested()).not.toContain("Next, switch it on");

	await operator.open(`${portal}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN);

	expect(await tested()).toContain(
		`Visitors do not see the button of X yet. Next, switch it on under <a href="${SOCIAL_LOGIN}">Social Login</a>.`,
	);
});

test("a test that fails while the button is on says what that means for visitors", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await setUpX(open);
	const meanwhile = "Visitors of Acorn Outdoor see the button of X and cannot log in with it";
	const wrongKey = async () => {
		await operator.open(`${portal}${ACORN}`);
		return (await operator.submit(ACORN, { apiKey: "another-key", action: "test" })).html;
	};
	expect(await wrongKey()).toContain(meanwhile);

	await operator.open(`${portal}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN);

	const off = await wrongKey();
	expect(off).toContain("X is not connected to Acorn Outdoor.");
	expect(off).not.toContain(meanwhile);
});

test("the switches lead to the log-in page of each brand that is on", async () => {
	const open = await openHelpdesk();
	await setUpX(open);

	const { html } = await open.operator.open(`${open.portal}${SOCIAL_LOGIN}`);

	expect(html).toContain(
		`<a href="${open.portal}/login" rel="noreferrer">Open the log-in page of Acorn Outdoor</a>`,
	);
	expect(html).not.toContain("Open the log-in page of Harbor Music");
});
