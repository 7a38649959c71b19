// The attack of a review: one X account without an address, one client address, four log-ins. It sent 20 letters and tried
// 100 codes within two seconds, and a right one opened a confirmed account.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { submitStep } from "../kit/helpdesk/submit-step.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";

const CONTINUE = "/login/x-login/continue";
const NO_EMAIL = { id: "42", screenName: "nomail", name: "No Mail" };
const WRONG = "000000000000";

async function comeFromX({ portal }: OpenHelpdesk): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	expect(visitor.seen.html).toContain("What is your e-mail address?");
	return visitor;
}

/** Sends a form of the log-in, with fields that the last page need not have. */
async function send(visitor: HttpVisitor, fields: Readonly<Record<string, string>>) {
	const { html, url } = visitor.seen;
	const form = formsIn(html).find(({ action }) => action === CONTINUE);
	const hidden = form === undefined ? [] : hiddenFields(form);
	const kept = hidden.filter(([name]) => !(name in fields));
	return visitor.post(new URL(CONTINUE, url).href, [...kept, ...Object.entries(fields)]);
}

async function lettersIn({ operator, helpdesk }: OpenHelpdesk): Promise<string[]> {
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
	return html.split('class="card letter"').slice(1);
}

describe.each(PROTOCOLS)("under %s", (_title, { protocol }) => {
	test("code spraying: four log-ins of one X account get five letters and 25 guesses, and no account", async () => {
		const open = await openHelpdesk({}, [NO_EMAIL]);
		await setUpX(open, protocol);
		const statuses: number[] = [];
		const visitors: HttpVisitor[] = [];
		let compared = 0;
		for (let logIn = 1; logIn <= 4; logIn += 1) {
			const visitor = await comeFromX(open);
			visitors.push(visitor);
			for (let letter = 1; letter <= 5; letter += 1) {
				const email = `victim${logIn}@example.com`;
				statuses.push((await send(visitor, { action: "email", email })).status);
				for (let guess = 1; guess <= 5; guess += 1) {
					const { html } = await send(visitor, { action: "code", code: WRONG });
					compared += html.includes("That code isn") || html.includes("no longer valid") ? 1 : 0;
				}
			}
		}

		expect(statuses.filter((status) => status === 200)).toHaveLength(5);
		expect(statuses.filter((status) => status === 429)).toHaveLength(15);
		expect(compared).toBe(25);
		const letters = await eventually(async () => {
			const written = await lettersIn(open);
			expect(written).toHaveLength(5);
			return written;
		});
		// The newest letter's code may not be entered any more, neither in its log-in nor in another.
		const [, code = ""] = /code is ([\d ]+)\./.exec(letters[0] ?? "") ?? [];
		for (const visitor of [...visitors, await comeFromX(open)]) {
			await send(visitor, { action: "code", code });
			await visitor.open(`${open.portal}/account`);
			expect(new URL(visitor.seen.url).pathname).toBe("/login");
		}
		const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/users`);
		expect(html).not.toContain("@example.com<");
	});
});

test("a flood of codes at a brand is in the helpdesk's log", async () => {
	const open = await openHelpdesk({}, [NO_EMAIL]);
	await setUpX(open);
	const brand = createHash("sha256").update("acorn").digest("base64url");
	const key = ["plugin-data", "x-login", "code-counts", "letters-of-brand", brand];
	const until = open.clock.now() + 60 * 60_000;
	await open.storage.commit({ sets: [{ key, value: { count: 199, until } }] });

	await submitStep(await comeFromX(open), "email", { email: "new@example.com" });

	expect(open.log.filter((line) => line.includes("codes.many"))).toMatchObject([
		expect.stringMatching(/"level":"warn".*this may be an attack/),
	]);
});
