// Most helpdesks attach people by e-mail address: none hears an address that its owner has not proven here.
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { linkTo, mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { submitStep } from "../../kit/helpdesk/submit-step.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { mergeUsers } from "../../kit/helpdesk/users-pages.ts";
import {
	arrive,
	logInAtPortal,
	newUser,
	type OpenProvider,
	openProvider,
	PASSWORD,
	type ProviderOptions,
} from "../../kit/openid/open-provider.ts";

const ADA = "ada@example.com";
const GRACE = "grace@example.com";
const LINKS = "/admin/settings/general/integrations/x-login/links";
/** Two people at X, the second without an address. */
const AT_X = [
	{ id: "1", screenName: "ada", name: "Ada", email: ADA },
	{ id: "2", screenName: "nomail", name: "Nora" },
];

function openWithX(options: ProviderOptions = {}): Promise<OpenProvider> {
	return openProvider({ accounts: AT_X, ...options });
}

/** Presses the button and approves. The plugin's page is open then, or somebody is logged in. */
async function comeFromX(open: OpenProvider, accountId = "1", visitor = new HttpVisitor()) {
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId }));
	return visitor;
}

async function codeTo(open: OpenProvider, email: string): Promise<string> {
	return eventually(async () => {
		const letters = (await mailboxOf(open)()).split("<article");
		const letter = letters.find((each) => each.includes(`To ${email},`)) ?? "";
		const [, code] = /code is (\d{4} \d{4} \d{4})/.exec(letter) ?? [];
		return code ?? expect.fail(`no code for ${email}`);
	});
}

async function operatorAdds(open: OpenProvider, email: string): Promise<void> {
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email });
	expect(open.operator.seen.html).toContain(email);
}

async function operatorImports(open: OpenProvider, row: string): Promise<void> {
	const { operator, portal } = open;
	const { html } = await operator.open(`${portal}${LINKS}`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	const body = new FormData();
	for (const [name, value] of Object.entries({ _csrf: proof, links: row, brand: "acorn" })) {
		body.append(name, value);
	}
	body.append("action", "import");
	body.append("kept", "");
	await operator.open(`${portal}${LINKS}`, { method: "POST", body });
}

async function merge(open: OpenProvider, from: string, into: string): Promise<void> {
	await mergeUsers(open.operator, open.portal, from, into);
}

/** What the helpdesk hears of the user of a browser: the same in the ID token and in userinfo. */
async function heard(open: OpenProvider, visitor: HttpVisitor) {
	const { begun, answer } = await arrive(visitor, open.party);
	const tokens = await open.party.redeem(answer, begun);
	const claims = tokens.claims() ?? expect.fail("there is no ID token");
	const info = await open.party.userInfo(tokens.access_token, claims.sub);
	for (const name of ["email", "email_verified", "preferred_username", "name", "nickname"]) {
		expect([name, info[name]]).toEqual([name, claims[name]]);
	}
	expect(claims["preferred_username"]).toBe(`x-${claims.sub}`);
	expect("email" in claims).toBe("email_verified" in claims);
	return claims;
}

type Outcome = (open: OpenProvider) => Promise<HttpVisitor>;

const registered: Outcome = async (open) => {
	const visitor = new HttpVisitor();
	const registrant = { name: "Grace", email: GRACE, password: "a longer battery staple" };
	await registerByLetter(visitor, open.portal, mailboxOf(open), registrant);
	return visitor;
};

describe("the helpdesk hears no address of", () => {
	const outcomes: Readonly<Record<string, Outcome>> = {
		"a sign-up with the address that X names": (open) => comeFromX(open),
		"an account with a password and an address that nobody has proven": (open) => newUser(open),
		"such an account that X was linked to": async (open) => {
			const visitor = await newUser(open);
			await visitor.open(`${open.portal}/account`);
			const { url } = await visitor.submit("/login/x-login/start");
			await visitor.open(await approveAtX(url));
			return visitor;
		},
		"a user who asked for a code and did not enter it": async (open) => {
			const visitor = await comeFromX(open);
			await visitor.open(`${open.portal}/account/email`);
			await visitor.submit("/account/email", { email: GRACE });
			await codeTo(open, GRACE);
			await visitor.submit("/account/email/code", { code: "0000 0000 0000" });
			return visitor;
		},
		"an unproven account that has its link from an import": async (open) => {
			const user = { name: "Grace", email: GRACE, password: PASSWORD };
			const id = await addUnconfirmed(open.storage, user);
			const key = ["accounts", "account", id];
			const account = (await open.storage.get(key))?.value as object;
			await open.storage.commit({ sets: [{ key, value: { ...account, password: null } }] });
			await operatorImports(open, `x_id,user_id,email,confirmed\n1,${id},${GRACE},no`);
			const visitor = await comeFromX(open);
			expect((await visitor.open(`${open.portal}/account`)).html).toContain(GRACE);
			return visitor;
		},
		"an unproven account that a proven one was merged into": async (open) => {
			const merged = await registered(open);
			await comeFromX(open);
			await open.operator.open(`${open.helpdesk.adminUrl}/users`);
			const row = open.operator.seen.html.split("<tr>").find((each) => each.includes(GRACE));
			const [, id = ""] = /\/admin\/users\/([^"/]+)\/export/.exec(row ?? "") ?? [];
			await merge(open, id, ADA);
			expect((await merged.open(`${open.portal}/account`)).url).toContain("/login");
			return comeFromX(open);
		},
	};
	test.each(Object.entries(outcomes))("%s", async (_, outcome) => {
		const open = await openWithX();
		const claims = await heard(open, await outcome(open));
		expect(Object.keys(claims)).not.toContain("email");
		expect(JSON.stringify(claims)).not.toContain("example.com");
	});
});

describe("the helpdesk hears the address of", () => {
	const outcomes: Readonly<Record<string, readonly [string, Outcome]>> = {
		"a user who has opened the letter of the registration": [GRACE, registered],
		"a sign-up without an address at X, which asked for a code": [
			"nora@example.com",
			async (open) => {
				const visitor = await comeFromX(open, "2");
				await submitStep(visitor, "email", { email: "nora@example.com" });
				await submitStep(visitor, "code", { code: await codeTo(open, "nora@example.com") });
				return visitor;
			},
		],
		"a user who has entered a code at the account": [
			ADA,
			async (open) => {
				const visitor = await comeFromX(open);
				await visitor.open(`${open.portal}/account/email`);
				await visitor.submit("/account/email", { email: ADA });
				await visitor.submit("/account/email/code", { code: await codeTo(open, ADA) });
				return visitor;
			},
		],
		"the sender of a ticket who has taken over the account by code": [
			ADA,
			async (open) => {
				await operatorAdds(open, ADA);
				const visitor = await comeFromX(open);
				await submitStep(visitor, "send-code");
				await submitStep(visitor, "code", { code: await codeTo(open, ADA) });
				await submitStep(visitor, "link");
				return visitor;
			},
		],
		"a user who has set a password from a letter": [
			GRACE,
			async (open) => {
				const visitor = await newUser(open);
				await visitor.open(`${open.portal}/account`);
				await visitor.submit("/account/password-link");
				await visitor.open(await linkTo(mailboxOf(open), GRACE, `${open.portal}/reset`));
				await visitor.submit("/reset", { password: PASSWORD });
				return logInAtPortal(open, GRACE);
			},
		],
		"the owner of an address who has claimed it, not the stranger who had it": [
			GRACE,
			async (open) => {
				const stranger = await newUser(open);
				const owner = await registered(open);
				expect((await stranger.open(`${open.portal}/account`)).url).toContain("/login");
				return owner;
			},
		],
		"the user that stays, and not that of the one who was merged": [
			GRACE,
			async (open) => {
				const id = await addUnconfirmed(open.storage, {
					...{ name: "Ada", email: "other@example.com", password: PASSWORD },
				});
				await registered(open);
				await merge(open, id, GRACE);
				const again = new HttpVisitor();
				await again.open(`${open.portal}/login?returnTo=/account`);
				await again.submit("/login", { email: GRACE, password: "a longer battery staple" });
				return again;
			},
		],
	};
	test.each(Object.entries(outcomes))("%s", async (_, [email, outcome]) => {
		const open = await openWithX();
		const claims = await heard(open, await outcome(open));
		expect(claims).toMatchObject({ email, email_verified: true });
	});
});

test.each([[GRACE], ["GRACE@Example.COM"], ["example.com"], ["@EXAMPLE.com"], ["com"]])(
	"a proven address is kept back from a helpdesk with %s on its list, and from no other",
	async (entry) => {
		const open = await openWithX({ desk: { neverAsserted: [entry] } });
		const visitor = await registered(open);
		expect(await heard(open, visitor)).not.toHaveProperty("email");
		const other = await openWithX({ desk: { neverAsserted: ["example.org", `x${GRACE}`] } });
		expect(await heard(other, await registered(other))).toMatchObject({ email: GRACE });
	},
);

test("the helpdesk hears no handle of an account at X whose handle nobody here knows", async () => {
	const open = await openWithX();
	const visitor = await registered(open);
	const { sub } = await heard(open, visitor);
	await operatorImports(open, `x_id,user_id,email,confirmed\n777,${sub},${GRACE},yes`);
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("x:777");
	await visitor.open((await open.party.begin({ prompt: "consent" })).url);
	expect(visitor.seen.html).toContain("your name");
	expect(visitor.seen.html).not.toContain("your handle");
	expect(await heard(open, visitor)).not.toHaveProperty("nickname");
});

test("a handle changes hands at X, and both people come in as themselves", async () => {
	const accounts = [
		{ id: "1", screenName: "ada", name: "Ada", email: ADA },
		{ id: "2", screenName: "grace", name: "Grace", email: GRACE },
	];
	const open = await openWithX({ accounts });
	const ada = await heard(open, await comeFromX(open, "1"));
	const grace = await heard(open, await comeFromX(open, "2"));
	expect([ada["nickname"], grace["nickname"]]).toEqual(["ada", "grace"]);
	open.fakeX.renameAccount("1", "someone_else");
	open.fakeX.renameAccount("2", "ada");

	const adaAgain = await heard(open, await comeFromX(open, "1"));
	const graceAgain = await heard(open, await comeFromX(open, "2"));

	expect([adaAgain.sub, graceAgain.sub]).toEqual([ada.sub, grace.sub]);
	expect(adaAgain["preferred_username"]).toBe(ada["preferred_username"]);
	expect(graceAgain["preferred_username"]).toBe(grace["preferred_username"]);
	expect([adaAgain["nickname"], graceAgain["nickname"]]).toEqual(["someone_else", "ada"]);
});
