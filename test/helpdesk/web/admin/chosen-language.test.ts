// Operators choose the language of the administration, before they log in as well, and the browser remembers it.
import { expect, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { formsIn } from "../../../../src/testing/forms-in.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";
import { CountingStorage } from "../../../kit/storage/counting-storage.ts";

const CHOICE = "/admin/language";
const GERMAN = '<option value="de" lang="de" selected>Deutsch</option>';

function offersLanguages(html: string): boolean {
	return formsIn(html).some(({ action }) => action === CHOICE);
}

test("a choice counts on each page and leads back to the page, without what the page said was done", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	const page = `${helpdesk.adminUrl}/users?status=suspended`;
	expect((await operator.open(`${page}&done=saved`)).html).not.toContain(GERMAN);

	const chosen = await operator.submit(CHOICE, { language: "de" });

	expect([chosen.status, chosen.url]).toEqual([200, page]);
	expect(chosen.html).toContain(GERMAN);
	for (const path of ["", "/profile", "/nowhere", "/prove?returnTo=/admin/users"]) {
		const { html } = await operator.open(`${helpdesk.adminUrl}${path}`);
		expect([path, html.includes(GERMAN)]).toEqual([path, true]);
	}
});

test("a stranger chooses the language of the log-in, which still leads to the page that was asked for", async () => {
	const { helpdesk } = await openHelpdesk();
	const stranger = new HttpVisitor();
	const { url } = await stranger.open(`${helpdesk.adminUrl}/users`);

	const chosen = await stranger.submit(CHOICE, { language: "de" });

	expect([chosen.status, chosen.url]).toEqual([200, url]);
	expect(chosen.html).toContain(GERMAN);
	expect(chosen.html).toContain('name="returnTo" value="/admin/users"');
});

test("the answer to a form offers no language: it cannot be opened again, and may show what is shown once", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	await operator.open(`${helpdesk.adminUrl}/profile`);
	expect(offersLanguages(operator.seen.html)).toBe(true);

	const refused = await operator.submit("/admin/profile", { current: "wrong", new: "short" });

	expect(refused.status).toBe(400);
	expect(offersLanguages(refused.html)).toBe(false);
});

test.each([["tlh"], [""], ['de"><script>']])(
	"a language %j that no page has changes nothing",
	async (language) => {
		const { operator, helpdesk } = await openHelpdesk();
		await operator.open(helpdesk.adminUrl);

		await operator.submit(CHOICE, { language });

		expect([...operator.cookies.keys()].filter((name) => name.includes("language"))).toEqual([]);
	},
);

test("a choice needs the proof of the page, and leads to no page outside the administration", async () => {
	const { operator, helpdesk, portal } = await openHelpdesk();
	await operator.open(helpdesk.adminUrl);
	const forged = await operator.post(`${portal}${CHOICE}`, [["language", "de"]]);
	expect(forged.status).toBe(403);

	for (const target of ["https://evil.example/admin", "//evil.example/admin", "/account"]) {
		await operator.open(helpdesk.adminUrl);
		const { url } = await operator.submit(CHOICE, { language: "de", return_to: target });
		expect([target, url]).toEqual([target, helpdesk.adminUrl]);
	}
});

test("the choice of a language reads the session, and nothing else", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const { operator, portal, helpdesk } = await openHelpdesk({ clock, storage });
	const sent = async (proof: string) => {
		storage.costsSoFar();
		const body = new URLSearchParams({ _csrf: proof, language: "de" });
		const { status } = await operator.request(`${portal}${CHOICE}`, { method: "POST", body });
		return { status, ...storage.costsSoFar() };
	};
	const { html } = await operator.open(`${helpdesk.adminUrl}/profile`);
	expect(html).toContain(FIRST_OPERATOR);
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];

	const { status, operations } = await sent(csrf);
	expect(status).toBe(303);
	// The session, and the operator whose it is.
	expect(operations).toBeLessThanOrEqual(2);
});
