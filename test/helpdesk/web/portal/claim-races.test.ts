import { expect, onTestFinished, test } from "vitest";
import { startHelpdesk } from "../../../../src/helpdesk/start-helpdesk.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../../kit/eventually.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../kit/helpdesk/open-helpdesk.ts";
import { logInUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";
import { type Operation, PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const OWNER = "owner@example.com";
const PASSWORD = "the owner's own";
/** The stranger's X account says that the owner's address is its own. */
const STRANGER = { id: "6", screenName: "mallory", name: "Mallory", email: OWNER };

interface House extends OpenHelpdesk {
	readonly pausing: PausingStorage;
	/** The portal of the node on which the owner acts. */
	readonly ownersPortal: string;
	readonly time: MockClock;
}

/** One helpdesk whose storage stops the stranger's log-ins. With two nodes the owner acts on the other one. */
async function openHouse(nodes: 1 | 2): Promise<House> {
	const time = new MockClock();
	const storage = new MemoryStorage(time);
	const pausing = new PausingStorage(storage);
	const options = await helpdeskOptions({ clock: time });
	const { keys } = options;
	const open = await openHelpdesk({ clock: time, keys, storage: pausing }, [STRANGER]);
	await setUpX(open);
	const baseUrls = new Map([["acorn", open.portal]]);
	const second = nodes === 2 ? await startHelpdesk({ ...options, storage, baseUrls }) : undefined;
	onTestFinished(async () => second?.close());
	return {
		...open,
		storage: pausing,
		pausing,
		time,
		ownersPortal: second?.listening[0] ?? open.portal,
	};
}

async function linkToSetPassword({ ownersPortal, helpdesk, operator, portal }: House) {
	const owner = new HttpVisitor();
	await owner.open(`${ownersPortal}/forgot`);
	await owner.submit("/forgot", { email: OWNER });
	const link = await eventually(async () => {
		const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
		return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter");
	});
	await owner.open(link.replace(portal, ownersPortal));
	return owner;
}

async function logIn({ ownersPortal }: House): Promise<HttpVisitor> {
	const owner = new HttpVisitor();
	await owner.open(`${ownersPortal}/login?returnTo=/account`);
	await owner.submit("/login", { email: OWNER, password: PASSWORD });
	return owner;
}

/** Goes to X and approves. @returns the address of the callback, which was not opened yet. */
async function approve({ portal }: House, visitor: HttpVisitor, page = "/login?returnTo=/account") {
	await visitor.open(`${portal}${page}`);
	const { url } = await visitor.submit("/login/x-login/start");
	return approveAtX(url, { accountId: STRANGER.id });
}

/** How the stranger's X account comes to open an account, and how its owner takes that back. */
const TAKE_BACKS = {
	/** A stranger has signed up with the owner's address, which nobody had proven. */
	claim: {
		begin: async (house: House) => {
			const stranger = new HttpVisitor();
			await stranger.open(await approve(house, stranger));
		},
		takeBack: async (house: House) => {
			const owner = await linkToSetPassword(house);
			await owner.submit("/reset", { password: PASSWORD });
		},
	},
	/** A stranger has connected their X account to the owner's account. */
	disconnect: {
		begin: async (house: House) => {
			const owner = new HttpVisitor();
			await logInUnconfirmed(owner, house, { name: "Owner", email: OWNER, password: PASSWORD });
			await owner.open(await approve(house, owner, "/account"));
		},
		takeBack: async (house: House) => {
			const owner = await logIn(house);
			await owner.submit("/account/disconnect");
		},
	},
};

const isLink = ({ kind, keys: [key = []] }: Operation) => kind === "get" && key.includes("link");
const isAccount = ({ kind, keys: [key = []] }: Operation) =>
	kind === "get" && key[0] === "accounts" && key[1] === "account";
const isSession = ({ kind, keys: [key = []] }: Operation) =>
	kind === "commit" && key[0] === "sessions";

/** Where the log-in waits while the owner acts. */
const STOPS = [
	["has read the link", "after", isLink],
	["has read the user", "after", isAccount],
	["is about to open the session", "before", isSession],
] as const;

const CASES = ([1, 2] as const).flatMap((nodes) =>
	(["claim", "disconnect"] as const).flatMap((what) =>
		STOPS.map(([where, when, isHere]) => ({ nodes, what, where, when, isHere })),
	),
);

test.each(CASES)(
	"a log-in that $where opens no session after a $what on a helpdesk of $nodes nodes",
	async ({ nodes, what, when, isHere }) => {
		const house = await openHouse(nodes);
		const { begin, takeBack } = TAKE_BACKS[what];
		await begin(house);
		const stranger = new HttpVisitor();
		const callback = await approve(house, stranger);

		const stop = house.pausing.stopAt(when, isHere);
		const finishing = stranger.open(callback);
		await stop.reached;
		await takeBack(house);
		stop.goOn();

		expect((await finishing).url).toContain("/login?");
		const opened = await stranger.open(`${house.portal}/account`);
		expect(opened.url).toContain("/login");
	},
);

test.each(["claim", "disconnect"] as const)(
	"a log-in that comes before or after a %s opens no session that lasts",
	async (what) => {
		const house = await openHouse(1);
		const { begin, takeBack } = TAKE_BACKS[what];
		await begin(house);
		const before = new HttpVisitor();
		const after = new HttpVisitor();
		const callback = await approve(house, after);
		expect((await before.open(await approve(house, before))).html).toContain(OWNER);

		await takeBack(house);

		for (const [stranger, address] of [
			[before, `${house.portal}/account`],
			[after, callback],
		] as const) {
			await stranger.open(address);
			expect((await stranger.open(`${house.portal}/account`)).url).toContain("/login");
		}
	},
);

test("a visitor whose log-in crossed a claim is told to log in again, and is not left logged in as somebody else", async () => {
	const house = await openHouse(1);
	await TAKE_BACKS.claim.begin(house);
	const stranger = new HttpVisitor();
	const callback = await approve(house, stranger);
	const stop = house.pausing.stopAt("after", isLink);
	const finishing = stranger.open(callback);
	await stop.reached;
	await TAKE_BACKS.claim.takeBack(house);
	stop.goOn();

	expect(await finishing).toMatchObject({
		status: 200,
		html: expect.stringContaining("Log in again."),
	});
});

test.each([
	["within the minute by which clocks may differ", 60_000, false],
	["beyond it", 60_001, true],
])(
	"an account whose way in ended by a clock that is ahead, %s: the log-in with X",
	async (_, ahead, isIn) => {
		const house = await openHouse(1);
		await TAKE_BACKS.disconnect.begin(house);
		const { entries } = await house.storage.list(["accounts", "account"]);
		const [{ key, value } = expect.fail("no account")] = entries;
		const stored = { ...(value as object), wayInEndedAt: house.time.now() + ahead };
		await house.storage.commit({ sets: [{ key, value: stored }] });
		const owner = new HttpVisitor();

		await owner.open(await approve(house, owner));

		expect(owner.seen.html.includes(OWNER)).toBe(isIn);
	},
);

test("the owner connects X after a claim, and the next log-in with X succeeds", async () => {
	const house = await openHouse(1);
	await TAKE_BACKS.claim.begin(house);
	await TAKE_BACKS.claim.takeBack(house);
	house.time.advance(1);
	const owner = await logIn(house);
	await owner.open(await approve(house, owner, "/account"));
	await owner.submit("/logout");

	await owner.open(await approve(house, owner));

	expect(owner.seen).toMatchObject({ url: `${house.portal}/account` });
	expect(owner.seen.html).toContain(OWNER);
});
