import { expect, test } from "vitest";
import { openHelpdesk } from "../kit/helpdesk/open-helpdesk.ts";

test("the helpdesk keeps an idle connection longer than the minute for which proxies keep theirs", async () => {
	const { portal } = await openHelpdesk();

	const answer = await fetch(`${portal}/login`);

	const [, seconds] = /^timeout=(\d+)$/.exec(answer.headers.get("keep-alive") ?? "") ?? [];
	expect(Number(seconds)).toBeGreaterThan(60);
});
