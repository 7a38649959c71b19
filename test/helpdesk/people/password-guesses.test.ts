import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { KnownDevices } from "../../../src/helpdesk/people/known-devices.ts";
import { type GuessPlace, PasswordGuesses } from "../../../src/helpdesk/people/password-guesses.ts";
import { PasswordsBusyError } from "../../../src/helpdesk/people/scrypt-workers.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

const ADA = "ada@example.com";
const OPERATOR = "operator@example.com";

/** Makes guesses against an account at each brand, and an operator. */
async function openGuesses(perNetwork = 1000) {
	const { accounts, storage, clock } = await openCore();
	for (const brandId of ["acorn", "harbor"]) {
		await accounts.addFromTicket({ brandId, email: ADA, name: "Ada", locale: "en" });
	}
	const devices = new KnownDevices(clock, cryptoRandom, [cryptoRandom.bytes(32)]);
	const operators = {
		sessionEpochOf: async (email: string) => (email === OPERATOR ? 0 : undefined),
	};
	const counts = namespaced(storage, NAMESPACES.passwordGuesses);
	const guesses = new PasswordGuesses(perNetwork, counts, clock, accounts, operators);
	const acorn: GuessPlace = { role: "portal", brandId: "acorn", devices };
	/** Makes a guess. @returns the seconds to wait, or 0 when it was checked. */
	const guessOnce = async (
		{ place = acorn, email = ADA, clientAddress = "203.0.113.1", deviceCookie }: Guess = {},
		check: () => Promise<unknown> = async () => "checked",
	): Promise<number> => {
		const guess = { email, clientAddress, deviceCookie };
		const attempt = await guesses.attempt(place, guess, check);
		return "wait" in attempt ? attempt.wait : 0;
	};
	const guess = async ({ times = 1, ...each }: Guess & { times?: number } = {}) => {
		const waits: number[] = [];
		for (let index = 0; index < times; index += 1) {
			waits.push(await guessOnce(each));
		}
		return waits;
	};
	const kindsOfCounts = async () => {
		const { entries } = await storage.list(NAMESPACES.passwordGuesses);
		return entries.map(({ key }) => key[1]).sort();
	};
	return { clock, storage, accounts, devices, acorn, guess, guessOnce, kindsOfCounts };
}

interface Guess {
	readonly place?: GuessPlace;
	readonly email?: string;
	readonly clientAddress?: string;
	readonly deviceCookie?: string;
}

/** A check that lasts until the test ends it. */
function slowCheck() {
	let begun = 0;
	let end = (): void => undefined;
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	const check = (): Promise<void> => {
		begun += 1;
		return ended;
	};
	return { check, begun: () => begun, end };
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

test("all known browsers of one account have thirty guesses a minute together", async () => {
	const { guess, devices } = await openGuesses();
	const browsers = Array.from({ length: 4 }, () =>
		devices.cookieFor({ email: ADA, sessionEpoch: 0 }),
	);

	const waits: number[] = [];
	for (const deviceCookie of browsers) {
		waits.push(...(await guess({ deviceCookie, times: 10 })));
	}

	expect(waits.filter((wait) => wait === 0)).toHaveLength(30);
	expect(await guess()).toEqual([0]);
});

test("one network has one limit for the forms of all brands and the administration together", async () => {
	const { guess, acorn } = await openGuesses(3);

	expect(await guess({ email: "a@example.com" })).toEqual([0]);
	expect(await guess({ email: "b@example.com", place: { ...acorn, brandId: "harbor" } })).toEqual([
		0,
	]);
	expect(await guess({ email: OPERATOR, place: { ...acorn, role: "admin" } })).toEqual([0]);
	for (const place of [
		acorn,
		{ ...acorn, brandId: "harbor" },
		{ ...acorn, role: "admin" as const },
	]) {
		expect(await guess({ email: "c@example.com", place })).toEqual([60]);
	}
});

test("a neighbour who uses up the network's limit does not lock the owner out of a known browser in it", async () => {
	const { guess, devices } = await openGuesses(3);
	const deviceCookie = devices.cookieFor({ email: ADA, sessionEpoch: 0 });
	const ofEve = devices.cookieFor({ email: "eve@example.com", sessionEpoch: 0 });
	await guess({ email: "eve@example.com", times: 4 });

	expect(await guess({ deviceCookie: ofEve })).toEqual([60]);
	expect(await guess({ deviceCookie })).toEqual([0]);
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

test("counts are stored under the digest of a network, and expire within a minute", async () => {
	const { guess, storage, clock, devices, kindsOfCounts } = await openGuesses();
	await guess({ deviceCookie: devices.cookieFor({ email: ADA, sessionEpoch: 0 }) });
	await guess();

	const { entries } = await storage.list(NAMESPACES.passwordGuesses);
	expect(await kindsOfCounts()).toEqual(["account", "device", "devices-of-account", "network"]);
	expect(JSON.stringify(entries)).not.toMatch(/203\.0\.113|ada@/i);
	clock.advance(60_000);
	expect(await kindsOfCounts()).toEqual([]);
});

test("a flood from one subscriber fills its share of the queue, and leaves room for others", async () => {
	const { guessOnce, guess } = await openGuesses();
	const { check, begun, end } = slowCheck();
	const waits: number[] = [];
	const flood = Array.from({ length: 20 }, async (_, index) => {
		const guess = { email: `${index}@example.com`, clientAddress: `2001:db8:1:${index}::1` };
		waits.push(await guessOnce(guess, check));
	});
	await expect.poll(() => waits).toEqual(Array.from({ length: 17 }, () => 5));

	const elsewhere = guessOnce({ clientAddress: "2001:db8:2::1" });
	expect(await guess({ clientAddress: "2001:db8:1:ffff::1" })).toEqual([5]);
	end();
	expect(await elsewhere).toBe(0);
	await Promise.all(flood);
	expect(begun()).toBe(3);
	expect(await guess({ clientAddress: "2001:db8:1:ffff::1" })).toEqual([0]);
});

test("a flood from many networks keeps nobody out of a known browser, whose guess is checked next", async () => {
	const { guessOnce, guess, devices, kindsOfCounts } = await openGuesses();
	const { check, begun, end } = slowCheck();
	const flood = Array.from({ length: 40 }, (_, index) =>
		guessOnce({ email: `${index}@example.com`, clientAddress: `192.0.2.${index}` }, check),
	);
	await expect.poll(begun).toBe(2);

	expect(await guess()).toEqual([5]);
	const deviceCookie = devices.cookieFor({ email: ADA, sessionEpoch: 0 });
	let begunBefore = 0;
	const known = guessOnce({ deviceCookie }, async () => {
		begunBefore = begun();
	});
	await expect.poll(kindsOfCounts).toContain("devices-of-account");
	end();
	expect(await known).toBe(0);
	await Promise.all(flood);
	expect([begunBefore, begun()]).toEqual([2, 8]);
});

test("a guess that finds no room does not count at the account", async () => {
	const { guessOnce, guess } = await openGuesses();
	const { check, begun, end } = slowCheck();
	const flood = Array.from({ length: 8 }, (_, index) =>
		guessOnce({ email: `${index}@example.com`, clientAddress: `192.0.2.${index}` }, check),
	);
	await expect.poll(begun).toBe(2);
	expect(await guess({ times: 20 })).toEqual(Array.from({ length: 20 }, () => 5));
	end();
	await Promise.all(flood);

	expect(await guess({ times: 11 })).toEqual([...TEN, 60]);
});

test("a check that fails gives its place back", async () => {
	const { guessOnce, guess } = await openGuesses();
	const fail = () => Promise.reject(new Error("the storage is away"));
	for (let index = 0; index < 4; index += 1) {
		await expect(guessOnce({}, fail)).rejects.toThrow("the storage is away");
	}

	expect(await guess()).toEqual([0]);
});

test("a visitor waits when too many passwords are waiting to be hashed", async () => {
	const { guessOnce } = await openGuesses();

	expect(await guessOnce({}, () => Promise.reject(new PasswordsBusyError()))).toBe(5);
});
