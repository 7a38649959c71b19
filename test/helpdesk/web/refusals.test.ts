// What is refused leaves bounded entries in the audit trail, without what was typed.
import { expect, test } from "vitest";
import type { AuditEntry } from "../../../src/helpdesk/audit/audit-entry.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import { EMAIL } from "../../../src/helpdesk/web/portal/email-pages.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import type { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../kit/helpdesk/open-sites.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const BEN = "ben@helpdesk.example";
const PASSWORD = "a long password of his";
const TYPED = "typed-by-a-stranger";

async function open(startLimit = 0) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sites = openSites(await helpdeskOptions({ clock, storage, startLimit }));
	const { core, url } = sites;
	const first = (await core.operators.makeFirst()) ?? "";
	await core.operators.add(BEN, "support", PASSWORD);
	const logIn = async (email: string, password: string) => {
		const visitor = sites.visitor();
		await visitor.open(`${url}/admin/login`);
		await visitor.submit("/admin/login", { email, password });
		return visitor;
	};
	const entriesOf = async (deed: string): Promise<readonly AuditEntry[]> => {
		await core.audit.failures.settled();
		return (await core.audit.log.page({ deed }, undefined, 100)).entries;
	};
	return { ...sites, clock, storage, first, logIn, entriesOf };
}

function csrfIn({ seen }: HttpVisitor): string {
	return /name="_csrf" value="([^"]+)"/.exec(seen.html)?.[1] ?? "";
}

test("a page and a form that the role does not allow are in the trail, with the route and without its fields", async () => {
	const { url, logIn, entriesOf } = await open();
	const ben = await logIn(BEN, PASSWORD);
	await ben.open(`${url}/admin/operators/${TYPED}`);
	expect(ben.seen.status).toBe(403);
	await ben.open(`${url}/admin/profile`);
	await ben.post(`${url}/admin/operators/${TYPED}/role`, [
		["_csrf", csrfIn(ben)],
		["role", TYPED],
	]);
	expect(ben.seen.status).toBe(403);
	const entries = await entriesOf("operator.role-refused");
	expect(entries.map(({ actorId, reason }) => [actorId, reason]).sort()).toEqual([
		[BEN, "GET /admin/operators/:operatorId"],
		[BEN, "POST /admin/operators/:operatorId/role"],
	]);
	expect(JSON.stringify(entries)).not.toContain(TYPED);
});

test("a page that the role allows leaves no entry, nor does one that nobody is logged in for", async () => {
	const { url, first, logIn, visitor, storage } = await open();
	const owner = await logIn(FIRST_OPERATOR, first);
	const count = async () => (await allEntries(storage, ["audit", "entry"])).length;
	const before = await count();
	await owner.open(`${url}/admin/operators`);
	await owner.open(`${url}/admin/none`);
	await visitor().open(`${url}/admin/operators`);
	expect(await count()).toBe(before);
});

test("a change without a recent proof is in the trail, and so is what it was", async () => {
	const { url, clock, first, logIn, entriesOf } = await open();
	const owner = await logIn(FIRST_OPERATOR, first);
	await owner.open(`${url}/admin/operators`);
	clock.advance(10 * 60_000);
	await owner.submit("/admin/operators", { email: "eve@helpdesk.example", role: "support" });
	expect(new URL(owner.seen.url).pathname).toBe("/admin/prove");
	expect(await entriesOf("operator.proof-missing")).toMatchObject([
		{ actorId: FIRST_OPERATOR, reason: "POST /admin/operators" },
	]);
});

test("a form from another site is in the trail with the person whom it was sent for, and not as theirs", async () => {
	const { url, first, logIn, visitor, entriesOf, core } = await open();
	const owner = await logIn(FIRST_OPERATOR, first);
	const body = new URLSearchParams({ _csrf: csrfIn(owner), email: TYPED });
	const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
	await owner.open(`${url}/admin/operators`, { method: "POST", headers, body });
	await visitor().post(`${url}/login`, [["password", TYPED]]);
	const entries = [
		...(await entriesOf("operator.form-refused")),
		...(await entriesOf("user.form-refused")),
	];
	expect(entries).toMatchObject([
		{ actor: "nobody", actorId: null, objectId: FIRST_OPERATOR, reason: "form" },
		{ actor: "nobody", actorId: null, objectId: null, reason: "form" },
	]);
	expect(JSON.stringify(entries)).not.toContain(TYPED);
	const { html } = await owner.open(`${url}/admin/audit?deed=operator.form-refused`);
	expect(html).toContain("it came from another site, or from a page that was too old");
	expect(await core.operators.has(TYPED)).toBe(false);
});

test("a flood of refused forms is twenty entries and a number, and hides no refused page", async () => {
	const { url, logIn, visitor, entriesOf } = await open();
	const stranger = visitor();
	for (let each = 0; each < 300; each += 1) {
		await stranger.post(`${url}/login`, [["password", TYPED]]);
	}
	const entries = await entriesOf("user.form-refused");
	expect(entries).toHaveLength(21);
	expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(300);
	const ben = await logIn(BEN, PASSWORD);
	await ben.open(`${url}/admin/operators`);
	expect(await entriesOf("operator.role-refused")).toHaveLength(1);
});

test("operators of one network are counted apart", async () => {
	const { core, url, logIn, entriesOf } = await open();
	await core.operators.add("eve@helpdesk.example", "support", PASSWORD);
	const [ben, eve] = [await logIn(BEN, PASSWORD), await logIn("eve@helpdesk.example", PASSWORD)];
	for (let each = 0; each < 25; each += 1) {
		await ben.open(`${url}/admin/operators`);
	}
	await eve.open(`${url}/admin/operators`);
	const entries = await entriesOf("operator.role-refused");
	expect(entries.filter(({ actorId }) => actorId === BEN).map(({ count }) => count)).toContain(5);
	expect(entries.filter(({ actorId }) => actorId !== BEN)).toMatchObject([{ count: 1 }]);
});

test("links and invitations that are over are in the trail without their tokens", async () => {
	const { url, visitor, entriesOf } = await open();
	const token = "A".repeat(43);
	const stranger = visitor();
	await stranger.open(`${url}/reset?token=${token}`);
	await stranger.open(`${url}/register/confirm?token=${token}`);
	await stranger.open(`${url}/admin/invitation?token=${token}.${token}`);
	const entries = [
		...(await entriesOf("user.link-failed")),
		...(await entriesOf("operator.invitation-failed")),
	];
	expect(entries.map(({ reason, actor }) => [reason, actor])).toEqual([
		["gone", "nobody"],
		["gone", "nobody"],
		["gone", "nobody"],
	]);
	expect(JSON.stringify(entries)).not.toContain(token);
});

test("a code for an address that somebody else has meanwhile is in the trail", async () => {
	const { core, url, storage, visitor, entriesOf } = await open();
	const email = "una@example.com";
	const id = await addUnconfirmed(storage, { name: "Una", email, password: PASSWORD });
	const una = visitor();
	await una.open(`${url}/login`);
	await una.submit("/login", { email, password: PASSWORD });
	const other = "una@home.example";
	await una.open(`${url}${EMAIL}`);
	await una.submit(EMAIL, { email: other });
	const code = await eventually(async () => {
		const [letter] = await keptLetters(core.outbox, other);
		return /\d{4} \d{4} \d{4}/.exec(letter?.text ?? "")?.[0] ?? expect.fail("no letter");
	});
	await core.operators.add(other, "support");
	await una.open(`${url}${EMAIL}`);
	await una.submit(`${EMAIL}/code`, { code });
	expect(una.seen.status).toBe(400);
	expect(await entriesOf("user.address-code-failed")).toMatchObject([
		{ actor: "user", actorId: id, reason: "taken" },
	]);
});

test("a visitor who has to wait is in the trail once, also one who guesses a password", async () => {
	const { url, visitor, entriesOf } = await open(5);
	const stranger = visitor();
	for (let each = 0; each < 22; each += 1) {
		await stranger.open(`${url}/forgot`);
		await stranger.submit("/forgot", { email: "ada@example.com" });
	}
	expect(stranger.seen.status).toBe(429);
	expect(await entriesOf("user.limit-reached")).toMatchObject([
		{ reason: "POST /forgot" },
		{ reason: "POST /forgot" },
	]);
	for (let each = 0; each < 7; each += 1) {
		await stranger.open(`${url}/login`);
		await stranger.submit("/login", { email: "ada@example.com", password: TYPED });
	}
	expect(stranger.seen.status).toBe(429);
	expect((await entriesOf("user.log-in-failed")).map(({ reason }) => reason)).toContain("too-many");
	expect(await entriesOf("user.limit-reached")).toHaveLength(2);
});
