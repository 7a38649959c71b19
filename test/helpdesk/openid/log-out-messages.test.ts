import { expect, test } from "vitest";
import type { LogOutMessage } from "../../../src/helpdesk/openid/log-out-messages.ts";
import { LogOutMessages } from "../../../src/helpdesk/openid/log-out-messages.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MESSAGE = { brandId: "acorn", clientId: "desk", userId: "ada", sid: "a" };

function openNodes() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sent: LogOutMessage[] = [];
	const reports: string[] = [];
	const answers = { taken: true, wait: Promise.resolve() };
	const nodeWith = (isServed = true) =>
		new LogOutMessages({
			...{ storage, clock },
			isServed: () => isServed,
			send: async (message) => {
				sent.push(message);
				await answers.wait;
				if (!answers.taken) {
					throw new Error("away");
				}
			},
			report: (what, { clientId }) => reports.push(`${what} ${clientId}`),
			logError: (what, error) => {
				throw new Error(what, { cause: error });
			},
		});
	const node = nodeWith();
	const leave = async (...messages: readonly Partial<LogOutMessage>[]) => {
		await storage.commit({ sets: messages.map((each) => node.setOf({ ...MESSAGE, ...each })) });
	};
	const stored = async () => (await storage.list([])).entries.length;
	return { clock, storage, sent, reports, answers, node, nodeWith, leave, stored };
}

test("a message is sent once, and is gone then", async () => {
	const { node, leave, sent, stored, reports } = openNodes();
	await leave({});
	await node.sendDue();
	await node.sendDue();
	expect(sent).toEqual([MESSAGE]);
	expect([await stored(), reports]).toEqual([0, []]);
});

test("two nodes that look at once send a message once", async () => {
	const { node, nodeWith, leave, sent } = openNodes();
	await leave({}, { sid: "b" }, { clientId: "other" });
	await Promise.all([node.sendDue(), nodeWith().sendDue()]);
	expect(sent).toHaveLength(3);
});

test("a helpdesk that was away for a while is told later, and the first failure is reported", async () => {
	const { clock, node, leave, sent, answers, stored, reports } = openNodes();
	answers.taken = false;
	await leave({});
	await node.sendDue();
	clock.advance(MINUTE - 1);
	await node.sendDue();
	expect(sent).toHaveLength(1);
	clock.advance(1);
	await node.sendDue();
	clock.advance(MINUTE);
	await node.sendDue();
	expect(sent).toHaveLength(2);
	answers.taken = true;
	clock.advance(MINUTE);
	await node.sendDue();
	expect(sent).toHaveLength(3);
	expect([await stored(), reports]).toEqual([0, ["waits desk"]]);
});

test("a helpdesk that stays away is given up after a day and 29 tries at most", async () => {
	const { clock, node, leave, sent, answers, stored, reports } = openNodes();
	answers.taken = false;
	await leave({});
	for (let minute = 0; minute < 26 * 60; minute += 1) {
		await node.sendDue();
		clock.advance(MINUTE);
	}
	expect(sent.length).toBeGreaterThan(20);
	expect(sent.length).toBeLessThanOrEqual(29 + 1);
	expect([await stored(), reports]).toEqual([0, ["waits desk", "given-up desk"]]);
	expect(clock.now()).toBeGreaterThan(DAY);
});

test("a helpdesk that is away is called once a round, and keeps no other helpdesk waiting", async () => {
	const { node, leave, sent, answers } = openNodes();
	answers.taken = false;
	await leave({ sid: "a" }, { sid: "b" }, { sid: "c" }, { clientId: "other", sid: "d" });
	await node.sendDue();
	expect(sent.map(({ clientId }) => clientId).sort()).toEqual(["desk", "other"]);
});

test("more messages than are read at once are all sent, and one that fails stops the rest", async () => {
	const { node, leave, sent, stored, answers } = openNodes();
	await leave(...Array.from({ length: 250 }, (_, index) => ({ sid: `${index}` })));
	await node.sendDue();
	expect(new Set(sent.map(({ sid }) => sid)).size).toBe(250);
	expect(await stored()).toBe(0);

	await leave(...Array.from({ length: 250 }, (_, index) => ({ sid: `${index}` })));
	answers.taken = false;
	await node.sendDue();
	expect(sent).toHaveLength(251);
});

test("the message of a node that died while it sent is sent by another one", async () => {
	const { clock, node, nodeWith, leave, sent, answers, stored } = openNodes();
	answers.wait = new Promise(() => {});
	await leave({});
	void node.sendDue();
	await expect.poll(() => sent).toHaveLength(1);
	answers.wait = Promise.resolve();
	await nodeWith().sendDue();
	expect(sent).toHaveLength(1);
	clock.advance(30_000);
	await nodeWith().sendDue();
	expect([sent.length, await stored()]).toEqual([2, 0]);
});

test("a call while another one is at work looks once more", async () => {
	const { node, leave, sent, answers } = openNodes();
	const { promise, resolve } = newGate();
	answers.wait = promise;
	await leave({});
	const first = node.sendDue();
	await expect.poll(() => sent).toHaveLength(1);
	await leave({ sid: "b" });
	const second = node.sendDue();
	resolve();
	await Promise.all([first, second]);
	expect(sent.map(({ sid }) => sid)).toEqual(["a", "b"]);
});

test("the messages of a brand that a node does not serve wait", async () => {
	const { nodeWith, leave, sent, stored } = openNodes();
	await leave({});
	await nodeWith(false).sendDue();
	expect([sent, await stored()]).toEqual([[], 1]);
});

function newGate() {
	let open = () => {};
	const promise = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { promise, resolve: () => open() };
}

/** The error of the library about an answer. */
function answered(status: number): Error {
	return Object.assign(new Error(`expected 200 OK, got ${status}`), { response: { status } });
}

test.each([[1], [100], [250]])(
	"%i messages that a helpdesk refuses hold up none that it takes",
	async (count) => {
		const { node, leave, refuse, taken } = openRefusing();
		refuse(answered(400));
		const bad = Array.from({ length: count }, (_, index) => ({ sid: `bad-${index}` }));
		await leave(...bad, { sid: "good" });
		await node.sendDue();
		expect(taken).toEqual(["good"]);
	},
);

test.each([
	[400, 5],
	[503, 30],
])("a message that a helpdesk answers with %i is sent %i times", async (status, times) => {
	const { clock, node, leave, refuse, tried, reports, stored } = openRefusing();
	refuse(answered(status));
	await leave({ sid: "bad" });
	for (let minute = 0; minute < 26 * 60; minute += 1) {
		await node.sendDue();
		clock.advance(MINUTE);
	}
	expect(tried).toHaveLength(times);
	expect(reports).toEqual(["waits", "given-up"]);
	expect(await stored()).toBe(0);
});

test("of the messages to a helpdesk that nobody answers at, one is tried at a time", async () => {
	const { node, leave, refuse, tried } = openRefusing();
	refuse(new TypeError("the connected helpdesk did not answer"));
	await leave({ sid: "bad-1" }, { sid: "bad-2" }, { sid: "good" });
	await node.sendDue();
	expect(tried).toEqual(["bad-1"]);
});

/** A helpdesk that does not take messages about sessions whose id begins with "bad". */
function openRefusing() {
	const { clock, storage, leave, stored } = openNodes();
	const tried: string[] = [];
	const taken: string[] = [];
	const reports: string[] = [];
	let why = new Error("not set");
	const node = new LogOutMessages({
		...{ storage, clock, isServed: () => true },
		send: async ({ sid }) => {
			tried.push(sid);
			if (sid.startsWith("bad")) {
				throw why;
			}
			taken.push(sid);
		},
		report: (what) => reports.push(what),
		logError: (what, error) => {
			throw new Error(what, { cause: error });
		},
	});
	const refuse = (error: Error) => {
		why = error;
	};
	return { clock, node, leave, stored, tried, taken, reports, refuse };
}
