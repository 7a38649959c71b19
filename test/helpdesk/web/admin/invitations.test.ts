import { expect, onTestFinished, test } from "vitest";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import { OperatorInvitations } from "../../../../src/helpdesk/people/operator-invitations.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../../src/helpdesk/people/operators.ts";
import { startHelpdesk } from "../../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { eventually } from "../../../kit/eventually.ts";
import { CHEAP_HASHER } from "../../../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../../kit/helpdesk/open-helpdesk.ts";

const EVE = "eve@helpdesk.example";
const PASSWORD = "several words that belong to Eve";
const INVITATION = "/admin/invitation";

/** Invites somebody as the owner does. @returns the link. */
async function invite({ operator, helpdesk }: OpenHelpdesk): Promise<string> {
	await operator.open(`${helpdesk.adminUrl}/operators`);
	await operator.submit("/admin/operators", { email: EVE, role: "support" });
	const [link = ""] = /http[^<\s]+invitation\?token=[\w.-]+/.exec(operator.seen.html) ?? [];
	return link;
}

async function accept(link: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(link);
	if (visitor.seen.status === 200) {
		await visitor.submit(INVITATION, { new: PASSWORD });
	}
	return visitor;
}

test("an invited person chooses a password, is logged in, and sees what the role allows", async () => {
	const desk = await openHelpdesk();
	const link = await invite(desk);

	const eve = await accept(link);

	expect(eve.seen.url).toBe(desk.helpdesk.adminUrl);
	expect((await eve.open(`${desk.helpdesk.adminUrl}/users`)).status).toBe(200);
	expect((await eve.open(`${desk.helpdesk.adminUrl}/operators`)).status).toBe(403);
	expect((await accept(link)).seen.status).toBe(410);
});

test("an invitation that is kept for later is no way in once its operator is removed", async () => {
	const desk = await openHelpdesk();
	const { operator, helpdesk, storage } = desk;
	const link = await invite(desk);
	const place = namespaced(storage, NAMESPACES.operators);
	// At the command line, for example.
	await new Operators(place, cryptoRandom, CHEAP_HASHER).add(EVE, "support");
	await operator.open(`${helpdesk.adminUrl}/operators`);
	const [page = ""] = /\/admin\/operators\/[\w-]+(?=">eve)/.exec(operator.seen.html) ?? [];
	await operator.open(new URL(page, helpdesk.adminUrl).href);

	await operator.submit(`${page}/remove`, { confirmed: "yes" });

	expect(operator.seen.html).toContain("The operator is removed and logged out everywhere.");
	expect((await accept(link)).seen.status).toBe(410);
});

test("an operator who is removed and invited again gets no session back", async () => {
	const desk = await openHelpdesk();
	const { operator, helpdesk } = desk;
	const before = await accept(await invite(desk));
	await operator.open(`${helpdesk.adminUrl}/operators`);
	const [page = ""] = /\/admin\/operators\/[\w-]+(?=">eve)/.exec(operator.seen.html) ?? [];
	await operator.open(new URL(page, helpdesk.adminUrl).href);
	await operator.submit(`${page}/remove`, { confirmed: "yes" });

	const after = await accept(await invite(desk));

	expect(after.seen.url).toBe(helpdesk.adminUrl);
	const { url } = await before.open(`${helpdesk.adminUrl}/users`);
	expect(url).toBe(`${helpdesk.adminUrl}/login?returnTo=%2Fadmin%2Fusers`);
});

test("a letter with an invitation that is being sent is no way in for those who read the mailbox", async () => {
	const desk = await openHelpdesk({ deliver: () => new Promise(() => {}) });
	const link = await invite(desk);
	expect(link).toContain("token=");

	const { html } = await desk.operator.open(`${desk.helpdesk.adminUrl}/mailbox`);

	expect(html).toContain(EVE);
	expect(html).not.toContain("token=");
	expect(html).not.toContain(`${FIRST_OPERATOR} invites you`);
});

test("a letter with an invitation is no way in after a restart without the mail server", async () => {
	const keys = [cryptoRandom.bytes(32)];
	const desk = await openHelpdesk({ keys, deliver: () => new Promise(() => {}) });
	const { storage, clock, operator } = desk;
	await invite(desk);
	const without = await startHelpdesk(await helpdeskOptions({ storage, clock, keys }));
	onTestFinished(() => without.close());

	const { html } = await operator.open(`${without.adminUrl}/mailbox`);

	expect(html).toContain(EVE);
	expect(html).toContain("because it was written for a mail server");
	expect(html).not.toContain("token=");
});

test("a letter with an invitation is tried for as long as its link works", async () => {
	const desk = await openHelpdesk({ deliver: () => Promise.reject(new Error("away")) });
	await invite(desk);
	const { operator, helpdesk } = desk;
	await eventually(async () => {
		const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
		// The clock of tests begins on 2026-01-15.
		expect(html).toMatch(/tries again until .*2026-01-18/);
	});
});

test("an owner sees open invitations and withdraws one, and its link no longer works", async () => {
	const desk = await openHelpdesk();
	const { operator, helpdesk } = desk;
	const operators = `${helpdesk.adminUrl}/operators`;
	const link = await invite(desk);
	const { html } = await operator.open(operators);
	expect(html).toContain(`<td>${EVE}</td><td>Support</td><td>${FIRST_OPERATOR}</td>`);
	expect(html).not.toContain("token=");

	await operator.submit("/admin/operators/invitations/withdraw");

	expect(operator.seen.html).toContain("The invitation is withdrawn: its link no longer works.");
	expect(operator.seen.html).not.toContain(EVE);
	expect((await accept(link)).seen.status).toBe(410);
});

test("an accepted invitation is no open one", async () => {
	const desk = await openHelpdesk();
	await accept(await invite(desk));

	const { html } = await desk.operator.open(`${desk.helpdesk.adminUrl}/operators`);

	expect(html).not.toContain("Open invitations");
	expect(html).toContain(EVE);
});

test("open invitations have pages of 25, and a wrong cursor shows the first", async () => {
	const { operator, helpdesk, storage, clock } = await openHelpdesk();
	const place = namespaced(storage, NAMESPACES.operators);
	const invitations = new OperatorInvitations(
		namespaced(storage, NAMESPACES.operatorInvitations),
		clock,
		cryptoRandom,
		new Operators(place, cryptoRandom, CHEAP_HASHER),
	);
	const emails = Array.from({ length: 30 }, (_, each) => `p${each}@helpdesk.example`);
	for (const email of emails) {
		await invitations.invite({ email, role: "support", by: FIRST_OPERATOR });
	}
	const shown = (html: string) => emails.filter((email) => html.includes(`<td>${email}</td>`));

	const first = await operator.open(`${helpdesk.adminUrl}/operators`);
	const [, next = ""] = /href="(\/admin\/operators\?invited=[^"]+)"/.exec(first.html) ?? [];
	const second = await operator.open(new URL(next, helpdesk.adminUrl).href);

	expect([...shown(first.html), ...shown(second.html)].sort()).toEqual(emails.toSorted());
	expect(shown(first.html)).toHaveLength(25);
	const wrong = await operator.open(`${helpdesk.adminUrl}/operators?invited=nowhere`);
	expect(shown(wrong.html)).toHaveLength(25);
});
