// A thief is in an operator's session, and a request of theirs is under way when the operator is reset or logged out.
import { expect, test } from "vitest";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import type { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../kit/helpdesk/open-sites.ts";
import { setUpSecondFactor } from "../../../kit/helpdesk/second-factor.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const ADA = "ada@helpdesk.example";
const PASSWORD = "a long password of hers";
const PROFILE = "/admin/profile";
const CHANGED = { current: PASSWORD, new: "a password of the thief" };

async function openHouse() {
	const clock = new MockClock();
	const storage = new PausingStorage(new MemoryStorage(clock));
	const sites = openSites(await helpdeskOptions({ clock, storage }));
	const { core, url } = sites;
	await core.operators.makeFirst();
	await core.operators.add(ADA, "owner", PASSWORD);
	const thief = sites.visitor();
	await thief.open(`${url}/admin/login`);
	await thief.submit("/admin/login", { email: ADA, password: PASSWORD });
	const { key } = await setUpSecondFactor(thief, url, clock);
	clock.advance(60_000);
	await thief.open(`${url}${PROFILE}`);
	return { core, url, clock, storage, thief, key };
}

type House = Awaited<ReturnType<typeof openHouse>>;

/** What the thief sends. */
const REQUESTS: Readonly<Record<string, (house: House) => Promise<unknown>>> = {
	"a new password": ({ thief }) => thief.submit(PROFILE, CHANGED),
	"a log-out elsewhere": ({ thief, url }) => {
		const csrf = /name="_csrf" value="([^"]+)"/.exec(thief.seen.html)?.[1] ?? "";
		return thief.post(`${url}/admin/profile/sessions/end-others`, [
			["_csrf", csrf],
			["confirmed", "yes"],
		]);
	},
	"a second factor that is turned off": ({ thief }) =>
		thief.submit("/admin/profile/second-factor/off", { confirmed: "yes" }),
	"new recovery codes": ({ thief }) =>
		thief.submit("/admin/profile/second-factor/recovery-codes", { confirmed: "yes" }),
};

/** What puts the thief out. */
const ENDS: Readonly<Record<string, (house: House) => Promise<unknown>>> = {
	"is reset": ({ core }) => core.operators.reset(ADA),
	"is logged out": ({ core }) => core.operators.endSessions(ADA),
};

async function isIn(thief: HttpVisitor, url: string): Promise<boolean> {
	return (await thief.open(`${url}/admin/profile`)).url === `${url}/admin/profile`;
}

/** @returns whether the request uses what is stored of operators so often. */
async function crossAt(
	turn: number,
	send: (house: House) => Promise<unknown>,
	end: (house: House) => Promise<unknown>,
): Promise<boolean> {
	const house = await openHouse();
	const { core, url, storage, thief } = house;
	let turns = 0;
	const stop = storage.stopAt("before", ({ keys }) => {
		turns += keys.some(([first]) => first === "operators") ? 1 : 0;
		return turns === turn;
	});
	const underWay = send(house);
	const waits = await Promise.race([stop.reached.then(() => true), underWay.then(() => false)]);
	if (waits) {
		await end(house);
		const before = [await core.operators.stateOf(ADA), await core.secondFactors.of(ADA)];
		stop.goOn();
		await underWay;
		const after = [await core.operators.stateOf(ADA), await core.secondFactors.of(ADA)];
		expect([turn, after]).toEqual([turn, before]);
		expect([turn, await isIn(thief, url)]).toEqual([turn, false]);
	}
	return waits;
}

test.each(
	Object.keys(REQUESTS).flatMap((request) => Object.keys(ENDS).map((end) => [request, end])),
)(
	"%s that is under way changes nothing, and keeps nobody in, where the operator %s meanwhile",
	async (request = "", end = "") => {
		const [send, act] = [REQUESTS[request], ENDS[end]];
		let turn = 1;
		while (send && act && (await crossAt(turn, send, act))) {
			turn += 1;
		}
		expect(turn).toBeGreaterThan(2);
	},
);
