import { expect, test } from "vitest";
import { OPENID_LOG_OUTS, openidRecordsOf } from "../../../src/helpdesk/namespaces.ts";
import { LogOutMessages } from "../../../src/helpdesk/openid/log-out-messages.ts";
import { OpenIdRecords } from "../../../src/helpdesk/openid/openid-records.ts";
import { ProviderSessions } from "../../../src/helpdesk/openid/provider-sessions.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { connectedHelpdesks, connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";

async function openSessions() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keeping = { clock, storage, keys: [cryptoRandom.bytes(32)] };
	const { clientId } = await connectHelpdesk(keeping, {
		backChannelLogoutUri: "https://desk.example.org/back-channel",
	});
	const unused = async () => {
		throw new Error("this test sends nothing");
	};
	const messages = new LogOutMessages({
		storage: namespaced(storage, OPENID_LOG_OUTS),
		...{ clock, isServed: () => true, send: unused, report: () => {}, logError: () => {} },
	});
	const records = new OpenIdRecords({
		storage: namespaced(storage, openidRecordsOf("acorn")),
		clock,
		portal: {
			current: () => ({ id: "portal-session", userId: "ada", provenAt: 0, epoch: 0 }),
			find: async () => undefined,
		},
		request: () => undefined,
		epochOf: async () => 0,
		agreedSince: async () => 0,
		refuseReplay: () => {
			throw new Error("this test redeems nothing");
		},
	});
	const node = (find: () => Promise<undefined>) =>
		new ProviderSessions({
			...{ brandId: "acorn", storage, messages, portal: { find } },
			helpdesks: connectedHelpdesks(keeping),
			logError: (what, error) => {
				throw new Error(what, { cause: error });
			},
		});
	await records.of("Session").upsert(
		"session-id",
		{
			...{ uid: "uid", accountId: "ada", kind: "Session" },
			authorizations: { [clientId]: { sid: "sid", grantId: "grant" } },
		},
		60,
	);
	const waiting = async () => (await storage.list(OPENID_LOG_OUTS)).entries;
	const left = async () => (await storage.list(openidRecordsOf("acorn"))).entries;
	return { storage, node, clientId, waiting, left };
}

test("a session that ends leaves a message to its helpdesk, and nothing else", async () => {
	const { node, clientId, waiting, left } = await openSessions();
	expect(await node(async () => undefined).endOverOf("ada")).toBe(1);
	expect((await waiting()).map(({ key }) => key.slice(2))).toEqual([["acorn", clientId, "sid"]]);
	expect(await left()).toEqual([]);
});

test("a node that ends a session more slowly than another one leaves no second message", async () => {
	const { storage, node, waiting } = await openSessions();
	const quick = node(async () => undefined);
	const slow = node(async () => {
		expect(await quick.endOverOf("ada")).toBe(1);
		// The helpdesk was told.
		await storage.commit({ deletes: (await waiting()).map(({ key }) => key) });
		return undefined;
	});
	expect(await slow.endOverOf("ada")).toBe(0);
	expect(await waiting()).toEqual([]);
});

test("a session is found by its user and by its portal session, and no other one is ended", async () => {
	const { node, waiting } = await openSessions();
	const sessions = node(async () => undefined);
	expect(await sessions.endOverOf("grace")).toBe(0);
	expect(await sessions.endWith("another-portal-session")).toBe(0);
	expect(await waiting()).toEqual([]);
	expect(await sessions.endWith("portal-session")).toBe(1);
});
