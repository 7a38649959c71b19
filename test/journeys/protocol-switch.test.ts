// An administrator changes the protocol of a brand while people are at X. Nobody notices, and nobody's account changes.
import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { decideAtX } from "../kit/browser/decide-at-x.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { goToX } from "../kit/plugin/at-x.ts";
import { endsIn } from "../kit/plugin/attempts.ts";
import { APP_KEYS, openHouse, type ProtocolSetting } from "../kit/plugin/open-house.ts";

const UNDER_WAY = 1000;
/** More at once would wait for a busy processor longer than the five seconds that a call to X may take. */
const AT_ONCE = 4;

const people = (count: number) =>
	Array.from({ length: count }, (_, index) => ({
		id: String(1000 + index),
		screenName: `visitor${index}`,
		name: `Visitor ${index}`,
		email: `visitor${index}@example.com`,
	}));

/** Does the same for all, a few at a time. */
async function forAll<Item, Result>(
	items: readonly Item[],
	act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = items.entries();
	const worker = async () => {
		for (const [at, item] of left) {
			results[at] = await act(item);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return results;
}

interface UnderWay {
	readonly id: string;
	readonly browser: MockBrowser;
	/** Where the visitor is: on X's page, or on the way back with an approval. */
	readonly at: { readonly toX: string } | { readonly callback: string };
}

async function begin(host: MockHost, id: string): Promise<UnderWay> {
	const browser = host.newBrowser();
	const toX = await goToX(browser);
	const isApproved = Number(id) % 2 === 0;
	const at = isApproved
		? { callback: await decideAtX(toX, { decision: "approve", account: id }) }
		: { toX };
	return { id, browser, at };
}

async function finish({ id, browser, at }: UnderWay): Promise<readonly [string, LoginResponse]> {
	const callback =
		"callback" in at ? at.callback : await decideAtX(at.toX, { decision: "approve", account: id });
	return [id, await browser.openCallback(callback)];
}

test("a brand that is switched back and forth under load loses no log-in, with 1,000 under way at each switch", async () => {
	const accounts = people(UNDER_WAY);
	const { host, fakeX } = await openHouse({ accounts });
	const ids = accounts.map(({ id }) => id);
	const switchTo = (protocol: ProtocolSetting) =>
		host.settings.save("brand", { protocol, ...APP_KEYS });
	const users = new Map<string, string>();
	const check = (ends: readonly (readonly [string, LoginResponse])[], kind: string) => {
		for (const [id, end] of ends) {
			expect(end, id).toMatchObject({ kind });
			const userId = "userId" in end ? end.userId : "";
			expect(userId).toBe(users.get(id) ?? userId);
			users.set(id, userId);
		}
		expect(ends).toHaveLength(UNDER_WAY);
	};

	let underWay = await forAll(ids, (id) => begin(host, id));
	let kind = "signed-up";
	for (const protocol of ["oauth2-else-oauth1", "oauth1"] as const) {
		switchTo(protocol);
		const [ends, begun] = await Promise.all([
			forAll(underWay, finish),
			forAll(ids, (id) => begin(host, id)),
		]);
		check(ends, kind);
		underWay = begun;
		kind = "signed-in";
	}
	switchTo("oauth2");
	check(await forAll(underWay, finish), kind);

	expect(new Set(users.values()).size).toBe(UNDER_WAY);
	expect(host.users.all()).toHaveLength(UNDER_WAY);
	const { calls } = fakeX.stats();
	expect(calls).toMatchObject({
		...{ request_token: 2 * UNDER_WAY, access_token: 2 * UNDER_WAY },
		...{ oauth2_token: UNDER_WAY, users_me: UNDER_WAY },
		verify_credentials: UNDER_WAY,
	});
	const protocols = endsIn(host).map(({ fields }) => fields["protocol"]);
	expect(protocols.filter((protocol) => protocol === "oauth1")).toHaveLength(2 * UNDER_WAY);
	expect(protocols.filter((protocol) => protocol === "oauth2")).toHaveLength(UNDER_WAY);
	expect((await host.storage.list(["pending"])).entries).toEqual([]);
});

test("on two nodes, log-ins that began on one before a switch finish on the other, and each node begins under the new protocol", async () => {
	const accounts = people(60);
	const keys = [new Uint8Array(32).fill(7)];
	const one = await openHelpdesk({ keys }, accounts);
	await setUpX(one);
	const { storage, clock, fakeX, operator, portal } = one;
	const baseUrls = new Map(one.helpdesk.brands.map(({ id, baseUrl }) => [id, baseUrl]));
	const origins = { "api.x.com": fakeX.url };
	const two = await startHelpdesk(
		await helpdeskOptions({ keys, storage, clock, origins, baseUrls }),
	);
	const nodes = [portal, two.listening[0] ?? ""];
	const at = (url: string, node: string) => url.replace(portal, node);
	const start = async (node: string) => {
		const visitor = new HttpVisitor();
		await visitor.open(`${node}/login?returnTo=/account`);
		const { url } = await visitor.submit("/login/x-login/start");
		return { visitor, url };
	};
	const settings = "/admin/settings/general/integrations/x-login?brand=acorn";

	try {
		for (const protocol of ["oauth2", "oauth1", "oauth2"] as const) {
			const begun = await forAll(accounts, async ({ id }) => {
				const node = Number(id) % 2;
				return { id, other: nodes[1 - node] ?? "", ...(await start(nodes[node] ?? "")) };
			});
			await operator.open(`${portal}${settings}`);
			await operator.submit(settings, { ...APP_KEYS, protocol, mode: "login-and-signup" });

			const ends = await forAll(begun, async ({ id, other, visitor, url }) => {
				const callback = await decideAtX(url, { decision: "approve", account: id });
				const { status, html } = await visitor.open(at(callback, other));
				return [status, html.includes(`@visitor${Number(id) - 1000}`)];
			});
			expect(ends).toEqual(accounts.map(() => [200, true]));
			for (const node of nodes) {
				const { url } = await start(node);
				expect(new URL(url).searchParams.has("state")).toBe(protocol === "oauth2");
			}
		}
	} finally {
		await two.close();
	}
	expect(
		(await storage.list(["plugin-data", "x-login", "link"], { limit: 1000 })).entries,
	).toHaveLength(60);
});
