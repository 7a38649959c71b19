import { expect } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { tinyZip } from "../artifact/plugin-versions.ts";
import type { HttpVisitor, Seen } from "../helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../helpdesk/open-helpdesk.ts";
import { openSites } from "../helpdesk/open-sites.ts";
import { CutOffStorage } from "../storage/cut-off-storage.ts";

export const OPERATOR = "operator@helpdesk.example";
export const PASSWORD = "a long password of hers";
export const NEXT_PASSWORD = "quite another long password";
export const X = "/admin/settings/general/integrations/x-login";

/** What the marketplace offers: the add-on `tiny`. */
export const OFFERED = "tiny.zip";

/**
 * A helpdesk with an operator, and users who log in with passwords.
 *
 * @param hasServer whether the start names a mail server. Without one, owners can set one.
 */
export async function openWorld(hasServer = true) {
	const clock = new MockClock();
	const storage = new CutOffStorage(clock);
	const pace = { after: async () => {} };
	const marketplace = {
		list: async () => [OFFERED],
		read: async () => ({ zip: tinyZip({}), signature: undefined }),
	};
	// Letters are on their way and never arrive, so that nothing is stored after an answer.
	const deliver = hasServer ? () => new Promise<void>(() => {}) : undefined;
	// Browsers make passkeys at such a name.
	const baseUrls = new Map([["acorn", "http://localhost:8080"]]);
	const sites = openSites(
		await helpdeskOptions({
			...{ storage, clock, pace, marketplace, deliver, baseUrls },
			// A saved mail server lies at a private address. A connected helpdesk there is not asked.
			allowPrivate: hasServer ? [] : ["127.0.0.1"],
		}),
	);
	const { core, url } = sites;
	const password = (await core.operators.makeFirst()) ?? "";
	const add = async (name: string): Promise<string> => {
		const hashed = await core.registrations.hash(PASSWORD);
		const about = { brandId: "acorn", name, email: `${name}@example.com`, locale: "en" };
		const account = await core.accounts.register(about, hashed);
		return account?.id ?? expect.fail(`no account for ${name}`);
	};
	const ada = await add("ada");
	const bob = await add("bob");
	const operator = sites.visitor();
	const logIn = async (visitor: HttpVisitor, typed: string): Promise<Seen> => {
		await visitor.open(`${url}/admin/login`);
		return visitor.submit("/admin/login", { email: OPERATOR, password: typed });
	};
	const post = async (path: string, fields: Readonly<Record<string, string>> = {}) => {
		const { html } = await operator.open(`${url}/admin/profile`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
		return operator.post(`${url}${path}`, [["_csrf", csrf], ...Object.entries(fields)]);
	};
	await logIn(operator, password);
	await post(`${X}/activate`);
	return { ...sites, clock, storage, password, ada, bob, operator, logIn, post };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export interface Deed {
	/** Whether owners can set a mail server, because the start names none. Left out: they cannot. */
	readonly setsMailServer?: true;
	/** What is there before. */
	readonly before?: (world: World) => Promise<unknown>;
	readonly act: (world: World, before: unknown) => Promise<unknown>;
	/** Where the deed changes something; empty for one that only reads, or fails. */
	readonly changes: readonly StorageKey[];
	/** How the entry stands at the end. Left out: done. */
	readonly standing?: string;
	/** What it is done to. */
	readonly object?: (world: World) => string;
	/** Who it is. Left out: the operator. */
	readonly actor?: (world: World, before: unknown) => string | null;
}

export const nobody = (): null => null;

export const ACCOUNTS: StorageKey = ["accounts", "account"];

export async function logInAtPortal(
	world: World,
	password: string,
	email = "ada@example.com",
): Promise<HttpVisitor> {
	const visitor = world.visitor();
	await visitor.open(`${world.url}/login`);
	await visitor.submit("/login", { email, password });
	return visitor;
}

/** The same browser, as it was before any test of a deed. */
export function again(world: World, { cookies }: HttpVisitor): HttpVisitor {
	const visitor = world.visitor();
	for (const [name, value] of cookies) {
		visitor.cookies.set(name, value);
	}
	return visitor;
}

/** Sends a form from a page of the portal. */
export async function postFrom(
	{ url }: World,
	visitor: HttpVisitor,
	path: string,
	fields: Readonly<Record<string, string>> = {},
): Promise<Seen> {
	const { html } = await visitor.open(`${url}/account`);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
	return visitor.post(`${url}${path}`, [["_csrf", csrf], ...Object.entries(fields)]);
}

/** The id of the session in a list that is not this browser's. */
export function otherSession(html: string): string {
	const items = html.split('<li class="linked">').slice(1);
	const other = items.find((item) => !item.includes("(this browser)") && item.includes("session"));
	return /name="session" value="([^"]+)"/.exec(other ?? "")?.[1] ?? expect.fail("no other session");
}
