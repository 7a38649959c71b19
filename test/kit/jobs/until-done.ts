import { expect } from "vitest";

import { eventually } from "../eventually.ts";
import type { HttpVisitor, Seen } from "../helpdesk/http-visitor.ts";

/** The page of a job, as its address shows it. */
const JOB_PAGE = /\/admin\/jobs\/[^/?]+(\?|$)/;

/**
 * Opens the page of a job again until the job has ended, if a page is one of a job. Any other page stays as it is, so it
 * makes no difference whether a deed was done in its request or goes on afterwards.
 *
 * @returns the page of the job that is done. A job that failed or was cancelled fails the test.
 */
export async function untilDone(operator: HttpVisitor, seen: Seen = operator.seen): Promise<Seen> {
	if (!JOB_PAGE.test(seen.url)) {
		return seen;
	}
	const { origin, pathname } = new URL(seen.url);
	const ended = await eventually(async () => {
		const page = await operator.open(`${origin}${pathname}`);
		expect(page.html).toMatch(/data-state="(done|failed|cancelled)"/);
		return page;
	});
	expect(ended.html).toContain('data-state="done"');
	return ended;
}

/** Sends the form of the last page that has this action, and waits for the job that it starts, if it starts one. */
export async function submitUntilDone(
	operator: HttpVisitor,
	action: string,
	fields: Readonly<Record<string, string>> = {},
): Promise<Seen> {
	return untilDone(operator, await operator.submit(action, fields));
}
