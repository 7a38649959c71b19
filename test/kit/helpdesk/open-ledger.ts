import type { LoginEnded, LoginEndedFields } from "../../../src/contract/login-ended.ts";
import { secret } from "../../../src/contract/secret.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { AttemptNotes } from "../../../src/helpdesk/sign-ins/attempt-notes.ts";
import { PeopleByDay } from "../../../src/helpdesk/sign-ins/people-by-day.ts";
import { SignInLedger } from "../../../src/helpdesk/sign-ins/sign-in-ledger.ts";
import type { LedgerLimits } from "../../../src/helpdesk/sign-ins/sign-in-shelves.ts";
import { SignInSubjects } from "../../../src/helpdesk/sign-ins/sign-in-subjects.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "../storage/all-entries.ts";

export const DAY = 24 * 60 * 60_000;
export const X_ID = "x:2244994945";
export const KEY = new Uint8Array(32).fill(1);
export const NEW_KEY = new Uint8Array(32).fill(2);

export function end(
	fields: Partial<LoginEndedFields> = {},
	about: { readonly subject?: string; readonly userId?: string } = {},
): LoginEnded {
	return {
		name: "login.ended",
		level: "info",
		message: "a log-in ended",
		brandId: "acorn",
		...(about.subject !== undefined && { subject: secret(about.subject) }),
		...(about.userId !== undefined && { userId: about.userId }),
		fields: {
			outcome: "came-in",
			code: "signed-in",
			traceCode: "7F3K-9QWD",
			wanted: "log-in",
			durationMs: 21_000,
			awayMs: 20_000,
			calls: 2,
			waitedMs: 400,
			problem: null,
			...fields,
		},
	};
}

export function openLedger({
	clock = new MockClock(),
	storage = new MemoryStorage(clock),
	keys = [KEY],
	limits,
}: {
	readonly clock?: MockClock;
	readonly storage?: HostStorage;
	readonly keys?: readonly Uint8Array[];
	readonly limits?: LedgerLimits;
} = {}) {
	const problems: [what: string, error: unknown][] = [];
	const subjects = new SignInSubjects(storage, clock, keys);
	const report = (what: string, error: unknown) => problems.push([what, error]);
	const people = new PeopleByDay(storage, clock, report);
	const attempts = new AttemptNotes(storage, clock, report);
	const ledger = new SignInLedger(storage, subjects, people, attempts, clock, report, limits);
	return { ledger, people, attempts, clock, storage, problems };
}

export async function recordOneByOne(ledger: SignInLedger, times: number): Promise<void> {
	for (let each = 0; each < times; each += 1) {
		ledger.record(end());
		await ledger.settled();
	}
}

export const ofAda = { subject: X_ID, userId: "ada" };

export async function stored(storage: HostStorage): Promise<string> {
	return JSON.stringify(await allEntries(storage));
}
