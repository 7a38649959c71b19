import { onTestFinished } from "vitest";
import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../helpdesk/open-helpdesk.ts";
import { CountingStorage } from "../storage/counting-storage.ts";
import { countingJob } from "./counting-job.ts";
import { markingJob } from "./marking-job.ts";

/** A kind of jobs, and a helpdesk in which it has much to do. */
export interface KindUnderTest {
	readonly type: string;
	/** Prepares the helpdesk, each time in the same way. @returns the parameters of the job. */
	readonly prepare: (core: HelpdeskCore, storage: HostStorage) => Promise<StorageValue>;
	/** What must be the same however often each step is done, besides how many entries of each sort there are. */
	readonly seen?: (core: HelpdeskCore, storage: HostStorage) => Promise<unknown>;
}

/** Every kind that the helpdesk registers stands here, see `steps-twice.test.ts`. */
export const KINDS_UNDER_TEST: readonly KindUnderTest[] = [
	{ type: "counting", prepare: async () => ({ to: 30 }) },
	{ type: "marking", prepare: async () => 30 },
];

/** A helpdesk in memory whose storage is counted, which knows two more kinds of jobs: `counting` and `marking`. */
export async function openCountedCore(): Promise<{
	readonly core: HelpdeskCore;
	readonly storage: CountingStorage;
}> {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const options = await helpdeskOptions({ clock, storage });
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));
	onTestFinished(() => core.close());
	core.runner.register(countingJob(storage).kind, markingJob(storage));
	return { core, storage };
}
