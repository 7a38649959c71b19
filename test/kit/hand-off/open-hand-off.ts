import { secret } from "../../../src/contract/secret.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { derivedKeys } from "../../../src/helpdesk/derived-keys.ts";
import {
	HandOffHelpdesks,
	type NewHandOffHelpdesk,
} from "../../../src/helpdesk/hand-off/hand-off-helpdesks.ts";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { handOffHelpdesksOf, NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { formsIn } from "../../../src/testing/forms-in.ts";
import { HttpVisitor } from "../helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../helpdesk/open-helpdesk.ts";
import { PEOPLE } from "../helpdesk/people-with-x.ts";
import { addUnconfirmed } from "../helpdesk/unconfirmed-account.ts";
import { KINDS } from "./handed.ts";
import { openProduct } from "./open-product.ts";

const PASSWORD = "a long password of somebody";
export const API_TOKEN = "canary-api-token";
export const SECRET = "canary-key-0123456789";

const WAYS = { supportpal: "email", "zendesk-jwt": "email-posted", "help-scout": "sub" } as const;

/** A helpdesk with X, and a helpdesk of somebody else that takes a signed token. */
export async function openHandOff(
	kind: keyof typeof WAYS,
	{
		desk = {},
		withApi = false,
		helpdesk = {},
	}: {
		readonly desk?: Partial<NewHandOffHelpdesk>;
		readonly withApi?: boolean;
		readonly helpdesk?: Partial<HelpdeskOptions>;
	} = {},
) {
	const [, preset, rules] = KINDS.find(([, { id }]) => id === kind) ?? KINDS[0] ?? [];
	if (preset === undefined || rules === undefined) {
		throw new Error(`there is no preset ${kind}`);
	}
	const product = await openProduct({
		...{ rules, key: SECRET, way: WAYS[kind] },
		...(withApi && { apiToken: API_TOKEN }),
	});
	const keeping = {
		keys: [cryptoRandom.bytes(32)],
		storage: new MemoryStorage(systemClock),
		clock: systemClock,
	};
	const log: string[] = [];
	const given = { allowPrivate: ["localhost"], log: (line: string) => log.push(line) };
	const open = await openHelpdesk({ ...keeping, ...given, ...helpdesk }, PEOPLE);
	await setUpX(open);
	const helpdesks = (brandId = "acorn") =>
		new HandOffHelpdesks(
			...([brandId, namespaced(keeping.storage, handOffHelpdesksOf(brandId))] as const),
			...([new Vault(derivedKeys(keeping.keys, "vault")), systemClock, cryptoRandom] as const),
			(what, error) => {
				throw new Error(what, { cause: error });
			},
		);
	const connect = async (more: Partial<NewHandOffHelpdesk> = {}, brandId?: string) => {
		const added = await helpdesks(brandId).add(
			{
				...{ preset: kind, name: "Support Desk", address: product.address, otherSites: [] },
				...{ remoteBrandId: null, neverAsserted: [], straightToX: false },
				...more,
			},
			{ secret: secret(SECRET), ...(withApi && { apiToken: secret(API_TOKEN) }) },
		);
		return added?.id ?? Promise.reject(new Error("it is not connected"));
	};
	const id = await connect(desk);
	return {
		...{ ...open, ...keeping, log, product, preset, helpdesks, connect, id },
		page: `${open.portal}/hand-off/${id}`,
		path: `/hand-off/${id}`,
	};
}

/** A browser in which somebody is logged in whose address is proven. */
export async function confirmedUser(
	open: { readonly storage: HostStorage; readonly portal: string },
	email = "grace@example.com",
	account: Readonly<Record<string, string | boolean>> = { confirmed: true },
) {
	const { storage, portal } = open;
	const userId = await addUnconfirmed(storage, { name: "Grace Hopper", email, password: PASSWORD });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email, password: PASSWORD });
	await changeAccount(storage, userId, account);
	return Object.assign(visitor, { userId });
}

export async function changeAccount(
	storage: HostStorage,
	userId: string,
	change: Readonly<Record<string, string | boolean | number>>,
): Promise<void> {
	const accounts = namespaced(storage, NAMESPACES.accounts);
	const key = ["account", userId];
	const entry = await accounts.get(key);
	const value = { ...(entry?.value as object), ...change };
	await accounts.commit({ sets: [{ key, value }] });
}

/** Agrees on the page that the browser is on. @returns the page after it. */
export async function agree(visitor: HttpVisitor) {
	const { pathname } = new URL(visitor.seen.url);
	const form = formsIn(visitor.seen.html).find(({ action }) => action.startsWith(pathname));
	return visitor.submit(form?.action ?? pathname, { answer: "go" });
}

/** The form of the last page that leads to a helpdesk: its address and fields. */
export function deliveryIn({ seen: { html } }: HttpVisitor) {
	const [, action = "", inner = ""] =
		/<form method="post" action="(http[^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
	const fields = [...inner.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(
		([, name = "", value = ""]): [string, string] => [name, value.replaceAll("&amp;", "&")],
	);
	return { action, fields: new URLSearchParams(fields) };
}

/** Takes a delivery to the helpdesk, as a browser does that has no cookies there. */
export async function deliver({ action, fields }: ReturnType<typeof deliveryIn>) {
	const answer = await fetch(action, { method: "POST", body: fields, redirect: "manual" });
	return {
		status: answer.status,
		location: answer.headers.get("location"),
		body: await answer.text(),
	};
}
