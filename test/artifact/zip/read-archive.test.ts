import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import { type RawEntry, rawZip } from "../../kit/artifact/raw-zip.ts";
import { tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";
import { processorClock } from "../../kit/processor-clock.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const HELLO: RawEntry = { name: "hello", content: text("hello, hello, hello") };

function descriptor(content: Uint8Array, packedSize: number, isSigned: boolean): Uint8Array {
	const words = [crc32(content), packedSize, content.length];
	const bytes = Buffer.alloc(isSigned ? 16 : 12);
	(isSigned ? [0x08074b50, ...words] : words).forEach((word, index) => {
		bytes.writeUInt32LE(word, 4 * index);
	});
	return bytes;
}

const UNIX_TIME = Uint8Array.of(0x55, 0x54, 1, 0, 9);
const zipWithDescriptor = (isSigned: boolean): Uint8Array => {
	const content = text("streamed");
	const tail = descriptor(content, content.length, isSigned);
	return rawZip([{ name: "a", content, method: 0, flags: 8, tail }, HELLO]);
};

test.each([
	["deflated files", rawZip([HELLO, { ...HELLO, name: "b" }]), ["hello", "b"]],
	["stored files", rawZip([{ ...HELLO, method: 0 }]), ["hello"]],
	["an empty file", rawZip([{ name: "empty" }]), ["empty"]],
	[
		"folders",
		rawZip([
			{ name: "a/", method: 0, mode: 0o040755 },
			{ ...HELLO, name: "a/b" },
		]),
		["a/b"],
	],
	["sizes behind the files", zipWithDescriptor(true), ["a", "hello"]],
	["unmarked sizes behind the files", zipWithDescriptor(false), ["a", "hello"]],
	["modes of no system", rawZip([{ ...HELLO, mode: 0 }]), ["hello"]],
	["times in extra fields", rawZip([{ ...HELLO, extra: UNIX_TIME }]), ["hello"]],
	["nothing", rawZip([]), []],
])("a zip with %s is read", (_, zip, names) => {
	expect([...readArchive(zip).keys()]).toEqual(names);
});

test("a packed file is unpacked unchanged", () => {
	expect(readArchive(packArchive(tinyPlugin()))).toEqual(
		new Map([...tinyPlugin()].sort(([one], [other]) => (one < other ? -1 : 1))),
	);
});

const ZEROS = new Uint8Array(4 * 1024 * 1024);

test.each([
	["no zip", text("hello"), "damaged-archive"],
	["nothing", new Uint8Array(), "damaged-archive"],
	["a truncated zip", packArchive(tinyPlugin()).slice(0, 300), "damaged-archive"],
	["a zip without its end", packArchive(tinyPlugin()).slice(0, -1), "damaged-archive"],
	[
		"a zip with something behind it",
		Buffer.concat([rawZip([HELLO]), text("x")]),
		"damaged-archive",
	],
	["a zip with a comment", rawZip([HELLO], { comment: "hi" }), "damaged-archive"],
	["a zip behind a program", rawZip([HELLO], { prefix: text("#!/bin/sh\n") }), "damaged-archive"],
	["bytes between files", rawZip([{ ...HELLO, tail: text("hidden") }]), "damaged-archive"],
	["overlapping files", rawZip([HELLO, { ...HELLO, name: "b", sharesWith: 0 }]), "damaged-archive"],
	[
		"a file that reaches into the next",
		rawZip([
			{ ...HELLO, packedSize: 60 },
			{ ...HELLO, name: "b" },
		]),
		"damaged-archive",
	],
	[
		"a file that reaches past the end",
		rawZip([{ ...HELLO, packedSize: 6_000 }]),
		"damaged-archive",
	],
	["a directory shorter than it says", rawZip([HELLO], { count: 2 }), "damaged-archive"],
	[
		"a directory longer than it says",
		rawZip([HELLO, { ...HELLO, name: "b" }], { count: 1 }),
		"damaged-archive",
	],
	[
		"another name in the file's header",
		rawZip([{ ...HELLO, localName: "other" }]),
		"damaged-archive",
	],
	["another size in the file's header", rawZip([{ ...HELLO, localSize: 3 }]), "damaged-archive"],
	["a wrong checksum", rawZip([{ ...HELLO, crc: 1 }]), "damaged-archive"],
	["broken deflate data", rawZip([{ ...HELLO, packed: text("~~~~") }]), "damaged-archive"],
	["a file smaller than it says", rawZip([{ ...HELLO, size: 20 }]), "damaged-archive"],
	[
		"a bomb that calls itself small",
		rawZip([{ name: "bomb", content: ZEROS, size: 10 }]),
		"damaged-archive",
	],
	["a bomb that states its size", rawZip([{ name: "bomb", content: ZEROS }]), "archive-too-large"],
	["a file of 3 GB", rawZip([{ ...HELLO, size: 3 * 2 ** 30 }]), "archive-too-large"],
	[
		"more bytes than allowed",
		rawZip([
			{ name: "a", method: 0, content: ZEROS },
			{ name: "b", content: ZEROS, method: 0 },
		]),
		"archive-too-large",
	],
	[
		"too many files",
		rawZip(Array.from({ length: 201 }, (_, index) => ({ name: `f${index}` }))),
		"archive-too-large",
	],
	["a count of 65,534", rawZip([HELLO], { count: 65_534 }), "archive-too-large"],
	["a zip64 count", rawZip([HELLO], { count: 65_535 }), "unsupported-archive"],
	["a zip64 size", rawZip([{ ...HELLO, size: 0xffffffff }]), "unsupported-archive"],
	[
		"a zip64 field",
		rawZip([{ ...HELLO, extra: Uint8Array.of(1, 0, 0, 0) }]),
		"unsupported-archive",
	],
	[
		"a second name",
		rawZip([{ ...HELLO, extra: Uint8Array.of(0x75, 0x70, 0, 0) }]),
		"unsupported-archive",
	],
	[
		"extra fields that are cut off",
		rawZip([{ ...HELLO, extra: Uint8Array.of(0x55, 0x54, 9, 0) }]),
		"damaged-archive",
	],
	["several volumes", rawZip([HELLO], { disk: 1 }), "unsupported-archive"],
	["an encrypted file", rawZip([{ ...HELLO, flags: 1 }]), "unsupported-archive"],
	["a strongly encrypted file", rawZip([{ ...HELLO, flags: 0x41 }]), "unsupported-archive"],
	[
		"another compression",
		rawZip([{ ...HELLO, method: 12, packed: text("x") }]),
		"unsupported-archive",
	],
	["a path that climbs out", rawZip([{ ...HELLO, name: "../evil" }]), "unsafe-path"],
	["a path that climbs out later", rawZip([{ ...HELLO, name: "a/../../evil" }]), "unsafe-path"],
	["an absolute path", rawZip([{ ...HELLO, name: "/evil" }]), "unsafe-path"],
	["a drive", rawZip([{ ...HELLO, name: "C:evil" }]), "unsafe-path"],
	["a backslash", rawZip([{ ...HELLO, name: "a\\b" }]), "unsafe-path"],
	["a NUL", rawZip([{ ...HELLO, name: "a\0.mjs" }]), "unsafe-path"],
	["no name", rawZip([{ ...HELLO, name: "" }]), "unsafe-path"],
	["a prototype", rawZip([{ ...HELLO, name: "__proto__" }]), "unsafe-path"],
	["a name of letters beyond ASCII", rawZip([{ ...HELLO, name: "h\u00e9" }]), "unsafe-path"],
	["a name twice", rawZip([HELLO, HELLO]), "duplicate-file"],
	["names that differ in case", rawZip([HELLO, { ...HELLO, name: "HELLO" }]), "duplicate-file"],
	[
		"a file that is also a folder",
		rawZip([HELLO, { ...HELLO, name: "hello/b" }]),
		"duplicate-file",
	],
	["a symbolic link", rawZip([{ ...HELLO, mode: 0o120777 }]), "special-file"],
	["a device", rawZip([{ ...HELLO, mode: 0o020666 }]), "special-file"],
])("%s is refused", (_, zip, code) => {
	const seconds = processorClock();

	expect(() => readArchive(zip)).toThrow(expect.objectContaining({ name: "PluginError", code }));
	expect(seconds()).toBeLessThan(1);
});
