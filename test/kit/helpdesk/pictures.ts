import { deflateSync } from "node:zlib";

/** A PNG of one colour that browsers can show. */
export function png(width: number, height: number, extra: Uint8Array = new Uint8Array()): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x55)]);
	const rows = Buffer.concat(Array.from({ length: height }, () => line));
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		...[chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))],
		extra,
	]);
}

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, check]);
}

function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit += 1) {
			crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
		}
	}
	return (crc ^ 0xffffffff) >>> 0;
}

/** The head of a JPEG: a segment to skip, and the one that starts a frame. */
export function jpegHead(width: number, height: number): Buffer {
	const frame = Buffer.from([0xff, 0xc2, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
	frame.writeUInt16BE(height, 5);
	frame.writeUInt16BE(width, 7);
	return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2]), frame]);
}

/** The head of a WebP whose first chunk has this kind and these bytes. */
export function webpHead(kind: "VP8 " | "VP8L" | "VP8X", data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(`WEBP${kind}`, "latin1"), Buffer.alloc(4), data]);
	return Buffer.concat([Buffer.from("RIFF", "latin1"), Buffer.alloc(4), body, Buffer.alloc(32)]);
}
