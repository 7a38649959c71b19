import { expect, test } from "vitest";
import { DEEDS, isDeedName } from "../../../../../src/helpdesk/audit/deeds.ts";
import { LANGUAGES, localeFor } from "../../../../../src/helpdesk/locale/locale.ts";
import { deedName, deedWords } from "../../../../../src/helpdesk/web/admin/audit/audit-words.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../../kit/helpdesk/open-sites.ts";

const OPERATOR = "operator@helpdesk.example";
const ACTOR = { kind: "operator", id: OPERATOR } as const;
const HOUR_MS = 60 * 60_000;

async function open() {
	const clock = new MockClock();
	const sites = openSites(await helpdeskOptions({ clock }));
	const password = (await sites.core.operators.makeFirst()) ?? "";
	const operator = sites.visitor();
	await operator.open(`${sites.url}/admin/login`);
	await operator.submit("/admin/login", { email: OPERATOR, password });
	const page = async (query = ""): Promise<string> =>
		(await operator.open(`${sites.url}/admin/audit${query}`)).html;
	return { ...sites, clock, operator, page };
}

test("the page says in plain words who did what, to whom, from where and how it ended", async () => {
	const { core, page } = await open();
	await core.audit.trail.note({
		...{ name: "user.suspend", actor: ACTOR, network: "192.0.2.5" },
		object: { kind: "user", id: "u-1" },
	});
	const html = await page();
	expect(html).toContain("Suspended a user");
	expect(html).toContain('<a href="/admin/users/u-1">User u-1</a>');
	expect(html).toContain("192.0.2.5");
	expect(html).toContain("Logged in to the administration");
	expect(html).toMatch(/<code>[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/);
});

test("brands and add-ons have their names while they are there", async () => {
	const { core, page } = await open();
	const named = [
		["brand", "acorn", "Brand Acorn Outdoor (acorn)"],
		["brand", "gone", "Brand gone<"],
		["add-on", "x-login", "Add-on X (x-login)"],
		["add-on", "gone", "Add-on gone<"],
	] as const;
	for (const [kind, id] of named) {
		await core.audit.trail.note({ name: "add-on.uninstall", actor: ACTOR, object: { kind, id } });
	}

	const html = await page();
	for (const [, , words] of named) {
		expect(html).toContain(words);
	}
});

test.each(["POST /login/:pluginId/continue", "another-page", "POST another page"])(
	"where something was refused, %s, is in the file and not on the page",
	async (reason) => {
		const { core, page, operator, url } = await open();
		await core.audit.failures.note(
			{ name: "user.proof-missing", actor: ACTOR, reason },
			async () => undefined,
		);

		expect(await page()).toContain("<td>A user was asked to prove again who they are<br>");
		const file = await operator.open(`${url}/admin/audit/export?deed=user.proof-missing`);
		expect(file.html).toContain(`,A user was asked to prove again who they are: ${reason},`);
	},
);

test("the filter leaves out what is not meant, and keeps what was typed", async () => {
	const { core, page } = await open();
	for (const id of ["u-1", "u-2"]) {
		await core.audit.trail.note({
			...{ name: "user.suspend", actor: ACTOR, object: { kind: "user", id } },
		});
	}
	const ofUser = await page("?object=u-2");
	expect(ofUser).toContain("User u-2");
	expect(ofUser).not.toContain("User u-1");
	expect(ofUser).toContain('value="u-2"');
	expect(await page("?deed=user.export")).toContain("No entries.");
	expect(await page("?to=2026-01-14")).toContain("No entries.");
	expect(await page("?from=2026-01-15&to=2026-01-15")).toContain("User u-1");
	expect(await page("?deed=no-deed&from=soon")).toContain("User u-1");
});

test("a list is shown by pages, and a cursor that was cut off shows the first one", async () => {
	const { core, page, operator, url } = await open();
	for (let index = 0; index < 30; index += 1) {
		const object = { kind: "user", id: `u-${index}-` } as const;
		await core.audit.trail.note({ name: "user.suspend", actor: ACTOR, object });
	}
	const first = await page("?deed=user.suspend");
	expect(first.match(/User u-/g)).toHaveLength(25);
	const older = /href="([^"]+)">Older/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
	const second = (await operator.open(`${url}${older}`)).html;
	expect(second.match(/User u-/g)).toHaveLength(5);
	// All entries are of one moment, so that the log-in could be among any of them.
	expect((await page("?deed=user.suspend&after=cut")).match(/User u-/g)).toHaveLength(25);
});

test("a deed that was cut off shows as interrupted, and one that goes on as under way", async () => {
	const { core, page, clock } = await open();
	await core.audit.trail.begin({ name: "sign-ins.export", actor: ACTOR });
	expect(await page("?deed=sign-ins.export")).toContain("Under way");
	// The operator's session ends after 30 minutes without a request.
	for (let each = 0; each < 2; each += 1) {
		clock.advance(HOUR_MS / 3);
		await page();
	}
	clock.advance(HOUR_MS / 3);
	expect(await page("?deed=sign-ins.export")).toContain("Interrupted");
});

test("the file has a line for each entry, and its download is an entry", async () => {
	const { core, operator, url, page } = await open();
	await core.audit.trail.note({
		...{ name: "user.suspend", actor: ACTOR, object: { kind: "user", id: "=u-1" } },
	});
	const { html, headers } = await operator.open(`${url}/admin/audit/export?deed=user.suspend`);
	expect(headers.get("content-type")).toContain("text/csv");
	const [head, line, ...rest] = html.trim().split("\r\n");
	expect(head).toContain("time,deed,meaning,by,actor");
	expect(line).toContain("user.suspend,Suspended a user,operator");
	expect(line).toContain("'=u-1");
	expect(rest).toEqual([]);
	expect(await page("?deed=audit.export")).toContain("Downloaded the audit trail");
});

test("the owner sets how long entries are kept, and nonsense is refused", async () => {
	const { core, operator, page, url } = await open();
	const html = await page();
	expect(html).toContain('value="400"');
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	const keep = (days: string) =>
		operator.post(`${url}/admin/audit`, [
			["_csrf", csrf],
			["days", days],
			["confirmed", "yes"],
		]);
	const refused = await keep("10");
	expect([refused.status, await core.audit.keptDays.get()]).toEqual([400, 400]);
	expect(refused.html).toContain("Enter a whole number of days from 30 to 3,650.");
	const saved = await keep("90");
	expect(saved.html).toContain("Entries are kept for the number of days below.");
	expect(await core.audit.keptDays.get()).toBe(90);
	for (const nonsense of ["", "9e1", "90.5", "0x5a", "۱۰"]) {
		const { status, html: again } = await keep(nonsense);
		expect(status, nonsense).toBe(400);
		expect(again).toContain(`required value="${nonsense}"`);
	}
	expect((await keep("۱۲۰")).html).toContain("Entries are kept for the number of days below.");
	expect(await core.audit.keptDays.get()).toBe(120);
});

test("no route changes or deletes an entry", async () => {
	const { core, operator, url } = await open();
	const [entry] = (await core.audit.log.page({})).entries;
	for (const method of ["DELETE", "PUT", "PATCH"]) {
		const { status } = await operator.request(`${url}/admin/audit/${entry?.id}`, { method });
		expect(status).toBeGreaterThanOrEqual(400);
	}
	expect((await core.audit.log.page({})).entries).toHaveLength(1);
});

test("what was refused is called refused, on the page and in the file", async () => {
	const { operator, page, url, visitor } = await open();
	await visitor().open(`${url}/admin/invitation?token=made-up`);
	const html = await page("?deed=operator.invitation-failed");
	expect(html).toContain('<td class="in-words">Refused</td>');
	expect(html).not.toContain(">Done</td>");
	const file = await operator.open(`${url}/admin/audit/export?deed=operator.invitation-failed`);
	expect(file.html).toContain(",Refused,");
});

test.each([...LANGUAGES.keys()])(
	"no two deeds have the same words in %s, so that the filter can be read",
	(tag) => {
		const reader = localeFor(undefined, tag);
		const words = Object.keys(DEEDS)
			.filter(isDeedName)
			.map((name) => deedName(name, reader));
		expect(new Set(words).size).toBe(words.length);
	},
);

test.each(["passkey-wrong", "passkey-old"])(
	"why something was refused, %s, is words in every language",
	(reason) => {
		for (const tag of LANGUAGES.keys()) {
			const entry = { deed: "user.log-in-failed", reason, count: 1 };
			const words = deedWords(entry, localeFor(undefined, tag));
			expect(words).not.toContain(reason);
		}
	},
);

test.each(["en", "sv"])(
	"the filter has the deeds in the order of their words in %s, and a file is English",
	async (tag) => {
		const { core, operator, url } = await open();
		const reader = localeFor(undefined, tag);
		await core.audit.trail.note({
			...{ name: "user.suspend", actor: ACTOR, object: { kind: "user", id: "u-1" } },
		});
		const init = { headers: { "accept-language": tag } };

		const page = await (await operator.request(`${url}/admin/audit`, init)).text();
		const [, list = ""] = /<select id="deed"[^>]*>(.*?)<\/select>/s.exec(page) ?? [];
		const [, ...names] = [...list.matchAll(/<option value="([^"]*)"/g)].map(([, name]) => name);
		const words = names.filter(isDeedName).map((name) => deedName(name, reader));
		expect(words).toHaveLength(Object.keys(DEEDS).length);
		expect(words).toEqual(words.toSorted((a, b) => a.localeCompare(b, tag)));

		const file = await (await operator.request(`${url}/admin/audit/export`, init)).text();
		expect(file).toContain("user.suspend,Suspended a user,");
	},
);
