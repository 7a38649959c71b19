import type { HostStorage } from "../../contract/storage.ts";
import { MockClock } from "../mock-host/mock-clock.ts";
import { COMMIT_PROMISES } from "./promises/commit-promises.ts";
import {
	commitOverCutConnections,
	type StorageBehindConnection,
} from "./promises/cut-connection.ts";
import { ENTRY_PROMISES } from "./promises/entry-promises.ts";
import { LIST_PROMISES } from "./promises/list-promises.ts";

interface Closing {
	close(): Promise<void> | void;
}

export interface StorageUnderTest {
	readonly name: string;
	/** Opens an empty storage that tells the time by this clock. */
	open(clock: MockClock): Promise<{ readonly storage: HostStorage } & Closing>;
	/** Where the engine is reached by a connection: the same with a way to cut it, a proxy for example. */
	openBehindConnection?(clock: MockClock): Promise<StorageBehindConnection & Closing>;
	/** The test runner's own, of Vitest, Jest or node:test. */
	describe(name: string, suite: () => void): void;
	test(name: string, run: () => Promise<void>): void;
}

/** Every promise of the port `HostStorage` as a test, for whoever writes one. */
export function describeStorageContract(underTest: StorageUnderTest): void {
	const { name, describe, test } = underTest;
	describe(`${name} keeps the storage contract`, () => {
		const promises = { ...ENTRY_PROMISES, ...COMMIT_PROMISES, ...LIST_PROMISES };
		for (const [sentence, run] of Object.entries(promises)) {
			test(sentence, async () => {
				const clock = new MockClock();
				const { storage, close } = await underTest.open(clock);
				try {
					await run({ storage, clock });
				} finally {
					await close();
				}
			});
		}
		if (underTest.openBehindConnection !== undefined) {
			const open = underTest.openBehindConnection.bind(underTest);
			test("commits all or nothing when the connection dies in the middle, and comes back", async () => {
				const { close, ...opened } = await open(new MockClock());
				try {
					await commitOverCutConnections(opened);
				} finally {
					await close();
				}
			});
		}
	});
}
