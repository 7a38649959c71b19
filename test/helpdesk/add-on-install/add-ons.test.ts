import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import manifest from "../../../plugin.json" with { type: "json" };
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import {
	newKeyPair,
	readPrivateKey,
	readPublicKey,
	signArchive,
} from "../../../src/artifact/zip/signature.ts";
import { folderMarketplace } from "../../../src/helpdesk/add-on-install/folder-marketplace.ts";
import { sha256Of } from "../../../src/helpdesk/add-ons/package-store.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";
import { laterX, tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install, upload } from "../../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import {
	INTEGRATIONS,
	onUsersPage,
	press,
	stored,
	throughX,
} from "../../kit/helpdesk/people-with-x.ts";
import { logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

const TINY = `${INTEGRATIONS}/tiny`;
/** The smallest log-in: it logs in user number one. */
const LOG_IN = {
	onActivate: 'return { state: "ready" };',
	renderLoginButtons: `const { startPath } = await host.brands.find(given.brandId);
		return [{ id: "tiny", label: "Log in with Tiny", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">Log in with Tiny</button></form>\` }];`,
	startLogin:
		'return { kind: "page", page: { status: 200, title: "Tiny", html: "<p>Tiny was asked</p>" } };',
};

async function folderWith(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "marketplace-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const [name, bytes] of Object.entries(files)) {
		await writeFile(join(folder, name), bytes);
	}
	return folder;
}

async function addOnsPage({ operator, portal }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${portal}${ADD_ONS}`)).html;
}

test("a second plugin comes from the marketplace and works next to X", async () => {
	const zip = tinyZip(LOG_IN, { version: "1.2.0" });
	const folder = await folderWith({ "tiny-1.2.0.zip": zip, "notes.zip": new Uint8Array(3) });
	const open = await openHelpdesk({ marketplace: folderMarketplace(folder) });
	const { operator, portal } = open;
	await setUpX(open);
	expect(await addOnsPage(open)).toMatch(/tiny-1\.2\.0\.zip<\/p><\/td><td>New/);
	const document = operator.seen.html;
	const proof = /name="_csrf" value="([^"]+)"/.exec(document)?.[1] ?? "";

	await operator.post(`${portal}${ADD_ONS}/choose`, [
		["_csrf", proof],
		["file", "tiny-1.2.0.zip"],
	]);

	expect(operator.seen.html).toContain("What leaves your server");
	expect(operator.seen.html).toContain("E-mails to people, in the name of your brands.");
	expect(operator.seen.html).toContain("Add-ons do not run in a sandbox.");
	expect(operator.seen.html).toContain("None. You cannot check who made it.");
	// Nothing is installed before an operator chooses it.
	expect((await new HttpVisitor().open(`${portal}/login`)).html).not.toContain("Tiny");
	expect(await stored(open.storage, ["plugin-state", "tiny"])).toEqual([]);
	await operator.submit(`${ADD_ONS}/install`);
	expect(operator.seen.html).toContain("Tiny 1.2.0 is installed.");
	expect((await new HttpVisitor().open(`${portal}/login`)).html).not.toContain("Tiny");
	await press(open, `${TINY}/activate`);
	expect(operator.seen.html).toContain("Tiny is active.");

	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	expect(visitor.seen.html).toContain("Log in with X");
	expect((await visitor.submit("/login/tiny/start")).html).toContain("Tiny was asked");
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain("@ada");
	await press(open, `${TINY}/deactivate`);
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Log in with X");
	expect((await visitor.open(`${portal}/login/tiny/callback`)).status).toBe(404);
	expect((await visitor.open(`${portal}/login/nobody/callback`)).status).toBe(404);
});

test("only offered packages are read, and no name leads out of the folder", async () => {
	const folder = await folderWith({ "tiny.zip": tinyZip(LOG_IN) });
	const { operator, portal } = await openHelpdesk({
		marketplace: folderMarketplace(join(folder, "none")),
	});
	await operator.open(`${portal}${ADD_ONS}`);
	const proof = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? "";

	const seen = await operator.post(`${portal}${ADD_ONS}/choose`, [
		["_csrf", proof],
		["file", "../tiny.zip"],
	]);

	expect(seen.status).toBe(404);
});

test("all plugins take part when users are deleted, merged and exported, and one that fails stops the deletion", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	const failing = tinyZip({
		onUserDeleted: 'throw new Error("not yet");',
		exportUserData: "return { word: 1 };",
		listLinkedAccounts: 'return [{ identityId: "tiny:1", label: "tiny one", linkedAt: 0 }];',
	});
	await setUpX(open);
	await throughX(open, "1");
	await install(operator, portal, failing);

	await operator.open(`${portal}/admin/users`);
	expect(operator.seen.html).toMatch(/X @ada, Tiny tiny one/);
	const [path = ""] = /\/admin\/users\/[^"/]+\/export/.exec(operator.seen.html) ?? [];
	const exported: unknown = await (await operator.request(`${portal}${path}`)).json();
	expect(exported).toMatchObject({ plugins: { tiny: { word: 1 }, "x-login": {} } });
	expect((await onUsersPage(open, "ada@example.com", "delete")).status).toBe(502);
	expect((await operator.open(`${portal}/admin/users`)).html).toContain("ada@example.com");

	await install(operator, portal, tinyZip({ onUserDeleted: "" }, { version: "1.0.1" }));
	await onUsersPage(open, "ada@example.com", "delete");
	expect(operator.seen.html).toContain("The user is deleted");
});

const zip = tinyZip(LOG_IN);
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
	["no zip", new TextEncoder().encode("<b>hello"), "damaged-archive"],
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
	expect(seen.html).not.toContain("<b>hello");
	expect(await stored(open.storage, ["packages"])).toEqual([]);
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

test("an operator can roll back from a version that can no longer be used", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const before = await openHelpdesk({ clock, storage });
	const later = tinyZip(LOG_IN, { version: "1.1.0" });
	await install(before.operator, before.portal, zip);
	await install(before.operator, before.portal, later);
	await storage.commit({ deletes: [["packages", "installed", sha256Of(later)]] });
	const { operator, portal, helpdesk } = await openHelpdesk({ clock, storage });
	const { email, password } = before.helpdesk.operator;
	await operator.open(`${helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${portal}${ADD_ONS}`);
	expect(operator.seen.html).toContain("tiny 1.1.0 cannot be used on this node");

	await operator.submit(`${ADD_ONS}/tiny/roll-back`);

	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
	expect(operator.seen.html).not.toContain("cannot be used");
	await operator.post(`${portal}${ADD_ONS}/nobody/roll-back`, [
		["_csrf", /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? ""],
	]);
	expect(operator.seen.status).toBe(404);
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

test("a plugin gets its own cookies, and none of a plugin whose id starts with its id", async () => {
	const startLogin = `const names = Object.keys(given.cookies).join(" ");
		return { kind: "page", page: { status: 200, title: "Tiny", html: "<p>It was given: " + names + ".</p>" } };`;
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await install(operator, portal, tinyZip({ ...LOG_IN, startLogin }));
	await press(open, `${TINY}/activate`);
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	for (const name of ["tiny.acorn.own", "tiny-acorn.acorn.other", "tiny-acorn-acorn-other"]) {
		visitor.cookies.set(name, "1");
	}

	await visitor.submit("/login/tiny/start");

	expect(visitor.seen.html).toContain("It was given: own.");
});

test("only operators can upload: for others the body is too large", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/admin/login`);
	const body = new FormData();
	body.set("zip", new File([new Uint8Array(200_000)], "big.zip"));

	const seen = await visitor.open(`${portal}${ADD_ONS}/upload`, { method: "POST", body });

	expect(seen.status).toBe(413);
});

test("the review of an upgrade lists the capabilities that change", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await install(operator, portal, zip);
	const ports = ["storage", "users:create"] as const;
	const capabilities = { network: ["api.tiny.example"], navigation: [], ports };

	const seen = await upload(operator, portal, tinyZip(LOG_IN, { version: "1.1.0", capabilities }));

	expect(seen.html).toContain("What changes from 1.0.0");
	expect(seen.html).toContain("<strong>New:</strong> Calls from your server to api.tiny.example.");
	expect(seen.html).toContain("<strong>New:</strong> Create accounts for visitors.");
	expect(seen.html).toContain("<strong>Removed:</strong> E-mails to people");
	expect(seen.html).toContain("Upgrade to 1.1.0");
});

test("an uninstalled add-on can be installed again, and its zip removed once no data is kept", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await install(operator, portal, zip);
	await press(open, `${TINY}/uninstall`);
	expect(operator.seen.html).toContain("Tiny is uninstalled. Its settings and links are kept.");

	expect(await addOnsPage(open)).not.toContain("Remove the zip");
	await operator.submit(`${TINY}/install`);
	expect(operator.seen.html).toContain("Tiny is installed. It is off");
	await press(open, `${TINY}/uninstall`);
	await operator.submit(`${TINY}/delete-kept`);
	await operator.submit(`${TINY}/delete-kept`, { sure: "on" });
	expect(operator.seen.html).toContain(
		"Tiny is uninstalled. Everything that it stored is deleted.",
	);
	await addOnsPage(open);
	await operator.submit(`${ADD_ONS}/tiny/remove`);

	expect(operator.seen.html).toContain("The zip is removed.");
	expect(operator.seen.html).not.toContain("Tiny");
	expect(await stored(open.storage, ["packages"])).toEqual([]);
	expect((await operator.open(`${portal}${TINY}/links.csv`)).status).toBe(404);
	await install(operator, portal, zip);
	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
});

test("a helpdesk that brings a newer version goes on with the installed one, and offers the newer one", async () => {
	const first = await builtArtifact();
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keys = [new Uint8Array(32).fill(1)];
	const start = async (pluginZip: Uint8Array) =>
		openHelpdesk({ clock, storage, keys, pluginZip, plugin: await loadPlugin(pluginZip) });
	const open = await start(first);
	await setUpX(open);

	const next = await start(await laterX("9.2.0"));
	const page = (await open.operator.open(`${next.portal}${ADD_ONS}`)).html;
	expect(page).toContain(`x-login-9.2.0.zip</p></td><td>Upgrade from ${manifest.version}`);
	expect(page).toContain(
		`<span class="soft">${manifest.version}</span><p class="help">By X Login contributors. Came with this helpdesk.`,
	);
	expect((await new HttpVisitor().open(`${next.portal}/login`)).html).toContain("Log in with X");
	// A rebuilt zip of the same version replaces the previous one, for developers.
	const again = await start(await laterX(manifest.version, { onDeactivate: "" }));
	expect((await new HttpVisitor().open(`${again.portal}/login`)).html).toContain("Log in with X");
	expect(await stored(storage, ["packages"])).toHaveLength(1);
	expect((await stored(storage, ["packages"])).join()).not.toContain(sha256Of(first));
});

test("forms may lead to the origins of installed plugins, from the first page on", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	const capabilities = { network: [], navigation: ["https://tiny.example"], ports: [] };
	await install(operator, portal, tinyZip(LOG_IN, { capabilities }));

	const { headers } = await new HttpVisitor().open(`${portal}/login`);

	expect(headers.get("content-security-policy")).toMatch(
		/form-action 'self'[^;]* https:\/\/tiny\.example/,
	);
});

test("an add-on whose zip is gone stops the deletion of users and the claim of accounts, but no log-in with other add-ons", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keys = [new Uint8Array(32).fill(1)];
	const first = await openHelpdesk({ clock, storage, keys });
	await setUpX(first);
	await install(first.operator, first.portal, zip);
	await storage.commit({
		sets: [{ key: ["plugin-data", "tiny", "a"], value: 1 }],
		deletes: [["packages", "installed", sha256Of(zip)]],
	});

	const open = await openHelpdesk({ clock, storage, keys });
	const operator = first.operator;
	await operator.open(`${open.portal}/admin/users`);
	await operator.submit("/admin/users/add", { brand: "acorn", email: "a@example.com" });
	const [path = ""] = /\/admin\/users\/[^"/]+\/delete/.exec(operator.seen.html) ?? [];
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");
	expect(open.log.join()).toContain("is missing from the storage");
	expect((await operator.submit(path)).status).toBe(502);
	const grace = new HttpVisitor();
	const fields = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await logInUnconfirmed(grace, { ...open, storage }, fields);
	const reader = new HttpVisitor();
	await reader.open(`${open.portal}/forgot`);
	await reader.submit("/forgot", { email: fields.email });
	const link = await eventually(async () => {
		const { html } = await operator.open(`${open.portal}/admin/mailbox`);
		return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter");
	});
	await reader.open(link);
	expect(await reader.submit("/reset", { password: "another horse" })).toMatchObject({
		status: 502,
	});
	await operator.open(`${open.portal}${ADD_ONS}`);
	expect(operator.seen.html).toContain("tiny 1.0.0 cannot be used on this node");
	expect(await operator.submit(`${ADD_ONS}/tiny/discard`)).toMatchObject({ status: 400 });
	expect(await stored(storage, ["plugin-data", "tiny"])).toHaveLength(1);
	await operator.submit(`${ADD_ONS}/tiny/discard`, { sure: "on" });

	expect(operator.seen.html).not.toContain("cannot be used");
	expect(await stored(storage, ["plugin-data", "tiny"])).toEqual([]);
	await operator.open(`${open.portal}/admin/users`);
	expect((await operator.submit(path)).html).toContain("The user is deleted");
	await reader.open(link);
	expect((await reader.submit("/reset", { password: "another horse" })).html).toContain(
		"Your password is set",
	);
});

test("another node loads an upgrade once, and goes on with the previous version where it cannot", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keys = [new Uint8Array(32).fill(1)];
	const one = await openHelpdesk({ clock, storage, keys });
	const two = await openHelpdesk({ clock, storage, keys });
	const labelled = (version: string, onActivate = "") =>
		tinyZip(
			{
				...LOG_IN,
				onActivate: `host.events.emit({ name: "joined", level: "info", message: "${version}", fields: {} }); ${onActivate}`,
				renderLoginButtons: LOG_IN.renderLoginButtons.replaceAll("with Tiny", `with ${version}`),
			},
			{ version },
		);
	const labelsAtTwo = async (): Promise<(string | undefined)[]> => {
		const pages = await Promise.all(
			Array.from({ length: 5 }, () => new HttpVisitor().open(`${two.portal}/login`)),
		);
		return [...new Set(pages.map(({ html }) => /Log in with [\d.]+/.exec(html)?.[0]))];
	};
	const joinedAtTwo = (version: string) =>
		two.log.filter((line) => line.includes('"joined"') && line.includes(version)).length;
	await install(one.operator, one.portal, labelled("1.0.0"));
	await press(one, `${TINY}/activate`);
	expect(await labelsAtTwo()).toEqual(["Log in with 1.0.0"]);
	expect(joinedAtTwo("1.0.0")).toBe(1);

	await install(one.operator, one.portal, labelled("1.1.0"));
	await eventually(async () => expect(await labelsAtTwo()).toEqual(["Log in with 1.1.0"]));
	expect(joinedAtTwo("1.1.0")).toBe(1);

	const onlyAtOne = `if ((await host.brands.list())[0].baseUrl.endsWith(":${new URL(one.portal).port}") === false) throw new Error("not on this node");`;
	await install(one.operator, one.portal, labelled("1.2.0", onlyAtOne));
	expect((await new HttpVisitor().open(`${one.portal}/login`)).html).toContain("Log in with 1.2.0");
	expect(await labelsAtTwo()).toEqual(["Log in with 1.1.0"]);
	expect(await labelsAtTwo()).toEqual(["Log in with 1.1.0"]);
	await eventually(() => expect(joinedAtTwo("1.2.0")).toBe(1));
	expect(two.log.join()).toContain("a version of tiny cannot be used on this node");
	// Later it is tried again.
	clock.advance(30_000);
	await labelsAtTwo();
	await eventually(() => expect(joinedAtTwo("1.2.0")).toBe(2));
});
