import { expect, test } from "vitest";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { submitStep } from "../kit/helpdesk/submit-step.ts";
import { logInUnconfirmed } from "../kit/helpdesk/unconfirmed-account.ts";
import { type AtX, PROTOCOLS } from "../kit/plugin/protocols.ts";

const OWNER = "owner@example.com";
const LEAKED = "a leaked password";
const SAFE = "a password of the owner's";
const START = "/login/x-login/start";
const RESET_LINK = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/g;

/** The X account of the owner, and those of the stranger. The last one says that the owner's address is its own. */
const AT_X = [
	{ id: "1", screenName: "owner", name: "Owner", email: OWNER },
	{ id: "6", screenName: "mallory", name: "Mallory", email: "mallory@example.com" },
	{ id: "7", screenName: "mallory_too", name: "Mallory", email: "too@example.com" },
	{ id: "8", screenName: "mallory_three", name: "Mallory", email: OWNER },
];

async function mailbox({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html;
}

/** Asks for a letter with a link to set a password. @returns the link. */
async function linkFor(visitor: HttpVisitor, open: OpenHelpdesk): Promise<string> {
	const before = new Set((await mailbox(open)).match(RESET_LINK));
	await visitor.open(`${open.portal}/account`);
	await visitor.submit("/account/password-link");
	return eventually(async () => {
		const link = (await mailbox(open)).match(RESET_LINK)?.find((each) => !before.has(each));
		return link ?? expect.fail("no letter");
	});
}

async function logIn({ portal }: OpenHelpdesk, password: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: OWNER, password });
	return visitor;
}

async function isIn(visitor: HttpVisitor, { portal }: OpenHelpdesk): Promise<boolean> {
	const { url, html } = await visitor.open(`${portal}/account`);
	return url === `${portal}/account` && html.includes(OWNER);
}

/** Presses the X button of a page and approves. @returns the address of the callback, which was not opened yet. */
async function toCallback(
	visitor: HttpVisitor,
	open: OpenHelpdesk,
	page: string,
	accountId: string,
) {
	await visitor.open(`${open.portal}${page}`);
	const { url } = await visitor.submit(START);
	return approveAtX(url, { accountId });
}

/** The owner has a confirmed account with a password, which a stranger knows. */
async function openWithOwner(protocol: AtX["protocol"] = "oauth1"): Promise<OpenHelpdesk> {
	const open = await openHelpdesk({}, AT_X);
	await setUpX(open, protocol);
	const owner = new HttpVisitor();
	await logInUnconfirmed(owner, open, { name: "Owner", email: OWNER, password: LEAKED });
	await owner.open(await linkFor(owner, open));
	await owner.submit("/reset", { password: LEAKED });
	return open;
}

/** A way in that a stranger has prepared. @returns the browser in which it ends, after it was tried. */
type Way = (open: OpenHelpdesk) => Promise<() => Promise<HttpVisitor>>;

/** Every way in that a stranger prepares while they know the password. */
const WAYS: Readonly<Record<string, Way>> = {
	"a session": async (open) => {
		const stranger = await logIn(open, LEAKED);
		expect(await isIn(stranger, open)).toBe(true);
		return async () => stranger;
	},
	"a link": async (open) => async () => {
		const stranger = new HttpVisitor();
		await stranger.open(await toCallback(stranger, open, "/login", "6"));
		return stranger;
	},
	"a log-in on its way back from X": async (open) => {
		const stranger = new HttpVisitor();
		const callback = await toCallback(stranger, open, "/login", "6");
		return async () => {
			await stranger.open(callback);
			return stranger;
		};
	},
	"a Connect X on its way back from X": async (open) => {
		const stranger = await logIn(open, LEAKED);
		const callback = await toCallback(stranger, open, "/account", "7");
		return async () => {
			await stranger.open(callback);
			const again = new HttpVisitor();
			await again.open(await toCallback(again, open, "/login", "7"));
			return again;
		};
	},
	"a consent page that a session opened": async (open) => {
		const stranger = new HttpVisitor();
		await stranger.open(await toCallback(stranger, open, "/login", "8"));
		await submitStep(stranger, "log-in");
		await stranger.submit("/login", { email: OWNER, password: LEAKED });
		expect(stranger.seen.html).toContain("Link X to your account?");
		return async () => {
			await submitStep(stranger, "link");
			const again = new HttpVisitor();
			await again.open(await toCallback(again, open, "/login", "8"));
			return again;
		};
	},
	"a link to set a password": async (open) => {
		const stranger = await logIn(open, LEAKED);
		const link = await linkFor(stranger, open);
		return async () => {
			expect(await stranger.open(link)).toMatchObject({ status: 400 });
			return stranger;
		};
	},
};

/** The stranger connects an X account, of which a letter tells the owner. */
async function strangerConnects(open: OpenHelpdesk): Promise<HttpVisitor> {
	const stranger = await logIn(open, LEAKED);
	await stranger.open(await toCallback(stranger, open, "/account", "6"));
	expect((await stranger.open(`${open.portal}/account`)).html).toContain("@mallory");
	await eventually(async () => {
		expect(await mailbox(open)).toMatch(/@mallory\. If it was not you, log in, disconnect X/);
	});
	return stranger;
}

async function changePassword(
	owner: HttpVisitor,
	open: OpenHelpdesk,
	ticked: Readonly<Record<string, string>> = {},
): Promise<void> {
	await owner.open(await linkFor(owner, open));
	await owner.submit("/reset", { password: SAFE, ...ticked });
	expect(owner.seen.html).toContain("Your password is set");
}

/** Those that X is a part of, under both protocols. */
const WAYS_TWICE = PROTOCOLS.flatMap(([title, { protocol }]) =>
	Object.entries(WAYS)
		.filter(([way]) => protocol === "oauth1" || way.includes("back from X"))
		.map(([way, prepare]) => [way, title, protocol, prepare] as const),
);

test.each(WAYS_TWICE)(
	"a stranger who has %s under %s is out once the owner disconnects X, as the letter about the link advises",
	async (_way, _title, protocol, prepare) => {
		const open = await openWithOwner(protocol);
		const tryIt = await prepare(open);
		await strangerConnects(open);

		const owner = await logIn(open, LEAKED);
		await owner.submit("/account/disconnect");
		expect(owner.seen.html).toContain("disconnected");

		expect(await isIn(await tryIt(), open)).toBe(false);
		expect((await owner.open(`${open.portal}/account`)).html).not.toContain("@mallory");
	},
);

test("a stranger who knows the password is out once the owner has followed the whole letter", async () => {
	const open = await openWithOwner();
	const stranger = await strangerConnects(open);
	const owner = await logIn(open, LEAKED);
	await owner.submit("/account/disconnect");

	await changePassword(owner, open);

	expect(await isIn(stranger, open)).toBe(false);
	expect(await isIn(await logIn(open, LEAKED), open)).toBe(false);
	expect(await isIn(await logIn(open, SAFE), open)).toBe(true);
});

test.each(Object.entries(WAYS))(
	"a stranger who has %s is out once the owner changes the password and ticks the stranger's X account, as the letter about the unlinked one advises",
	async (_, prepare) => {
		const open = await openWithOwner();
		const rightful = await logIn(open, LEAKED);
		await rightful.open(await toCallback(rightful, open, "/account", "1"));
		const stranger = await logIn(open, LEAKED);
		await stranger.submit("/account/disconnect");
		await eventually(async () => {
			expect(await mailbox(open)).toMatch(/If it was not you, change your password/);
		});
		const tryIt = await prepare(open);
		await strangerConnects(open);

		const owner = await logIn(open, LEAKED);
		await changePassword(owner, open, { disconnect: "x-login x:6" });

		expect(await isIn(await tryIt(), open)).toBe(false);
		expect(await isIn(await logIn(open, LEAKED), open)).toBe(false);
		const back = await logIn(open, SAFE);
		expect(await isIn(back, open)).toBe(true);
		expect(back.seen.html).not.toContain("@mallory");
	},
);

test("the page for a new password names each linked account, and leaves it linked unless it is ticked", async () => {
	const open = await openWithOwner();
	const owner = await logIn(open, LEAKED);
	await owner.open(await toCallback(owner, open, "/account", "1"));

	await changePassword(owner, open);

	const back = await logIn(open, SAFE);
	expect(await isIn(back, open)).toBe(true);
	expect(back.seen.html).toContain("@owner");
});
