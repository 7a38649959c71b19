// Nothing goes to a helpdesk that its user has not seen: more data, another host, or a log-in after the agreement is withdrawn.
import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import { eventually } from "../../kit/eventually.ts";
import type { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { mailboxOf } from "../../kit/helpdesk/register-by-letter.ts";
import { connectedHelpdesks, REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import {
	agree,
	arrive,
	errorIn,
	newUser,
	type OpenProvider,
	openProvider,
} from "../../kit/openid/open-provider.ts";

const GRACE = "grace@example.com";

async function openAgreed() {
	const atX = { id: "1", screenName: "grace", name: "Grace" };
	const open = await openProvider({ accounts: [atX] });
	const visitor = await newUser(open);
	await arrive(visitor, open.party);
	return { ...open, visitor };
}

type Open = Awaited<ReturnType<typeof openAgreed>>;

/** Proves the address by a code. The password ends, and this browser stays logged in. */
async function proveAddress({ visitor, portal, ...open }: Open): Promise<void> {
	await visitor.open(`${portal}/account/email`);
	await visitor.submit("/account/email", { email: GRACE });
	const code = await eventually(async () => {
		const [, found] = /code is (\d{4} \d{4} \d{4})\./.exec(await mailboxOf(open)()) ?? [];
		return found ?? expect.fail("no code");
	});
	await visitor.submit("/account/email/code", { code });
}

async function linkX({ visitor, portal }: Open): Promise<void> {
	await visitor.open(`${portal}/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	const { html } = await visitor.open(await approveAtX(url, { accountId: "1" }));
	expect(html).toContain("@grace");
}

/** Asks nobody. */
async function silently(open: OpenProvider, visitor: HttpVisitor): Promise<string | null> {
	const { url } = await visitor.open((await open.party.begin({ prompt: "none" })).url);
	return errorIn(url);
}

test("an address that is proven later is passed on only after the user has seen that", async () => {
	const open = await openAgreed();
	const { visitor, party } = open;
	await proveAddress(open);
	await visitor.open((await party.begin()).url);
	expect(visitor.seen.html).toContain(
		"Since you last agreed, Acorn Desk receives something more: your e-mail address.",
	);
	await agree(visitor, "cancel");
	// The next one is asked of a user who is logged in at the provider too.
	expect(await silently(open, visitor)).toMatch(/^(login|consent|interaction)_required$/);

	const begun = await party.begin();
	await visitor.open(begun.url);
	const tokens = await party.redeem((await agree(visitor)).url, begun);
	expect(tokens.claims()).toMatchObject({ sub: visitor.userId, email: GRACE });
	expect((await visitor.open((await party.begin()).url)).url).toContain("?code=");
});

test("a handle is passed on only after the user has seen that; another or none is nothing new", async () => {
	const open = await openAgreed();
	const { visitor, party } = open;
	await linkX(open);
	expect(await silently(open, visitor)).toBe("consent_required");
	const begun = await party.begin({ ui_locales: "de" });
	const { html } = await visitor.open(begun.url);
	expect(html).toContain("Acorn Desk erhält jetzt auch Ihren Handle.");
	const tokens = await party.redeem((await agree(visitor)).url, begun);
	expect(tokens.claims()).toMatchObject({ nickname: "grace" });
	expect(await silently(open, visitor)).toBeNull();

	await visitor.open(`${open.portal}/account`);
	await visitor.submit("/account/disconnect");
	expect((await visitor.open((await party.begin()).url)).url).toContain("?code=");
});

test("a helpdesk at another host is one that the user has not agreed to", async () => {
	const open = await openAgreed();
	const { visitor, party } = open;
	const uri = "https://other.example.org/callback";
	const helpdesks = connectedHelpdesks(open);
	await helpdesks.change(open.client.clientId, (helpdesk) => ({
		...helpdesk,
		redirectUris: [REDIRECT_URI, uri],
	}));
	const moved = await visitor.open((await party.begin({ redirect_uri: uri })).url);
	expect(moved.html).toContain("Acorn Desk at desk.example.org and other.example.org");
	expect(moved.html).toContain("Acorn Desk has moved to other.example.org.");
	const none = await party.begin({ redirect_uri: uri, prompt: "none" });
	const { url } = await visitor.open(none.url);
	expect(url).toContain(`${uri}?error=consent_required`);

	// A path on the same host is nothing new.
	expect((await visitor.open((await party.begin()).url)).url).toContain("?code=");
	await helpdesks.change(open.client.clientId, (helpdesk) => ({
		...helpdesk,
		address: "https://moved.example.org",
	}));
	const asked = await visitor.open((await party.begin()).url);
	expect(asked.html).toContain("Acorn Desk has moved to moved.example.org.");
});

test("an agreement that does not say to what is listed, and the user is asked once more", async () => {
	const open = await openAgreed();
	const { visitor, storage, portal, party } = open;
	const key = ["openid", "consents", "acorn", visitor.userId, open.client.clientId];
	await storage.commit({ sets: [{ key, value: { at: open.clock.now() } }] });
	expect((await visitor.open(`${portal}/account`)).html).toContain("Acorn Desk");
	await visitor.open((await party.begin()).url);
	expect(visitor.seen.html).toContain("Go on to Acorn Desk?");
	expect(visitor.seen.html).not.toContain("Since you last agreed");
	await agree(visitor);
	expect((await visitor.open((await party.begin()).url)).url).toContain("?code=");
});

test("an answer to a page that has shown something else shows the page again", async () => {
	const open = await openAgreed();
	const { visitor, party } = open;
	const begun = await party.begin({ prompt: "consent" });
	const { url, html } = await visitor.open(begun.url);
	const form = formsIn(html).find(({ action }) => action === new URL(url).pathname);
	await linkX(open);
	const shown = hiddenFields(form ?? expect.fail()).filter(([name]) => name === "shown");
	await visitor.open(url);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	const again = await visitor.post(url, [["_csrf", proof], ["answer", "go"], ...shown]);
	expect(again.html).toContain("receives something more: your handle.");
	expect((await agree(visitor)).url).toContain("?code=");
});

test.each(["", "yes", "GO"])("an answer that is %j agrees to nothing", async (answer) => {
	const open = await openProvider();
	const visitor = await newUser(open);
	await visitor.open((await open.party.begin()).url);
	const { html } = await agree(visitor, answer);
	expect(html).toContain("Go on to Acorn Desk?");
	expect((await agree(visitor)).url).toContain("?code=");
});

/** Answers "Go on", and keeps the address that the browser is led to. */
async function holdBack({ visitor, portal, party }: Open): Promise<string> {
	const { url, html } = await visitor.open((await party.begin({ prompt: "consent" })).url);
	const form = formsIn(html).find(({ action }) => action === new URL(url).pathname);
	const fields = [...hiddenFields(form ?? expect.fail()), ["answer", "go"]] as [string, string][];
	const answer = await visitor.request(url, { method: "POST", body: new URLSearchParams(fields) });
	return new URL(answer.headers.get("location") ?? "", portal).href;
}

test("a log-in that was answered before the user withdrew asks again", async () => {
	const open = await openAgreed();
	const { visitor, portal, party } = open;
	const held = await holdBack(open);
	await visitor.open(`${portal}/account`);
	await visitor.submit("/account/withdraw");

	const { url, html } = await visitor.open(held);
	expect(url).toContain("/connect/");
	expect(html).toContain("Go on to Acorn Desk?");
	expect(await silently(open, visitor)).toMatch(/^(consent|interaction)_required$/);
	expect((await visitor.open(`${portal}/account`)).html).not.toContain("Connected helpdesks");
	await visitor.open((await party.begin()).url);
	expect(visitor.seen.html).toContain("Go on to Acorn Desk?");
});

test("codes and tokens of a user who withdraws end at once, and do not come back with a new agreement", async () => {
	const open = await openAgreed();
	const { visitor, portal, party } = open;
	const first = await arrive(visitor, party);
	const tokens = await party.redeem(first.answer, first.begun);
	const second = await arrive(visitor, party);
	await visitor.open(`${portal}/account`);
	await visitor.submit("/account/withdraw");
	await arrive(visitor, party);

	await expect(party.userInfo(tokens.access_token, visitor.userId)).rejects.toThrow();
	await expect(party.redeem(second.answer, second.begun)).rejects.toThrow(
		expect.objectContaining({ error: "invalid_grant" }),
	);
});

test("a request that one user has agreed to and another one takes up ends on a page that logs out nobody", async () => {
	const open = await openAgreed();
	const { visitor, portal, party } = open;
	const held = await holdBack(open);
	// This browser does not know that the cookie belongs to the path of the request.
	const resume = visitor.cookies.get("openid-acorn-resume") ?? expect.fail();
	await visitor.open(`${portal}/account`);
	await visitor.submit("/logout");
	const ada = await newUser(open, "ada@example.com");
	await ada.open(`${portal}/account`);
	for (const [name, value] of ada.cookies) {
		visitor.cookies.set(name, value);
	}
	await arrive(visitor, party);
	visitor.cookies.set("openid-acorn-resume", resume);

	const { status, html } = await visitor.open(held);
	expect(status).toBe(409);
	expect(html).toContain("This log-in has expired");
	expect(html).not.toContain("<form");
	expect((await visitor.open(`${portal}/account`)).html).toContain("ada@example.com");
	expect((await visitor.open((await party.begin()).url)).url).toContain("?code=");
});
