// Forged callbacks over HTTP: they fill neither the ledger nor the log nor the storage.
import { BlockList } from "node:net";
import { expect, test } from "vitest";
import type { HostStorage } from "../../src/contract/storage.ts";
import { pagesOf } from "../../src/contract/storage-pages.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../kit/helpdesk/open-helpdesk.ts";

const FORGED = 400;
const MOST = 20;
const CALLBACK = "/login/x-login/callback?oauth_token=made-up&oauth_verifier=made-up";
const LEDGER = ["sign-ins", "x-login", "entry"];

/** Addresses in `X-Forwarded-For` are believed, so that a test can come from any network. */
function proxies(): BlockList {
	const list = new BlockList();
	list.addAddress("127.0.0.1");
	return list;
}

async function openBehindProxy() {
	const keys = [new Uint8Array(32).fill(7)];
	const open = await openHelpdesk({ keys, trustedProxies: proxies() });
	await setUpX(open);
	return { ...open, keys };
}

/** Opens a made-up callback without a cookie. @returns the trace code on the page; undefined for none. */
async function forge(
	portal: string,
	address: string,
	path = CALLBACK,
): Promise<string | undefined> {
	const { status, html } = await new HttpVisitor().open(`${portal}${path}`, {
		headers: { "x-forwarded-for": address },
	});
	expect(status).toBe(400);
	const code = /quote this code: ([0-9A-Z-]+)/.exec(html)?.[1];
	expect(html.includes("This page has no code to quote")).toBe(code === undefined);
	return code;
}

async function flood(portals: readonly string[], address: string): Promise<(string | undefined)[]> {
	const codes: (string | undefined)[] = [];
	for (let each = 0; each < FORGED; each += 10) {
		const portal = (at: number) => portals[at % portals.length] ?? "";
		const batch = Array.from({ length: 10 }, (_, at) => forge(portal(at), address));
		codes.push(...(await Promise.all(batch)));
	}
	return codes;
}

async function bytesIn(storage: HostStorage): Promise<number> {
	let bytes = 0;
	for await (const entries of pagesOf(storage, [])) {
		bytes += JSON.stringify(entries.map(({ key, value }) => [key, value])).length;
	}
	return bytes;
}

async function ledgerOf({ storage }: Pick<OpenHelpdesk, "storage">): Promise<number> {
	return (await storage.list(LEDGER, { limit: 1000 })).entries.length;
}

test("400 forged callbacks leave at most 20 entries, 21 lines of the log and a number on Sign-ins", async () => {
	const open = await openBehindProxy();
	const before = { lines: open.log.length, bytes: await bytesIn(open.storage) };

	const codes = await flood([open.portal], "203.0.113.7");
	const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/sign-ins`);

	expect(codes.filter((code) => code !== undefined)).toHaveLength(MOST);
	await expect.poll(() => ledgerOf(open)).toBe(MOST);
	const lines = open.log.slice(before.lines);
	expect(lines).toHaveLength(MOST + 1);
	expect(lines.join("\n").length).toBeLessThan(10_000);
	// Each with what leads to it from its trace code.
	expect((await bytesIn(open.storage)) - before.bytes).toBeLessThan(MOST * 600);
	expect(html).toContain("And 380 more callbacks that belong to no log-in.");
	expect(open.fakeX.stats().calls).toMatchObject({ access_token: 0 });
});

test("made-up forms count like forged callbacks", async () => {
	const open = await openBehindProxy();
	for (let each = 0; each < MOST; each += 1) {
		await forge(open.portal, "203.0.113.7", `/login/x-login/continue?login=${"a".repeat(22)}`);
	}

	expect(await forge(open.portal, "203.0.113.7")).toBeUndefined();
	await expect.poll(() => ledgerOf(open)).toBe(MOST);
});

test("an IPv6 network is one network: 400 of its addresses leave 20 entries", async () => {
	const open = await openBehindProxy();
	for (let each = 0; each < MOST + 5; each += 1) {
		await forge(open.portal, `2001:db8:1:2::${each.toString(16)}`);
	}

	await expect.poll(() => ledgerOf(open)).toBe(MOST);
	expect(await forge(open.portal, "2001:db8:1:3::1")).toBeDefined();
});

test("a count is no weapon: a visitor of another network gets a code, and the flooded network still logs in", async () => {
	const open = await openBehindProxy();
	await flood([open.portal], "203.0.113.7");

	const code = await forge(open.portal, "198.51.100.1");

	const attempt = `${open.helpdesk.adminUrl}/sign-ins/attempt?trace=${code}`;
	expect((await open.operator.open(attempt)).status).toBe(200);
	const visitor = new HttpVisitor();
	const headers = { "x-forwarded-for": "203.0.113.7" };
	await visitor.open(`${open.portal}/login?returnTo=/account`, { headers });
	await visitor.submit("/login/x-login/start");
	const back = await visitor.open(await approveAtX(visitor.seen.url), { headers });
	expect(back.url).toBe(`${open.portal}/account`);
	await expect.poll(() => ledgerOf(open)).toBe(MOST + 2);
});

test("on two nodes, 400 forged callbacks leave at most 20 entries, and either node shows all the others", async () => {
	const one = await openBehindProxy();
	const log: string[] = [];
	const { keys, storage, clock } = one;
	const shared = { keys, storage, clock, trustedProxies: proxies() };
	const two = await startHelpdesk(
		await helpdeskOptions({ ...shared, log: (line) => log.push(line) }),
	);
	const lines = one.log.length;

	const codes = await flood([one.portal, two.brands[0]?.baseUrl ?? ""], "203.0.113.7");
	// The counts of a node are stored within seconds, and when it ends.
	await two.close();
	const { html } = await one.operator.open(`${one.helpdesk.adminUrl}/sign-ins`);

	expect(codes.filter((code) => code !== undefined)).toHaveLength(MOST);
	await expect.poll(() => ledgerOf(one)).toBe(MOST);
	expect(log.length + one.log.length - lines).toBeLessThanOrEqual(MOST + 2);
	expect(html).toContain("And 380 more callbacks that belong to no log-in.");
});
