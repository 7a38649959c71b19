import type { KeyObject } from "node:crypto";
import { type Finding, finding } from "../finding.ts";
import { ArchiveError } from "./archive-error.ts";
import { compareIntegrity, INTEGRITY } from "./integrity.ts";
import { packArchive } from "./pack-archive.ts";
import { readArchive } from "./read-archive.ts";
import { checkSignature } from "./signature.ts";
import { readDirectory } from "./zip-directory.ts";

/**
 * Checks that a zip is what its publisher packed, to the last byte: compares the files with their list and the zip with a
 * new one packed from them, and checks the signature. Never throws. The zip may be used if no finding is an error.
 *
 * @param options.trustedKeys the keys of publishers. If there are any, a zip that none of them signed is an error.
 */
export function verifyArchive(
	zip: Uint8Array,
	options: { readonly signature?: Uint8Array; readonly trustedKeys?: readonly KeyObject[] } = {},
): Finding[] {
	const signature = checkSignature(zip, options.signature, options.trustedKeys ?? []);
	const about = signature === undefined ? [] : [signature];
	let files: ReadonlyMap<string, Uint8Array>;
	try {
		files = readArchive(zip);
	} catch (error) {
		if (error instanceof ArchiveError) {
			return [error.finding, ...about];
		}
		throw error;
	}
	const contents = verifyFiles(files);
	return contents.length > 0
		? [...contents, ...about]
		: [...compareCanonical(zip, files, signature === undefined), ...about];
}

/** Compares the files of an artifact with the list that is one of them. */
export function verifyFiles(files: ReadonlyMap<string, Uint8Array>): Finding[] {
	if (!files.has(INTEGRITY)) {
		const message = "it is missing, so changes to files cannot be detected";
		return [finding("missing-integrity", message, { file: INTEGRITY, severity: "error" })];
	}
	return compareIntegrity(files);
}

/**
 * Finds changes outside the files: times, attributes, another compression. If the signature is trusted, the publisher
 * made them, maybe by packing with another version.
 */
function compareCanonical(
	zip: Uint8Array,
	files: ReadonlyMap<string, Uint8Array>,
	isTrusted: boolean,
): Finding[] {
	const canonical = packArchive(files);
	if (Buffer.compare(zip, canonical) === 0) {
		return [];
	}
	const length = Math.min(zip.length, canonical.length);
	let at = 0;
	while (at < length && zip[at] === canonical[at]) {
		at++;
	}
	const file = readDirectory(canonical).findLast(({ offset }) => offset <= at)?.name;
	const isDirectory = at >= directoryStart(canonical);
	const message = "the zip differs from what `pack` makes from its files";
	const place = file === undefined || isDirectory ? {} : { file };
	return [
		finding("not-canonical", message, { severity: isTrusted ? "warning" : "error", ...place }),
	];
}

function directoryStart(zip: Uint8Array): number {
	return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength).readUInt32LE(zip.length - 6);
}
