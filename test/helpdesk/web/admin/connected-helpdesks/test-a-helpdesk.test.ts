// Who may read what a test shows.
import { expect, test } from "vitest";
import { helpdeskTests } from "../../../../../src/helpdesk/namespaces.ts";
import type { NewConnectedHelpdesk } from "../../../../../src/helpdesk/openid/connected-helpdesks.ts";
import { cryptoRandom } from "../../../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { approveAtX } from "../../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import {
	connectedHelpdesks,
	connectHelpdesk,
	REDIRECT_URI,
} from "../../../../kit/openid/connect-helpdesk.ts";
import { RelyingParty } from "../../../../kit/openid/relying-party.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const TESTED = `${LIST}/tested`;

async function openDesk(desk: Partial<NewConnectedHelpdesk> = {}) {
	const keys = [cryptoRandom.bytes(32)];
	const clock = systemClock;
	const storage = new MemoryStorage(clock);
	const open = await openHelpdesk({ keys, storage, clock });
	await setUpX(open);
	const client = await connectHelpdesk({ keys, storage, clock }, desk);
	const testPath = `${LIST}/helpdesk/${client.clientId}/test?brand=acorn`;
	return { ...open, keys, storage, clock, client, testUrl: `${open.portal}${testPath}` };
}

type Open = Awaited<ReturnType<typeof openDesk>>;

/** Logs a browser in at the portal with X. */
async function logIn(visitor: HttpVisitor, { portal }: Open): Promise<void> {
	await visitor.open(`${portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
}

/** Agrees to what the helpdesk receives. */
async function goOn(visitor: HttpVisitor) {
	return visitor.submit(new URL(visitor.seen.url).pathname, { answer: "go" });
}

/** Follows a test up to the address that holds the code. */
async function codeOf(visitor: HttpVisitor, url: string): Promise<string> {
	let next = url;
	for (;;) {
		const answer = await visitor.request(next);
		const location = answer.headers.get("location");
		if (location === null) {
			throw new Error(`${next} answers ${answer.status}`);
		}
		next = new URL(location, next).href;
		if (new URL(next).pathname === TESTED) {
			return next;
		}
	}
}

test("a test goes the whole way, and shows the operator what the helpdesk would receive", async () => {
	const open = await openDesk();
	const { operator, testUrl, storage, client } = open;
	const begun = await operator.open(testUrl);
	expect(begun.url).toContain("/login?returnTo=%2Fconnect%2F");
	const { url } = await operator.submit("/login/x-login/start");
	const consent = await operator.open(await approveAtX(url));
	expect(consent.html).toContain("Go on to Acorn Desk?");

	const { status, html, headers } = await goOn(operator);

	expect(status).toBe(200);
	expect(html).toContain("What Acorn Desk would receive");
	expect(html.match(/<dt><code>nickname<\/code><\/dt><dd>ada/g)).toHaveLength(2);
	expect(html.match(/<dt><code>name<\/code><\/dt><dd>Ada &lt;b&gt;/g)).toHaveLength(2);
	expect(html).toContain(`<dt><code>aud</code></dt><dd>${client.clientId}`);
	expect(html).not.toContain("<code>email</code>");
	expect(html).toContain("No e-mail address is passed on, because");
	expect(headers.get("cache-control")).toBe("no-store");
	const { entries } = await storage.list(["openid"], { limit: 1000 });
	expect(entries.filter(({ key }) => key.includes("last-used"))).toEqual([]);
	expect((await namespaced(storage, helpdeskTests()).list([])).entries).toEqual([]);
});

test.each([
	["in the body", { clientAuth: "client_secret_post" }],
	["without a secret", { clientAuth: "none" }],
	["without PKCE", { pkce: false, signature: "RS256" }],
] as const)("a helpdesk that proves itself %s is tested as it does", async (_, desk) => {
	const open = await openDesk(desk);
	await logIn(open.operator, open);
	await open.operator.open(open.testUrl);
	expect((await goOn(open.operator)).html).toContain("What Acorn Desk would receive");
});

test("a test marks no consent as given before it is, and cancelling shows the error", async () => {
	const open = await openDesk();
	const { operator, testUrl } = open;
	await logIn(operator, open);
	const first = await operator.open(testUrl);
	expect(first.html).toContain("Go on to Acorn Desk?");
	const path = new URL(first.url).pathname;
	const { status, html } = await operator.submit(path, { answer: "cancel" });
	expect(status).toBe(400);
	expect(html).toContain("Acorn Desk would be told: access_denied: the visitor went back");
	expect((await operator.open(testUrl)).html).toContain("Go on to Acorn Desk?");
});

test("the last test stays on the page of the helpdesk and on Overview, until the helpdesk is changed", async () => {
	const open = await openDesk();
	const { operator, portal, helpdesk, testUrl, client, storage, clock, keys } = open;
	const helpdesks = connectedHelpdesks({ keys, storage, clock });
	const page = `${portal}${LIST}/helpdesk/${client.clientId}?brand=acorn`;
	const pages = async () => [
		(await operator.open(page)).html,
		(await operator.open(helpdesk.adminUrl)).html,
	];
	expect((await pages())[0]).toContain("Not tested since it was connected or changed.");
	await logIn(operator, open);
	await operator.open(testUrl);
	await operator.submit(new URL(operator.seen.url).pathname, { answer: "cancel" });
	expect((await pages())[0]).toContain("Not tested since it was connected or changed.");

	await operator.open(testUrl);
	await goOn(operator);
	const [own, overview] = await pages();
	expect(own).toMatch(/The last test passed, \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
	expect(overview).toContain("1 helpdesk connected. 1 passed the last test.");

	const answer = new URL(await codeOf(operator, testUrl));
	answer.searchParams.set("code", "x".repeat(1000));
	await operator.open(answer.href);
	const [ownFailed, overviewFailed] = await pages();
	expect(ownFailed).toContain("Acorn Desk would be told: invalid_grant");
	expect(overviewFailed).toContain("The last test failed: Acorn Desk.");

	await helpdesks.renewSecret(client.clientId);
	expect((await pages())[0]).toContain("Not tested since it was connected or changed.");
});

test("nobody but an operator begins a test or sees its answer", async () => {
	const open = await openDesk();
	const { operator, portal, testUrl, storage } = open;
	const stranger = new HttpVisitor();
	expect((await stranger.open(testUrl)).url).toContain(`${portal}/admin/login?returnTo=`);
	expect((await namespaced(storage, helpdeskTests()).list([])).entries).toEqual([]);

	await logIn(operator, open);
	await operator.open(testUrl);
	await goOn(operator);
	const answer = await codeOf(operator, testUrl);
	expect((await stranger.open(answer)).url).toContain(`${portal}/admin/login?returnTo=`);
	await logIn(stranger, open);
	expect((await stranger.open(answer)).url).toContain(`${portal}/admin/login?returnTo=`);
	expect((await operator.open(answer)).html).toContain("What Acorn Desk would receive");
});

test("another session of the same operator does not see the answer, and the own one does, once", async () => {
	const open = await openDesk();
	const { operator, helpdesk, testUrl } = open;
	await logIn(operator, open);
	await operator.open(testUrl);
	await goOn(operator);
	const answer = await codeOf(operator, testUrl);

	const elsewhere = new HttpVisitor();
	await elsewhere.open(`${helpdesk.adminUrl}/login`);
	const { email, password } = helpdesk.operator;
	await elsewhere.submit("/admin/login", { email, password: password ?? "" });
	const seen = await elsewhere.open(answer);
	expect([seen.status, seen.html.includes("This test is over")]).toEqual([400, true]);
	expect(seen.html).not.toContain("@ada");

	const both = await Promise.all([operator.request(answer), operator.request(answer)]);
	expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
	expect((await operator.open(answer)).html).toContain("This test is over");
});

test("the code of another log-in in the place of the own one shows nothing", async () => {
	const open = await openDesk();
	const { operator, portal, testUrl, client } = open;
	await logIn(operator, open);
	await operator.open(testUrl);
	await goOn(operator);
	const own = new URL(await codeOf(operator, testUrl));

	const victim = new HttpVisitor();
	await logIn(victim, open);
	const party = await RelyingParty.at(`${portal}/oidc`, client);
	const asked = await party.begin({ redirect_uri: `${portal}${TESTED}` });
	await victim.open(asked.url);
	const theirs = new URL(await codeOf(victim, asked.url));

	expect((await operator.open(theirs.href)).html).toContain("This test is over");
	const injected = new URL(own);
	injected.searchParams.set("code", theirs.searchParams.get("code") ?? "");
	const { status, html } = await operator.open(injected.href);
	expect(status).toBe(400);
	expect(html).toContain("Acorn Desk would be told: invalid_grant");
	expect(html).not.toContain("@ada");
});

test("a code that the helpdesk asked for does not redeem a test, nor the other way round", async () => {
	const open = await openDesk();
	const { operator, portal, testUrl, client } = open;
	await logIn(operator, open);
	const party = await RelyingParty.at(`${portal}/oidc`, client);
	const asked = await party.begin();
	await operator.open(asked.url);
	const answer = new URL((await goOn(operator)).url);
	expect(answer.href.startsWith(REDIRECT_URI)).toBe(true);
	const tested = new URL(await codeOf(operator, testUrl));

	const mixed = new URL(tested);
	mixed.searchParams.set("code", answer.searchParams.get("code") ?? "");
	expect((await operator.open(mixed.href)).html).toContain("invalid_grant");
	answer.searchParams.set("code", tested.searchParams.get("code") ?? "");
	await expect(party.redeem(answer.href, asked)).rejects.toThrow();
});

test("an answer of another issuer, and one without a code, is refused", async () => {
	const open = await openDesk();
	const { operator, testUrl } = open;
	await logIn(operator, open);
	await operator.open(testUrl);
	await goOn(operator);
	for (const [name, value] of [
		["iss", "https://evil.example.org/oidc"],
		["code", ""],
	] as const) {
		const answer = new URL(await codeOf(operator, testUrl));
		answer.searchParams.delete(name);
		if (value !== "") {
			answer.searchParams.set(name, value);
		}
		expect((await operator.open(answer.href)).html).toContain(
			"Acorn Desk would be told: no code and no error",
		);
	}
	expect((await operator.open(testUrl.replace("/test?", "?"))).html).toMatch(
		/The last test failed, .* Acorn Desk would be told: no code and no error</,
	);
});

test("the page says why an address is missing", async () => {
	const open = await openDesk({ neverAsserted: ["example.com"] });
	const { operator, testUrl } = open;
	await logIn(operator, open);
	await operator.open(testUrl);
	expect((await goOn(operator)).html).toContain(
		"because nobody has proven that they read ada@example.com",
	);
});

test("the page of a test is a redirect URI of the helpdesk only until the test is over", async () => {
	const { operator, testUrl, portal, client } = await openDesk();
	const uri = `${portal}${TESTED}`;
	const query = new URLSearchParams({
		...{ client_id: client.clientId, redirect_uri: uri, response_type: "code", scope: "openid" },
		...{ code_challenge: "c".repeat(43), code_challenge_method: "S256", prompt: "none" },
	});
	const status = async () =>
		(await new HttpVisitor().request(`${portal}/oidc/auth?${query}`)).status;
	expect(await status()).toBe(400);
	const begun = await operator.request(testUrl);
	const state = new URL(begun.headers.get("location") ?? "", portal).searchParams.get("state");
	expect(await status()).toBe(303);
	await operator.open(`${uri}?state=${state}&error=access_denied`);
	expect(await status()).toBe(400);
});
