import { expect, test } from "vitest";
import {
	finishRegistration,
	openRegistration,
} from "../../../src/helpdesk/add-ons/finish-registration.ts";
import { browserOf } from "../../../src/helpdesk/people/pending-registrations.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";

const EMAIL = "ada@example.com";
const HERE = "the browser that registered";
const ELSEWHERE = "another browser";

function opened(token: string, browserToken: string, signedInAs?: string) {
	return { brand: { id: "acorn", name: "Acorn Outdoor" }, token, browserToken, signedInAs };
}

function finish(
	core: OpenCore,
	link: Parameters<typeof finishRegistration>[1],
	entered: Parameters<typeof finishRegistration>[2],
	disconnected: Parameters<typeof finishRegistration>[3] = [],
) {
	const parts = { ...core, now: () => core.clock.now() };
	return finishRegistration(parts, link, entered, disconnected);
}

/** A helpdesk in which an account that nobody has proven to own is linked to `x:1` and `x:2`. */
async function openLinked(unlinked: string[], fails = false) {
	const core = await openCore(() => ({
		listLinkedAccounts: async () => [
			{ identityId: "x:1", label: "@ada", linkedAt: 0 },
			{ identityId: "x:2", label: "@countess", linkedAt: 0 },
		],
		unlinkAccount: async (_, identityId) => {
			if (fails) {
				throw new Error("it failed");
			}
			unlinked.push(identityId);
			return { kind: "unlinked" };
		},
	}));
	const { id } = await core.addUser(EMAIL);
	const password = await core.registrations.hash("correct horse");
	const about = { brandId: "acorn", name: "Ada", email: EMAIL, locale: "en" };
	await core.registrations.write({ ...about, password, browser: browserOf(HERE) }, "192.0.2.1");
	const [letter] = await keptLetters(core.outbox);
	const [, token] = /\/register\/confirm\?token=([\w-]+)/.exec(letter?.text ?? "") ?? [];
	return { core, id, token: token ?? expect.fail("no link") };
}

test.each([
	["the browser that registered", HERE, undefined],
	["another browser", ELSEWHERE, { name: "Ada", password: "another horse" }],
])(
	"F-E: a logged-in user sees in %s what is linked, and disconnects what strangers have linked",
	async (_, browser, entered) => {
		const unlinked: string[] = [];
		const { core, id, token } = await openLinked(unlinked);
		const link = opened(token, browser, id);

		expect(await openRegistration(core, link)).toMatchObject({
			linked: [{ identityId: "x:1" }, { identityId: "x:2" }],
		});
		const end = await finish(core, link, entered, [{ addOnId: "tiny", identityId: "x:2" }]);

		expect(end).toMatchObject({ kind: "registered", isStillLinked: false });
		expect(unlinked).toEqual(["x:2"]);
		expect(end).toMatchObject({ account: await core.accounts.find(id) });
		expect((await core.accounts.find(id))?.wayInEndedAt).toBe(core.clock.now());
	},
);

test("F-E: a link that finishes a registration says when an account may still be linked", async () => {
	const { core, id, token } = await openLinked([], true);
	const disconnected = [{ addOnId: "tiny", identityId: "x:1" }];

	const end = await finish(core, opened(token, HERE, id), undefined, disconnected);

	expect(end).toMatchObject({ kind: "registered", isStillLinked: true });
});

test("F-E: what is linked shows to nobody but the user who is logged in, and not once the account is proven", async () => {
	const { core, id, token } = await openLinked([]);
	const stranger = await core.addUser("mallory@example.com");

	for (const signedInAs of [undefined, stranger.id]) {
		const link = await openRegistration(core, opened(token, HERE, signedInAs));
		expect(link).toMatchObject({ kind: "confirm", linked: [] });
	}
	await core.accounts.confirm(id);
	expect(await openRegistration(core, opened(token, HERE, id))).toMatchObject({ linked: [] });
});

test("F-E: the password is not the handle of an account that is linked to the logged-in user", async () => {
	const { core, id, token } = await openLinked([]);
	const entered = { name: "Ada", password: "countess42!" };

	const end = await finish(core, opened(token, ELSEWHERE, id), entered);

	expect(end).toEqual({ kind: "refused", problem: "known" });
});
