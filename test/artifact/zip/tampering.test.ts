import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import {
	newKeyPair,
	readPrivateKey,
	readPublicKey,
	signArchive,
} from "../../../src/artifact/zip/signature.ts";
import { verifyArchive } from "../../../src/artifact/zip/verify-archive.ts";
import { tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";

const { zip } = packPlugin(tinyPlugin());
const { privateKey, publicKey } = newKeyPair();
const signature = signArchive(zip, readPrivateKey(privateKey));
const trustedKeys = [readPublicKey(publicKey)];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function errorsOf(
	changed: Uint8Array,
	options: Parameters<typeof verifyArchive>[1] = {},
): string[] {
	return verifyArchive(changed, options)
		.filter(({ severity }) => severity === "error")
		.map(({ code, file }) => (file === undefined ? code : `${code} ${file}`));
}

function repacked(changes: Readonly<Record<string, Uint8Array | undefined>>): Uint8Array {
	const files = readArchive(zip);
	for (const [name, content] of Object.entries(changes)) {
		if (content === undefined) {
			files.delete(name);
		} else {
			files.set(name, content);
		}
	}
	return packArchive(files);
}

test("a signed zip verifies, and an unsigned zip is reported as unsigned", () => {
	expect(verifyArchive(zip, { signature, trustedKeys })).toEqual([]);
	expect(verifyArchive(zip)).toEqual([
		expect.objectContaining({ code: "unsigned", severity: "warning" }),
	]);
	expect(verifyArchive(zip, { signature })).toEqual([
		expect.objectContaining({ code: "unsigned", severity: "warning" }),
	]);
});

test.each([...readArchive(zip).keys()].filter((name) => name !== "integrity.json"))(
	"%s is named when it is changed, removed or renamed",
	(name) => {
		const content = readArchive(zip).get(name);

		expect(errorsOf(repacked({ [name]: text("changed") }))).toEqual([`integrity-mismatch ${name}`]);
		expect(errorsOf(repacked({ [name]: undefined }))).toEqual([`integrity-mismatch ${name}`]);
		expect(errorsOf(repacked({ [name]: undefined, "zz-renamed": content }))).toEqual([
			`integrity-mismatch ${name}`,
			"integrity-mismatch zz-renamed",
		]);
	},
);

test("an added file is named", () => {
	expect(errorsOf(repacked({ "extra.mjs": text("") }))).toEqual(["integrity-mismatch extra.mjs"]);
});

test.each([
	["that is not JSON", text("{")],
	["of something else", text('{"algorithm":"md5","files":{}}')],
	[
		"written another way",
		text(
			Buffer.from(readArchive(zip).get("integrity.json") ?? "")
				.toString()
				.replace("\n", " \n"),
		),
	],
])("a list %s is named", (_, list) => {
	expect(errorsOf(repacked({ "integrity.json": list }))).toEqual([
		"integrity-mismatch integrity.json",
	]);
});

test("a zip without the list cannot be verified", () => {
	expect(errorsOf(repacked({ "integrity.json": undefined }))).toEqual([
		"missing-integrity integrity.json",
	]);
});

test("no byte of a signed zip can be flipped", async () => {
	for (let at = 0; at < zip.length; at++) {
		const changed = zip.slice();
		changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));

		expect(errorsOf(changed, { signature, trustedKeys }), `byte ${at}`).toContain(
			"wrong-signature",
		);
		await expect(loadPlugin(changed, { signature, trustedKeys })).rejects.toMatchObject({
			code: "wrong-signature",
		});
	}
});

test("a flipped byte in an unsigned zip is always found", () => {
	for (let at = 0; at < zip.length; at++) {
		const changed = zip.slice();
		changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));

		expect(errorsOf(changed), `byte ${at}`).not.toEqual([]);
	}
});

test("no byte of a signature can be flipped", () => {
	for (let at = 0; at < signature.length; at++) {
		const changed = signature.slice();
		changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
		const errors = errorsOf(zip, { signature: changed, trustedKeys });

		expect(errors, `byte ${at}`).toEqual(["wrong-signature"]);
	}
});

test("a signature that is too short or too long is refused", () => {
	for (const wrong of [signature.slice(0, -1), Buffer.concat([signature, text("\n")]), text("")]) {
		expect(errorsOf(zip, { signature: wrong, trustedKeys })).toEqual(["wrong-signature"]);
	}
});

test("a stranger's signature is refused, and names the stranger's key", () => {
	const stranger = newKeyPair();
	const theirs = signArchive(zip, readPrivateKey(stranger.privateKey));

	expect(errorsOf(zip, { signature: theirs, trustedKeys })).toEqual(["untrusted-key"]);
	expect(errorsOf(zip, { trustedKeys })).toEqual(["unsigned"]);
});

test("a signed zip verifies even if another version of this program packed it", () => {
	const other = zip.slice();
	// This byte is part of the time of the first file.
	other[12] = (other[12] ?? 0) ^ 1;
	const found = verifyArchive(other, {
		signature: signArchive(other, readPrivateKey(privateKey)),
		trustedKeys,
	});

	expect(errorsOf(other)).toEqual([expect.stringContaining("not-canonical")]);
	expect(found).toEqual([expect.objectContaining({ code: "not-canonical", severity: "warning" })]);
});
