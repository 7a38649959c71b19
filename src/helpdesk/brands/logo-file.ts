import type { Message } from "../locale/locale.ts";

export const LOGO_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
export type LogoType = (typeof LOGO_TYPES)[number];

/** The most bytes of a logo. */
export const MOST_LOGO_BYTES = 64 * 1024;
/** A file of few bytes may have pixels enough to fill the memory of a browser. */
export const MOST_LOGO_PIXELS = 2000;

export interface LogoFile {
	readonly type: LogoType;
	/** Pixels. */
	readonly width: number;
	readonly height: number;
}

type Size = Pick<LogoFile, "width" | "height">;

/** What a file is by its first bytes. Its name and the type that a browser names say nothing. */
const READERS: readonly (readonly [
	type: LogoType,
	isOne: (bytes: Buffer) => boolean,
	sizeOf: (bytes: Buffer) => Size | undefined,
])[] = [
	["image/png", (bytes) => bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n", pngSize],
	["image/jpeg", (bytes) => bytes.toString("latin1", 0, 3) === "\xff\xd8\xff", jpegSize],
	["image/webp", isWebp, webpSize],
];

/** @returns a message that says why a file cannot be a logo, in place of what it is. */
export function readLogoFile(file: Uint8Array): LogoFile | Message {
	if (file.length > MOST_LOGO_BYTES) {
		const [kilobytes, most] = [Math.ceil(file.length / 1024), MOST_LOGO_BYTES / 1024];
		return { key: "brand.logo.too-large", values: { kilobytes, most } };
	}
	const bytes = Buffer.from(file);
	const reader = READERS.find(([, isOne]) => isOne(bytes));
	if (reader === undefined) {
		return { key: isSvg(bytes) ? "brand.logo.svg" : "brand.logo.other-type" };
	}
	const [type, , sizeOf] = reader;
	const size = sizeOf(bytes);
	if (size === undefined || size.width < 1 || size.height < 1) {
		return { key: "brand.logo.no-size" };
	}
	return Math.max(size.width, size.height) <= MOST_LOGO_PIXELS
		? { type, ...size }
		: {
				key: "brand.logo.too-many-pixels",
				values: {
					width: size.width,
					height: size.height,
					most: MOST_LOGO_PIXELS,
				},
			};
}

function isSvg(bytes: Buffer): boolean {
	return bytes.toString("latin1", 0, 1024).toLowerCase().includes("<svg");
}

/** The first chunk is IHDR, which begins with both sides. */
function pngSize(bytes: Buffer): Size | undefined {
	return bytes.length < 24 || bytes.toString("latin1", 12, 16) !== "IHDR"
		? undefined
		: { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The sides are in the segment that starts a frame. The segments before it are skipped by their lengths. */
function jpegSize(bytes: Buffer): Size | undefined {
	for (let at = 2; at + 9 <= bytes.length; ) {
		const [mark, kind = 0] = [bytes[at], bytes[at + 1]];
		if (mark !== 0xff) {
			return undefined;
		}
		// Those between them define tables, and have numbers of the same row.
		if (kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind)) {
			return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
		}
		at += kind === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
	}
	return undefined;
}

function isWebp(bytes: Buffer): boolean {
	return bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
}

/** The three kinds of its first chunk: with loss, without loss, and extended. */
function webpSize(bytes: Buffer): Size | undefined {
	if (bytes.length < 30) {
		return undefined;
	}
	switch (bytes.toString("latin1", 12, 16)) {
		case "VP8 ":
			return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
		case "VP8L": {
			const sides = bytes.readUInt32LE(21);
			return { width: 1 + (sides & 0x3fff), height: 1 + ((sides >>> 14) & 0x3fff) };
		}
		case "VP8X":
			return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
		default:
			return undefined;
	}
}
