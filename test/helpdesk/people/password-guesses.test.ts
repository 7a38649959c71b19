import { expect, test } from "vitest";
import { KnownDevices } from "../../../src/helpdesk/people/known-devices.ts";
import { type GuessPlace, PasswordGuesses } from "../../../src/helpdesk/people/password-guesses.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

const ADA = "ada@example.com";
const OPERATOR = "operator@example.com";

/** Makes guesses against an account at each brand, and an operator. */
async function openGuesses(perNetwork = 1000) {
	const { accounts, clock } = await openCore();
	for (const brandId of ["acorn", "harbor"]) {
		await accounts.addFromTicket({ brandId, email: ADA, name: "Ada", locale: "en" });
	}
	const devices = new KnownDevices(clock, cryptoRandom, [cryptoRandom.bytes(32)]);
	const operators = {
		sessionEpochOf: async (email: string) => (email === OPERATOR ? 0 : undefined),
	};
	const guesses = new PasswordGuesses(perNetwork, clock, accounts, operators);
	const acorn: GuessPlace = { role: "portal", brandId: "acorn", devices };
	const guess = async ({
		place = acorn,
		email = ADA,
		clientAddress = "203.0.113.1",
		deviceCookie,
		times = 1,
	}: {
		place?: GuessPlace;
		email?: string;
		clientAddress?: string;
		deviceCookie?: string;
		times?: number;
	} = {}) => {
		const waits: number[] = [];
		for (let each = 0; each < times; each += 1) {
			waits.push(await guesses.secondsToWait(place, { email, clientAddress, deviceCookie }));
		}
		return waits;
	};
	return { clock, accounts, devices, acorn, guess };
}

const TEN = Array.from({ length: 10 }, () => 0);

test("ten guesses a minute at one account, however the address is written", async () => {
	const { guess, clock } = await openGuesses();

	expect(await guess({ times: 9 })).toEqual(TEN.slice(1));
	expect(await guess({ email: " ADA@Example.COM " })).toEqual([0]);
	clock.advance(20_000);
	expect(await guess({ email: "Ada@example.com" })).toEqual([40]);
	clock.advance(40_000);
	expect(await guess()).toEqual([0]);
});

test("guesses at one account do not count for another brand, for the administration or for another address", async () => {
	const { guess, acorn } = await openGuesses();
	await guess({ times: 11 });

	expect(await guess({ place: { ...acorn, brandId: "harbor" } })).toEqual([0]);
	expect(await guess({ place: { ...acorn, role: "admin" } })).toEqual([0]);
	expect(await guess({ email: "nobody@example.com" })).toEqual([0]);
});

test("an address without an account is counted as well", async () => {
	const { guess } = await openGuesses();

	expect(await guess({ email: "nobody@example.com", times: 11 })).toEqual([...TEN, 60]);
});

test("a known browser has its own ten guesses, while strangers guess at the same account", async () => {
	const { guess, devices } = await openGuesses();
	const deviceCookie = devices.cookieFor({ email: ADA, sessionEpoch: 0 });
	await guess({ times: 11 });

	expect(await guess({ deviceCookie, times: 11 })).toEqual([...TEN, 60]);

	const another = devices.cookieFor({ email: ADA, sessionEpoch: 0 });
	expect(await guess({ deviceCookie: another })).toEqual([0]);
});

test("a browser is known only for its own account, until all sessions of that account end", async () => {
	const { guess, devices, accounts } = await openGuesses();
	const { id = "" } = (await accounts.byEmail("acorn", ADA)) ?? {};
	const ofAda = devices.cookieFor({ email: ADA, sessionEpoch: 0 });
	const ofEve = devices.cookieFor({ email: "eve@example.com", sessionEpoch: 0 });
	await guess({ times: 11 });

	expect(await guess({ deviceCookie: ofEve })).toEqual([60]);
	expect(await guess({ deviceCookie: ofAda })).toEqual([0]);
	await accounts.setStatus(id, "suspended");
	expect(await guess({ deviceCookie: ofAda })).toEqual([60]);
});

test("an operator's known browser has its own guesses as well", async () => {
	const { guess, devices, acorn } = await openGuesses();
	const place: GuessPlace = { ...acorn, role: "admin" };
	const deviceCookie = devices.cookieFor({ email: OPERATOR, sessionEpoch: 0 });
	await guess({ place, email: OPERATOR, times: 11 });

	expect(await guess({ place, email: OPERATOR })).toEqual([60]);
	expect(await guess({ place, email: OPERATOR, deviceCookie })).toEqual([0]);
});

test("a network that has to wait cannot lock the owner out", async () => {
	const { guess } = await openGuesses(5);

	const waits = await guess({ clientAddress: "203.0.113.1", times: 20 });

	expect(waits.filter((wait) => wait > 0)).toHaveLength(15);
	expect(await guess({ clientAddress: "198.51.100.1" })).toEqual([0]);
});

test("all addresses of an IPv6 subscriber are one network", async () => {
	const { guess } = await openGuesses(1);

	expect(await guess({ clientAddress: "2001:db8::1" })).toEqual([0]);
	expect(await guess({ clientAddress: "2001:db8:0:0:1::1" })).toEqual([60]);
	expect(await guess({ clientAddress: "2001:db8:0:1::1" })).toEqual([0]);
});

test("a limit of 0 turns all limits off", async () => {
	const { guess } = await openGuesses(0);

	const waits = await guess({ clientAddress: "203.0.113.1", times: 30 });

	expect(new Set(waits)).toEqual(new Set([0]));
});
