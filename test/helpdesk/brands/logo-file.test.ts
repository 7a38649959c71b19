import { expect, test } from "vitest";
import { MOST_LOGO_BYTES, readLogoFile } from "../../../src/helpdesk/brands/logo-file.ts";
import { jpegHead, png, webpHead } from "../../kit/helpdesk/pictures.ts";
import { saidInEnglish } from "../../kit/helpdesk/said-in-english.ts";

const SIDES = [
	...Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a]),
	...[0x90, 0x01], // 400
	...[0x78, 0x00], // 120
];
/** 400 and 120, less one each, in 14 bits each. */
const LOSSLESS = (() => {
	const data = Buffer.alloc(5);
	data[0] = 0x2f;
	data.writeUInt32LE(399 + 119 * 2 ** 14, 1);
	return data;
})();
const EXTENDED = Buffer.from([0, 0, 0, 0, 0x8f, 0x01, 0, 0x77, 0, 0]);

test.each([
	["image/png", png(400, 120)],
	["image/jpeg", jpegHead(400, 120)],
	["image/webp", webpHead("VP8 ", Uint8Array.from(SIDES))],
	["image/webp", webpHead("VP8L", LOSSLESS)],
	["image/webp", webpHead("VP8X", EXTENDED)],
])("a file is %s by its bytes, and they say its size", (type, file) => {
	expect(readLogoFile(file)).toEqual({ type, width: 400, height: 120 });
});

test.each([
	[
		"an SVG",
		'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
		"scripts",
	],
	["HTML", "<!doctype html><script>alert(1)</script>", "no PNG, JPEG or WebP"],
	["a GIF", "GIF89a\x01\x00\x01\x00", "no PNG, JPEG or WebP"],
	["nothing", "", "no PNG, JPEG or WebP"],
	["a cut PNG", "\x89PNG\r\n\x1a\n", "size cannot be read"],
	["a cut JPEG", "\xff\xd8\xff\xe0\x00\x04\x01\x02", "size cannot be read"],
	[
		"a JPEG of segments that lead nowhere",
		`\xff\xd8${"\xff\xe0\x00\x02".repeat(99)}`,
		"size cannot",
	],
	[
		"a JPEG whose next segment is none",
		"\xff\xd8\xff\xe0\x00\x02AAAAAAAAAAAA",
		"size cannot be read",
	],
	[
		"a JPEG with something between its segments",
		"\xff\xd8\xff\xe0\x00\x02A\xc0\x00\x0b\x08\x00\x78\x01\x90\x01\x01",
		"size cannot be read",
	],
	["a cut WebP", "RIFF\x00\x00\x00\x00WEBPVP8 ", "size cannot be read"],
])("%s is no logo", (_, bytes, why) => {
	expect(saidInEnglish(readLogoFile(Buffer.from(bytes, "latin1")))).toContain(why);
});

test("a logo has bounds: its bytes, and the pixels that few bytes can blow up to", () => {
	expect(saidInEnglish(readLogoFile(png(1, 1, new Uint8Array(MOST_LOGO_BYTES))))).toContain(
		"at most 64 KB",
	);
	const few = png(2000, 1);
	few.writeUInt32BE(2001, 20);
	expect(saidInEnglish(readLogoFile(few))).toContain("2,000 by 2,001 pixels");
	few.writeUInt32BE(0, 20);
	expect(saidInEnglish(readLogoFile(few))).toContain("size cannot be read");
});

test("segments of a JPEG that have no length of their own end the reading, not the program", () => {
	const endless = Buffer.concat([
		Buffer.from([0xff, 0xd8]),
		Buffer.alloc(1000, 0xff),
		Buffer.from([0xe0, 0, 0]),
		Buffer.alloc(100),
	]);
	expect(saidInEnglish(readLogoFile(endless))).toContain("size cannot be read");
});
