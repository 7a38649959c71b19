// One letter across all nodes when log-ins at a brand fail, and one when they work again.
import { expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { type AlertedNodes, alertedNodes, failTwice } from "../../kit/helpdesk/alerted-nodes.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const MINUTE = 60_000;

async function lettersOf({ node }: AlertedNodes): Promise<readonly string[]> {
	const letters = await keptLetters((await node()).outbox);
	return letters.map(({ to, subject }) => `${to}: ${subject}`).sort();
}

const FAILS = [
	"admin@example.com: Log-ins with X fail at Acorn Outdoor",
	"owner@example.com: Log-ins with X fail at Acorn Outdoor",
];

test("operators who can repair log-ins get one letter each, whatever nodes there are", async () => {
	const nodes = await alertedNodes();
	const [one, two] = [await nodes.node(), await nodes.node()];
	await failTwice(nodes, one);
	await Promise.all([one.alerts.duty.run(), two.alerts.duty.run()]);
	for (let round = 0; round < 5; round += 1) {
		await failTwice(nodes, round % 2 === 0 ? one : two);
		await one.alerts.duty.run();
		await two.alerts.duty.run();
	}
	expect(await lettersOf(nodes)).toEqual(FAILS);
	const [letter] = await keptLetters(one.outbox, "owner@example.com");
	expect(letter?.text).toContain("since 2026-11-02 08:00 UTC");
	expect(letter?.text).toContain("Wrong API key or secret. X refused the app's keys");
	expect(letter?.text).toContain("/admin/settings/general/integrations/x-login?brand=acorn");
	expect(letter?.text).toContain("/admin/profile#alerts");
	expect(await one.alerts.watched.failing("x-login")).toEqual([
		{
			brandId: "acorn",
			since: Date.parse("2026-11-02T08:00:00.000Z"),
			why: "refused x-misconfigured bad-keys",
		},
	]);
});

test("another letter says that log-ins work again", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	await node.attempts("acorn", {}, {}, {});
	nodes.clock.advance(MINUTE);
	await node.alerts.duty.run();
	expect(await node.alerts.watched.failing("x-login")).toEqual([]);
	const again = FAILS.map((subject) => subject.replace("fail at", "work again at"));
	expect(await lettersOf(nodes)).toEqual([...FAILS, ...again].sort());
});

test("a passed test of the set-up says so, too", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	const passed = { at: nodes.clock.now(), checks: [] };
	await nodes.storage.commit({
		sets: [{ key: ["set-up-tests", "x-login", "acorn"], value: passed }],
	});
	await node.alerts.duty.run();
	expect(await node.alerts.watched.failing("x-login")).toEqual([]);
});

test("what happens at several brands at once is one letter", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await node.attempts("harbor", ...[1, 2].map(() => ({ ...REFUSED })));
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	expect(await lettersOf(nodes)).toEqual(
		FAILS.map((each) => each.replace("Acorn Outdoor", "2 brands")),
	);
});

const REFUSED = { outcome: "refused", code: "x-misconfigured", problem: "no-credits" } as const;

test("operators choose whether they get alerts", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await node.operators.chooseAlerts("owner@example.com", false);
	await node.operators.chooseAlerts("support@example.com", true);
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	expect(await lettersOf(nodes)).toEqual([FAILS[0], FAILS[1]?.replace("owner", "support")]);
});

test("each operator reads an alert in the language that they used last, the others in that of the first brand", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await node.operators.noteLocale("admin@example.com", "de-AT");
	await failTwice(nodes, node);
	await node.alerts.duty.run();

	const [german] = await keptLetters(node.outbox, "admin@example.com");
	const [english] = await keptLetters(node.outbox, "owner@example.com");
	expect(german?.text).toContain("API-Schlüssel oder Geheimnis falsch");
	expect(english?.text).toContain("Wrong API key or secret");
});

test("fifty operators get one letter each", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	for (let each = 0; each < 50; each += 1) {
		await node.operators.add(`team-${each}@example.com`, "administrator");
	}
	await failTwice(nodes, node);
	await node.alerts.duty.run();
	const letters = await lettersOf(nodes);
	expect(letters).toHaveLength(52);
	expect(new Set(letters).size).toBe(52);
});

/** A storage whose process is killed before one of its commits, or after it: the commit is done, and nobody learns of it. */
function killed(storage: HostStorage, before: number, isDone: boolean): HostStorage {
	let left = before;
	const alive = <Result>(work: () => Promise<Result>): Promise<Result> =>
		left < 0 ? Promise.reject(new Error("killed")) : work();
	return {
		get: (key) => alive(() => storage.get(key)),
		take: (key) => alive(() => storage.take(key)),
		list: (prefix, options) => alive(() => storage.list(prefix, options)),
		commit: (commit) =>
			alive(async () => {
				left -= 1;
				if (left >= 0) {
					return storage.commit(commit);
				}
				if (isDone) {
					await storage.commit(commit);
				}
				throw new Error("killed");
			}),
	};
}

test.each([0, 1, 2, 3])(
	"a node killed at its commit %i leaves what another one ends",
	async (at) => {
		for (const isDone of [false, true]) {
			const nodes = await alertedNodes();
			const healthy = await nodes.node();
			await failTwice(nodes, healthy);
			const dying = await nodes.node((storage) => killed(storage, at, isDone));
			await dying.alerts.duty.run().catch(() => undefined);
			nodes.clock.advance(MINUTE);
			await healthy.alerts.duty.run();
			expect(await lettersOf(nodes)).toEqual(FAILS);
			const left = (await allEntries(nodes.storage)).map(({ key }) => key.join("/"));
			expect(left.filter((key) => key.startsWith("alert-events/"))).toEqual([]);
			expect(left.filter((key) => key.startsWith("sign-ins/x-login/attempts/"))).toEqual([]);
		}
	},
);

test("an add-on that is deactivated is not judged", async () => {
	const nodes = await alertedNodes();
	const node = await nodes.node();
	await failTwice(nodes, node);
	await node.addOn.plugin.deactivate();
	await node.alerts.duty.run();
	expect(await lettersOf(nodes)).toEqual([]);
});

test("an idle minute costs few operations, however much was counted before", async () => {
	const nodes = await alertedNodes();
	let operations = 0;
	const node = await nodes.node((storage) => ({
		...storage,
		get: (key) => counted(() => storage.get(key)),
		take: (key) => counted(() => storage.take(key)),
		list: (prefix, options) => counted(() => storage.list(prefix, options)),
		commit: (commit) => counted(() => storage.commit(commit)),
	}));
	function counted<Result>(work: () => Result): Result {
		operations += 1;
		return work();
	}
	for (let minute = 0; minute < 200; minute += 1) {
		await node.attempts("acorn", {});
		nodes.clock.advance(2 * MINUTE);
		await node.alerts.duty.run();
	}
	operations = 0;
	await node.alerts.duty.run();
	expect(operations).toBeLessThanOrEqual(5);
});
