import type { HostStorage } from "../../../src/contract/storage.ts";
import { StagedFiles } from "../../../src/helpdesk/files/staged-files.ts";
import { StagedLinks } from "../../../src/helpdesk/files/staged-links.ts";
import { Uploads } from "../../../src/helpdesk/files/uploads.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

/** How large a commit was. */
interface CommitSize {
	readonly keys: number;
	/** The bytes of its largest value, as JSON. */
	readonly largest: number;
}

export interface OpenFiles {
	readonly storage: HostStorage;
	readonly clock: MockClock;
	readonly files: StagedFiles;
	readonly uploads: Uploads;
	readonly links: StagedLinks;
	/** All commits so far. */
	readonly commits: CommitSize[];
}

/** Staged files in memory. */
export function openFiles(): OpenFiles {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const commits: CommitSize[] = [];
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		list: (prefix, options) => inner.list(prefix, options),
		take: (key) => inner.take(key),
		commit: (commit) => {
			const { checks = [], sets = [], deletes = [] } = commit;
			commits.push({
				keys: checks.length + sets.length + deletes.length,
				largest: Math.max(0, ...sets.map(({ value }) => Buffer.byteLength(JSON.stringify(value)))),
			});
			return inner.commit(commit);
		},
	};
	const files = new StagedFiles(storage, clock, cryptoRandom);
	const uploads = new Uploads(storage, clock, files);
	return { storage, clock, files, uploads, links: new StagedLinks(files, uploads), commits };
}
