import { onTestFinished } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { JobKind } from "../../../src/helpdesk/jobs/job-kind.ts";
import { type BackgroundWork, closeWork, openJobs } from "../../../src/helpdesk/jobs/open-jobs.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HandTimers } from "./hand-timers.ts";

interface WorkingNode extends BackgroundWork {
	/** Lets time pass for this node. */
	readonly timers: HandTimers;
	/** What it logged. */
	readonly errors: string[];
}

export interface OpenNodes {
	readonly clock: MockClock;
	readonly storage: MemoryStorage;
	/** A node that nobody has started yet. @param on its way to the storage; left out: the straight one. */
	node(name: string, kinds: readonly JobKind[], on?: HostStorage): WorkingNode;
}

/** The background work of nodes on one storage in memory, with a clock that the test moves. */
export function openNodes(): OpenNodes {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	return {
		clock,
		storage,
		node: (name, kinds, on = storage) => {
			const timers = new HandTimers(clock);
			const errors: string[] = [];
			const work = openJobs({
				...{ storage: on, clock, random: cryptoRandom, timers, node: name },
				pace: { after: async () => {} },
				logError: (what, error) => errors.push(`${what}: ${String(error)}`),
			});
			work.runner.register(...kinds);
			onTestFinished(() => closeWork(work));
			return { ...work, timers, errors };
		},
	};
}
