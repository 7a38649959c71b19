import type { HostStorage } from "../../contract/storage.ts";
import { MockClock } from "../mock-host/mock-clock.ts";
import { COMMIT_PROMISES } from "./promises/commit-promises.ts";
import {
	CUT_CONNECTION_PROMISES,
	type StorageBehindConnection,
} from "./promises/cut-connection.ts";
import { ENTRY_PROMISES } from "./promises/entry-promises.ts";
import { LIST_PROMISES } from "./promises/list-promises.ts";

interface Closing {
	close(): Promise<void> | void;
}

export interface StorageUnderTest {
	readonly name: string;
	/** Opens an empty storage that uses this clock. */
	open(clock: MockClock): Promise<{ readonly storage: HostStorage } & Closing>;
	/** Opens an empty storage whose connection to its engine can be cut, by a proxy for example. */
	openBehindConnection?(clock: MockClock): Promise<StorageBehindConnection & Closing>;
	/** `describe` and `test` of Vitest, Jest or node:test. */
	describe(name: string, suite: () => void): void;
	test(name: string, run: () => Promise<void>): void;
}

/** Tests a storage: one test for each promise of the port `HostStorage`. */
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
		if (underTest.openBehindConnection === undefined) {
			return;
		}
		const open = underTest.openBehindConnection.bind(underTest);
		for (const [sentence, run] of Object.entries(CUT_CONNECTION_PROMISES)) {
			test(sentence, async () => {
				const { close, ...opened } = await open(new MockClock());
				try {
					await run(opened);
				} finally {
					await close();
				}
			});
		}
	});
}
