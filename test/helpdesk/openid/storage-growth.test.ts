import { expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { arrive, errorIn, newUser, openProvider } from "../../kit/openid/open-provider.ts";

const RECORDS = ["openid", "records"];
const LIMIT = 5;
const REQUESTS = 300;

test("of hundreds of requests of one network that nobody finishes, no more are stored than it may start log-ins", async () => {
	const open = await openProvider({ helpdesk: { startLimit: LIMIT } });
	const { url } = await open.party.begin();
	const answers: (string | undefined)[] = [];
	for (let round = 0; round < REQUESTS; round += 1) {
		const answer = await new HttpVisitor().request(url);
		const location = answer.headers.get("location") ?? "";
		answers.push(location.startsWith("/connect/") ? "on" : (errorIn(location) ?? ""));
	}
	expect(answers.filter((each) => each === "on")).toHaveLength(LIMIT);
	expect(answers.filter((each) => each === "temporarily_unavailable")).toHaveLength(
		REQUESTS - LIMIT,
	);
	expect(await stored(open.storage, RECORDS)).toHaveLength(LIMIT);
});

test("requests without a cookie, with an invalid one, or to log out store nothing", async () => {
	const open = await openProvider({ helpdesk: { startLimit: LIMIT } });
	const none = (await open.party.begin({ prompt: "none" })).url;
	const paths = ["/session/end", "/session/end/confirm", "/auth/x", "/auth", "/me", "/jwks"];
	for (let round = 0; round < 20; round += 1) {
		for (const cookie of ["", `openid-acorn=${"c".repeat(21)}${round}`]) {
			for (const url of [none, ...paths.map((path) => `${open.issuer}${path}`)]) {
				await fetch(url, { headers: { cookie }, redirect: "manual" });
			}
		}
	}
	expect(await stored(open.storage, RECORDS)).toEqual([]);
});

test("a request may be as long as headers may be, and no longer", async () => {
	const open = await openProvider();
	const visitor = new HttpVisitor();
	const send = async (state: string) => visitor.request((await open.party.begin({ state })).url);
	expect((await send("s".repeat(10_000))).headers.get("location")).toMatch(/^\/connect\//);

	expect((await send("s".repeat(20_000))).status).toBe(431);

	const { pathname, searchParams } = new URL((await open.party.begin()).url);
	const form = { method: "POST", body: searchParams };
	expect((await visitor.request(`${open.portal}${pathname}`, form)).status).toBe(303);
	expect(await stored(open.storage, RECORDS)).toHaveLength(1);
});

test("a user who is logged in gets to the helpdesk as often as they like, and leaves nothing that lasts", async () => {
	const open = await openProvider({ helpdesk: { startLimit: LIMIT } });
	const visitor = await newUser(open);
	await arrive(visitor, open.party);
	for (let round = 0; round < 3 * LIMIT; round += 1) {
		const { url } = await visitor.open((await open.party.begin()).url);
		expect(url.startsWith(`${REDIRECT_URI}?code=`)).toBe(true);
	}
	for (const each of await stored(open.storage, RECORDS)) {
		const { key, value } = JSON.parse(each);
		const kind = key[3];
		if (kind === "AuthorizationCode") {
			expect(value.expiresAt - open.clock.now()).toBeLessThanOrEqual(60_000);
		}
	}
	const kinds = (await stored(open.storage, RECORDS)).map((each) => JSON.parse(each).key[3]);
	const lasting = kinds.filter((kind) => kind !== "AuthorizationCode").sort();
	expect(lasting).toEqual(["Grant", "Session", "of-portal", "of-user", "uid"].sort());
});
