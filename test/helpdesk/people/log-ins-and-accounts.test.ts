// A log-in must not wait for the index and the counts, and somebody who comes back must not write to them.
import { expect, test } from "vitest";
import type { StorageCommit } from "../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";

const [ACCOUNTS = ""] = NAMESPACES.accounts;

/** Keys of accounts in commits of visitors, by what the commits do with them. */
function accountKeysIn(commits: readonly StorageCommit[]) {
	const inAccounts = (keys: readonly (readonly string[])[]): readonly string[] =>
		keys.filter(([first]) => first === ACCOUNTS).map(([, kind = ""]) => kind);
	return commits
		.map(({ checks = [], sets = [], deletes = [] }) => ({
			checks: inAccounts(checks.map(({ key }) => key)),
			sets: inAccounts(sets.map(({ key }) => key)).filter((kind) => kind !== "word"),
			deletes: inAccounts(deletes),
		}))
		.filter(({ checks, sets, deletes }) => [...checks, ...sets, ...deletes].length > 0)
		.filter(({ sets }) => !sets.some((kind) => kind === "counted" || kind === "total"));
}

async function logIn(portal: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId: "1" }));
	return visitor;
}

test("a new log-in adds its keys to the account's own commit, and one that comes back writes nothing about the account", async () => {
	const clock = new MockClock();
	const commits: StorageCommit[] = [];
	const inner = new MemoryStorage(clock);
	const storage = Object.assign(Object.create(inner), {
		commit: (commit: StorageCommit) => {
			commits.push(commit);
			return inner.commit(commit);
		},
	}) as MemoryStorage;
	const open = await openHelpdesk({ storage, clock });
	await setUpX(open);

	commits.length = 0;
	expect((await logIn(open.portal)).seen.html).toContain("@ada");
	const added = accountKeysIn(commits);
	commits.length = 0;
	expect((await logIn(open.portal)).seen.html).toContain("@ada");

	expect(accountKeysIn(commits)).toEqual([]);
	// The account with its index, and then what the outcome says is linked to it.
	expect(added).toEqual([
		{
			checks: ["email", "created"],
			sets: [
				...["account", "email", "created", "newest", "class", "count-due", "unproven"],
				"links-due",
			],
			deletes: [],
		},
		{
			checks: ["account", "links-due"],
			sets: ["account", "class", "count-due"],
			deletes: ["links-due", "class"],
		},
	]);
});
