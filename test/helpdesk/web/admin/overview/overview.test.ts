import { expect, onTestFinished, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { ADMIN_ORIGIN, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../../kit/helpdesk/open-helpdesk.ts";
import { throughX } from "../../../../kit/helpdesk/people-with-x.ts";

const X = "/admin/settings/general/integrations/x-login";
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };

async function overview({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	const { html } = await operator.open(helpdesk.adminUrl);
	const [, main = ""] = /<main[^>]*>(.*)<\/main>/s.exec(html) ?? [];
	return main;
}

/** The steps of the checklist, each with its state. */
function stepsIn(main: string): readonly string[] {
	return [...main.matchAll(/<li class="step[^"]*"><strong>([^<]*)<\/strong>(.*?)<\/li>/gs)].map(
		([, state = "", rest = ""]) =>
			`${state}: ${/<a [^>]*>([^<]*)</.exec(rest)?.[1] ?? rest.replace(/<[^>]*>/g, "")}`,
	);
}

test("the checklist leads from the first start to the first log-in, and is gone then", async () => {
	const open = await openHelpdesk({}, [ADA]);
	const { operator, helpdesk } = open;
	expect(stepsIn(await overview(open))).toEqual([
		"Next: Activate X",
		"To do: Enter the keys of X",
		"To do: Test the set-up",
		"To do: Switch X on",
		"To do: Log in as a visitor",
	]);

	await setUpX(open);
	const afterKeys = await overview(open);
	expect(stepsIn(afterKeys)).toEqual([
		"Done: Activate X",
		"Done: Enter the keys of X",
		"Next: Test the set-up",
		"Done: Switch X on",
		"To do: Log in as a visitor",
	]);
	expect(afterKeys).toContain(`href="${X}?brand=acorn"`);

	await operator.open(`${helpdesk.adminUrl}/settings/general/integrations/x-login?brand=acorn`);
	await operator.submit(`${X}/test?brand=acorn`);
	const tested = await overview(open);
	expect(stepsIn(tested).at(-1)).toBe("Next: Log in as a visitor");
	expect(tested).toContain(`<a href="${X}/try?brand=acorn">Log in as a visitor</a>`);
	expect(tested).toContain(`<a href="${open.portal}/login">log-in page</a>`);
	expect((await operator.open(`${open.portal}${X}/try?brand=acorn`)).html).toContain(
		"Try it in a new tab",
	);
	expect(tested).toContain("Test passed <time");

	await throughX(open, "1");
	const works = await overview(open);
	expect(works).not.toContain("Set up X");
	expect(works).toContain("<td><strong>Acorn Outdoor</strong></td><td>Button on</td>");
});

test("a failed test says where to see what to fix", async () => {
	const open = await openHelpdesk({}, [ADA]);
	const { operator, helpdesk, fakeX } = open;
	await setUpX(open);
	fakeX.answerNext({ call: "request_token", fault: "32", times: "always" });
	await operator.open(`${helpdesk.adminUrl}/settings/general/integrations/x-login?brand=acorn`);
	await operator.submit(`${X}/test?brand=acorn`);

	const main = await overview(open);

	expect(main).toContain('<span class="problem">Test failed</span>');
	expect(main).toContain(`href="${X}?brand=acorn#test">See what to fix</a>`);
});

test("support reads no steps that only others can take", async () => {
	const admin = openAdmin({ ...(await helpdeskOptions()), clock: new MockClock() });
	onTestFinished(() => admin.core.close());
	await admin.core.operators.makeFirst();
	await admin.core.operators.add("sam@helpdesk.example", "support");
	const pageOf = async (email: string): Promise<string> => {
		const headers = { cookie: `admin-acorn=${await admin.openSession(email)}` };
		return (await admin.app.request(`${ADMIN_ORIGIN}/admin`, { headers })).text();
	};

	expect(await pageOf(FIRST_OPERATOR)).toContain("Set up X");
	const page = await pageOf("sam@helpdesk.example");

	expect(page).not.toContain("Set up X");
	expect(page).toContain('<a href="/admin/users">Find the user</a>');
});

test("an uninstalled add-on is none to set up", async () => {
	const admin = openAdmin({ ...(await helpdeskOptions()), clock: new MockClock() });
	onTestFinished(() => admin.core.close());
	await admin.core.operators.makeFirst();
	const { plugin } = (await admin.core.addOns.find("x-login")) ?? expect.fail("no X");
	await plugin.uninstall("keep");
	const headers = { cookie: `admin-acorn=${await admin.openSession(FIRST_OPERATOR)}` };

	const page = await (await admin.app.request(`${ADMIN_ORIGIN}/admin`, { headers })).text();

	expect(page).not.toContain("Set up X");
	expect(page).toContain("<h1>Overview</h1>");
});
