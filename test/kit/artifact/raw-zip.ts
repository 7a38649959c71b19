import { crc32, deflateRawSync } from "node:zlib";

/** A file in a zip whose headers may lie. */
export interface RawEntry {
	readonly name: string;
	readonly content?: Uint8Array;
	readonly method?: number;
	readonly flags?: number;
	/** The stored bytes, if they differ from the compressed content. */
	readonly packed?: Uint8Array;
	readonly size?: number;
	readonly packedSize?: number;
	readonly crc?: number;
	/** The Unix mode. */
	readonly mode?: number;
	readonly extra?: Uint8Array;
	/** The name in the header before its bytes. */
	readonly localName?: string;
	readonly localSize?: number;
	/** The index of an entry whose bytes the directory points to. This entry's own bytes are left out. */
	readonly sharesWith?: number;
	/** Bytes to write after it. */
	readonly tail?: Uint8Array;
}

/** A zip made by hand, correct except for what an entry or an override says. */
export function rawZip(
	entries: readonly RawEntry[],
	end: {
		readonly count?: number;
		readonly comment?: string;
		readonly prefix?: Uint8Array;
		readonly disk?: number;
		readonly directorySize?: number;
	} = {},
): Uint8Array {
	const prefix = Buffer.from(end.prefix ?? []);
	const local: Buffer[] = [prefix];
	const directory: Buffer[] = [];
	const offsets: number[] = [];
	let at = prefix.length;
	for (const entry of entries) {
		const { name, content = new Uint8Array(), method = 8, flags = 0, mode = 0o100644 } = entry;
		const packed = Buffer.from(entry.packed ?? (method === 8 ? deflateRawSync(content) : content));
		const words = [
			entry.crc ?? crc32(content),
			entry.packedSize ?? packed.length,
			entry.size ?? content.length,
		];
		const extra = Buffer.from(entry.extra ?? []);
		const offset = offsets[entry.sharesWith ?? -1] ?? at;
		offsets.push(offset);
		if (entry.sharesWith === undefined) {
			const localName = Buffer.from(entry.localName ?? name, "latin1");
			const header = Buffer.alloc(30);
			header.writeUInt32LE(0x04034b50, 0);
			header.writeUInt16LE(20, 4);
			header.writeUInt16LE(flags, 6);
			header.writeUInt16LE(method, 8);
			const [crc = 0, packedSize = 0, size = 0] = words;
			[crc, packedSize, entry.localSize ?? size].forEach((word, index) => {
				header.writeUInt32LE((flags & 8) === 0 ? word : 0, 14 + 4 * index);
			});
			header.writeUInt16LE(localName.length, 26);
			header.writeUInt16LE(extra.length, 28);
			const record = Buffer.concat([header, localName, extra, packed, entry.tail ?? Buffer.of()]);
			local.push(record);
			at += record.length;
		}
		const header = Buffer.alloc(46);
		header.writeUInt32LE(0x02014b50, 0);
		header.writeUInt16LE(0x0314, 4);
		header.writeUInt16LE(20, 6);
		header.writeUInt16LE(flags, 8);
		header.writeUInt16LE(method, 10);
		words.forEach((word, index) => {
			header.writeUInt32LE(word, 16 + 4 * index);
		});
		const rawName = Buffer.from(name, "latin1");
		header.writeUInt16LE(rawName.length, 28);
		header.writeUInt16LE(extra.length, 30);
		header.writeUInt32LE(mode * 0x10000, 38);
		header.writeUInt32LE(offset, 42);
		directory.push(header, rawName, extra);
	}
	const listed = Buffer.concat(directory);
	const comment = Buffer.from(end.comment ?? "");
	const last = Buffer.alloc(22);
	last.writeUInt32LE(0x06054b50, 0);
	last.writeUInt16LE(end.disk ?? 0, 4);
	last.writeUInt16LE(end.count ?? entries.length, 8);
	last.writeUInt16LE(end.count ?? entries.length, 10);
	last.writeUInt32LE(end.directorySize ?? listed.length, 12);
	last.writeUInt32LE(at, 16);
	last.writeUInt16LE(comment.length, 20);
	return Buffer.concat([...local, listed, last, comment]);
}
