import { expect, test } from "vitest";
import {
	connectedHelpdesksOf,
	consentsOf,
	handOffHelpdesksOf,
} from "../../../../../src/helpdesk/namespaces.ts";
import { Consents } from "../../../../../src/helpdesk/openid/consents.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const ABOUT = { address: "http://127.0.0.1:4", straightToX: false, neverAsserted: [] };

/** Thirty helpdesks with OpenID Connect and thirty that take a signed token. */
async function connectSixty({ storage }: OpenHelpdesk): Promise<string[]> {
	const numbers = Array.from({ length: 30 }, (_, index) => String(index + 10));
	const openid = numbers.map((number, createdAt) => ({
		...{ ...ABOUT, id: `other-${number}`, preset: "other", name: `Desk ${number}`, createdAt },
		...{ redirectUris: [], postLogoutRedirectUris: [], secret: "", needsEmail: false },
		...{ clientAuth: "none", signature: "ES256", pkce: true },
	}));
	const signed = numbers.map((number, createdAt) => ({
		...{ ...ABOUT, id: `zendesk-${number}`, preset: "zendesk-jwt", createdAt, otherSites: [] },
		name: `Signed ${number}`,
	}));
	for (const [place, all] of [
		[connectedHelpdesksOf("acorn"), openid],
		[handOffHelpdesksOf("acorn"), signed],
	] as const) {
		await namespaced(storage, place).commit({
			sets: all.map((value) => ({ key: ["helpdesk", value.id], value })),
		});
	}
	return [...openid, ...signed].map(({ name }) => name);
}

function names({ operator }: OpenHelpdesk): string[] {
	return [...operator.seen.html.matchAll(/<td><strong>([^<]+)<\/strong>/g)].map(
		([, name = ""]) => name,
	);
}

function next({ operator }: OpenHelpdesk): string | undefined {
	return /href="([^"]+)">Next</.exec(operator.seen.html)?.[1]?.replaceAll("&amp;", "&");
}

test("helpdesks of both kinds are one list, 25 to a page, and the first page can be reached from each", async () => {
	const open = await openHelpdesk();
	const all = await connectSixty(open);

	const pages: string[][] = [];
	for (let path: string | undefined = LIST; path !== undefined; path = next(open)) {
		await open.operator.open(`${open.portal}${path}`);
		pages.push(names(open));
		expect(open.operator.seen.html.includes(`${LIST}?brand=acorn">First<`)).toBe(path !== LIST);
	}

	expect(pages.map(({ length }) => length)).toEqual([25, 25, 10]);
	expect(pages.flat()).toEqual(all);
	await open.operator.open(`${open.portal}${LIST}?brand=acorn&after=nobody`);
	expect(names(open)).toEqual(pages[0]);
});

test("a removal counts a bounded number of agreements, and says where there are more", async () => {
	const { storage, clock } = await openHelpdesk();
	const place = namespaced(storage, consentsOf("acorn"));
	const agree = (from: number, to: number, helpdeskId: string) =>
		place.commit({
			sets: Array.from({ length: to - from }, (_, index) => ({
				key: [`user-${String(from + index).padStart(5, "0")}`, helpdeskId],
				value: { at: 1 },
			})),
		});
	const consents = new Consents(place, clock);
	await agree(0, 900, "desk");
	await agree(900, 1000, "other");
	expect(await consents.countOf("desk")).toEqual({ users: 900, isExact: true });

	await agree(1000, 1300, "desk");

	expect(await consents.countOf("desk")).toEqual({ users: 900, isExact: false });
});
