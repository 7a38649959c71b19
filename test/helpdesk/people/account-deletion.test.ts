import { expect, test } from "vitest";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";

test("a deleted account leaves nothing but notes that its sessions have ended and that it no longer counts, and its key makes a new account", async () => {
	const storage = new MemoryStorage(new MockClock());
	const registration = new Registration(namespaced(storage, ["registration"]));
	const accounts = new Accounts(
		namespaced(storage, ["accounts"]),
		registration,
		async () => false,
		() => {},
		CHEAP_HASHER,
		new MockClock(),
	);
	const ada = {
		brandId: "acorn",
		name: "Ada",
		email: "ada@example.com",
		emailProof: "asserted",
		locale: "en",
	} as const;
	const first = await accounts.create("a key", ada);
	expect(await accounts.create("a key", ada)).toEqual(first);

	await accounts.delete(first.kind === "created" ? first.user.id : "");

	const { entries } = await storage.list([]);
	expect(entries.map(({ key }) => key.slice(0, 2))).toEqual([
		["accounts", "count-due"],
		["accounts", "ended"],
	]);
	const second = await accounts.create("a key", ada);
	expect(second).toMatchObject({ kind: "created" });
	expect(second).not.toEqual(first);
});
