import type { LoginEndedFields } from "../../../src/contract/login-ended.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "../storage/all-entries.ts";
import { end, type openLedger } from "./open-ledger.ts";

export const HOUR = 60 * 60_000;
export const OAUTH1 = { protocol: "oauth1" };
export const OAUTH2 = { protocol: "oauth2" };

export type Open = ReturnType<typeof openLedger>;

/** Moves the clock to a time, which is not before the last. */
export function goTo(clock: MockClock, time: string): void {
	clock.advance(Date.parse(time) - clock.now());
}

/** A log-in in which the provider named an account, which need not have a user. */
export async function logIn(
	{ ledger }: Open,
	account: string,
	fields: Partial<LoginEndedFields> = OAUTH2,
	brandId = "acorn",
): Promise<void> {
	const about = { subject: `x:${account}`, userId: `user-${account}` };
	ledger.record({ ...end(fields, about), brandId });
	await ledger.settled();
}

/** The people of the month of a time, by brand and protocol, and the attempts that named nobody. */
export async function monthOf(
	{ people }: Open,
	time: string,
): Promise<Readonly<Record<string, number>>> {
	const sums: Record<string, number> = {};
	for (const each of (await people.ofMonth(Date.parse(time))).counts) {
		const name = `${each.brandId} ${each.protocol}`;
		if (each.people > 0) {
			sums[name] = (sums[name] ?? 0) + each.people;
		}
		if (each.unnamed > 0) {
			sums[`${name} unnamed`] = (sums[`${name} unnamed`] ?? 0) + each.unnamed;
		}
	}
	return sums;
}

export async function keysOf(storage: HostStorage, kind: string): Promise<number> {
	return (await allEntries(storage, [kind])).length;
}
