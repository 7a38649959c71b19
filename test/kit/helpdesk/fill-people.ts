import { createHash } from "node:crypto";
import type { HostStorage, StorageCommit } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import { NAMESPACES, signInsOf } from "../../../src/helpdesk/namespaces.ts";
import { countDueKey, indexPart } from "../../../src/helpdesk/people/account-index.ts";
import { countNames } from "../../../src/helpdesk/people/count-names.ts";
import { indexStateSet } from "../../../src/helpdesk/people/index-state.ts";
import { countedKey, totalKey } from "../../../src/helpdesk/people/people-counts.ts";
import type { StoredAccount } from "../../../src/helpdesk/people/stored-account.ts";
import type { SignInEntry } from "../../../src/helpdesk/sign-ins/sign-in-entry.ts";
import { lookSet } from "../../../src/helpdesk/sign-ins/sign-in-index.ts";
import { entrySets } from "../../../src/helpdesk/sign-ins/sign-in-keys.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { SortedSets } from "./sorted-sets.ts";

type Sets = NonNullable<StorageCommit["sets"]>;

export interface FilledPerson {
	readonly userId: string;
	/** Null: nothing is linked. */
	readonly atX: FakeXAccount | null;
	readonly stored: StoredAccount;
}

export interface Filling {
	readonly people: number;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** The sign-ins in the ledger. Its limit is 20,000. */
	readonly signIns?: number;
	/** Whether they are stored as version 0.3.0 did, without an index and counts. */
	readonly isOldShape?: boolean;
}

const LETTERS_A_COMMIT = 100;
const SIGN_INS_A_COMMIT = 500;
const DAY_MS = 24 * 60 * 60_000;
/** How long the sign-in ledger keeps its entries, and how long sessions last. */
const KEPT_DAYS = 90;
const SESSION_DAYS = 14;
const YEAR_DAYS = 365;
const X = "x-login";
/** The trace code that one sign-in has. */
export const RARE_TRACE_CODE = "2RAR-ECD0";

/** Names that many people have. A search for one of them is one for a common word. */
export const COMMON_NAMES = ["Anna", "Ben", "Chloé", "Dmitri", "Elif", "Føroyar", "Grace", "Hiro"];

/**
 * Stores people as the helpdesk does who came by X, half of them at each of two brands. Every tenth has a password and
 * nothing linked, every tenth has both, and every fiftieth is suspended. Every third came within the last 90 days, and
 * every fifth has a session.
 */
export async function fillPeople(
	storage: HostStorage,
	{ people, now, signIns = 0, isOldShape = false }: Filling,
): Promise<void> {
	const totals = new Map<string, Map<string, number>>();
	const sorted = new SortedSets();
	for (let index = 0; index < people; index += 1) {
		const person = personOf(index, now);
		sorted.add(setsOf(person, index, now));
		sorted.add(isOldShape ? [accountSet(person)] : indexedSets(person, totals));
	}
	await sorted.write(storage);
	if (!isOldShape) {
		await storage.commit({ sets: inAccounts([indexStateSet("ready"), ...totalSets(totals)]) });
	}
	await fillLedger(storage, signIns, now, isOldShape);
	if (!isOldShape) {
		const { key, ...ready } = lookSet(now);
		await storage.commit({ sets: [{ ...ready, key: [...signInsOf(X), ...key] }] });
	}
}

/** Stores letters of the helpdesk to the first people, as many as there are letters. */
export async function fillLetters(
	storage: HostStorage,
	outbox: Pick<Outbox, "letterSets">,
	letters: number,
): Promise<void> {
	const room = { forServer: false };
	for (let first = 0; first < letters; first += LETTERS_A_COMMIT) {
		const sets: Sets[number][] = [];
		for (let index = first; index < Math.min(letters, first + LETTERS_A_COMMIT); index += 1) {
			const { brandId, email } = personOf(index, 0).stored;
			const text = `Letter ${index}.\n${"A letter has some text. ".repeat(20)}`;
			sets.push(...outbox.letterSets({ brandId, to: email, subject: "Hello", text }, null, room));
		}
		await storage.commit({ sets });
	}
}

/** The person of a number. The same in each call; only the time depends on `now`. */
export function personOf(index: number, now: number): FilledPerson {
	const isLinked = index % 10 !== 9;
	const hasPassword = !isLinked || index % 10 === 8;
	const { name, email } = accountAtX(index);
	return {
		userId: uuidOf(`user ${index}`),
		atX: isLinked ? accountAtX(index) : null,
		stored: {
			...{ brandId: index % 2 === 0 ? "acorn" : "harbor", name, email, locale: "en", phone: null },
			password: hasPassword ? "no password has this hash" : null,
			...{ confirmed: false, unclaimed: false },
			status: index % 50 === 7 ? "suspended" : "active",
			...{ sessionEpoch: 0, createdFor: isLinked ? hash(`created ${index}`) : null },
			links: isLinked
				? [{ addOn: X, id: `x:${accountAtX(index).id}`, label: accountAtX(index).screenName }]
				: [],
			createdAt: now - Math.floor(spread(index) * YEAR_DAYS * DAY_MS),
		},
	};
}

/**
 * People who can log in by X at the brand acorn, evenly spread over all.
 *
 * @returns their accounts at X, fewer where there are not so many.
 */
export function peopleWithX(people: number, wanted: number): FakeXAccount[] {
	// Those with an even number.
	const among = Math.floor(people / 2);
	const length = Math.min(wanted, among);
	return Array.from({ length }, (_, index) => accountAtX(2 * Math.floor((index * among) / length)));
}

/** A different account for each number. Ids are spread, as X's are. */
export function accountAtX(index: number): FakeXAccount & { readonly email: string } {
	// An odd factor reaches every number below a power of two once.
	const id = (BigInt(index + 1) * 0x9e3779b97f4a7c15n) & 0xfffffffffffffffn;
	const name = `${COMMON_NAMES[index % COMMON_NAMES.length]} Person${index}`;
	return {
		...{ id: String(id), name },
		...{ screenName: `handle${index}`, email: `p${index}@people.example` },
	};
}

/** The account with its index, and what is counted of it. */
function indexedSets(
	{ userId, stored }: FilledPerson,
	totals: Map<string, Map<string, number>>,
): Sets {
	const { brandId } = stored;
	const names = countNames(userId, stored);
	const total = totals.get(brandId) ?? new Map<string, number>();
	totals.set(brandId, total);
	for (const name of names) {
		total.set(name, (total.get(name) ?? 0) + 1);
	}
	const { value, sets } = indexPart(userId, undefined, stored);
	const [due] = countDueKey();
	return inAccounts([
		{ key: ["account", userId], value: value ?? stored },
		...sets.filter(({ key }) => key[0] !== due),
		{ key: countedKey(userId), value: { brandId, names } },
	]);
}

function accountSet({ userId, stored }: FilledPerson): Sets[number] {
	const { createdAt: _createdAt, links: _links, ...old } = stored;
	return { key: ["accounts", "account", userId], value: old };
}

function totalSets(totals: ReadonlyMap<string, ReadonlyMap<string, number>>): Sets {
	return [...totals].map(([brandId, counts]) => ({
		key: totalKey(brandId),
		value: { counts: Object.fromEntries(counts) },
	}));
}

function inAccounts(sets: Sets): Sets {
	return sets.map((set) => ({ ...set, key: [...NAMESPACES.accounts, ...set.key] }));
}

/** What is stored of a person beside the account itself. */
function setsOf({ userId, atX, stored }: FilledPerson, index: number, now: number): Sets {
	const { brandId, email, createdFor } = stored;
	return [
		{ key: ["accounts", "email", brandId, addressKey(email)], value: userId },
		...(createdFor === null ? [] : [{ key: ["accounts", "created", createdFor], value: userId }]),
		...(atX === null ? [] : linkSets(userId, brandId, atX, now)),
		...(atX !== null && index % 3 === 0
			? [
					{
						key: ["sign-ins", X, "of-user", userId, hash(atX.id)],
						value: null,
						expiresAt: now + 1 + Math.floor(spread(index) * KEPT_DAYS * DAY_MS),
					},
				]
			: []),
		...(index % 5 === 0
			? [
					{
						key: ["sessions", "portal", brandId, hash(`session ${index}`)],
						value: { subjectId: userId, provenAt: now, epoch: 0 },
						expiresAt: now + 1 + Math.floor(spread(index) * SESSION_DAYS * DAY_MS),
					},
				]
			: []),
	];
}

function linkSets(userId: string, brandId: string, { id, screenName }: FakeXAccount, now: number) {
	const plugin = ["plugin-data", X];
	const about = { handle: screenName, linkedAt: now - DAY_MS };
	return [
		{
			key: [...plugin, "link", brandId, `x:${id}`],
			value: { userId, ...about, creationKey: null },
		},
		{ key: [...plugin, "links-of-user", userId, `x:${id}`], value: { brandId, ...about } },
	];
}

async function fillLedger(
	storage: HostStorage,
	signIns: number,
	now: number,
	isOldShape: boolean,
): Promise<void> {
	for (let first = 0; first < signIns; first += SIGN_INS_A_COMMIT) {
		const sets: Sets[number][] = [];
		for (let index = first; index < Math.min(signIns, first + SIGN_INS_A_COMMIT); index += 1) {
			const at = now - Math.floor(spread(index) * (KEPT_DAYS - 1) * DAY_MS);
			const all = signInSets(index, at, index === signIns - 1);
			sets.push(...(isOldShape ? all.slice(0, 1).map(withoutIndex) : all));
		}
		await storage.commit({ sets });
	}
}

/** The entry of a sign-in, with what leads to it. All have the same trace code, but for the last one. */
function signInSets(index: number, at: number, isLast: boolean): Sets {
	const day = new Date(at).toISOString().slice(0, 10);
	const time = `${String(at).padStart(16, "0")}-${uuidOf(`sign-in ${index}`)}`;
	const entry: SignInEntry = {
		...{ at, brandId: "acorn", outcome: "came-in", code: "signed-in" },
		...{ traceCode: isLast ? RARE_TRACE_CODE : "7F3K-9QWD", wanted: "log-in", durationMs: 900 },
		...{ awayMs: 5000, calls: 2, waitedMs: 300, problem: null, protocol: "oauth1" },
		...{ who: hash(String(index)), isIndexed: true },
	};
	return entrySets(entry, ["entry", "attempts", day, time]).map((set) => ({
		...set,
		key: [...signInsOf(X), ...set.key],
	}));
}

/** An entry as earlier versions wrote it. */
function withoutIndex({ value, ...set }: Sets[number]): Sets[number] {
	const { isIndexed: _isIndexed, ...old } = fieldsOf(value);
	return { ...set, value: old };
}

/** A number from 0 to 1 that looks random, the same for the same index. */
function spread(index: number): number {
	return createHash("sha256").update(`spread ${index}`).digest().readUInt32BE() / 2 ** 32;
}

function uuidOf(text: string): string {
	const hex = createHash("sha256").update(text).digest("hex");
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20, 32),
	].join("-");
}

function hash(value: string): string {
	return createHash("sha256").update(value).digest("base64url");
}
