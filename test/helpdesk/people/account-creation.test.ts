import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";

const KIM = {
	brandId: "acorn",
	name: "Kim",
	email: "kim@example.com",
	emailProof: "asserted",
	locale: "en",
} as const;

function accountsIn(storage: HostStorage): Accounts {
	return new Accounts(
		storage,
		new Registration(namespaced(new MemoryStorage(new MockClock()), ["registration"])),
		async () => false,
		() => {},
		CHEAP_HASHER,
		new MockClock(),
	);
}

/** The same storage, whose first look for an address waits for something else. */
function waitingForAddress(storage: HostStorage, first: () => Promise<unknown>): HostStorage {
	let hasWaited = false;
	return {
		get: async (key) => {
			if (key[0] === "email" && !hasWaited) {
				hasWaited = true;
				await first();
			}
			return storage.get(key);
		},
		take: (key) => storage.take(key),
		list: (prefix, options) => storage.list(prefix, options),
		commit: (commit) => storage.commit(commit),
	};
}

test("a call gives the user that a simultaneous one with the same key made in between", async () => {
	const storage = new MemoryStorage(new MockClock());
	const other = accountsIn(storage);
	const slow = accountsIn(waitingForAddress(storage, () => other.create("a key", KIM)));

	const made = await slow.create("a key", KIM);

	expect(made).toMatchObject({ kind: "created" });
	expect(made).toEqual(await other.create("a key", KIM));
	expect((await other.page()).accounts).toHaveLength(1);
});

test("a call is refused when one with another key took the address in between", async () => {
	const storage = new MemoryStorage(new MockClock());
	const other = accountsIn(storage);
	const slow = accountsIn(waitingForAddress(storage, () => other.create("another key", KIM)));

	expect(await slow.create("a key", KIM)).toEqual({ kind: "refused" });
});

test("an address is refused at once while an old account with a look-alike has its key", async () => {
	const storage = new MemoryStorage(new MockClock());
	const lookAlike = "\u212aim@example.com";
	// A version before the canonical form made the key of the lower case, in which the Kelvin sign is a k.
	const hash = createHash("sha256").update(lookAlike.toLowerCase()).digest("base64url");
	expect(hash).toBe(addressKey(KIM.email));
	const about = { ...KIM, email: lookAlike, password: null, phone: null };
	const state = { confirmed: true, unclaimed: false, status: "active", sessionEpoch: 0 };
	await storage.commit({
		sets: [
			{ key: ["account", "old"], value: { ...about, ...state, createdFor: null } },
			{ key: ["email", "acorn", hash], value: "old" },
		],
	});

	expect(await accountsIn(storage).create("a key", KIM)).toEqual({ kind: "refused" });
});
