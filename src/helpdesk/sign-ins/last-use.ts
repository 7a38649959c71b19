import type { HostStorage } from "../../contract/storage.ts";
import { isTime } from "../../storage/stored-value.ts";

/** The most accounts at the provider that are looked at for one user. */
const MOST_LOOKED_AT = 200;

/**
 * When a user last logged in, as far as the ledger of an add-on keeps that.
 *
 * @param ledger its storage.
 * @returns milliseconds since the epoch; `unknown` where an earlier version has not noted the time; undefined when nobody
 * logged in for as long as the ledger keeps log-ins.
 */
export async function lastUseIn(
	ledger: HostStorage,
	userId: string,
): Promise<number | "unknown" | undefined> {
	const { entries } = await ledger.list(["of-user", userId], { limit: MOST_LOOKED_AT });
	const times = entries.map(({ value }) => value).filter(isTime);
	if (entries.length === 0) {
		return undefined;
	}
	return times.length < entries.length ? "unknown" : Math.max(...times);
}

/** Whether an add-on says how log-ins end. One that does not gives no evidence that nobody logs in. */
export async function saysHowLogInsEnd(ledger: HostStorage): Promise<boolean> {
	return (await ledger.list(["entry", "attempts"], { limit: 1 })).entries.length > 0;
}
