import { inspect } from "node:util";
import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { FakeXScenario } from "../../src/testing/fake-x/scenarios.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { ADA, API_KEY_SECRET, CLIENT_SECRET, NO_EMAIL } from "../kit/plugin/open-house.ts";
import { type AtX, housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";

const ACCESS_TOKEN = "canary-access-token";
const REFRESH_TOKEN = "canary-refresh-token";
const TOKEN_SECRET = "canary-token-secret";

/** X's answer to the exchange, with tokens that can be recognised. */
function tokensFrom({ exchange: call }: AtX, id: string): FakeXScenario {
	const body = {
		access_token: `oauth_token=${ACCESS_TOKEN}&oauth_token_secret=${TOKEN_SECRET}&user_id=${id}&screen_name=ada`,
		oauth2_token: JSON.stringify({
			token_type: "bearer",
			access_token: ACCESS_TOKEN,
			refresh_token: REFRESH_TOKEN,
		}),
	}[call];
	return { call, status: 200, body };
}

test.each(PROTOCOLS)(
	"under %s no secret, token, code or verifier appears in an event, a page or the settings, or stays stored after the log-in",
	async (_, x) => {
		const { host, fakeX } = await housesUnder(x)();
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser));
		const [pending] = (await host.storage.list(["pending"])).entries;
		const { tokenSecret = "" } = (pending?.value ?? {}) as { readonly tokenSecret?: string };
		const canaries = [
			...[...new URL(callback).searchParams.values(), tokenSecret],
			...[API_KEY_SECRET, CLIENT_SECRET, ACCESS_TOKEN, REFRESH_TOKEN, TOKEN_SECRET],
		];
		expect(canaries.every((canary) => canary.length > 15)).toBe(true);
		expect(canaries).toHaveLength(8);
		fakeX.answerNext(tokensFrom(x, ADA.id));
		fakeX.answerNext(x.profileOf({ ...ADA, handle: ADA.screenName }));

		const signedUp = await browser.openCallback(callback);
		const replayed = await host.newBrowser().openCallback(callback);
		const failed: unknown[] = [];
		for (const call of ["request_token", x.exchange, x.profile] as const) {
			// X fails and repeats what it was sent.
			const body = [API_KEY_SECRET, CLIENT_SECRET, ACCESS_TOKEN].join();
			fakeX.answerNext({ call, status: 403, body, times: "always" });
			fakeX.answerNext(tokensFrom(x, NO_EMAIL.id));
			failed.push(await throughX(host.newBrowser()).catch(({ message }: Error) => message));
			fakeX.clearScenarios();
		}

		expect(signedUp).toMatchObject({ kind: "signed-up" });
		const stored = (await host.storage.list([])).entries;
		const settings = await host.settings.read("brand");
		const seen = inspect(
			{ signedUp, replayed, failed, events: host.events, stored, settings },
			{ depth: 20, maxStringLength: null, maxArrayLength: null },
		);
		for (const canary of canaries) {
			expect(seen).not.toContain(canary);
		}
	},
);
