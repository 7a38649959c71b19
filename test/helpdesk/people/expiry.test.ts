import { expect, test } from "vitest";
import type { StorageValue } from "../../../src/contract/storage.ts";
import { consentsOf, NAMESPACES, signInsOf } from "../../../src/helpdesk/namespaces.ts";
import { expiryDuty } from "../../../src/helpdesk/people/jobs/expiry-duty.ts";
import { linksDueKey } from "../../../src/helpdesk/people/links-due.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import type { AccountLink } from "../../../src/helpdesk/people/stored-account.ts";
import { hintDay } from "../../../src/helpdesk/people/unproven-hints.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { end, X_ID } from "../../kit/helpdesk/open-ledger.ts";
import { plantOldPeople, plantPeople } from "../../kit/helpdesk/planted-people.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const DAY = 24 * 60 * 60_000;
const POLICY = { registration: "open", phoneRequired: false } as const;
const TINY_LINK = [{ addOn: "tiny", id: "tiny:1", label: "ada" }];

async function openExpiring(): Promise<OpenCore> {
	const core = await openCore();
	await core.registration.set("acorn", { ...POLICY, unusedDays: 30 });
	return core;
}

/** Deletes who is due, after so many days. @returns whether a user is still there. */
async function isKept(core: OpenCore, userId: string, days = 40): Promise<boolean> {
	core.clock.advance(days * DAY);
	const { jobs, runner } = core;
	const started = await jobs.start({ type: "expire-accounts", params: {}, by: "test" });
	expect(started.kind).toBe("started");
	const job = "id" in started ? await runner.drive(started.id, 60_000) : undefined;
	expect(job).toMatchObject({ state: "done", problem: null });
	return (await core.accounts.find(userId)) !== undefined;
}

/** Notes what is linked to a user, as after the add-ons have said it. */
async function link(core: OpenCore, userId: string, links: readonly AccountLink[]): Promise<void> {
	const key = [...NAMESPACES.accounts, ...linksDueKey(userId)];
	const note = (await core.storage.get(key))?.version ?? null;
	await core.accounts.records.setLinks(userId, links, note);
}

async function logIn(core: OpenCore, userId: string, subject = X_ID): Promise<void> {
	core.addOn.ledger.record(end({}, { subject, userId }));
	await core.addOn.ledger.settled();
}

test("an account that nobody has proven or used is deleted with its sign-ins and its letters", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");
	await link(core, id, TINY_LINK);
	await logIn(core, id);
	const letter = { brandId: "acorn", to: "ada@example.com", subject: "Hello", text: "" };
	await core.outbox.send(letter);

	expect(await isKept(core, id)).toBe(false);

	const left = await core.storage.list([]);
	const about = left.entries.filter(({ key }) => key[0] !== "jobs" && key[0] !== "created");
	expect(JSON.stringify(about)).not.toContain("ada@example.com");
	expect((await core.storage.list([...signInsOf("tiny"), "of-user", id])).entries).toEqual([]);
});

test("an account is kept as long as somebody logs in to it", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");
	await link(core, id, TINY_LINK);

	for (let month = 0; month < 4; month += 1) {
		await logIn(core, id);
		expect(await isKept(core, id, 25)).toBe(true);
	}
	expect(await isKept(core, id, 15)).toBe(false);
});

test("an account is kept whose user has agreed to log in to a connected helpdesk", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");
	await link(core, id, []);
	const key = [...consentsOf("acorn"), id, "a-helpdesk"];
	await core.storage.commit({ sets: [{ key, value: { at: core.clock.now() } }] });

	expect(await isKept(core, id)).toBe(true);
	await core.storage.commit({ deletes: [key] });
	expect(await isKept(core, id, 8)).toBe(false);
});

test("an account is kept that is linked by an add-on which does not say how log-ins end", async () => {
	const core = await openExpiring();
	const [ada, bob] = [await core.addUser("ada@example.com"), await core.addUser("bob@example.com")];
	await link(core, ada.id, TINY_LINK);

	expect(await isKept(core, ada.id)).toBe(true);
	await logIn(core, bob.id, "x:2");
	expect(await isKept(core, ada.id, 8)).toBe(false);
});

test("an account is kept that is linked by an add-on which is not there", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");
	await link(core, id, [{ addOn: "gone", id: "g:1", label: "" }]);

	expect(await isKept(core, id)).toBe(true);
});

test("an account is kept whose last log-in an earlier version recorded without a time, until that record expires", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");
	await link(core, id, []);
	const key = [...signInsOf("tiny"), "of-user", id, "a-hash"];
	const expiresAt = core.clock.now() + 90 * DAY;
	await core.storage.commit({ sets: [{ key, value: null, expiresAt }] });

	expect(await isKept(core, id)).toBe(true);
	expect(await isKept(core, id, 40)).toBe(true);
	expect(await isKept(core, id, 15)).toBe(false);
});

test("an account is kept of which it is not known yet what is linked to it", async () => {
	const core = await openExpiring();
	await plantOldPeople(core.storage, { id: "ada", confirmed: false });
	const key = [...NAMESPACES.accounts, "unproven", "acorn", hintDay(0), "ada"];
	await core.storage.commit({ sets: [{ key, value: { since: 0 } }] });

	expect(await isKept(core, "ada")).toBe(true);
});

test("an account is kept as long as what is linked to it may have changed", async () => {
	const core = await openExpiring();
	const { id } = await core.addUser("ada@example.com");

	expect(await isKept(core, id)).toBe(true);
	await link(core, id, []);
	expect(await isKept(core, id, 8)).toBe(false);
});

test("an add-on that refuses a deletion keeps the account, its sign-ins and its letters", async () => {
	const core = await openCore(() => ({
		onUserDeleted: async () => {
			throw new Error("not now");
		},
	}));
	await core.registration.set("acorn", { ...POLICY, unusedDays: 30 });
	await plantPeople(core.storage, {
		...{ id: "ada", confirmed: false, createdAt: core.clock.now() },
	});
	await logIn(core, "ada");
	core.clock.advance(40 * DAY);
	const started = await core.jobs.start({ type: "expire-accounts", params: {}, by: "test" });

	const job = "id" in started ? await core.runner.drive(started.id, 1000) : undefined;

	expect(job).toMatchObject({ state: "done", result: { deleted: 0 } });
	expect(await core.accounts.find("ada")).toBeDefined();
	const claims = await core.storage.list([...signInsOf("tiny"), "of-user", "ada"]);
	expect(claims.entries).toHaveLength(1);
});

test("a log-in writes nothing for it", async () => {
	const commitsOf = async (unusedDays: 30 | undefined) => {
		const clock = new MockClock();
		const storage = new CountingStorage(new MemoryStorage(clock));
		const open = await openHelpdesk({ storage, clock });
		await setUpX(open);
		const registration = new Registration(namespaced(storage, NAMESPACES.registration));
		await registration.set("acorn", { ...POLICY, ...(unusedDays && { unusedDays }) });
		const throughX = async () => {
			const visitor = new HttpVisitor();
			await visitor.open(`${open.portal}/login`);
			const { url } = await visitor.submit("/login/x-login/start");
			await visitor.open(await approveAtX(url));
		};
		await throughX();
		const before = await accountsIn(storage);
		storage.costsSoFar();
		await throughX();
		const { counts } = storage.costsSoFar();
		expect(await accountsIn(storage)).toEqual(before);
		return Object.entries(counts).filter(([what]) => /^commit.*accounts/.test(what));
	};

	expect(await commitsOf(30)).toEqual(await commitsOf(undefined));
});

async function accountsIn(storage: CountingStorage): Promise<StorageValue[]> {
	const { entries } = await storage.list([...NAMESPACES.accounts, "account"]);
	const hints = await storage.list([...NAMESPACES.accounts, "unproven"]);
	return [...entries, ...hints.entries].map(({ key, value }) => [...key, value]);
}

test("the work starts once a day, and only where a brand asks for it", async () => {
	const core = await openCore();
	const duty = expiryDuty({ ...core, brandIds: () => ["acorn", "harbor"] });
	const jobs = async () => (await core.jobs.page()).jobs.length;

	await duty.run();
	expect(await jobs()).toBe(0);
	await core.registration.set("harbor", { ...POLICY, unusedDays: 90 });
	expect(await duty.run()).toEqual({ key: "jobs.duty.expiry-started" });
	expect(await duty.run()).toBeUndefined();
	expect(await jobs()).toBe(1);
	await core.runner.drive((await core.jobs.page()).jobs[0]?.id ?? "", 1000);
	expect(await duty.run()).toBeUndefined();
	core.clock.advance(DAY);
	await duty.run();

	expect(await jobs()).toBe(2);
});
