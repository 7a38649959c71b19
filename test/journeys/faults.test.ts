// Tries every observed fault of X at each call of a log-in, under both protocols.
import { describe, expect, onTestFinished, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { createMockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, openHouse } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const CODES: Readonly<Record<string, string>> = {
	"32": "bad-keys",
	"34": "wrong-address",
	"63": "account-suspended",
	"64": "account-suspended",
	"87": "app-not-permitted",
	"88": "rate-limited",
	"89": "invalid-token",
	"99": "app-not-permitted",
	"130": "over-capacity",
	"131": "over-capacity",
	"135": "clock-off",
	"215": "malformed-call",
	"326": "account-locked",
	"415": "callback-not-approved",
	"416": "app-suspended",
	"417": "no-callback-registered",
	"453": "access-level",
};

/** A refusal without X's words. Its problem depends on the call. */
const REFUSAL: Readonly<Record<string, string>> = {
	request_token: "bad-keys",
	access_token: "refused",
	verify_credentials: "refused",
	oauth2_token: "exchange-refused",
	users_me: "token-refused",
};

/** Under OAuth 2.0 there is no signature to refuse, so some numbers and sentences of X mean no more than their status. */
const UNDER_OAUTH2: Readonly<Record<string, string | typeof REFUSAL>> = {
	...Object.fromEntries(
		["32", "89", "135"].flatMap((code) => [code, `${code}-xml`].map((fault) => [fault, REFUSAL])),
	),
	"hash-xml": REFUSAL,
};

/** The problem behind each fault. */
const PROBLEMS: Readonly<Record<string, string | typeof REFUSAL>> = {
	...CODES,
	...Object.fromEntries(Object.entries(CODES).map(([code, problem]) => [`${code}-xml`, problem])),
	"hash-xml": "no-callback-registered",
	"credits-depleted": "no-credits",
	"usage-capped": "no-credits",
	"client-not-enrolled": "app-not-enrolled",
	"problem-json": REFUSAL,
	"plain-text": REFUSAL,
	html: "over-capacity",
	"html-401": REFUSAL,
	"block-page": "intercepted",
	"country-block": "intercepted",
	"captive-portal": "intercepted",
	empty: "unreadable",
	redirect: "redirected",
	unconfirmed: "unreadable",
	"polluting-json": "unreadable",
	huge: "too-large",
	truncated: "reset",
	reset: "reset",
	hang: "timeout",
};

/** The page that the visitor sees for each problem. A change of this table is a decision, never a side effect. */
const ENDS: Readonly<Record<string, string>> = {
	"bad-keys": "x-misconfigured",
	"bad-client": "x-misconfigured",
	"token-refused": "x-unavailable",
	"exchange-refused": "x-unavailable",
	"wrong-address": "x-misconfigured",
	"account-suspended": "x-account-suspended",
	"app-not-permitted": "x-misconfigured",
	"rate-limited": "x-unavailable",
	"invalid-token": "x-rejected",
	"over-capacity": "x-unavailable",
	"clock-off": "x-misconfigured",
	"malformed-call": "x-misconfigured",
	"account-locked": "x-account-locked",
	"callback-not-approved": "x-misconfigured",
	"app-suspended": "x-misconfigured",
	"no-callback-registered": "x-misconfigured",
	"access-level": "x-misconfigured",
	"no-credits": "x-misconfigured",
	"app-not-enrolled": "x-misconfigured",
	refused: "x-rejected",
	unreadable: "x-unavailable",
	redirected: "x-unreachable",
	intercepted: "x-unreachable",
	"too-large": "x-unavailable",
	reset: "x-unavailable",
	timeout: "x-unavailable",
};

function problemAt(call: string, fault: string): string {
	const isOAuth2 = call === "oauth2_token" || call === "users_me";
	const problem = (isOAuth2 ? UNDER_OAUTH2[fault] : undefined) ?? PROBLEMS[fault] ?? "";
	return typeof problem === "string" ? problem : (problem[call] ?? "");
}

/** After these the profile of OAuth 2.0 is asked for once more. */
const ASKED_TWICE: readonly string[] = [
	...["over-capacity", "timeout", "reset", "clock-off", "unreadable"],
	...["no-credits", "rate-limited", "token-refused"],
];

describe.each(Object.keys(PROBLEMS))("X's fault %s", (fault) => {
	test.concurrent.for(["request_token", "access_token"] as const)(
		"at %s ends in a page and the right record, and the next visitor is served",
		async (call, { expect, onTestFinished }) => {
			const { host, fakeX } = await openHouse({ onTestFinished });
			const browser = host.newBrowser({ locale: "de" });
			const callback =
				call === "request_token" ? undefined : await approveAtX(await goToX(browser));
			fakeX.answerNext({ call, fault, times: "always" });

			const end =
				callback === undefined ? await browser.pressButton() : await browser.openCallback(callback);

			const problem = problemAt(call, fault);
			expect(end).toMatchObject({ kind: "refused", code: ENDS[problem] });
			expect(titleOf(end)).toMatch(/X|Anmeldung/);
			expect(host.events).toContainEqual(
				expect.objectContaining({
					name: "login.ended",
					fields: expect.objectContaining({ code: ENDS[problem], problem }),
				}),
			);
			fakeX.clearScenarios();
			expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
		},
	);

	test.concurrent("at verify_credentials keeps out only visitors whom X shut out", async ({
		expect,
		onTestFinished,
	}) => {
		const { host, fakeX } = await openHouse({ onTestFinished });
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser));
		fakeX.answerNext({ call: "verify_credentials", fault, times: "always" });

		const end = await browser.openCallback(callback);

		const problem = problemAt("verify_credentials", fault);
		if (problem.startsWith("account-")) {
			expect(end).toMatchObject({ code: `x-${problem}` });
		} else {
			expect(titleOf(end)).toBe("What is your e-mail address?");
			expect(host.events).toContainEqual(
				expect.objectContaining({
					name: "x.profile-failed",
					fields: expect.objectContaining({ problem }),
				}),
			);
		}
		expect(host.users.all()).toEqual([]);
		fakeX.clearScenarios();
		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	});

	test.concurrent.for(["oauth2_token", "users_me"] as const)(
		"at %s ends in a page and the right record, names nobody, and the next visitor is served",
		async (call, { expect, onTestFinished }) => {
			const { host, fakeX } = await openHouse({ protocol: "oauth2", onTestFinished });
			const browser = host.newBrowser({ locale: "de" });
			const callback = await approveAtX(await goToX(browser));
			fakeX.answerNext({ call, fault, times: "always" });

			const end = await browser.openCallback(callback);

			const problem = problemAt(call, fault);
			const asked = call === "oauth2_token" ? 0 : ASKED_TWICE.includes(problem) ? 2 : 1;
			expect(end).toMatchObject({ kind: "refused", code: ENDS[problem] });
			expect(titleOf(end)).toMatch(/X|Anmeldung/);
			expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: asked });
			const ended = host.events.find(({ name }) => name === "login.ended");
			const fields = { code: ENDS[problem], problem, protocol: "oauth2", calls: 1 + asked };
			expect(ended).toMatchObject({ fields });
			expect([ended?.subject, ended?.userId]).toEqual([undefined, undefined]);
			expect(host.users.all()).toEqual([]);
			fakeX.clearScenarios();
			expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
		},
	);
});

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test("a slow answer still logs the visitor in", async () => {
		const { host, fakeX } = await openHouse();
		fakeX.answerNext({ call: x.exchange, fault: "slow" });

		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	});

	test("X mixes up the request token or the state on the way back: nobody is logged in, and X gets no call", async () => {
		const { host, fakeX } = await openHouse();
		const browser = host.newBrowser();
		const callback = new URL(await approveAtX(await goToX(browser)));
		const right = callback.href;
		const token = callback.searchParams.get(x.token) ?? "";
		callback.searchParams.set(x.token, [...token].reverse().join(""));
		fakeX.resetStats();

		expect(await browser.openCallback(callback.href)).toMatchObject({ code: "unknown-login" });
		expect(fakeX.stats().total).toBe(0);
		expect(await browser.openCallback(right)).toMatchObject({ kind: "signed-up" });
	});

	test("hostile names are shown as text: markup and direction marks go, the rest stays", async () => {
		const name = '<img src=x onerror="alert(1)">\u202eadA\u0000 Zoë 李';
		const { host } = await openHouse({ accounts: [{ ...ADA, name }] });

		await throughX(host.newBrowser());

		const [user] = host.users.all();
		expect(user?.name).toContain("Zoë 李");
		expect(user?.name).not.toMatch(/\p{Cc}|\p{Cf}/u);
	});

	test.each([
		[
			"markup and direction marks",
			'<b id="x">\u202eada\u0000\r\nBcc:',
			"@&lt;b id=&quot;x&quot;&gt;ada Bcc:",
		],
		["more than 15 characters", "a_handle_of_20_chars", "@a_handle_of_20_chars"],
		["more than 80 characters", "a".repeat(400), `@${"a".repeat(80)}<`],
		["no character of ASCII", "äda", "@äda"],
		["nothing", "", `@${ADA.id}`],
		["nothing that is seen", "\u3164\u200b\u2800", `@${ADA.id}`],
		["an emoji of several pictures", "ada👨\u200d👩\u200d👧", "@ada👨\u200d👩\u200d👧"],
	])("a strange handle is shown as text and fails no log-in: %s", async (_, screenName, shown) => {
		const { host } = await openHouse({ accounts: [{ ...ADA, screenName }] });
		const user = host.users.add({ brandId: "brand", email: ADA.email ?? "", password: "mine" });
		const browser = host.newBrowser();
		await throughX(browser);
		await browser.submit("send-code");

		const consent = await browser.submit("code", { code: host.mail.codeFor(user.email) });

		expect("page" in consent && consent.page.html).toContain(shown);
		expect(await browser.submit("link")).toMatchObject({ kind: "linked", userId: user.id });
		browser.signOut();
		expect(await throughX(browser)).toMatchObject({ kind: "signed-in", userId: user.id });
		const [linked] = await host.plugin.listLinkedAccounts(user.id);
		expect(linked?.label).not.toMatch(/\p{Cc}|\p{Bidi_C}/u);
	});

	test("a name that shows nothing is the handle", async () => {
		const { host } = await openHouse({ accounts: [{ ...ADA, name: "\u3164\u2800\ufe0f" }] });

		await throughX(host.newBrowser());

		expect(host.users.all()).toMatchObject([{ name: "ada" }]);
	});
});

test.each([
	["suspended", "x-account-suspended"],
	["locked", "x-account-locked"],
] as const)("under OAuth 1.0a an X account that is %s", async (state, code) => {
	const { host } = await openHouse({ accounts: [{ ...ADA, state }] });

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "refused", code });
});

test.each([
	["suspended", "user-suspended", "x-account-suspended"],
	["locked", "user-locked", "x-account-locked"],
])("under OAuth 2.0 an X account that is %s", async (_, fault, code) => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	fakeX.answerNext({ call: "users_me", fault });

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "refused", code });
	expect(fakeX.stats().calls).toMatchObject({ users_me: 1 });
});

test.each([
	["is not there", ""],
	["comes twice", "&screen_name=ada&screen_name=eve"],
	["is half of an escape", "&screen_name=%ud83d%"],
])("the numeric id alone decides: under OAuth 1.0a the handle %s", async (_, screenName) => {
	const { host, fakeX } = await openHouse();
	const answer = `oauth_token=1-a&oauth_token_secret=b&user_id=${ADA.id}${screenName}`;
	fakeX.answerNext({ call: "access_token", status: 200, body: answer, times: 2 });
	const profile = JSON.stringify({ id_str: ADA.id, name: null, screen_name: 7, email: ADA.email });
	fakeX.answerNext({ call: "verify_credentials", status: 200, body: profile });
	const browser = host.newBrowser();

	const end = await throughX(browser);

	expect(end).toMatchObject({ kind: "signed-up", userId: host.users.all()[0]?.id });
	expect(host.users.all()[0]?.name).toMatch(/./);
	browser.signOut();
	expect(await throughX(browser)).toMatchObject({ kind: "signed-in" });
});

test.each([
	["Tom & Jerry", "Tom & Jerry"],
	['<b>Tom</b> & "Jerry"', '<b>Tom</b> & "Jerry"'],
	["&lt;", "&lt;"],
	["&amp;amp; &quot; &#39;", "&amp;amp; &quot; &#39;"],
	["R&D &copy; &#0; &unknown;", "R&D &copy; &#0; &unknown;"],
	["می\u200cخواهم & 👨\u200d👩\u200d👧", "می\u200cخواهم & 👨\u200d👩\u200d👧"],
])("under OAuth 1.0a X escapes the name %j, and it is unescaped once", async (name, shown) => {
	const { host } = await openHouse({ accounts: [{ ...ADA, name }] });

	await throughX(host.newBrowser());

	expect(host.users.all()).toMatchObject([{ name: shown }]);
});

test.each([
	["Tom &amp; Jerry", "Tom & Jerry"],
	["&amp;lt;b&amp;gt;", "&lt;b&gt;"],
	["Tom & Jerry", "Tom & Jerry"],
	["&quot;Ada&quot; &#39;L&#39;", "\"Ada\" 'L'"],
	["&lt;img src=x onerror=alert(1)&gt;", "<img src=x onerror=alert(1)>"],
	["A&amp;#8238;B &amp;#x202e;", "A&#8238;B &#x202e;"],
	["\u3164&shy", "&shy"],
])("under OAuth 1.0a the name %j in X's answer is %j", async (name, shown) => {
	const { host, fakeX } = await openHouse();
	const body = JSON.stringify({ id_str: ADA.id, name, email: ADA.email });
	fakeX.answerNext({ call: "verify_credentials", status: 200, body });

	await throughX(host.newBrowser());

	expect(host.users.all()).toMatchObject([{ name: shown }]);
});

test.each([
	["request_token", 2],
	["verify_credentials", 2],
	["users_me", 2],
] as const)("a lost %s is sent once more", async (call, calls) => {
	const { host, fakeX } = await openHouse({ protocol: call === "users_me" ? "oauth2" : "oauth1" });
	fakeX.answerNext({ call, fault: "130" });

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(fakeX.stats().calls[call]).toBe(calls);
});

test.each(PROTOCOLS)("a lost exchange is never sent again under %s", async (_, x) => {
	const { host, fakeX } = await openHouse({ protocol: x.protocol });
	fakeX.answerNext({ call: x.exchange, fault: "130" });

	expect(await throughX(host.newBrowser())).toMatchObject({ code: "x-unavailable" });
	expect(fakeX.stats().calls[x.exchange]).toBe(1);
});

test.each([-3_600_000, 3_600_000])(
	"a clock that is off by %i ms: X's time is learned once and used from then on",
	async (skew) => {
		const brand = mockBrand("brand");
		const keys = { apiKey: "k", apiKeySecret: "s" };
		const apps = [{ ...keys, callbacks: [brand.callbackUrl] }];
		const clock = new MockClock();
		const fakeX = await startFakeX({
			apps,
			accounts: [ADA],
			clock: { now: () => clock.now() + skew },
		});
		const host = createMockHost({
			plugin: await builtPlugin(),
			brands: [brand],
			clock,
			origins: { "api.x.com": fakeX.url },
		});
		onTestFinished(async () => {
			await host.close();
			await fakeX.close();
		});
		host.settings.save("brand", keys);
		host.settings.enable("brand");

		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
		expect(fakeX.stats().calls).toMatchObject({ request_token: 2, access_token: 1 });
		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-in" });
		expect(fakeX.stats().calls.request_token).toBe(3);
	},
);

test.each(PROTOCOLS)(
	"under %s: after ten failures in ten silent seconds the breaker asks X once in ten seconds, and the button says so",
	async (_, x) => {
		const { host, fakeX } = await openHouse({ protocol: x.protocol });
		const button = async () => {
			const page = { page: "login", brandId: "brand", locale: "en", returnPath: "/" } as const;
			return (await host.plugin.renderLoginButtons(page))[0];
		};
		// OAuth 2.0 asks X for nothing before the visitor has come back.
		const come = async () => {
			const browser = host.newBrowser();
			const left = await browser.pressButton();
			return x.protocol === "oauth2" && left.kind === "redirect"
				? browser.openCallback(await approveAtX(left.location))
				: left;
		};
		const call = x.protocol === "oauth1" ? "request_token" : x.exchange;
		fakeX.answerNext({ call, fault: "88", times: "always" });
		for (let failure = 0; failure < 10; failure += 1) {
			await come();
		}
		expect((await button())?.note).toBeUndefined();
		host.clock.advance(10_000);
		expect((await button())?.note).toContain("X is not answering");
		expect((await button())?.html).toContain("X is not answering");
		fakeX.resetStats();

		for (let visitor = 0; visitor < 5; visitor += 1) {
			expect(await come()).toMatchObject({ code: "x-unavailable" });
		}
		expect(fakeX.stats().total).toBe(1);

		fakeX.clearScenarios();
		expect(await host.newBrowser().pressButton()).toMatchObject({ code: "x-unavailable" });
		host.clock.advance(10_000);
		expect(await come()).toMatchObject({
			kind: x.protocol === "oauth1" ? "redirect" : "signed-up",
		});
		expect((await button())?.note).toBeUndefined();
		expect((await throughX(host.newBrowser())).kind).toMatch(/^signed-/);
	},
);

/** More at once would wait for a busy processor longer than the five seconds that a call to X may take. */
const AT_ONCE = 4;

test("of 1,000 log-ins while X hangs for one of two brands, the other 500 succeed", async () => {
	const brands = [mockBrand("fine"), mockBrand("hanging", { baseUrl: "http://127.0.0.1:8081" })];
	const apps = brands.map(({ id, callbackUrl }) => ({
		apiKey: id,
		apiKeySecret: "s",
		callbacks: [callbackUrl],
	}));
	const clock = new MockClock();
	const fakeX = await startFakeX({ apps, accounts: [ADA], clock });
	const host = createMockHost({
		plugin: await builtPlugin(),
		brands,
		clock,
		origins: { "api.x.com": fakeX.url },
	});
	onTestFinished(async () => {
		await host.close();
		await fakeX.close();
	});
	for (const { id } of brands) {
		host.settings.save(id, { apiKey: id, apiKeySecret: "s" });
		host.settings.enable(id);
	}
	fakeX.answerNext({ call: "request_token", fault: "hang", app: "hanging", times: "always" });

	const come = async (brandId: "fine" | "hanging"): Promise<string> => {
		const browser = host.newBrowser({ brandId });
		const end = brandId === "fine" ? await throughX(browser) : await browser.pressButton();
		return `${brandId} ${"code" in end ? end.code : "in"}`;
	};
	const comeInTurn = async (): Promise<string[]> => {
		const ends: string[] = [];
		while (ends.length < 500 / AT_ONCE) {
			ends.push(await come("fine"));
		}
		return ends;
	};
	let refused = 0;
	const hanging = Array.from({ length: 500 }, async () => {
		const end = await come("hanging");
		refused += 1;
		return end;
	});
	// Signing 500 calls holds a busy processor for seconds. The others come once these calls hang at X or were given up.
	await expect.poll(() => fakeX.stats().total + refused).toBeGreaterThanOrEqual(500);
	const fine = await Promise.all(Array.from({ length: AT_ONCE }, comeInTurn));
	const ends = [...(await Promise.all(hanging)), ...fine.flat()];

	expect(ends.filter((end) => end === "fine in")).toHaveLength(500);
	expect(ends.filter((end) => end === "hanging x-unavailable")).toHaveLength(500);
});
