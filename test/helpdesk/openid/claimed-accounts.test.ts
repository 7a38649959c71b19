// An account may pass to the owner of its address. Helpdesks keep what the person before has set up there: it stays theirs.
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { linkTo, mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { submitStep } from "../../kit/helpdesk/submit-step.ts";
import {
	agree,
	arrive,
	errorIn,
	logInAtPortal,
	newUser,
	type OpenProvider,
	openProvider,
	PASSWORD,
} from "../../kit/openid/open-provider.ts";

const GRACE = "grace@example.com";
const NEW_PASSWORD = "a longer battery staple";
const REGISTRANT = { name: "Grace", email: GRACE, password: NEW_PASSWORD };

function openWithX(): Promise<OpenProvider> {
	const atX = { id: "1", screenName: "grace", name: "Grace", email: GRACE };
	return openProvider({ accounts: [atX] });
}

/** Opens the letter for who has forgotten the password, and sets one. */
async function setPassword(open: OpenProvider, browser = new HttpVisitor()): Promise<void> {
	await browser.open(`${open.portal}/forgot`);
	await browser.submit("/forgot", { email: GRACE });
	await browser.open(await linkTo(mailboxOf(open), GRACE, `${open.portal}/reset`));
	await browser.submit("/reset", { password: PASSWORD });
}

const claims: Readonly<Record<string, (open: OpenProvider) => Promise<HttpVisitor>>> = {
	"sets a password from a letter": async (open) => {
		await setPassword(open);
		return logInAtPortal(open);
	},
	"registers by a letter": async (open) => {
		const owner = new HttpVisitor();
		await registerByLetter(owner, open.portal, mailboxOf(open), REGISTRANT);
		return owner;
	},
	"opens the letter of a registration in another browser": async (open) => {
		const first = new HttpVisitor();
		await first.open(`${open.portal}/register`);
		await first.submit("/register", REGISTRANT);
		const owner = new HttpVisitor();
		await owner.open(await linkTo(mailboxOf(open), GRACE, `${open.portal}/register/confirm`));
		await owner.submit("/register/confirm", { name: "Grace", password: NEW_PASSWORD });
		return owner;
	},
	"comes with X and enters a code": async (open) => {
		const owner = new HttpVisitor();
		await owner.open(`${open.portal}/login?returnTo=/account`);
		const { url } = await owner.submit("/login/x-login/start");
		await owner.open(await approveAtX(url, { accountId: "1" }));
		await submitStep(owner, "send-code");
		const code = await eventually(async () => {
			const [, found] = /code is (\d{4} \d{4} \d{4})/.exec(await mailboxOf(open)()) ?? [];
			return found ?? expect.fail("no code");
		});
		await submitStep(owner, "code", { code });
		await submitStep(owner, "link");
		return owner;
	},
};

describe("who takes over an account is somebody else at the helpdesk, and is asked there, when the owner", () => {
	test.each(Object.keys(claims))("%s", async (name) => {
		const open = await openWithX();
		const stranger = await newUser(open);
		const { userId } = stranger;
		const first = await arrive(stranger, open.party);
		const theirs = await open.party.redeem(first.answer, first.begun);
		expect(theirs.claims()).toMatchObject({ sub: userId, preferred_username: `x-${userId}` });

		const owner = (await claims[name]?.(open)) ?? expect.fail();
		expect((await owner.open(`${open.portal}/account`)).html).not.toContain("Connected helpdesks");
		const none = await open.party.begin({ prompt: "none" });
		expect(errorIn((await owner.open(none.url)).url)).toBe("login_required");
		const begun = await open.party.begin();
		const { html } = await owner.open(begun.url);
		expect(html).toContain("Go on to Acorn Desk?");
		expect(html).not.toContain("Since you last agreed");
		const tokens = await open.party.redeem((await agree(owner)).url, begun);

		expect(tokens.claims()).toMatchObject({
			...{ sub: `${userId}-1`, preferred_username: `x-${userId}-1` },
			...{ email: GRACE, email_verified: true },
		});
		await expect(open.party.userInfo(theirs.access_token, userId)).rejects.toThrow();
		const hinted = { prompt: "none", id_token_hint: theirs.id_token ?? "" };
		const asked = await owner.open((await open.party.begin(hinted)).url);
		expect(errorIn(asked.url)).toBe("login_required");
		const again = await arrive(owner, open.party);
		const later = await open.party.redeem(again.answer, again.begun);
		expect(later.claims()?.sub).toBe(`${userId}-1`);
	});
});

test("what the person before has agreed to is forgotten, at helpdesks too that the owner never sees", async () => {
	const open = await openWithX();
	await arrive(await newUser(open), open.party);
	expect(await stored(open.storage, ["openid", "consents"])).toHaveLength(1);
	await setPassword(open);
	await expect.poll(() => stored(open.storage, ["openid", "consents"])).toEqual([]);
});

test("a user whose address is proven keeps the user id as the subject, and is not asked again after a new password", async () => {
	const open = await openWithX();
	const owner = new HttpVisitor();
	await registerByLetter(owner, open.portal, mailboxOf(open), REGISTRANT);
	const first = await arrive(owner, open.party);
	const before = (await open.party.redeem(first.answer, first.begun)).claims();
	expect(before?.sub).toMatch(/^[0-9a-f-]{36}$/);
	await setPassword(open);
	const begun = await open.party.begin();
	const { url } = await (await logInAtPortal(open)).open(begun.url);
	expect((await open.party.redeem(url, begun)).claims()?.sub).toBe(before?.sub);
});

test("a user who sets a password from a letter while logged in stays the same person", async () => {
	const open = await openWithX();
	const visitor = await newUser(open);
	await setPassword(open, visitor);
	const again = await arrive(await logInAtPortal(open), open.party);
	const claims = (await open.party.redeem(again.answer, again.begun)).claims();
	expect(claims).toMatchObject({ sub: visitor.userId, email: GRACE });
});
