// The provider's session lives and dies with the portal's.
import { describe, expect, test } from "vitest";
import { eventually } from "../../kit/eventually.ts";
import type { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { onUsersPage } from "../../kit/helpdesk/people-with-x.ts";
import { linkTo, mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { mergeUsers } from "../../kit/helpdesk/users-pages.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
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
const ADA = "ada@example.com";

async function asked(visitor: HttpVisitor, { party }: OpenProvider): Promise<string> {
	return (await visitor.open((await party.begin({ prompt: "none" })).url)).url;
}

async function logOut(visitor: HttpVisitor, { portal }: OpenProvider): Promise<void> {
	await visitor.open(`${portal}/account`);
	await visitor.submit("/logout");
}

test("A logs out, B logs in in the same browser: the helpdesk hears nobody, and then B", async () => {
	const open = await openProvider();
	const visitor = await newUser(open);
	const { userId } = visitor;
	const ada = await addUnconfirmed(open.storage, { name: "Ada", email: ADA, password: PASSWORD });
	await arrive(visitor, open.party);
	await logOut(visitor, open);
	expect(errorIn(await asked(visitor, open))).toBe("login_required");

	await logInAtPortal(open, ADA, visitor);

	expect(errorIn(await asked(visitor, open))).toBe("login_required");
	const { begun, answer } = await arrive(visitor, open.party);
	expect((await open.party.redeem(answer, begun)).claims()?.sub).toBe(ada);
	expect(ada).not.toBe(userId);
});

test("a request that A has begun goes on as B, who sees B's data first", async () => {
	const open = await openProvider();
	const visitor = await newUser(open);
	const ada = await addUnconfirmed(open.storage, { name: "Ada", email: ADA, password: PASSWORD });
	await arrive(visitor, open.party);
	const begun = await open.party.begin({ prompt: "consent" });
	const { url } = await visitor.open(begun.url);
	expect(visitor.seen.html).toContain("<strong>Grace</strong>");
	const page = visitor.seen;
	await logOut(visitor, open);
	await logInAtPortal(open, ADA, visitor);

	// The page that A has left open is refused, because its proof is that of A's session.
	visitor.seen = page;
	expect((await agree(visitor)).url.startsWith(REDIRECT_URI)).toBe(false);
	await visitor.open(url);
	expect(visitor.seen.html).toContain("<strong>Ada</strong>");
	const { url: answer } = await agree(visitor);

	expect((await open.party.redeem(answer, begun)).claims()?.sub).toBe(ada);
});

/** A user at the helpdesk with a code, a token and a request under way. */
async function openUnderWay() {
	const open = await openProvider();
	const visitor = await newUser(open);
	const { userId } = visitor;
	const first = await arrive(visitor, open.party);
	const { access_token: token } = await open.party.redeem(first.answer, first.begun);
	const second = await arrive(visitor, open.party);
	await visitor.open((await open.party.begin({ prompt: "consent" })).url);
	const page = visitor.seen;
	expect(page.html).toContain("Go on to Acorn Desk?");
	return { ...open, visitor, userId, token, second, page };
}

describe("the next request hears nobody, and code, token and request under way end, when a user", () => {
	type Open = Awaited<ReturnType<typeof openUnderWay>>;
	const ends: Readonly<Record<string, (open: Open) => Promise<unknown>>> = {
		"logs out": (open) => logOut(open.visitor, open),
		"logs out everywhere, in another browser": async (open) => {
			const other = await logInAtPortal(open);
			await other.open(`${open.portal}/account`);
			await other.submit("/account/log-out-everywhere");
		},
		"sets another password": async (open) => {
			await open.visitor.open(`${open.portal}/account`);
			await open.visitor.submit("/account/password-link");
			await open.operator.open(await linkTo(mailboxOf(open), GRACE, `${open.portal}/reset`));
			await open.operator.submit("/reset", { password: "a longer battery staple" });
		},
		"is suspended": (open) => onUsersPage(open, GRACE, "suspended"),
		"is deleted": (open) => onUsersPage(open, GRACE, "delete"),
		"is merged": async (open) => {
			await addUnconfirmed(open.storage, { name: "Ada", email: ADA, password: PASSWORD });
			await mergeUsers(open.operator, open.portal, open.userId, ADA);
		},
		"is claimed by the owner of the address": (open) =>
			registerByLetter(open.operator, open.portal, mailboxOf(open), {
				...{ name: "Grace", email: GRACE, password: "a longer battery staple" },
			}),
	};
	test.each(Object.keys(ends))("%s", async (name) => {
		const open = await openUnderWay();
		const { visitor, party, second, token, page } = open;
		await ends[name]?.(open);

		await expect(party.redeem(second.answer, second.begun)).rejects.toThrow(
			expect.objectContaining({ error: "invalid_grant" }),
		);
		const me = `${open.issuer}/me`;
		const info = await fetch(me, { headers: { authorization: `Bearer ${token}` } });
		expect(info.status).toBe(401);
		expect(errorIn(await asked(visitor, open))).toBe("login_required");
		visitor.seen = page;
		expect((await agree(visitor)).url.startsWith(REDIRECT_URI)).toBe(false);
		expect((await visitor.open(page.url)).url).toContain("/login?returnTo=");
	});
});

describe("a request belongs to the browser that made it", () => {
	test("another browser with its address gets nothing, with or without a user logged in there", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);
		const other = await newUser(open, ADA);
		const { url } = await visitor.open((await open.party.begin()).url);

		expect(await other.open(url)).toMatchObject({ status: 404 });
		const proof = /name="_csrf" value="([^"]+)"/.exec(
			(await other.open(`${open.portal}/account`)).html,
		)?.[1];
		const form = [
			["_csrf", proof ?? ""],
			["answer", "go"],
		] as const;
		expect(await other.post(url, form)).toMatchObject({ status: 404 });
		const uid = new URL(url).pathname.split("/")[2] ?? "";
		expect((await other.open(`${open.issuer}/auth/${uid}`)).status).toBe(400);
	});

	test("the page about the data takes no form without the proof of this browser's session", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);
		const other = await newUser(open, ADA);
		const { url } = await visitor.open((await open.party.begin()).url);
		const [, others = ""] =
			/name="_csrf" value="([^"]+)"/.exec((await other.open(`${open.portal}/account`)).html) ?? [];
		for (const proof of [[], [["_csrf", ""]], [["_csrf", others]]] as const) {
			const { status } = await visitor.post(url, [...proof, ["answer", "go"]] as never);
			expect(status).toBe(403);
		}
		expect((await visitor.open((await open.party.begin()).url)).html).toContain("Go on to");
	});

	test("the provider's cookies without the portal's are worth nothing", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);
		await arrive(visitor, open.party);
		await visitor.open((await open.party.begin({ prompt: "consent" })).url);
		const { url } = visitor.seen;
		const thief = await newUser(open, ADA);
		for (const [name, value] of visitor.cookies) {
			if (name.startsWith("openid-")) {
				thief.cookies.set(name, value);
			}
		}
		expect(errorIn(await asked(thief, open))).toBe("login_required");
		thief.cookies.delete("portal-acorn");
		expect(errorIn(await asked(thief, open))).toBe("login_required");
		expect((await thief.open(url)).url).toContain("/login?returnTo=");
	});

	test("a proof that is too old is asked for again, whatever the request says", async () => {
		const open = await openProvider();
		const visitor = await newUser(open);
		await arrive(visitor, open.party);
		// A proof of the same second is still a new one: the provider counts in seconds.
		const url = await eventually(async () => {
			const begun = await open.party.begin({ prompt: "login consent" });
			const seen = await visitor.open(begun.url);
			expect(seen.url).toContain("/login/confirm");
			return seen.url;
		});
		const connect = new URL(url).searchParams.get("returnTo") ?? "";
		const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];

		const end = await visitor.post(`${open.portal}${connect}`, [
			["_csrf", proof],
			["answer", "go"],
		]);

		expect(end.url).toContain("/login/confirm");
	});
});
