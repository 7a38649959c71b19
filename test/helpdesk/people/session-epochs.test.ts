import { expect, test } from "vitest";
import type { HostStorage, StorageCommit } from "../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { PORTAL_LIFETIMES, Sessions } from "../../../src/helpdesk/people/sessions.ts";
import type { Account } from "../../../src/helpdesk/people/stored-account.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";

const OPERATOR = "operator@helpdesk.example";

function openPeople() {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const commits: StorageCommit[] = [];
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: (commit) => {
			commits.push(commit);
			return inner.commit(commit);
		},
	};
	const accounts = new Accounts(
		namespaced(storage, NAMESPACES.accounts),
		new Registration(namespaced(storage, NAMESPACES.registration)),
		async () => false,
		() => undefined,
		CHEAP_HASHER,
		clock,
	);
	const operators = new Operators(
		namespaced(storage, NAMESPACES.operators),
		cryptoRandom,
		CHEAP_HASHER,
	);
	const sessions = new Sessions(
		namespaced(storage, ["sessions"]),
		clock,
		cryptoRandom,
		[],
		PORTAL_LIFETIMES,
	);
	return { clock, commits, accounts, operators, sessions };
}

/** Adds an account whose address nobody has proven. */
async function addAda(accounts: Accounts): Promise<Account> {
	const ada = { brandId: "acorn", name: "Ada", email: "ada@example.com", locale: "en" };
	const creation = await accounts.create("ada", { ...ada, emailProof: "asserted" });
	const id = creation.kind === "created" ? creation.user.id : expect.fail("not created");
	return (await accounts.find(id)) ?? expect.fail("not found");
}

type People = ReturnType<typeof openPeople>;

const ENDS: [string, (people: People, userId: string) => Promise<unknown>][] = [
	["a new password", ({ accounts }, id) => accounts.setPassword(id, "another horse")],
	["a suspension", ({ accounts }, id) => accounts.setStatus(id, "suspended")],
	["a claim", ({ accounts }, id) => accounts.confirm(id)],
	["a disconnection", ({ accounts }, id) => accounts.endSessions(id, 5)],
	["a log-out everywhere", ({ accounts }, id) => accounts.endSessions(id)],
];

test.each(ENDS)("%s ends all sessions of the account in its own commit", async (_, act) => {
	const people = openPeople();
	const { accounts, commits } = people;
	const before = await addAda(accounts);
	commits.splice(0);

	await act(people, before.id);

	const after = await accounts.find(before.id);
	expect(after?.sessionEpoch).toBe(before.sessionEpoch + 1);
	expect(after?.accessEpoch).not.toBe(before.accessEpoch);
	expect(commits).toHaveLength(1);
});

test("a new password ends all sessions of an operator in its own commit", async () => {
	const { operators, commits } = openPeople();
	await operators.makeFirst();
	const before = (await operators.sessionEpochOf(OPERATOR)) ?? 0;
	commits.splice(0);

	expect(await operators.changePassword(OPERATOR, "another horse", before)).toBe(before + 1);

	expect(await operators.sessionEpochOf(OPERATOR)).toBe(before + 1);
	expect(commits).toHaveLength(1);
});

test("the time at which a way in ended never goes back, whichever node's clock says so", async () => {
	const { accounts } = openPeople();
	const { id } = await addAda(accounts);
	await accounts.endSessions(id, 7);

	expect(await accounts.endSessions(id, 5)).toMatchObject({ wayInEndedAt: 7 });
});

test("a session keeps the epoch that was checked, and an older proof if it replaces a session", async () => {
	const { sessions, clock } = openPeople();
	const first = await sessions.open(undefined, "ada", 3);
	const provenAt = clock.now();
	clock.advance(60_000);

	const second = await sessions.open(first, "ada", 4, provenAt);

	expect(await sessions.find(first)).toBeUndefined();
	expect(await sessions.find(second)).toMatchObject({ subjectId: "ada", epoch: 4, provenAt });
});
