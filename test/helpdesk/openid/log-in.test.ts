import { expect, test } from "vitest";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { connectHelpdesk, REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";

async function openDesk() {
	const keys = [cryptoRandom.bytes(32)];
	const clock = systemClock;
	const storage = new MemoryStorage(clock);
	const open = await openHelpdesk({ keys, storage, clock });
	await setUpX(open);
	const client = await connectHelpdesk({ keys, storage, clock });
	const issuer = `${open.portal}/oidc`;
	return { ...open, storage, issuer, client, party: await RelyingParty.at(issuer, client) };
}

test("a visitor logs in with X at a connected helpdesk, and is the same person the next time", async () => {
	const { party, portal } = await openDesk();
	const visitor = new HttpVisitor();
	const begun = await party.begin();
	const login = await visitor.open(begun.url);
	expect(login.url).toContain(`${portal}/login?returnTo=%2Fconnect%2F`);
	expect(login.html).toContain("Log in to go on to Acorn Desk.");
	const { url } = await visitor.submit("/login/x-login/start");
	const consent = await visitor.open(await approveAtX(url));
	expect(consent.html).toContain("Go on to Acorn Desk?");
	expect(consent.html).toContain("your handle: <bdi><strong>@ada</strong></bdi>");
	expect(consent.html).toContain("your language: <bdi><strong>English</strong>");
	const { pathname } = new URL(consent.url);
	const answer = await visitor.submit(pathname, { answer: "go" });
	expect(answer.url.startsWith(REDIRECT_URI)).toBe(true);

	const tokens = await party.redeem(answer.url, begun);
	const claims = tokens.claims();
	expect(claims).toMatchObject({ nickname: "ada", name: "Ada <b>" });
	expect(claims?.["preferred_username"]).toBe(`x-${claims?.sub}`);
	expect(claims).not.toHaveProperty("email");
	expect(tokens.refresh_token).toBeUndefined();
	const info = await party.userInfo(tokens.access_token, claims?.sub ?? "");
	expect(info).toMatchObject({ nickname: "ada" });
	expect(info).not.toHaveProperty("email");

	const again = await party.begin();
	const second = await visitor.open(again.url);
	expect(second.url.startsWith(REDIRECT_URI)).toBe(true);
	expect((await party.redeem(second.url, again)).claims()?.sub).toBe(claims?.sub);
});

test("pages that do not lead to a helpdesk speak neither of it nor its language, after a log-in was given up", async () => {
	const { party, portal } = await openDesk();
	const visitor = new HttpVisitor();
	const login = await visitor.open((await party.begin({ ui_locales: "de" })).url);
	expect(login.html).toContain('<html lang="de">');
	for (const path of ["/login?returnTo=/account", "/login", "/privacy"]) {
		const { html } = await visitor.open(`${portal}${path}`);
		expect([path, html.includes('<html lang="en">')]).toEqual([path, true]);
		expect([path, html.includes("Acorn Desk")]).toEqual([path, false]);
	}
	// The page to prove an address leads on to the helpdesk, over the log-in.
	const there = new URL(login.url).searchParams.get("returnTo");
	const behind = encodeURIComponent(`/account/email?returnTo=${encodeURIComponent(there ?? "")}`);
	const { html } = await visitor.open(`${portal}/login?returnTo=${behind}`);
	expect(html).toContain("Acorn Desk");
});
