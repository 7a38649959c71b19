import { BlockList } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PasswordHasher } from "../../../src/helpdesk/people/password-hash.ts";
import { PasswordsBusyError } from "../../../src/helpdesk/people/scrypt-workers.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";

/** The time limit for tests that hash many passwords on a machine that may be busy. */
const LONG = 180_000;

/** Sends a number of forms, one after the other. @returns their statuses. */
async function statusesOf(count: number, send: () => ReturnType<HttpVisitor["submit"]>) {
	const statuses: number[] = [];
	for (let index = 0; index < count; index += 1) {
		statuses.push((await send()).status);
	}
	return statuses;
}

test(
	"in a stolen session guesses at the current password are limited, and a right one waits as well",
	async () => {
		const { helpdesk, operator, clock } = await openHelpdesk({ startLimit: 1000 });
		const { password } = helpdesk.operator;
		const change = async (current: string) => {
			await operator.open(`${helpdesk.adminUrl}/profile`);
			return operator.submit("/admin/profile", { current, new: "a new password of mine" });
		};

		const statuses = await statusesOf(11, () => change("a guess"));

		expect(statuses.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 400));
		expect(statuses.at(-1)).toBe(429);
		expect(await change(password ?? "")).toMatchObject({
			status: 429,
			html: expect.stringContaining("Too many attempts"),
		});
		clock.advance(60_000);
		expect((await change(password ?? "")).html).toContain("Your password is changed");
	},
	LONG,
);

const PASSWORD = "correct horse";
const GRACE = "grace@example.com";

async function logIn(visitor: HttpVisitor, url: string, email: string, password: string) {
	await visitor.open(url);
	return visitor.submit(new URL(url).pathname, { email, password });
}

/** A browser in which a user registered and logged out again. */
async function browserOf(email: string, portal: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name: "Grace", email, password: PASSWORD });
	await visitor.submit("/logout");
	return visitor;
}

/** Guesses as a visitor who was never logged in, until they have to wait. */
async function guessUntilRefused(url: string, email: string): Promise<void> {
	const stranger = new HttpVisitor();
	const guess = () => logIn(stranger, url, email, "a guess");
	expect((await statusesOf(12, guess)).at(-1)).toBe(429);
}

test(
	"strangers who guess an operator's password do not lock them out of browsers in which they were logged in",
	async () => {
		const { helpdesk, operator } = await openHelpdesk({ startLimit: 1000 });
		const url = `${helpdesk.adminUrl}/login`;
		const { email } = helpdesk.operator;
		const password = helpdesk.operator.password ?? "";
		await operator.open(helpdesk.adminUrl);
		await operator.submit("/admin/logout");

		await guessUntilRefused(url, email);

		expect(await logIn(new HttpVisitor(), url, email, password)).toMatchObject({ status: 429 });
		expect(await logIn(operator, url, email, password)).toMatchObject({
			status: 200,
			url: helpdesk.adminUrl,
		});
	},
	LONG,
);

test(
	"strangers who guess a user's password do not lock them out of browsers in which they were logged in",
	async () => {
		const { portal } = await openHelpdesk({ startLimit: 1000 });
		const url = `${portal}/login`;
		const known = await browserOf(GRACE, portal);
		const ofAnotherUser = await browserOf("eve@example.com", portal);

		await guessUntilRefused(url, GRACE);

		for (const stranger of [new HttpVisitor(), ofAnotherUser]) {
			expect(await logIn(stranger, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		}
		expect(await logIn(known, url, GRACE, PASSWORD)).toMatchObject({
			status: 200,
			html: expect.stringContaining("You are logged in"),
		});
	},
	LONG,
);

test(
	"guesses from a known browser are limited as well, and lock nobody else out",
	async () => {
		const { portal } = await openHelpdesk({ startLimit: 1000 });
		const url = `${portal}/login`;
		const known = await browserOf(GRACE, portal);

		const statuses = await statusesOf(11, () => logIn(known, url, GRACE, "a guess"));

		expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
		expect(await logIn(known, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		expect(await logIn(new HttpVisitor(), url, GRACE, PASSWORD)).toMatchObject({ status: 200 });
	},
	LONG,
);

test(
	"a user who sets a password from a letter can log in however many strangers guess, even one who made the account",
	async () => {
		const open = await openHelpdesk({ startLimit: 1000 });
		const url = `${open.portal}/login`;
		const squatter = await browserOf(GRACE, open.portal);
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/forgot`);
		await visitor.submit("/forgot", { email: GRACE });
		const link = await eventually(async () => {
			const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/mailbox`);
			return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter");
		});
		await guessUntilRefused(url, GRACE);

		await visitor.open(link);
		await visitor.submit("/reset", { password: "another horse" });

		expect(await logIn(squatter, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		expect(await logIn(visitor, url, GRACE, "another horse")).toMatchObject({ status: 200 });
	},
	LONG,
);

test(
	"attempts beyond the limit of an address lock nobody out of an account",
	async () => {
		const trustedProxies = new BlockList();
		trustedProxies.addAddress("127.0.0.1");
		const { portal } = await openHelpdesk({ startLimit: 5, trustedProxies });
		const from = async (address: string, password: string): Promise<number> => {
			const visitor = new HttpVisitor();
			const { html } = await visitor.open(`${portal}/login`);
			const proof = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
			const body = new URLSearchParams({ _csrf: proof, email: GRACE, password });
			const headers = { "x-forwarded-for": address };
			return (await visitor.request(`${portal}/login`, { method: "POST", headers, body })).status;
		};
		await browserOf(GRACE, portal);

		const statuses: number[] = [];
		for (let index = 0; index < 20; index += 1) {
			statuses.push(await from("203.0.113.1", "a guess"));
		}

		expect(statuses.filter((status) => status === 429)).toHaveLength(15);
		expect(await from("198.51.100.1", PASSWORD)).toBe(303);
	},
	LONG,
);

test("two nodes count guesses together: by network, by account and by known browser", async () => {
	const proxies = new BlockList();
	proxies.addAddress("127.0.0.1");
	const keys = [cryptoRandom.bytes(32)];
	const one = await openHelpdesk({ startLimit: 16, trustedProxies: proxies, keys });
	const { storage, clock } = one;
	const shared = { startLimit: 16, trustedProxies: proxies, keys, storage, clock };
	const two = await openHelpdesk(shared);
	const known = await browserOf(GRACE, one.portal);
	clock.advance(60_000);
	const guess = async (node: OpenHelpdesk, visitor: HttpVisitor, from: string, email = GRACE) => {
		const { html } = await visitor.open(`${node.portal}/login`);
		const proof = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		const body = new URLSearchParams({ _csrf: proof, email, password: "a guess" });
		const init = { method: "POST", headers: { "x-forwarded-for": from }, body };
		return (await visitor.request(`${node.portal}/login`, init)).status;
	};
	const atBoth = async (times: number, guessAt: (node: OpenHelpdesk, index: number) => unknown) => {
		const statuses: unknown[] = [];
		for (let index = 0; index < times; index += 1) {
			statuses.push(await guessAt(index % 2 === 0 ? one : two, index));
		}
		return statuses;
	};

	const byAccount = await atBoth(11, (node, index) =>
		guess(node, new HttpVisitor(), `192.0.2.${index}`),
	);
	const byBrowser = await atBoth(11, (node) => guess(node, known, "198.51.100.1"));
	const byNetwork = await atBoth(17, (node, index) =>
		guess(node, new HttpVisitor(), "203.0.113.1", `${index}@example.com`),
	);

	const then429 = (count: number) => [...Array.from({ length: count }, () => 400), 429];
	expect(byAccount).toEqual(then429(10));
	expect(byBrowser).toEqual(then429(10));
	expect(byNetwork).toEqual(then429(16));
});

const FORMS: readonly [name: string, attempt: (open: OpenHelpdesk) => Promise<Attempt>][] = [
	[
		"the log-in of the portal",
		async ({ portal }) => attemptAt(`${portal}/login`, { email: GRACE }),
	],
	[
		"the log-in of the administration",
		async ({ helpdesk }) => attemptAt(`${helpdesk.adminUrl}/login`, { email: GRACE }),
	],
	[
		"the registration",
		async ({ portal }) => attemptAt(`${portal}/register`, { name: "Grace", email: GRACE }),
	],
	[
		"the form that confirms who a user is",
		async ({ portal }) => {
			const visitor = await browserOf(GRACE, portal);
			await logIn(visitor, `${portal}/login`, GRACE, PASSWORD);
			return attemptAt(`${portal}/login/confirm`, {}, visitor);
		},
	],
	[
		"the operator's profile",
		async ({ helpdesk, operator }) =>
			attemptAt(
				`${helpdesk.adminUrl}/profile`,
				{ current: "a guess", new: "a new password" },
				operator,
			),
	],
];

type Attempt = () => ReturnType<HttpVisitor["submit"]>;

/** Sends a form again and again from one browser. A registration logs in, so it gets a new browser each time. */
function attemptAt(
	url: string,
	fields: Readonly<Record<string, string>>,
	visitor?: HttpVisitor,
): Attempt {
	return async () => {
		const browser = visitor ?? new HttpVisitor();
		await browser.open(url);
		return browser.submit(new URL(url).pathname, { password: "a long guess", ...fields });
	};
}

test.each(FORMS)("after too many attempts %s says when to try again", async (_, attemptOf) => {
	const open = await openHelpdesk({ startLimit: 12 });
	const attempt = await attemptOf(open);

	let seen = await attempt();
	for (let index = 0; index < 12 && seen.status !== 429; index += 1) {
		seen = await attempt();
	}

	expect(seen.status).toBe(429);
	expect(seen.headers.get("retry-after")).toBe("60");
	expect(seen.html).toMatch(/tried too often|Too many attempts/);
	expect(seen.html).toContain('name="_csrf"');
});

/** Refuses to make hashes once it is told to, as when too many passwords are waiting. */
class BusyHasher extends PasswordHasher {
	isBusy = false;

	override async hash(password: string): Promise<string> {
		if (this.isBusy) {
			throw new PasswordsBusyError();
		}
		return super.hash(password);
	}
}

test("a request for which no password can be hashed is asked to come back, changes nothing and is no error", async () => {
	const hasher = new BusyHasher({ N: 2, r: 1, p: 1 });
	onTestFinished(() => hasher.close());
	const { helpdesk, operator, log } = await openHelpdesk({ hasher });
	const fields = { current: helpdesk.operator.password ?? "", new: "a new password of mine" };
	const change = async () => {
		await operator.open(`${helpdesk.adminUrl}/profile`);
		return operator.submit("/admin/profile", fields);
	};
	hasher.isBusy = true;

	const refused = await change();

	expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
	expect(refused.html).toContain("You tried too often");
	expect(log.join()).not.toContain("PasswordsBusyError");
	hasher.isBusy = false;
	expect((await change()).html).toContain("Your password is changed");
});

test("a log-in with X makes the browser known", async () => {
	const open = await openHelpdesk({ startLimit: 1000 });
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	const answer = await visitor.request(await approveAtX(url));

	const lines = answer.headers.getSetCookie();
	const device = lines.find((line) => line.startsWith("portal-acorn-device="));
	expect(device).toMatch(/; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/);
});
