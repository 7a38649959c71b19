// Connected helpdesks cost X nothing: a log-in through the provider makes the calls of any log-in.
import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { PEOPLE } from "../../kit/helpdesk/people-with-x.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { agree, type OpenProvider, openProvider } from "../../kit/openid/open-provider.ts";

/** The first call to X of a helpdesk looks at its clock as well. It has been made. */
async function openAfterFirstCall(): Promise<OpenProvider> {
	const open = await openProvider({ accounts: PEOPLE });
	await logIn(open, "3");
	return open;
}

/** Logs a new browser in at the portal, without any helpdesk. */
async function logIn({ portal }: OpenProvider, accountId: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	const { html } = await visitor.open(await approveAtX(url, { accountId }));
	expect(html).toContain("/logout");
	return visitor;
}

/** Logs a browser in at the helpdesk, from its button to its question who this is. */
async function logInAtHelpdesk(
	{ party }: OpenProvider,
	accountId: string,
	visitor = new HttpVisitor(),
): Promise<void> {
	const begun = await party.begin();
	let { url } = await visitor.open(begun.url);
	if (new URL(url).pathname === "/login") {
		const atX = await visitor.submit("/login/x-login/start");
		({ url } = await visitor.open(await approveAtX(atX.url, { accountId })));
	}
	if (!url.startsWith(REDIRECT_URI)) {
		({ url } = await agree(visitor));
	}
	const { access_token: token, claims } = await party.redeem(url, begun);
	const sub = claims()?.sub ?? "";
	expect(await party.userInfo(token, sub)).toHaveProperty("nickname");
}

/** The calls to X by their kind, and how many there are of each. */
async function callsOf(
	{ fakeX }: OpenProvider,
	act: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
	fakeX.resetStats();
	await act();
	const calls = Object.entries(fakeX.stats().calls).filter(([, count]) => count > 0);
	return Object.fromEntries(calls);
}

test("a log-in through the provider costs X no more calls than one without", async () => {
	const open = await openAfterFirstCall();
	const signUp = { request_token: 1, access_token: 1, verify_credentials: 1 };
	const returning = { request_token: 1, access_token: 1 };

	expect(await callsOf(open, () => logIn(open, "1"))).toEqual(signUp);
	expect(await callsOf(open, () => logInAtHelpdesk(open, "2"))).toEqual(signUp);
	expect(await callsOf(open, () => logIn(open, "1"))).toEqual(returning);
	expect(await callsOf(open, () => logInAtHelpdesk(open, "2"))).toEqual(returning);
});

test("a visitor who is logged in at the portal goes on to a helpdesk without a call to X", async () => {
	const open = await openAfterFirstCall();
	const visitor = await logIn(open, "1");

	expect(await callsOf(open, () => logInAtHelpdesk(open, "1", visitor))).toEqual({});
	expect(await callsOf(open, () => logInAtHelpdesk(open, "1", visitor))).toEqual({});
});
