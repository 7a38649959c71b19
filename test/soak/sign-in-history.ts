import type { LoginEnded } from "../../src/contract/login-ended.ts";
import { AttemptNotes } from "../../src/helpdesk/sign-ins/attempt-notes.ts";
import { PeopleByDay } from "../../src/helpdesk/sign-ins/people-by-day.ts";
import { SignInLedger } from "../../src/helpdesk/sign-ins/sign-in-ledger.ts";
import { SignInSubjects } from "../../src/helpdesk/sign-ins/sign-in-subjects.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";

const DAYS = 60;
const DAY_MS = 24 * 60 * 60_000;
const ATTEMPTS = 20_000;
/** Fewer than the ledger's limit of waiting entries. */
const WRITTEN_AT_ONCE = 500;
const UNTRIMMED = { attempts: ATTEMPTS, strays: ATTEMPTS, trimmedAfter: Number.POSITIVE_INFINITY };

const CAME_IN: LoginEnded = {
	name: "login.ended",
	level: "info",
	message: "a log-in ended",
	brandId: "acorn",
	fields: {
		...{ outcome: "came-in", code: "signed-in", traceCode: "7F3K-9QWD", wanted: "log-in" },
		...{ durationMs: 21_000, awayMs: 20_000, calls: 2, waitedMs: 400, problem: null },
	},
};

/** Fills the sign-in ledger to its limit, so that it is trimmed from the first minute on. */
export async function storeSignInHistory(url: string): Promise<void> {
	const clock = new MockClock(Date.now() - DAYS * DAY_MS);
	const whole = await openStorageAt(url, clock);
	const storage = namespaced(whole, ["sign-ins", "x-login"]);
	const report = (what: string, error: unknown): never => {
		throw new Error(what, { cause: error });
	};
	const ledger = new SignInLedger(
		storage,
		new SignInSubjects(storage, clock, []),
		new PeopleByDay(storage, clock, report),
		new AttemptNotes(storage, clock, report),
		clock,
		report,
		UNTRIMMED,
	);
	for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
		clock.advance((DAYS * DAY_MS) / ATTEMPTS - 1);
		ledger.record(CAME_IN);
		if (attempt % WRITTEN_AT_ONCE === 0) {
			await ledger.settled();
		}
	}
	await whole.close();
}
