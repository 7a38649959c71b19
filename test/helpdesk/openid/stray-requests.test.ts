// Any page on the web can make a browser ask the provider. Only where a person goes there is something stored or counted.
import { describe, expect, test } from "vitest";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { type AnswerAt, requestAt } from "../../kit/helpdesk/request-at.ts";
import { type OpenProvider, openProvider } from "../../kit/openid/open-provider.ts";

const LIMIT = 5;
const FROM_ELSEWHERE = { "sec-fetch-site": "cross-site" };
const PERSON = { ...FROM_ELSEWHERE, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

type Headers = Readonly<Record<string, string>>;

function send({ portal }: OpenProvider, url: string, headers: Headers): Promise<AnswerAt> {
	const { host, pathname, search } = new URL(url, portal);
	return requestAt(portal, pathname + search, { host, headers });
}

describe("nothing is stored, counted or answered for", () => {
	test.each<readonly [string, Headers]>([
		["an image", { ...PERSON, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }],
		["a script that asks", { ...PERSON, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }],
		["a browser that loads in advance", { ...PERSON, "sec-purpose": "prefetch" }],
		["an older one that does", { purpose: "prefetch" }],
	])("%s", async (_, headers) => {
		const open = await openProvider({ helpdesk: { startLimit: LIMIT } });
		const { url } = await open.party.begin();
		const ends = `${open.issuer}/session/end?client_id=${open.client.clientId}`;
		for (let round = 0; round < 3 * LIMIT; round += 1) {
			for (const each of [url, ends, `${open.issuer}/auth/some-id`]) {
				const { status, headers: answer } = await send(open, each, headers);
				expect([status, answer.getSetCookie()]).toEqual([403, []]);
			}
		}
		expect(await stored(open.storage, ["openid", "records"])).toEqual([]);
		const location = (await send(open, url, PERSON)).headers.get("location");
		expect(location).toMatch(/^\/connect\//);
	});
});

test.each<readonly [string, Headers]>([
	["a person", PERSON],
	["a hidden frame of the helpdesk", { ...PERSON, "sec-fetch-dest": "iframe" }],
	["an older browser, which says nothing", {}],
])("a request of %s is answered", async (_, headers) => {
	const open = await openProvider();
	const { url } = await open.party.begin();
	expect((await send(open, url, headers)).headers.get("location")).toMatch(/^\/connect\//);
});

test("scripts of helpdesks may ask the endpoints that no person goes to", async () => {
	const open = await openProvider();
	const script = { ...FROM_ELSEWHERE, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
	for (const path of ["/.well-known/openid-configuration", "/jwks"]) {
		expect((await send(open, `${open.issuer}${path}`, script)).status).toBe(200);
	}
});
