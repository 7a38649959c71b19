import { expect } from "vitest";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import type { NewConnectedHelpdesk } from "../../../src/helpdesk/openid/connected-helpdesks.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../helpdesk/open-helpdesk.ts";
import { PEOPLE } from "../helpdesk/people-with-x.ts";
import { type BackChannel, openBackChannel } from "./back-channel.ts";
import { connectHelpdesk, REDIRECT_URI } from "./connect-helpdesk.ts";
import { RelyingParty } from "./relying-party.ts";

/** The time by the system's clock, later if a test says so: relying parties compare times with their own clock. */
class MovedClock {
	private laterByMs = 0;

	now(): number {
		return systemClock.now() + this.laterByMs;
	}

	advance(ms: number): void {
		this.laterByMs += ms;
	}
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** A helpdesk with X and with a connected helpdesk that can be told of log-outs. */
export async function openDesk(
	options: Pick<Partial<HelpdeskOptions>, "deliver" | "storage"> = {},
	helpdesk: Partial<NewConnectedHelpdesk> = {},
) {
	const keys = [cryptoRandom.bytes(32)];
	const clock = new MovedClock();
	const keeping = { keys, clock, storage: options.storage ?? new MemoryStorage(clock) };
	const log: string[] = [];
	const given = {
		...{ allowPrivate: ["127.0.0.1"], log: (line: string) => log.push(line) },
		...{ ...options, ...keeping },
	};
	const open = await openHelpdesk(given, PEOPLE);
	await setUpX(open);
	const channel = await openBackChannel();
	const client = await connectHelpdesk(keeping, {
		backChannelLogoutUri: channel.uri,
		...helpdesk,
	});
	const issuer = `${open.portal}/oidc`;
	const party = await RelyingParty.at(issuer, client);
	return { ...open, ...keeping, options: given, log, issuer, channel, client, party };
}

/** What a connected helpdesk knows after a log-in. */
export interface LoggedIn {
	readonly sub: string;
	readonly sid: unknown;
	readonly accessToken: string;
}

/** Logs a browser in at a connected helpdesk. Somebody has to be logged in at the portal. */
export async function logInAtHelpdesk(
	visitor: HttpVisitor,
	{ party }: Pick<Desk, "party">,
): Promise<LoggedIn> {
	const begun = await party.begin();
	let { url } = await visitor.open(begun.url);
	if (new URL(url).pathname.startsWith("/connect/")) {
		({ url } = await visitor.submit(new URL(url).pathname, { answer: "go" }));
	}
	expect(url).toContain(REDIRECT_URI);
	const tokens = await party.redeem(url, begun);
	const claims = tokens.claims();
	return { sub: claims?.sub ?? "", sid: claims?.["sid"], accessToken: tokens.access_token };
}

/** A new browser in which somebody has logged in with X. */
export async function visitorThroughX({ portal }: Pick<Desk, "portal">, accountId: string) {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId }));
	return visitor;
}

/** Whether the provider still answers about the user. */
export async function knows(
	{ party }: Pick<Desk, "party">,
	{ accessToken, sub }: LoggedIn,
): Promise<boolean> {
	try {
		await party.userInfo(accessToken, sub);
		return true;
	} catch {
		return false;
	}
}

/** The connected helpdesk was told of exactly these sessions. */
export async function expectTold(
	{ channel }: { readonly channel: BackChannel },
	...sids: unknown[]
) {
	await expect.poll(() => [...channel.sids].sort()).toEqual([...sids].sort());
}
