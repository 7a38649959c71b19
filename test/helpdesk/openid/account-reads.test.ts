// An answer of the provider reads the account of its user once. What happens to the account meanwhile counts from then on.
import { expect, test } from "vitest";
import type { StorageCommit, StorageKey } from "../../../src/contract/storage.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { arrive, newUser, openProvider } from "../../kit/openid/open-provider.ts";

/** A storage that counts reads of accounts, and lets a test step in before a token is stored. */
class WatchedStorage extends MemoryStorage {
	accountReads = 0;
	beforeToken: () => Promise<unknown> = async () => {};

	override async get(key: StorageKey) {
		this.accountReads += key[0] === "accounts" && key[1] === "account" ? 1 : 0;
		return super.get(key);
	}

	override async commit(commit: StorageCommit) {
		if (commit.sets?.some(({ key }) => key.includes("AccessToken"))) {
			await this.beforeToken();
		}
		return super.commit(commit);
	}
}

async function openAtHelpdesk() {
	const storage = new WatchedStorage(systemClock);
	const open = await openProvider({ storage });
	const visitor = await newUser(open);
	const { begun, answer } = await arrive(visitor, open.party);
	return { ...open, storage, visitor, redeem: () => open.party.redeem(answer, begun) };
}

test("the token and userinfo read the account of the user once each", async () => {
	const { storage, party, visitor, redeem } = await openAtHelpdesk();

	storage.accountReads = 0;
	const { access_token: token } = await redeem();
	expect(storage.accountReads).toBe(1);
	await party.userInfo(token, visitor.userId);
	expect(storage.accountReads).toBe(2);
});

test("a user who is deleted while a token is made gets a token that is worth nothing", async () => {
	const { storage, party, visitor, redeem } = await openAtHelpdesk();

	storage.beforeToken = () =>
		storage.commit({ deletes: [["accounts", "account", visitor.userId]] });
	const { access_token: token } = await redeem();
	await expect(party.userInfo(token, visitor.userId)).rejects.toThrow();
});
