// "Disconnect" for an account that is not linked to the user: somebody else's, one that nobody has, or none.
import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { PEOPLE, stored } from "../../../kit/helpdesk/people-with-x.ts";

const NOTHING = "This account is not linked to yours. Nothing has changed.";
const DONE = "The account is disconnected";

async function logIn({ portal }: OpenHelpdesk, accountId: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId }));
	expect(visitor.seen.html).toContain("_at_x");
	return visitor;
}

/** Two people with X, the first of them in two browsers, and what is stored about them. */
async function openWithTwo() {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	const [ada, elsewhere, grace] = [
		await logIn(open, "1"),
		await logIn(open, "1"),
		await logIn(open, "2"),
	];
	const kept = async () => [
		...(await stored(open.storage, ["accounts"])),
		...(await stored(open.storage, ["plugin-data", "x-login", "link"])),
		...(await stored(open.storage, ["outbox"])),
	];
	return { open, ada, elsewhere, grace, kept, before: await kept() };
}

test.each<[string, Readonly<Record<string, string>>]>([
	["of somebody else", { "add-on": "x-login", identity: "x:2" }],
	["that nobody has", { "add-on": "x-login", identity: "x:999" }],
	["without a name", { "add-on": "x-login" }],
	["of an add-on that is not there", { "add-on": "absent", identity: "x:1" }],
])(
	"disconnecting an account %s says that nothing was linked, and changes nothing",
	async (_, fields) => {
		const { open, ada, elsewhere, grace, kept, before } = await openWithTwo();
		const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(ada.seen.html) ?? [];
		const logged = open.log.length;

		const { status, html } = await ada.post(`${open.portal}/account/disconnect`, [
			["_csrf", csrf],
			...Object.entries(fields),
		]);

		expect(status).toBe(404);
		expect(html).toContain(NOTHING);
		expect(html).not.toContain(DONE);
		expect(await kept()).toEqual(before);
		for (const visitor of [ada, elsewhere, grace]) {
			expect(await visitor.open(`${open.portal}/account`)).toMatchObject({
				url: `${open.portal}/account`,
				html: expect.stringContaining("_at_x"),
			});
		}
		expect(open.log.slice(logged)).toEqual([]);
	},
);

test("the page says so in German", async () => {
	const { open, ada } = await openWithTwo();
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(ada.seen.html) ?? [];

	const { html } = await ada.open(`${open.portal}/account/disconnect`, {
		method: "POST",
		body: new URLSearchParams({ _csrf: csrf, "add-on": "x-login", identity: "x:2" }),
		headers: { "accept-language": "de" },
	});

	expect(html).toContain("Es hat sich nichts geändert");
});
