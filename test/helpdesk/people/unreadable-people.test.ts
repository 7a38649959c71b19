import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { StorageKey, StorageValue } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES, sessionsOf } from "../../../src/helpdesk/namespaces.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { PasswordResets } from "../../../src/helpdesk/people/password-resets.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { PORTAL_LIFETIMES, Sessions } from "../../../src/helpdesk/people/sessions.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { UnreadableValueError } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";

const EMAIL = "ada@example.com";
const TOKEN = "t".repeat(43);
const ADA = { brandId: "acorn", name: "Ada", email: EMAIL, locale: "en" };

const ACCOUNT = {
	...ADA,
	password: null,
	phone: null,
	confirmed: true,
	unclaimed: false,
	status: "active",
	sessionEpoch: 3,
	createdFor: null,
};
const ACCOUNT_KEY = [...NAMESPACES.accounts, "account", "ada"];
const OWNER_KEY = [...NAMESPACES.accounts, "email", "acorn", addressKey(EMAIL)];
const CREATED_KEY = [...NAMESPACES.accounts, "created", hashOf("a key")];
const OPERATOR_KEY = [...NAMESPACES.operators, addressKey(EMAIL)];
const RESET_KEY = [...NAMESPACES.passwordResets, "reset", hashOf(TOKEN)];
const LETTERS_KEY = [...NAMESPACES.passwordResets, "letters", "asked", "ada"];
const SESSION_KEY = [...sessionsOf("portal", "acorn"), hashOf(TOKEN)];

function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}

function openPeople() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const reports: string[] = [];
	const registration = new Registration(namespaced(storage, NAMESPACES.registration));
	return {
		storage,
		reports,
		registration,
		accounts: new Accounts(
			namespaced(storage, NAMESPACES.accounts),
			registration,
			async () => false,
			(what, error) => reports.push(`${what}: ${error}`),
			CHEAP_HASHER,
			clock,
		),
		operators: new Operators(namespaced(storage, NAMESPACES.operators), cryptoRandom, CHEAP_HASHER),
		resets: new PasswordResets(namespaced(storage, NAMESPACES.passwordResets), clock, cryptoRandom),
		sessions: new Sessions(
			namespaced(storage, sessionsOf("portal", "acorn")),
			clock,
			cryptoRandom,
			[],
			PORTAL_LIFETIMES,
		),
	};
}

type People = ReturnType<typeof openPeople>;

async function plant({ storage }: People, key: StorageKey, value: StorageValue): Promise<string> {
	await storage.commit({ sets: [{ key, value }] });
	return stored(storage, key);
}

/** A stored value with its version. A value that is written again has another version. */
async function stored(storage: MemoryStorage, key: StorageKey): Promise<string> {
	return JSON.stringify(await storage.get(key));
}

const REFUSED: readonly [
	act: string,
	kind: string,
	key: StorageKey,
	broken: StorageValue,
	(people: People) => Promise<unknown>,
][] = [
	[
		"finding an account",
		"accounts/account",
		ACCOUNT_KEY,
		{ ...ACCOUNT, status: "asleep" },
		({ accounts }) => accounts.find("ada"),
	],
	[
		"confirming an account",
		"accounts/account",
		ACCOUNT_KEY,
		{ ...ACCOUNT, confirmed: "yes" },
		({ accounts }) => accounts.confirm("ada"),
	],
	[
		"setting the password of an account",
		"accounts/account",
		ACCOUNT_KEY,
		{ ...ACCOUNT, sessionEpoch: "3" },
		({ accounts }) => accounts.setPassword("ada", "correct horse"),
	],
	[
		"suspending an account",
		"accounts/account",
		ACCOUNT_KEY,
		{ ...ACCOUNT, locale: null },
		({ accounts }) => accounts.setStatus("ada", "suspended"),
	],
	[
		"deleting an account",
		"accounts/account",
		ACCOUNT_KEY,
		["ada"],
		({ accounts }) => accounts.delete("ada"),
	],
	[
		"signing up with an address whose owner cannot be read",
		"accounts/email",
		OWNER_KEY,
		{ id: "ada" },
		({ accounts }) => accounts.register(ADA, "correct horse"),
	],
	[
		"creating an account for a plugin's key",
		"accounts/created",
		CREATED_KEY,
		null,
		({ accounts }) => accounts.create("a key", { ...ADA, emailProof: "code" }),
	],
	[
		"checking an operator's password",
		"operators",
		OPERATOR_KEY,
		{ password: null, sessionEpoch: 1 },
		({ operators }) => operators.isPassword(EMAIL, "correct horse"),
	],
	[
		"changing an operator's password",
		"operators",
		OPERATOR_KEY,
		{ password: "scrypt", sessionEpoch: "1" },
		({ operators }) => operators.changePassword(EMAIL, "correct horse", 0),
	],
	[
		"reading who may sign up",
		"registration",
		[...NAMESPACES.registration, "acorn"],
		{ registration: "ajar", phoneRequired: false },
		({ registration }) => registration.of("acorn"),
	],
	[
		"setting who may sign up",
		"registration",
		[...NAMESPACES.registration, "acorn"],
		"closed",
		({ registration }) => registration.set("acorn", { registration: "open", phoneRequired: false }),
	],
	[
		"using a link to set a password",
		"password-resets/reset",
		RESET_KEY,
		{ userId: "ada" },
		({ resets }) => resets.find(TOKEN),
	],
	[
		"finding a session",
		"sessions",
		SESSION_KEY,
		{ subjectId: 1, provenAt: 0, epoch: 0 },
		({ sessions }) => sessions.find(TOKEN),
	],
];

test.each(REFUSED)(
	"%s refuses a broken value of %s and keeps it",
	async (_, kind, key, broken, act) => {
		const people = openPeople();
		const planted = await plant(people, key, broken);

		await expect(act(people)).rejects.toThrow(new UnreadableValueError(kind));

		expect(await stored(people.storage, key)).toBe(planted);
	},
);

test("counting letters with links to set a password refuses a broken count and keeps it", async () => {
	const people = openPeople();
	const planted = await plant(people, LETTERS_KEY, { count: "many", until: 0 });

	await expect(people.resets.start("ada", 0, 1000)).rejects.toThrow("a stored count");

	expect(await stored(people.storage, LETTERS_KEY)).toBe(planted);
});

test("a broken account does not hide the others", async () => {
	const people = openPeople();
	const planted = await plant(people, ACCOUNT_KEY, { ...ACCOUNT, email: 1 });
	await plant(people, [...ACCOUNT_KEY.slice(0, -1), "bob"], { ...ACCOUNT, name: "Bob" });

	expect((await people.accounts.page()).accounts.map(({ name }) => name)).toEqual(["Bob"]);

	expect(people.reports).toEqual([expect.stringContaining("a value under accounts/account")]);
	expect(await stored(people.storage, ACCOUNT_KEY)).toBe(planted);
});

test("an operator whose record is broken is still an operator, and no second one is made", async () => {
	const people = openPeople();
	await people.operators.makeFirst();
	const [operator] = (await people.storage.list(NAMESPACES.operators)).entries;
	const key = operator?.key ?? [];
	const planted = await plant(people, key, 1);

	expect(await people.operators.has("operator@helpdesk.example")).toBe(true);
	expect(await people.operators.makeFirst()).toBeNull();
	expect(await stored(people.storage, key)).toBe(planted);
});

test("records from before a field was added read with its default", async () => {
	const people = openPeople();
	const { phone: _, sessionEpoch: __, createdFor: ___, ...oldAccount } = ACCOUNT;
	await plant(people, ACCOUNT_KEY, oldAccount);
	await plant(people, OPERATOR_KEY, { password: "scrypt" });
	await plant(people, SESSION_KEY, { subjectId: "ada", provenAt: 5 });

	expect(await people.accounts.find("ada")).toMatchObject({ name: "Ada", sessionEpoch: 0 });
	expect(await people.operators.sessionEpochOf(EMAIL)).toBe(0);
	expect(await people.sessions.find(TOKEN)).toMatchObject({
		subjectId: "ada",
		provenAt: 5,
		epoch: 0,
	});
	await people.accounts.delete("ada");
	expect(await people.storage.get(ACCOUNT_KEY)).toBeUndefined();
});

test("a change keeps the fields of a record that a later version added", async () => {
	const people = openPeople();
	await plant(people, ACCOUNT_KEY, { ...ACCOUNT, nickname: "Countess" });

	await plant(people, OPERATOR_KEY, { password: "scrypt", nickname: "Countess" });

	await people.accounts.completeProfile("ada", "+44 20 7946 0000");
	await people.operators.changePassword(EMAIL, "correct horse", 0);

	const account = await people.storage.get(ACCOUNT_KEY);
	expect(account?.value).toMatchObject({ nickname: "Countess", phone: "+44 20 7946 0000" });
	const operator = await people.storage.get(OPERATOR_KEY);
	expect(operator?.value).toMatchObject({ nickname: "Countess", sessionEpoch: 1 });
});
