// Attacks on the callback by name (RFC 6749 section 10, RFC 9700 section 4), and those of OAuth 1.0a that they resemble.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { FakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { MockBrowser } from "../../../src/testing/mock-host/mock-browser.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../../kit/plugin/at-x.ts";
import { ADA, keysFor, openHouse } from "../../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../../kit/plugin/protocols.ts";

const MALLORY = { id: "666", screenName: "mallory", name: "Mallory", email: "mallory@example.com" };
const OAUTH2 = { protocol: "oauth2", accounts: [ADA, MALLORY] } as const;

/** Goes to X and approves there. @returns the callback, which was not opened yet. */
async function approved(browser: MockBrowser, { id } = ADA): Promise<URL> {
	return new URL(await approveAtX(await goToX(browser), { accountId: id }));
}

function withParameter(callback: URL, name: string, value: string | null): string {
	const changed = new URL(callback);
	if (value === null) {
		changed.searchParams.delete(name);
	} else {
		changed.searchParams.set(name, value);
	}
	return changed.href;
}

/** Opens a callback that is refused without a call to X. */
async function refusedAtNoCost(
	fakeX: FakeX,
	browser: MockBrowser,
	callback: string,
	code: string,
): Promise<void> {
	fakeX.resetStats();
	expect(await browser.openCallback(callback), callback).toMatchObject({ kind: "refused", code });
	expect(fakeX.stats().total, callback).toBe(0);
	expect(browser.currentUserId).toBeUndefined();
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouseUnder = housesUnder(x);

	test("login CSRF: a foreign proof, with its own token or with the victim's, logs the victim in as nobody", async () => {
		const { host, fakeX } = await openHouseUnder({ accounts: [ADA, MALLORY] });
		const [attacker, victim] = [host.newBrowser(), host.newBrowser()];
		const foreign = await approved(attacker, MALLORY);
		const own = await approved(victim);

		await refusedAtNoCost(fakeX, victim, foreign.href, "unknown-login");
		expect(await attacker.openCallback(foreign.href)).toMatchObject({ kind: "signed-up" });
		const mixed = withParameter(own, x.proof, foreign.searchParams.get(x.proof));
		expect(await victim.openCallback(mixed)).toMatchObject({ code: "x-rejected" });
		expect(victim.currentUserId).toBeUndefined();
		expect(host.users.all()).toHaveLength(1);
	});

	test("swapped tokens: two browsers with each other's token are refused at no cost, and both log in afterwards", async () => {
		const { host, fakeX } = await openHouseUnder({ accounts: [ADA, MALLORY] });
		const [one, two] = [host.newBrowser(), host.newBrowser()];
		const [first, second] = [await approved(one), await approved(two, MALLORY)];

		const swapped = withParameter(first, x.token, second.searchParams.get(x.token));
		await refusedAtNoCost(fakeX, one, swapped, "unknown-login");
		const back = withParameter(second, x.token, first.searchParams.get(x.token));
		await refusedAtNoCost(fakeX, two, back, "unknown-login");

		expect(await one.openCallback(first.href)).toMatchObject({ kind: "signed-up" });
		expect(await two.openCallback(second.href)).toMatchObject({ kind: "signed-up" });
	});

	test("replay: a callback that was used is worth nothing, in its browser or another", async () => {
		const { host, fakeX } = await openHouseUnder();
		const [browser, stranger] = [host.newBrowser(), host.newBrowser()];
		const callback = await approved(browser);
		await browser.openCallback(callback.href);
		browser.signOut();

		await goToX(stranger);
		await refusedAtNoCost(fakeX, stranger, callback.href, "unknown-login");
		await refusedAtNoCost(fakeX, browser, callback.href, "unknown-login");
		await goToX(browser);
		await refusedAtNoCost(fakeX, browser, callback.href, "unknown-login");
	});

	test("the code of another log-in: one browser's two log-ins do not take each other's proof", async () => {
		const { host, fakeX } = await openHouseUnder({ accounts: [ADA, MALLORY] });
		const browser = host.newBrowser();
		const first = await approved(browser);
		const second = await approved(browser, MALLORY);
		fakeX.resetStats();

		const crossed = withParameter(first, x.proof, second.searchParams.get(x.proof));
		expect(await browser.openCallback(crossed)).toMatchObject({ code: "x-rejected" });

		expect(fakeX.stats()).toMatchObject({ calls: { [x.exchange]: 1, [x.profile]: 0 }, total: 1 });
		expect(host.users.all()).toEqual([]);
	});

	test("HTTP parameter pollution: a doubled, missing or foreign parameter costs nothing and consumes nothing", async () => {
		const { host, fakeX } = await openHouseUnder();
		const browser = host.newBrowser();
		const callback = await approved(browser);
		const { href, searchParams } = callback;
		const token = searchParams.get(x.token) ?? "";
		const proof = searchParams.get(x.proof) ?? "";

		const others = ["oauth_token", "oauth_verifier", "denied", "state", "code", "error"]
			.filter((name) => name !== x.token && name !== x.proof)
			.flatMap((name) => [`${href}&${name}=${token}`, `${href}&${name}=access_denied`]);
		for (const polluted of [
			...others,
			`${href}&${x.proof}=${proof}`,
			`${href}&${x.proof}=other`,
			`${href}&${x.token}=${token}`,
			withParameter(callback, x.token, null),
			withParameter(callback, x.proof, null),
			withParameter(callback, x.token, ""),
			withParameter(callback, x.proof, ""),
			withParameter(callback, x.proof, `${proof} `),
			withParameter(callback, x.proof, `${proof}\n`),
		]) {
			await refusedAtNoCost(fakeX, browser, polluted, "malformed-callback");
		}

		expect(await browser.openCallback(href)).toMatchObject({ kind: "signed-up" });
	});

	test("open redirect: what is added to a callback changes neither where it leads nor who comes", async () => {
		const { host } = await openHouseUnder();
		const browser = host.newBrowser();
		const toX = await goToX(browser, { returnPath: "/tickets" });
		const callback = await approveAtX(toX);

		const added = "return_path=https://evil.example&redirect_uri=https://evil.example&iss=evil";
		const end = await browser.openCallback(`${callback}&${added}&user_id=1&id=1`);

		expect(end).toMatchObject({ kind: "signed-up", returnPath: "/tickets" });
		expect((await host.plugin.exportLinks("brand", undefined)).links).toMatchObject([
			{ identityId: `x:${ADA.id}` },
		]);
	});
});

test("stolen code: a code is worth nothing in the log-in of the thief, because its verifier stays with its own", async () => {
	const { host, fakeX } = await openHouse(OAUTH2);
	const [victim, thief] = [host.newBrowser(), host.newBrowser()];
	const stolen = await approved(victim);
	const own = await approved(thief, MALLORY);
	fakeX.resetStats();

	const end = await thief.openCallback(withParameter(own, "code", stolen.searchParams.get("code")));

	expect(end).toMatchObject({ kind: "refused", code: "x-rejected" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
	expect(host.users.all()).toEqual([]);
});

test("each log-in has its own state and verifier of 256 bits, and only the verifier's hash leaves the helpdesk", async () => {
	const { host } = await openHouse(OAUTH2);
	const browser = host.newBrowser();
	const urls: URL[] = [];
	for (let each = 0; each < 20; each += 1) {
		urls.push(new URL(await goToX(browser)));
	}

	const { entries } = await host.storage.list(["pending"]);
	const verifiers = new Map(
		entries.map(({ value }) => {
			const { token, tokenSecret } = value as { token: string; tokenSecret: string };
			return [token, tokenSecret];
		}),
	);
	expect(new Set(verifiers.values()).size).toBe(20);
	for (const { href, searchParams } of urls) {
		const state = searchParams.get("state") ?? "";
		const verifier = verifiers.get(state) ?? "";
		expect([state, verifier]).toEqual([
			expect.stringMatching(/^[\w-]{43}$/),
			expect.stringMatching(/^[\w-]{43}$/),
		]);
		expect(searchParams.get("code_challenge")).toBe(
			createHash("sha256").update(verifier).digest("base64url"),
		);
		expect(href).not.toContain(verifier);
	}
});

test("a code that X no longer takes after its 30 seconds ends in a page that says how to go on", async () => {
	const { host, fakeX } = await openHouse(OAUTH2);
	const browser = host.newBrowser();
	const callback = await approved(browser);
	host.clock.advance(30_000);

	expect(await browser.openCallback(callback.href)).toMatchObject({ code: "x-rejected" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
	expect(await browser.submitForm()).toMatchObject({ kind: "redirect" });
});

test("mix-up of protocols: a callback of one for a log-in of the other costs nothing and consumes nothing", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2-else-oauth1" });
	const browser = host.newBrowser();
	const under2 = await approved(browser);
	host.settings.save("brand", { protocol: "oauth1" });
	const under1 = await approved(browser);
	const state = under2.searchParams.get("state") ?? "";
	const code = under2.searchParams.get("code") ?? "";
	const token = under1.searchParams.get("oauth_token") ?? "";
	const verifier = under1.searchParams.get("oauth_verifier") ?? "";

	const at = `${under1.origin}${under1.pathname}`;
	for (const [query, refusal] of [
		[{ oauth_token: state, oauth_verifier: code }, "unknown-login"],
		[{ denied: state }, "unknown-login"],
		[{ state: token, code: verifier }, "unknown-login"],
		[{ state: token, error: "access_denied" }, "unknown-login"],
		// The name under which a log-in of OAuth 2.0 is stored.
		[
			{ oauth_token: ` ${JSON.stringify(["oauth2", "brand", state])}`, oauth_verifier: code },
			"malformed-callback",
		],
		[{ state: token, oauth_verifier: verifier }, "malformed-callback"],
		[{ oauth_token: state, code }, "malformed-callback"],
		[{ state, code, oauth_token: token, oauth_verifier: verifier }, "malformed-callback"],
	] as const) {
		await refusedAtNoCost(fakeX, browser, `${at}?${new URLSearchParams(query)}`, refusal);
	}

	expect((await host.storage.list(["pending"])).entries).toHaveLength(2);
	expect(await browser.openCallback(under2.href)).toMatchObject({ kind: "signed-up" });
	// The log-in has ended the binding of the other tab.
	await browser.openCallback(under1.href);
	expect(host.users.all()).toHaveLength(1);
});

test("mix-up of protocols: after the wrong callbacks, the log-in of OAuth 1.0a still finishes", async () => {
	const { host, fakeX } = await openHouse();
	const browser = host.newBrowser();
	const callback = await approved(browser);
	const token = callback.searchParams.get("oauth_token") ?? "";
	host.settings.save("brand", keysFor("oauth2-else-oauth1"));

	for (const more of ["code=a", "error=access_denied", "error=server_error"]) {
		const query = `${new URLSearchParams({ state: token })}&${more}`;
		await refusedAtNoCost(fakeX, browser, `${callback.origin}/?${query}`, "unknown-login");
	}

	expect(await browser.openCallback(callback.href)).toMatchObject({ kind: "signed-up" });
});

test.each([
	["oauth1", "oauth1"],
	["oauth2", "oauth2"],
	["oauth1", "oauth2"],
	["oauth2", "oauth1"],
] as const)(
	"mix-up of brands: a log-in of a brand under %s is unknown to a brand under %s, and still finishes at its own",
	async (here, there) => {
		const brands = [mockBrand("here"), mockBrand("there", { baseUrl: "http://127.0.0.1:8081" })];
		const { host, fakeX } = await openHouse({ brands });
		host.settings.save("here", keysFor(here));
		host.settings.save("there", keysFor(there));
		const browser = host.newBrowser({ brandId: "here" });
		const elsewhere = host.newBrowser({ brandId: "there" });
		const denial = await cancelAtX(await goToX(browser));
		for (const [name, value] of browser.cookies) {
			elsewhere.cookies.set(name, value);
		}
		const callback = await approveAtX(await goToX(browser));

		await refusedAtNoCost(fakeX, elsewhere, callback, "unknown-login");
		await refusedAtNoCost(fakeX, elsewhere, denial, "unknown-login");

		expect(await browser.openCallback(denial)).toMatchObject({ kind: "cancelled" });
		expect(await browser.openCallback(callback)).toMatchObject({ kind: "signed-up" });
		// The other brand's own log-in is as good as before.
		expect(await throughX(elsewhere)).toMatchObject({ kind: "signed-up" });
	},
);

test("session fixation: the victim's approval of the attacker's address logs in neither of them", async () => {
	const { host, fakeX } = await openHouse(OAUTH2);
	const [attacker, victim] = [host.newBrowser(), host.newBrowser()];
	const callback = new URL(await approveAtX(await goToX(attacker), { accountId: ADA.id }));

	await refusedAtNoCost(fakeX, victim, callback.href, "unknown-login");
	// The attacker knows the state, and never saw the code.
	const guessed = withParameter(callback, "code", "a".repeat(64));
	expect(await attacker.openCallback(guessed)).toMatchObject({ code: "x-rejected" });
	expect(host.users.all()).toEqual([]);
});

test.each(["access_denied", "server_error", "<svg/onload=alert(1)>"])(
	"an error that X or a stranger sends back (%s) costs no call and is not shown",
	async (error) => {
		const { host, fakeX } = await openHouse(OAUTH2);
		const [browser, stranger] = [host.newBrowser(), host.newBrowser()];
		const callback = await approved(browser);
		const failed = withParameter(new URL(withParameter(callback, "code", null)), "error", error);
		const described = `${failed}&error_description=${encodeURIComponent(error)}&error_uri=//evil.example`;

		await refusedAtNoCost(fakeX, stranger, described, "unknown-login");
		await refusedAtNoCost(fakeX, browser, `${described}&error=${error}`, "malformed-callback");
		const end = await browser.openCallback(described);

		expect(JSON.stringify(end)).not.toMatch(/svg\/onload|alert|evil\.example|server_error/);
		expect(end).toMatchObject({ code: error === "access_denied" ? "cancelled" : "x-rejected" });
		expect(fakeX.stats().total).toBe(0);
	},
);
