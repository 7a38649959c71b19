// Log-ins that a visitor began, and whose proof from X they made up. Each costs X a call, and anybody can send them.
import { describe, expect, test } from "vitest";
import type { LoginEnded } from "../../src/contract/login-ended.ts";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const MOST = 20;
const SENT = 30;
const HOUR = 60 * 60_000;

function codesIn({ events }: MockHost): string[] {
	return events
		.filter((event): event is LoginEnded => event.name === "login.ended")
		.map(({ fields }) => fields.code);
}

function traceCodeIn(response: LoginResponse): string {
	return "traceCode" in response ? response.traceCode : `no end, but ${response.kind}`;
}

type Send = (browser: MockBrowser) => Promise<LoginResponse>;

async function sendAll(host: MockHost, send: Send, times = SENT): Promise<LoginResponse[]> {
	const responses: LoginResponse[] = [];
	for (let each = 0; each < times; each += 1) {
		responses.push(await send(host.newBrowser()));
	}
	return responses;
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	/** The callback of a log-in that this browser began, with another verifier or code than X's. */
	const madeUp: Send = async (browser) => {
		const url = new URL(await goToX(browser));
		const token = url.searchParams.get(x.token) ?? "";
		return browser.openCallback(`https://brand.example/?${x.token}=${token}&${x.proof}=made-up`);
	};

	/** The same after an approval at X, which came with another one. */
	const changed: Send = async (browser) => {
		const callback = new URL(await approveAtX(await goToX(browser)));
		callback.searchParams.set(x.proof, "made-up");
		return browser.openCallback(callback.href);
	};

	test.each([
		["of a token that nobody approved", madeUp],
		["of a token that was approved", changed],
	])(
		"30 made-up proofs %s: the first 20 of the network have an entry and a code",
		async (_, send) => {
			const { host } = await openHouse();

			const responses = await sendAll(host, send);

			for (const response of responses) {
				expect(response).toMatchObject({ kind: "refused", code: "x-rejected" });
			}
			expect(codesIn(host)).toEqual(Array(MOST).fill("x-rejected"));
			expect(responses.slice(0, MOST).map(traceCodeIn)).not.toContain("");
			expect(responses.slice(MOST).map(traceCodeIn)).toEqual(Array(SENT - MOST).fill(""));
			host.clock.advance(HOUR);
			expect(traceCodeIn(await send(host.newBrowser()))).not.toBe("");
		},
	);

	test("made-up proofs and forged callbacks of a network count together", async () => {
		const { host } = await openHouse();
		const forged: Send = (browser) =>
			browser.openCallback(`https://brand.example/?${x.token}=a&${x.proof}=b`);

		await sendAll(host, forged, MOST / 2);
		await sendAll(host, madeUp, MOST);

		expect(codesIn(host)).toEqual([
			...Array(MOST / 2).fill("unknown-login"),
			...Array(MOST / 2).fill("x-rejected"),
		]);
	});

	test.each([
		[
			"keys that X refuses at the callback",
			x.exchange === "oauth2_token" ? "invalid-client" : "32",
			"x-misconfigured",
		],
		["a callback URL that X does not have", "415", "x-misconfigured"],
		["an app that X suspended", "416", "x-misconfigured"],
		["an account that X locked", "326", "x-account-locked"],
	])(
		"%s: each of 30 failures has an entry after a flood of made-up proofs",
		async (_, fault, code) => {
			const { host, fakeX } = await openHouse();
			await sendAll(host, madeUp, MOST);
			fakeX.answerNext({ call: x.exchange, fault, times: "always" });

			const responses = await sendAll(host, throughX);

			expect(codesIn(host).slice(MOST)).toEqual(Array(SENT).fill(code));
			expect(responses.map(traceCodeIn)).not.toContain("");
		},
	);

	test("people of a network that floods log in and cancel as before, with an entry each", async () => {
		const { host } = await openHouse();
		await sendAll(host, madeUp);

		await sendAll(host, async (browser) =>
			browser.openCallback(await cancelAtX(await goToX(browser))),
		);
		expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });

		expect(codesIn(host).slice(MOST)).toEqual([...Array(SENT).fill("cancelled"), "signed-up"]);
	});

	// Under OAuth 2.0 visitors leave without a call.
	if (x.protocol === "oauth1") {
		test("X that refuses before visitors leave: each of 30 failures has an entry after a flood", async () => {
			const { host, fakeX } = await openHouse();
			await sendAll(host, madeUp, MOST);
			fakeX.answerNext({ call: "request_token", fault: "89", times: "always" });

			await sendAll(host, (browser) => browser.pressButton());

			expect(codesIn(host).slice(MOST)).toEqual(Array(SENT).fill("x-rejected"));
		});
	}
});
