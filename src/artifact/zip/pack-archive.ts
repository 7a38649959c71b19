import { type Zippable, zipSync } from "fflate";

// A zip holds local time without a zone. A date made from local parts gives the same bytes in every zone.
const FIXED_TIME = new Date(1980, 0, 1);
const UNIX = 3;
const PLAIN_FILE = 0o100644;

/** A zip whose bytes depend only on names and contents, not on time, zone, order, owner or umask. */
export function packArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
	const names = [...files.keys()].sort();
	const zippable: Zippable = {};
	for (const name of names) {
		zippable[name] = [
			files.get(name) ?? new Uint8Array(),
			{ level: 9, mtime: FIXED_TIME, os: UNIX, attrs: PLAIN_FILE << 16 },
		];
	}
	return zipSync(zippable);
}
