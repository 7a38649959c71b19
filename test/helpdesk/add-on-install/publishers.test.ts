// Who published an add-on: signatures, trusted keys and changed zips.
import { expect, test } from "vitest";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import {
	newKeyPair,
	readPrivateKey,
	readPublicKey,
	signArchive,
} from "../../../src/artifact/zip/signature.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { laterX, tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";
import { ADD_ONS, install, upload } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { LOG_IN, zip } from "../../kit/helpdesk/tiny-log-in.ts";

const { privateKey, publicKey } = newKeyPair();
const signature = signArchive(zip, readPrivateKey(privateKey));
const another = signArchive(zip, readPrivateKey(newKeyPair().privateKey));

function repacked(changes: Readonly<Record<string, string>>): Uint8Array {
	const files = readArchive(zip);
	for (const [name, content] of Object.entries(changes)) {
		files.set(name, new TextEncoder().encode(content));
	}
	return packArchive(files);
}

test.each([
	["a zip without its end", zip.slice(0, -9), "damaged-archive"],
	["a changed file", repacked({ "README.md": "other" }), "integrity-mismatch"],
	["a changed list", repacked({ "integrity.json": "{}" }), "integrity-mismatch"],
	["a smuggled file", repacked({ "more.mjs": "1" }), "integrity-mismatch"],
	["a path out of the folder", repacked({ "../out.mjs": "1" }), "unsafe-path"],
	["code from text", tinyZip({ onActivate: 'await eval("1");' }), "dynamic-code"],
	[
		"a text with the name of a property that every object has",
		repacked({
			"plugin.json": JSON.stringify({
				...TINY_MANIFEST,
				texts: { ...TINY_MANIFEST.texts, privacy: "constructor" },
			}),
		}),
		"missing-text",
	],
	["a module of Node", tinyZip({ onActivate: 'await import("node:fs");' }), "dynamic-code"],
])("%s is refused with its code, and neither run nor kept", async (_, bytes, code) => {
	const open = await openHelpdesk();

	const seen = await upload(open.operator, open.portal, bytes);

	expect(seen.status).toBe(400);
	expect(seen.html).toContain(`<code>${code}</code>`);
	expect(seen.html).not.toContain(`${ADD_ONS}/install`);
	expect(await stored(open.storage, ["packages"])).toEqual([]);
});

test("an upload that is no zip is named, with what to upload, and not kept", async () => {
	const open = await openHelpdesk();
	const readme = new TextEncoder().encode("# How to install it");

	const seen = await upload(open.operator, open.portal, readme, undefined, "<b>README.md");

	expect(seen.status).toBe(400);
	expect(seen.html).toContain("You uploaded &lt;b&gt;README.md, which is not a zip file.");
	expect(seen.html).toContain("Its name ends in .zip.");
	expect(await stored(open.storage, ["packages"])).toEqual([]);
});

test("a missing signature is no warning where any publisher will do, and the review says how to check the zip", async () => {
	const { operator, portal } = await openHelpdesk();

	const { html } = await upload(operator, portal, zip);

	expect(html).not.toContain("<code>unsigned</code>");
	expect(html).toContain("compare its SHA-256 with the one that the publisher names");
});

test("where keys are trusted, packages that none of them signed are refused with a code", async () => {
	const open = await openHelpdesk({ trustedKeys: [readPublicKey(publicKey)] });
	const { operator, portal } = open;
	for (const [given, code] of [
		[undefined, "unsigned"],
		[another, "untrusted-key"],
		[new TextEncoder().encode("ed25519 no"), "wrong-signature"],
	] as const) {
		const seen = await upload(operator, portal, zip, given);
		expect([seen.status, seen.html.includes(`<code>${code}</code>`)]).toEqual([400, true]);
	}

	const trusted = await upload(operator, portal, zip, signature);

	expect(trusted.html).toContain("which you trust");
	await operator.submit(`${ADD_ONS}/install`);
	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
	expect(operator.seen.html).toContain("Signed with the key");
});

test("once publishers are trusted, unsigned add-ons are marked, and no roll-back leads to an unsigned version", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const before = await openHelpdesk({ clock, storage });
	await install(before.operator, before.portal, zip);
	const later = tinyZip(LOG_IN, { version: "1.1.0" });
	await install(before.operator, before.portal, later);
	const { operator, portal, helpdesk } = await openHelpdesk({
		clock,
		storage,
		trustedKeys: [readPublicKey(publicKey)],
	});
	const { email, password } = before.helpdesk.operator;
	await operator.open(`${helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${portal}${ADD_ONS}`);

	expect(operator.seen.html.split("None of the publishers you trust signed it")).toHaveLength(2);
	await operator.submit(`${ADD_ONS}/tiny/roll-back`);

	expect(operator.seen.status).toBe(409);
	expect(operator.seen.html).toContain("it is unsigned");
	expect((await stored(storage, ["plugin-state", "tiny"])).join()).toMatch(
		/"current":{"version":"1\.1\.0"/,
	);
});

test("a review tells trusted signatures from others, and a new publisher from the previous one", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;

	const seen = await upload(operator, portal, zip, signature);
	expect(seen.html).toContain("This helpdesk trusts no keys yet");
	await operator.submit(`${ADD_ONS}/install`);
	const later = tinyZip(LOG_IN, { version: "1.1.0" });
	await upload(
		operator,
		portal,
		later,
		signArchive(later, readPrivateKey(newKeyPair().privateKey)),
	);

	expect(operator.seen.html).toContain("was signed with another key");
});

test("a review warns of an unsigned package that would replace the bundled plugin", async () => {
	const [publisher, stranger] = [newKeyPair(), newKeyPair()];
	const later = await laterX("9.0.0");
	const signed = (by: string) => signArchive(later, readPrivateKey(by));
	const { operator, portal } = await openHelpdesk({
		trustedKeys: [readPublicKey(publisher.publicKey)],
	});
	const { operator: trusting, portal: elsewhere } = await openHelpdesk();
	const warning = "there is no proof that this one is from the same publisher";

	const untrusted = await upload(trusting, elsewhere, later, signed(stranger.privateKey));
	expect(untrusted.html).toContain(warning);
	const unsigned = await upload(trusting, elsewhere, later);
	expect(unsigned.html).toContain(warning);
	const trusted = await upload(operator, portal, later, signed(publisher.privateKey));
	expect(trusted.html).toContain("which you trust");
	expect(trusted.html).not.toContain(warning);
	const other = await upload(trusting, elsewhere, tinyZip(LOG_IN));
	expect(other.html).not.toContain(warning);
});
