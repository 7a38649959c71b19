import type { KoaContextWithOIDC } from "oidc-provider";
import { expect, test } from "vitest";
import { OpenIdRecords } from "../../../src/helpdesk/openid/openid-records.ts";
import { mergedAuthorizations } from "../../../src/helpdesk/openid/session-records.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const [A, B, C] = [
	{ sid: "a", grantId: "grant-a" },
	{ sid: "b", grantId: "grant-b" },
	{ sid: "c", grantId: "grant-c" },
];

test.each([
	["another tab has added one", { A }, { A, B }, { A, C }, { A, B, C }],
	["nobody else has changed anything", { A }, { A, B }, { A }, { A, B }],
	["this request changes nothing", { A }, { A }, { A, C }, { A, C }],
	["one was withdrawn meanwhile", { A, B }, { A, B, C }, { A }, { A, C }],
	["this request ends one", { A, B }, { B }, { A, B, C }, { B, C }],
	["both have changed the same one", {}, { A }, { A: B }, { A }],
	["the session has ended meanwhile", { A }, { A, B }, {}, { B }],
])("authorizations of a session, when %s", (_, read, left, stored, merged) => {
	expect(mergedAuthorizations(read, left, stored)).toEqual(merged);
});

/** A node, whose requests each have a session of their own. */
function nodesWith(count: number) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const current = { id: "portal-session", userId: "ada", provenAt: 0, epoch: 0 };
	const requests = Array.from({ length: count }, () => {
		const session: { oldId?: string } = {};
		const context = { oidc: { session } } as unknown as KoaContextWithOIDC;
		const records = new OpenIdRecords({
			...{ storage, clock, epochOf: async () => 0, request: () => context },
			agreedSince: async () => 0,
			portal: { current: () => current, find: async () => current },
			refuseReplay: () => {
				throw new Error("this test redeems nothing");
			},
		});
		return { session, sessions: records.of("Session") };
	});
	return { storage, requests };
}

const SESSION = { uid: "uid", accountId: "ada", kind: "Session" };

test("of ten requests at ten nodes that give a session a new id at once, none loses what it has added", async () => {
	const { storage, requests } = nodesWith(11);
	const [first, ...others] = requests;
	await first?.sessions.upsert("id", { ...SESSION, authorizations: { A } }, 60);
	await Promise.all(others.map(({ sessions }) => sessions.find("id")));
	await Promise.all(
		others.map(async ({ session, sessions }, index) => {
			session.oldId = "id";
			await sessions.destroy("id");
			const added = { [`client-${index}`]: { sid: `sid-${index}`, grantId: `grant-${index}` } };
			await sessions.upsert(`id-${index}`, { ...SESSION, authorizations: { A, ...added } }, 60);
		}),
	);
	const { authorizations } = (await first?.sessions.findByUid("uid")) ?? {};
	expect(Object.keys(authorizations ?? {}).sort()).toEqual(
		["A", ...others.map((_, index) => `client-${index}`)].sort(),
	);
	const left = (await storage.list(["Session"])).entries;
	expect(left).toHaveLength(1);
});

test("a session that gets a new id is there under the old one until it is there under the new one", async () => {
	const { requests } = nodesWith(2);
	const [one, two] = requests;
	await one?.sessions.upsert("id", SESSION, 60);
	await one?.sessions.find("id");
	Object.assign(one?.session ?? {}, { oldId: "id" });
	await one?.sessions.destroy("id");
	expect(await two?.sessions.find("id")).toMatchObject(SESSION);
	await one?.sessions.upsert("new-id", SESSION, 60);
	expect(await two?.sessions.find("id")).toBeUndefined();
	expect(await two?.sessions.find("new-id")).toMatchObject(SESSION);
	// Any other session that goes is gone.
	await two?.sessions.destroy("new-id");
	expect(await one?.sessions.find("new-id")).toBeUndefined();
});
