import { expect, onTestFinished, test } from "vitest";
import { openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { connectedHelpdesksOf, openidKeysOf } from "../../../src/helpdesk/namespaces.ts";
import { diagnoseConnections } from "../../../src/helpdesk/openid/diagnose-connections.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import type { PublicHttp } from "../../../src/ports/public-http.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BRAND = { id: "acorn", baseUrl: "https://help.example.com" };

/** The parts of a helpdesk, and what a diagnosis of one of its brands says. */
async function open() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keeping = { keys: [cryptoRandom.bytes(32)], clock, storage };
	const asked: string[] = [];
	const answers: { next: Awaited<ReturnType<PublicHttp["send"]>> } = {
		next: { kind: "answer", status: 404, headers: {}, body: "" },
	};
	const http: Pick<PublicHttp, "send"> = {
		send: async ({ url }) => {
			asked.push(url);
			return answers.next;
		},
	};
	const openWith = async (keys = keeping.keys) => {
		const core = openHelpdesk(await helpdeskOptions({ ...keeping, keys }), []);
		onTestFinished(() => core.close());
		return core.openid;
	};
	const openid = await openWith();
	const { of, messages } = { of: openid.of.bind(openid), messages: openid.messages };
	const say = async (brand: typeof BRAND = BRAND, providers = { of, messages, http }) =>
		(await diagnoseConnections(brand, { providers, clock, keyFile: "/data/key" })).map(
			({ state, text }) => `${state}: ${text}`,
		);
	return { ...keeping, openWith, openid, say, asked, answers, http, of };
}

test("a brand without connected helpdesks has an issuer and nothing to fix, and no keys are made", async () => {
	const { say, storage } = await open();
	expect(await say()).toEqual([
		"ok: The issuer https://help.example.com/oidc has 0 connected helpdesks.",
	]);
	expect((await storage.list([])).entries).toEqual([]);
});

test("each helpdesk says when it was last used, and the keys how old they are", async () => {
	const { say, asked, clock, of, ...keeping } = await open();
	const { clientId } = await connectHelpdesk({ ...keeping, clock });
	expect(await say()).toEqual([
		"ok: The issuer https://help.example.com/oidc has 1 connected helpdesk.",
		"unknown: There are no keys to sign log-ins with yet. The first log-in makes them.",
		`unknown: Acorn Desk (${clientId}): nobody has logged in there yet.`,
	]);
	expect(asked).toEqual(["https://desk.example.org/callback"]);
	await of(BRAND).keys.current();
	await of(BRAND).helpdesks.noteUse(clientId);
	clock.advance(3 * DAY);
	expect((await say()).slice(1)).toEqual([
		"ok: The keys have signed log-ins since 2026-01-15 12:00 UTC, 3 days ago.",
		`ok: Acorn Desk (${clientId}): last used 2026-01-15 12:00 UTC.`,
	]);
	await of(BRAND).keys.rotate();
	expect((await say())[1]).toBe(
		"ok: The keys have signed log-ins since 2026-01-15 12:00 UTC, 3 days ago. New ones sign from 2026-01-18 12:05 UTC on.",
	);
});

test("a redirect URI that cannot be reached is named, with the reason", async () => {
	const { say, answers, ...keeping } = await open();
	const { clientId } = await connectHelpdesk(keeping);
	answers.next = {
		kind: "failure",
		reason: "dns",
		detail: "ENOTFOUND",
		mayBeRetried: false,
	} as never;
	expect(await say()).toContain(
		`unknown: Acorn Desk (${clientId}): https://desk.example.org/callback cannot be reached from here: its host name has no address. Correct it, unless browsers reach it.`,
	);
});

test("messages that wait are counted, with the time of the oldest one, after a minute", async () => {
	const { say, openid, clock, ...keeping } = await open();
	const { clientId } = await connectHelpdesk({ ...keeping, clock });
	const message = { brandId: "acorn", clientId, userId: "ada" };
	await openid.messages.leave({ ...message, sid: "a" });
	clock.advance(MINUTE - 1);
	expect((await say()).join()).not.toContain("wait");
	clock.advance(1);
	expect(await say()).toContain(
		`failed: Acorn Desk (${clientId}): 1 message about a log-out has been waiting for it since 2026-01-15 12:00 UTC. It is given up after a day. The log of the helpdesk says why (openid.log-out-waits).`,
	);
	await openid.messages.leave({ ...message, sid: "b" });
	await openid.messages.leave({ ...message, clientId: "other", sid: "c" });
	clock.advance(MINUTE);
	expect((await say()).join()).toContain(
		"2 messages about log-outs have been waiting for it since 2026-01-15 12:00 UTC. Each is given up after a day.",
	);
	for (let sid = 0; sid < 1000; sid += 1) {
		await openid.messages.leave({ ...message, sid: String(sid) });
	}
	clock.advance(MINUTE);
	expect((await say()).join()).toMatch(
		/More than [\d,]+ messages about log-outs have been waiting/,
	);
});

test("without https an issuer is of use to helpdesks on this machine alone, unless they need https", async () => {
	const { say, ...keeping } = await open();
	const loopback = { id: "acorn", baseUrl: "http://127.0.0.1:8080" };
	await connectHelpdesk(keeping, { name: "Near", address: "http://127.0.0.1:4" });
	expect((await say(loopback))[0]).toBe(
		"ok: The issuer http://127.0.0.1:8080/oidc has 1 connected helpdesk.",
	);
	await connectHelpdesk(keeping, { name: "Far" });
	expect((await say(loopback))[0]).toBe(
		"failed: The issuer http://127.0.0.1:8080/oidc has 2 connected helpdesks, and Far cannot use one without https. Give the brand an address with https, with --base-url acorn=https://help.example.com.",
	);
	expect((await say())[0]).toMatch(/^ok: /);
});

test("keys and secrets that the key file does not decrypt, and helpdesks that cannot be read, are named", async () => {
	const { say, openWith, http, of, ...keeping } = await open();
	const { clientId } = await connectHelpdesk(keeping);
	await of(BRAND).keys.current();
	const wrong = await openWith([cryptoRandom.bytes(32)]);
	const said = await say(BRAND, { of: wrong.of.bind(wrong), messages: wrong.messages, http });
	expect(said.slice(1)).toEqual([
		"failed: The keys that sign log-ins cannot be decrypted with the key file /data/key, because they were stored with another one. Give that key file with --key-file.",
		`unknown: Acorn Desk (${clientId}): nobody has logged in there yet.`,
		`failed: Acorn Desk (${clientId}): its client secret cannot be decrypted with the key file /data/key. Give the key file that it was stored with, or make a new secret under Connected helpdesks.`,
	]);
	const helpdesks = namespaced(keeping.storage, connectedHelpdesksOf("acorn"));
	await helpdesks.commit({
		sets: [
			{ key: ["helpdesk", "broken"], value: "broken" },
			{ key: ["last-used", clientId], value: "broken" },
		],
	});
	const keys = namespaced(keeping.storage, openidKeysOf("acorn"));
	await keys.commit({ sets: [{ key: ["signing-keys"], value: "broken" }] });
	expect((await say()).slice(1)).toEqual([
		"failed: The keys that sign log-ins cannot be read, and stay as they are. Use the version of the helpdesk that stored them, or restore a backup.",
		"failed: A stored connected helpdesk cannot be read, and stays as it is. Use the version of the helpdesk that stored it, or restore a backup.",
		`unknown: Acorn Desk (${clientId}): when it was last used cannot be read.`,
	]);
});
