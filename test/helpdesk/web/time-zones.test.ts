import { expect, test } from "vitest";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { throughX } from "../../kit/helpdesk/people-with-x.ts";

test("finding B12: each page with a time says its zone, and the time for machines is unmistakable", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, helpdesk, clock } = open;
	const at = new Date(clock.now()).toISOString();
	const account = await throughX(open, "1", "/login?returnTo=/account");

	expect(account.html).toMatch(
		new RegExp(`Logged in since <time datetime="${at}">[^<]+ \\(UTC\\)</time>`),
	);
	const moment = new RegExp(`<time datetime="${at}">[0-9-]+ [0-9:]+ UTC</time>`);
	expect((await operator.open(`${helpdesk.adminUrl}/sign-ins`)).html).toMatch(moment);
	const [, trace = ""] = /\?trace=([^"]+)"/.exec(operator.seen.html) ?? [];
	expect(
		(await operator.open(`${helpdesk.adminUrl}/sign-ins/attempt?trace=${trace}`)).html,
	).toMatch(moment);
	expect((await operator.open(`${helpdesk.adminUrl}/mailbox`)).html).toMatch(moment);
});
