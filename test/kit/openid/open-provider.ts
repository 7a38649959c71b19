import { expect } from "vitest";
import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import type { NewConnectedHelpdesk } from "../../../src/helpdesk/openid/connected-helpdesks.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { HttpVisitor, type Seen } from "../helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../helpdesk/open-helpdesk.ts";
import { addUnconfirmed } from "../helpdesk/unconfirmed-account.ts";
import { connectHelpdesk, REDIRECT_URI } from "./connect-helpdesk.ts";
import { type BegunLogIn, RelyingParty } from "./relying-party.ts";

export const PASSWORD = "a long password of somebody";

/** A helpdesk with X and one connected helpdesk, the relying party. */
export interface OpenProvider extends Omit<OpenHelpdesk, "clock"> {
	readonly issuer: string;
	readonly clock: Clock;
	readonly keys: readonly Uint8Array[];
	readonly client: Credentials;
	readonly party: RelyingParty;
	/** Connects one more helpdesk. */
	connect(desk?: Partial<NewConnectedHelpdesk>, brandId?: string): Promise<Credentials>;
}

export interface Credentials {
	readonly clientId: string;
	readonly clientSecret: string;
}

export interface ProviderOptions {
	readonly desk?: Partial<NewConnectedHelpdesk>;
	readonly accounts?: readonly FakeXAccount[];
	readonly storage?: HostStorage;
	readonly helpdesk?: Partial<HelpdeskOptions>;
}

/** The clock is the real one, because relying parties and the provider's library have no other. */
export async function openProvider({
	desk,
	accounts,
	storage = new MemoryStorage(systemClock),
	helpdesk = {},
}: ProviderOptions = {}): Promise<OpenProvider> {
	const keeping = { keys: [cryptoRandom.bytes(32)], storage, clock: systemClock };
	const open = await openHelpdesk({ ...keeping, ...helpdesk }, accounts);
	await setUpX(open);
	const client = await connectHelpdesk(keeping, desk);
	const issuer = `${open.portal}/oidc`;
	return {
		...{ ...open, ...keeping, issuer, client },
		party: await RelyingParty.at(issuer, client),
		connect: (more, brandId) => connectHelpdesk(keeping, more, brandId),
	};
}

/** A browser in which somebody is logged in at the portal with a password and an address that nobody has proven. */
export async function newUser(
	open: Pick<OpenProvider, "storage" | "portal">,
	email = "grace@example.com",
): Promise<HttpVisitor & { readonly userId: string }> {
	const userId = await addUnconfirmed(open.storage, { name: "Grace", email, password: PASSWORD });
	const visitor = await logInAtPortal(open, email);
	return Object.assign(visitor, { userId });
}

export async function logInAtPortal(
	{ portal }: Pick<OpenProvider, "portal">,
	email = "grace@example.com",
	visitor = new HttpVisitor(),
): Promise<HttpVisitor> {
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { html } = await visitor.submit("/login", { email, password: PASSWORD });
	expect(html).toContain("/logout");
	return visitor;
}

/** Agrees that data goes to the helpdesk, on the page that the browser is on. */
export async function agree(visitor: HttpVisitor, answer = "go"): Promise<Seen> {
	return visitor.submit(new URL(visitor.seen.url).pathname, { answer });
}

export interface Arrival {
	readonly begun: BegunLogIn;
	/** The address at the helpdesk, with the code. */
	readonly answer: string;
}

/** Goes to the helpdesk in a browser in which somebody is logged in, and agrees when asked. */
export async function arrive(
	visitor: HttpVisitor,
	party: RelyingParty,
	more: Readonly<Record<string, string>> = {},
): Promise<Arrival> {
	const begun = await party.begin(more);
	const { url } = await visitor.open(begun.url);
	const { url: answer } = url.startsWith(REDIRECT_URI) ? { url } : await agree(visitor);
	expect(answer).toContain(`${REDIRECT_URI}?code=`);
	return { begun, answer };
}

/** The error in an answer to the helpdesk. */
export function errorIn(url: string): string | null {
	expect(url.startsWith(`${REDIRECT_URI}?`)).toBe(true);
	return new URL(url).searchParams.get("error");
}
