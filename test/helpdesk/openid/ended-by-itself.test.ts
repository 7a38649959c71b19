// A portal session ends after two weeks, and nobody has logged out.
import { expect, onTestFinished, test } from "vitest";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import {
	expectTold,
	knows,
	logInAtHelpdesk,
	openDesk,
	visitorThroughX,
} from "../../kit/openid/open-desk.ts";

const DAY = 24 * 60 * 60_000;

test.each([
	["at once", 0],
	["a day later, too", DAY],
])(
	"a helpdesk that was used %s is told when the portal session ends by itself",
	async (_, later) => {
		const open = await openDesk();
		const visitor = await visitorThroughX(open, "1");
		const loggedIn = await logInAtHelpdesk(visitor, open);
		open.clock.advance(later);
		await visitor.open((await open.party.begin()).url);
		expect(open.channel.sids).toEqual([]);
		open.clock.advance(14 * DAY - later);
		expect(await knows(open, loggedIn)).toBe(false);

		// Every node looks when it starts, and every hour.
		const node = await startHelpdesk(await helpdeskOptions(open.options));
		onTestFinished(() => node.close());
		await expectTold(open, loggedIn.sid);
	},
);
