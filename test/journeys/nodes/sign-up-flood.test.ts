// Many people sign up at two nodes at once, while both fold counts. No count is lost, and no commit of a log-in fails.

import { setTimeout as after } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { inParallel } from "../../../src/helpdesk/in-parallel.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { PeopleCounts } from "../../../src/helpdesk/people/people-counts.ts";
import { type Helpdesk, startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import { decideAtX } from "../../kit/browser/decide-at-x.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { freePorts } from "../../kit/helpdesk/start-helpdesk.ts";
import { people } from "../../kit/nodes/cluster.ts";
import { APP_KEYS } from "../../kit/plugin/open-house.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";
import { openStorageAt } from "../../kit/storage/open-storage-at.ts";
import { apart, describeOn } from "../../kit/storage/test-servers.ts";

const PEOPLE = people(1000);
const AT_ONCE = 20;
const FOLDED_MS = 100;

interface FloodedNode {
	readonly url: string;
	readonly helpdesk: Helpdesk;
	readonly storage: CountingStorage;
	readonly counts: PeopleCounts;
}

/** Two nodes of one helpdesk, each with connections of its own to the storage. */
async function openNodes(storageUrl: string): Promise<readonly [FloodedNode, FloodedNode]> {
	const callbacks: string[] = [];
	const fakeX = await startFakeX({ apps: [{ ...APP_KEYS, callbacks }], accounts: PEOPLE });
	onTestFinished(() => fakeX.close());
	const ports = [await freePorts(), await freePorts()] as const;
	const portal = `http://127.0.0.1:${ports[0]}`;
	callbacks.push(`${portal}/login/x-login/callback`);
	const keys = [cryptoRandom.bytes(32)];
	const open = (port: number) => openNode({ storageUrl, fakeX, keys, port, portal });
	const nodes = [await open(ports[0]), await open(ports[1])] as const;
	const [{ helpdesk }] = nodes;
	const operator = new HttpVisitor();
	await operator.open(`${helpdesk.adminUrl}/login`);
	const { email, password } = helpdesk.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await setUpX({ helpdesk, operator });
	return nodes;
}

async function openNode(at: {
	readonly storageUrl: string;
	readonly fakeX: FakeX;
	readonly keys: readonly Uint8Array[];
	readonly port: number;
	readonly portal: string;
}): Promise<FloodedNode> {
	const { port, keys, portal, fakeX } = at;
	const engine = await openStorageAt(at.storageUrl, systemClock);
	const storage = new CountingStorage(engine);
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			...{ storage, keys, port, clock: systemClock },
			origins: { "api.x.com": fakeX.url },
			baseUrls: new Map([["acorn", portal]]),
		}),
	);
	onTestFinished(async () => {
		await helpdesk.close();
		await engine.close();
	});
	// It folds through connections of the node, but past its counter: a fold may fail, and reads again.
	const counts = new PeopleCounts(namespaced(engine, NAMESPACES.accounts), () => {});
	return { url: `http://127.0.0.1:${port}`, helpdesk, storage, counts };
}

/** Signs up at one node, and comes back from X to another. */
async function signUp(accountId: string, from: FloodedNode, to: FloodedNode): Promise<void> {
	const visitor = new HttpVisitor();
	await visitor.open(`${from.url}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	const callback = await decideAtX(url, { decision: "approve", account: accountId });
	const { pathname, search } = new URL(callback);
	const { status, url: end } = await visitor.open(`${to.url}${pathname}${search}`);
	expect([status, new URL(end).pathname]).toEqual([200, "/account"]);
}

/** The failed commits but those of folds and of background work, which try again. */
function failedLogIns(storage: CountingStorage): readonly string[] {
	const { failed } = storage.costsSoFar();
	return Object.keys(failed).filter((kinds) => !/accounts\/counted|jobs\//.test(kinds));
}

/** Folds far more often than a helpdesk does, until it is told to stop. */
async function keepFolding({ counts }: FloodedNode, isOver: () => boolean): Promise<number> {
	let folded = 0;
	while (!isOver()) {
		folded += await counts.fold();
		await after(FOLDED_MS);
	}
	return folded;
}

for (const engine of ["PostgreSQL", "Redis"] as const) {
	describeOn(engine, engine, (url) => {
		test(`${PEOPLE.length} sign-ups at two nodes are all counted, and none of their commits fails`, async () => {
			const nodes = await openNodes(apart(url));
			const [one, two] = nodes;
			for (const { storage } of nodes) {
				storage.costsSoFar();
			}
			let isOver = false;
			const folding = nodes.map((node) => keepFolding(node, () => isOver));

			await inParallel([...PEOPLE.entries()], AT_ONCE, async ([index, { id }]) => {
				const [from, to] = index % 2 === 0 ? [one, two] : [two, one];
				await signUp(id, from, index % 3 === 0 ? from : to);
			});
			isOver = true;
			const folded = await Promise.all(folding);

			// As few as without any counting.
			expect(nodes.flatMap(({ storage }) => failedLogIns(storage))).toEqual([]);
			expect(Math.min(...folded)).toBeGreaterThan(0);
			while ((await one.counts.fold()) > 0) {
				// Works off what is left.
			}
			const counts = await two.counts.at("acorn");
			const names = [
				"all",
				"status:active",
				"ways:link",
				"linked:x-login",
				"only:x-login",
			] as const;
			expect(counts.isExact).toBe(true);
			expect(names.map((name) => [name, counts.of(name)])).toEqual(
				names.map((name) => [name, PEOPLE.length]),
			);
		});
	});
}
