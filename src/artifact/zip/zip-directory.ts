import { ArchiveError } from "./archive-error.ts";
import { clashesOf, isPlainName } from "./file-names.ts";

// PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
const DIRECTORY_HEADER = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const DESCRIPTOR_SIGNATURE = 0x08074b50;

const ENCRYPTED = 0x2041;
const PATCHED = 0x0020;
const WITH_DESCRIPTOR = 0x0008;
const STORED = 0;
const DEFLATED = 8;
const EXTRA_FIELDS = new Map([
	[0x0001, "zip64 fields"],
	[0x7075, "a second name"],
	[0x9901, "encryption"],
]);
const FILE_TYPE = 0o170000;
const PLAIN_TYPES = new Set([0, 0o100000, 0o040000]);

/** Larger zips are not read. */
export const MAX_ZIP_BYTES = 6 * 1024 * 1024;
const MAX_FILES = 200;
const MAX_BYTES = 5 * 1024 * 1024;
// Text packs to a tenth of its size. A file of one repeated letter packs to a thousandth.
const MAX_RATIO = 200;
const RATIO_MATTERS_FROM = 100 * 1024;

/** A file or folder in a zip, as the directory and its own header agree. */
export interface ZipEntry {
	/** The name of a folder ends in a slash. */
	readonly name: string;
	readonly isDeflated: boolean;
	readonly size: number;
	readonly crc: number;
	/** The position of its header. */
	readonly offset: number;
	readonly data: Uint8Array;
}

interface DirectoryEntry extends Omit<ZipEntry, "data"> {
	readonly flags: number;
	readonly packedSize: number;
}

/**
 * Reads a zip's directory, and unpacks nothing. The rules are stricter than the format, so that all readers see the same
 * files: every byte belongs to one header, one file or the directory.
 *
 * @throws ArchiveError
 */
export function readDirectory(zip: Uint8Array): ZipEntry[] {
	if (zip.length > MAX_ZIP_BYTES) {
		throw new ArchiveError("archive-too-large", `it is larger than ${MAX_ZIP_BYTES} bytes`);
	}
	const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
	const { count, start, end } = readEnd(view);
	const entries: DirectoryEntry[] = [];
	let at = start;
	while (entries.length < count) {
		const { entry, next } = readEntry(view, at, end);
		entries.push(entry);
		at = next;
	}
	if (at !== end) {
		throw new ArchiveError("damaged-archive", "its directory has more bytes than entries");
	}
	refuseSizes(entries);
	refuseNames(entries.map(({ name }) => name));
	return locate(view, entries, start);
}

/** Every zip with a file in it begins with the header of that file. */
export function beginsAsZip(bytes: Uint8Array | DataView): boolean {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return view.byteLength >= 4 && view.getUint32(0, true) === LOCAL_HEADER.signature;
}

function readEnd(view: DataView): { count: number; start: number; end: number } {
	const end = view.byteLength - END.bytes;
	if (end < 0 || view.getUint32(end, true) !== END.signature) {
		throw new ArchiveError(
			"damaged-archive",
			beginsAsZip(view)
				? "its end is missing: it was cut off, or something was added at its end"
				: "it is not a zip file",
		);
	}
	const [disk, firstDisk, count, total] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true));
	const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
	if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
		throw new ArchiveError("unsupported-archive", "it is a zip64 archive");
	}
	if (disk !== 0 || firstDisk !== 0 || count === undefined || count !== total) {
		throw new ArchiveError("unsupported-archive", "it is one of several volumes");
	}
	if (start + size !== end || view.getUint16(end + 20, true) !== 0) {
		throw new ArchiveError("damaged-archive", "its directory is not where its end record says");
	}
	if (count > MAX_FILES) {
		throw new ArchiveError("archive-too-large", `it has ${count} files, more than ${MAX_FILES}`);
	}
	return { count, start, end };
}

function readEntry(
	view: DataView,
	at: number,
	end: number,
): { entry: DirectoryEntry; next: number } {
	const { signature, bytes } = DIRECTORY_HEADER;
	if (at + bytes > end || view.getUint32(at, true) !== signature) {
		throw new ArchiveError("damaged-archive", "its directory is cut off");
	}
	const short = (offset: number): number => view.getUint16(at + offset, true);
	const long = (offset: number): number => view.getUint32(at + offset, true);
	const nameEnd = at + bytes + short(28);
	const extraEnd = nameEnd + short(30);
	const next = extraEnd + short(32);
	if (next > end) {
		throw new ArchiveError("damaged-archive", "its directory is cut off");
	}
	const name = nameIn(view, at + bytes, nameEnd);
	const file = shown(name);
	const [flags, method, packedSize, size] = [short(8), short(10), long(20), long(24)];
	refuseKind(file, flags, method);
	refuseExtra(view, nameEnd, extraEnd, file);
	if (packedSize === 0xffffffff || size === 0xffffffff || long(42) === 0xffffffff) {
		throw new ArchiveError("unsupported-archive", "it needs zip64", { file });
	}
	if (short(34) !== 0) {
		throw new ArchiveError("unsupported-archive", "it is in another volume", { file });
	}
	if ((method === STORED && packedSize !== size) || (name.endsWith("/") && size !== 0)) {
		throw new ArchiveError("damaged-archive", "its sizes contradict each other", { file });
	}
	const type = (long(38) >>> 16) & FILE_TYPE;
	if (!PLAIN_TYPES.has(type)) {
		const what = type === 0o120000 ? "a symbolic link" : "neither a file nor a folder";
		throw new ArchiveError("special-file", `it is ${what}`, { file });
	}
	const isDeflated = method === DEFLATED;
	const entry = { name, flags, isDeflated, crc: long(16), packedSize, size, offset: long(42) };
	return { entry, next };
}

function nameIn(view: DataView, start: number, end: number): string {
	const bytes = new Uint8Array(view.buffer, view.byteOffset + start, end - start);
	return Buffer.from(bytes).toString("latin1");
}

function refuseKind(file: string, flags: number, method: number): void {
	if ((flags & ENCRYPTED) !== 0) {
		throw new ArchiveError("unsupported-archive", "it is encrypted", { file });
	}
	if ((flags & PATCHED) !== 0 || (method !== STORED && method !== DEFLATED)) {
		const message = `it is compressed by a method (${method}) other than deflate`;
		throw new ArchiveError("unsupported-archive", message, { file });
	}
}

function refuseExtra(view: DataView, start: number, end: number, file: string): void {
	let at = start;
	while (at + 4 <= end) {
		const what = EXTRA_FIELDS.get(view.getUint16(at, true));
		if (what !== undefined) {
			throw new ArchiveError("unsupported-archive", `it has ${what}`, { file });
		}
		at += 4 + view.getUint16(at + 2, true);
	}
	if (at !== end) {
		throw new ArchiveError("damaged-archive", "its extra fields are cut off", { file });
	}
}

function refuseSizes(entries: readonly DirectoryEntry[]): void {
	const total = entries.reduce((sum, { size }) => sum + size, 0);
	if (total > MAX_BYTES) {
		const message = `it unpacks to ${total} bytes, more than ${MAX_BYTES}`;
		throw new ArchiveError("archive-too-large", message);
	}
	for (const { name, size, packedSize } of entries) {
		if (size > RATIO_MATTERS_FROM && size > MAX_RATIO * packedSize) {
			const message = `it unpacks to more than ${MAX_RATIO} times its size`;
			throw new ArchiveError("archive-too-large", message, { file: shown(name) });
		}
	}
}

function refuseNames(names: readonly string[]): void {
	for (const name of names) {
		if (!isPlainName(name)) {
			throw new ArchiveError("unsafe-path", `${shown(name)} is not a plain relative name`);
		}
	}
	const [clash] = clashesOf(names);
	if (clash !== undefined) {
		throw new ArchiveError(clash.code, clash.message, { file: clash.file ?? "" });
	}
}

/** Finds each file. They must follow each other from the first byte, without gaps and without overlaps. */
function locate(
	view: DataView,
	entries: readonly DirectoryEntry[],
	directoryStart: number,
): ZipEntry[] {
	const ordered = [...entries].sort((one, other) => one.offset - other.offset);
	// The first byte that belongs to no file yet.
	let free = 0;
	const located = ordered.map((entry, index) => {
		const { name, isDeflated, size, crc, offset, packedSize } = entry;
		if (offset !== free) {
			const message =
				offset < free ? "it overlaps another file" : "bytes before it belong to no file";
			throw new ArchiveError("damaged-archive", message, { file: name });
		}
		const start = dataStart(view, entry, directoryStart);
		const end = start + packedSize;
		if (end > directoryStart) {
			throw new ArchiveError("damaged-archive", "it is cut off", { file: name });
		}
		const next = ordered[index + 1]?.offset ?? directoryStart;
		free = hasDescriptor(view, entry, end, next) ? next : end;
		const data = new Uint8Array(view.buffer, view.byteOffset + start, packedSize);
		return { name, isDeflated, size, crc, offset, data };
	});
	if (free !== directoryStart) {
		throw new ArchiveError(
			"damaged-archive",
			"bytes between its files and its directory belong to neither",
		);
	}
	return located;
}

/** Checks a file's own header against the directory. @returns where the file's bytes begin. */
function dataStart(view: DataView, entry: DirectoryEntry, directoryStart: number): number {
	const { offset: at, name, flags, isDeflated } = entry;
	const nameStart = at + LOCAL_HEADER.bytes;
	const damaged = (message: string): ArchiveError =>
		new ArchiveError("damaged-archive", message, { file: name });
	if (nameStart > directoryStart || view.getUint32(at, true) !== LOCAL_HEADER.signature) {
		throw damaged("it is not where the directory says");
	}
	const nameEnd = nameStart + view.getUint16(at + 26, true);
	const start = nameEnd + view.getUint16(at + 28, true);
	if (start > directoryStart) {
		throw damaged("its header is cut off");
	}
	refuseExtra(view, nameEnd, start, name);
	const sizes = [14, 18, 22].map((offset) => view.getUint32(at + offset, true));
	const listed = [entry.crc, entry.packedSize, entry.size];
	const mayBeBlank = (flags & WITH_DESCRIPTOR) !== 0;
	const agrees =
		view.getUint16(at + 6, true) === flags &&
		view.getUint16(at + 8, true) === (isDeflated ? DEFLATED : STORED) &&
		nameIn(view, nameStart, nameEnd) === name &&
		sizes.every((size, index) => size === listed[index] || (mayBeBlank && size === 0));
	if (!agrees) {
		throw damaged("its own header and the directory contradict each other");
	}
	return start;
}

/** Whether the bytes after a file, up to the next one, repeat its checksum and sizes. */
function hasDescriptor(
	view: DataView,
	{ flags, crc, packedSize, size }: DirectoryEntry,
	start: number,
	next: number,
): boolean {
	if ((flags & WITH_DESCRIPTOR) === 0) {
		return false;
	}
	const words = [crc, packedSize, size];
	const signed = [DESCRIPTOR_SIGNATURE, ...words];
	return [words, signed].some(
		(expected) =>
			next - start === 4 * expected.length &&
			expected.every((word, index) => view.getUint32(start + 4 * index, true) === word),
	);
}

/** A name for people to read, whatever it is. */
function shown(name: string): string {
	return isPlainName(name) ? name : JSON.stringify(name.slice(0, 100).replace(/[^ -~]/g, "?"));
}
