import { crc32, inflateRawSync } from "node:zlib";
import { ArchiveError } from "./archive-error.ts";
import { readDirectory, type ZipEntry } from "./zip-directory.ts";

/**
 * The files of a plugin's zip by name. `readDirectory` limits memory and time: zlib stops at the size that the directory
 * states.
 *
 * @throws ArchiveError when the zip is damaged or too large, or has features that no plugin needs.
 */
export function readArchive(zip: Uint8Array): Map<string, Uint8Array> {
	const files = readDirectory(zip).filter(({ name }) => !name.endsWith("/"));
	return new Map(files.map((entry) => [entry.name, unpack(entry)]));
}

function unpack(entry: ZipEntry): Uint8Array {
	const { name, size, crc } = entry;
	const file = entry.isDeflated ? inflate(entry) : entry.data;
	if (file?.length !== size || crc32(file) !== crc) {
		throw new ArchiveError("damaged-archive", "its contents do not match its checksum", {
			file: name,
		});
	}
	// A copy, so that one file does not keep the whole zip in memory.
	return new Uint8Array(file);
}

function inflate({ data, size }: ZipEntry): Uint8Array | undefined {
	try {
		return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
	} catch {
		return undefined;
	}
}
