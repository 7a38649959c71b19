import { randomBytes } from "node:crypto";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { FakeXAccount } from "../../src/testing/fake-x/fake-x-options.ts";
import { decideAtX } from "../kit/browser/decide-at-x.ts";
import type { CodeLetters } from "./code-letters.ts";
import type { Newcomers } from "./newcomers.ts";
import { SoakVisitor } from "./soak-visitor.ts";

const START = "/login/x-login/start";
const CONTINUE = "/login/x-login/continue";
export const CALLBACK = "/login/x-login/callback";

export interface Place {
	readonly portal: string;
	readonly newcomers: Newcomers;
	/** People who have logged in before. */
	readonly known: FakeXAccount[];
	readonly letters: CodeLetters;
}

/** The visits of people to the portal. Each one rejects if the helpdesk gives a wrong answer. */
export const VISITS = {
	/** Logs in for the first time. */
	new: async (place) => {
		const account = place.newcomers.withEmail();
		const visitor = newVisitor();
		const toX = await start(visitor, place);
		await visitor.open(await decideAtX(toX, { decision: "approve", account: account.id }));
		expectAccount(visitor, place, account);
		place.known.push(account);
	},
	/** Logs in again with another browser. */
	returning: async (place) => {
		const account = place.known[Math.floor(Math.random() * place.known.length)];
		if (account === undefined) {
			throw new Error("nobody has logged in before");
		}
		const visitor = newVisitor();
		const toX = await start(visitor, place);
		await visitor.open(await approveAtX(toX, { accountId: account.id }));
		expectAccount(visitor, place, account);
	},
	/** Presses Cancel at X. */
	cancelled: async (place) => {
		const visitor = newVisitor();
		await visitor.open(await decideAtX(await start(visitor, place), { decision: "cancel" }));
		expectPage(visitor, CALLBACK, 200);
	},
	/** Goes to X and does not come back. */
	abandoned: async (place) => {
		await start(newVisitor(), place);
	},
	/** Opens a callback without a log-in. */
	forged: async (place) => {
		const visitor = newVisitor();
		const invented = () => randomBytes(20).toString("base64url");
		const query = `oauth_token=${invented()}&oauth_verifier=${invented()}`;
		await visitor.open(`${place.portal}${CALLBACK}?${query}`);
		expectPage(visitor, CALLBACK, 400);
	},
	/** Logs in without an address at X, enters one and proves it with a code. */
	form: async (place) => {
		const account = place.newcomers.withoutEmail();
		const email = `${account.screenName}@typed.example`;
		const visitor = newVisitor();
		const toX = await start(visitor, place);
		await visitor.open(await decideAtX(toX, { decision: "approve", account: account.id }));
		await visitor.send(CONTINUE, { action: "email" }, { email });
		const code = await place.letters.take(email);
		await visitor.send(CONTINUE, { action: "code" }, { code });
		expectAccount(visitor, place, account);
	},
} as const satisfies Record<string, (place: Place) => Promise<void>>;

export type VisitKind = keyof typeof VISITS;

/** @returns the address of X's page. */
async function start(visitor: SoakVisitor, { portal }: Place): Promise<string> {
	await visitor.open(`${portal}/login?returnTo=/account`);
	expectPage(visitor, "/login", 200);
	await visitor.send(START);
	const { status, url } = visitor.seen;
	if (status !== 303 || !url.includes("/oauth/authenticate?")) {
		throw new Error(`the start answers ${status}`);
	}
	return url;
}

/** Expects the account page of this person. */
function expectAccount(visitor: SoakVisitor, { portal }: Place, account: FakeXAccount): void {
	expectPage(visitor, "/account", 200);
	const { url, html } = visitor.seen;
	if (new URL(url).origin !== portal || !html.includes(`<strong>@${account.screenName}</strong>`)) {
		throw new Error("somebody else is logged in");
	}
}

function expectPage({ seen }: SoakVisitor, path: string, status: number): void {
	const { pathname } = new URL(seen.url);
	if (pathname !== path || seen.status !== status) {
		throw new Error(
			`expected ${path} with the status ${status}, but ${pathname} answers ${seen.status}`,
		);
	}
}

/** A visitor with a random address of a private network. */
function newVisitor(): SoakVisitor {
	return new SoakVisitor(`10.${[...randomBytes(3)].join(".")}`);
}
