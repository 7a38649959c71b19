// Add-ons in several versions: upgrades, roll-backs, newer bundled ones and other nodes.
import { expect, test } from "vitest";
import manifest from "../../../plugin.json" with { type: "json" };
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { sha256Of } from "../../../src/helpdesk/add-ons/package-store.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";
import { laterX, tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install, upload } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { press, stored } from "../../kit/helpdesk/people-with-x.ts";
import { LOG_IN, TINY, zip } from "../../kit/helpdesk/tiny-log-in.ts";

test("why an add-on cannot be used or installed is in the reader's language, and what is not is marked as English", async () => {
	const { operator, portal, storage } = await openHelpdesk();
	const { text } = localeFor("de", "en");
	await operator.open(`${portal}${ADD_ONS}`);
	await operator.submit("/admin/language", { language: "de" });
	await install(operator, portal, zip);
	await install(operator, portal, tinyZip({ onActivate: "" }, { version: "0.9.0" }));
	expect(operator.seen.html).toContain(
		`<p class="problem">${text("add-on-failure.older", { version: "1.0.0" })}</p>`,
	);
	await install(
		operator,
		portal,
		tinyZip({ onUpgrade: 'throw new Error("no luck");' }, { version: "2.0.0" }),
	);
	expect(operator.seen.html).toContain(text("add-on-failure.step.upgrade"));
	expect(operator.seen.html).toContain(
		'<p class="problem"><span lang="en" dir="ltr">no luck</span></p>',
	);

	for (const [onUpgrade, shown] of [
		[
			'for (let i = 0; i < 51; i += 1) await host.mail.send({ brandId: "acorn", to: "ada@example.com", subject: "Upgraded", text: String(i) });',
			text("add-on-failure.tried-letters", { most: 50 }),
		],
		[
			'await host.users.create("k", { brandId: "acorn", name: "A", email: "new@example.com", emailProof: "code", locale: "en" });',
			text("add-on-failure.tried-users"),
		],
	] as const) {
		const ports = ["mail", "users:create"] as const;
		const capabilities = { ...TINY_MANIFEST.capabilities, ports };
		const version = "2.0.0";
		await install(operator, portal, tinyZip({ onUpgrade }, { version, capabilities }));
		expect(operator.seen.html).toContain(`<p class="problem">${shown}</p>`);
	}

	await upload(operator, portal, packArchive(tinyPlugin({ "plugin.json": "{}" })));
	expect(operator.seen.html).toContain('<span lang="en" dir="ltr"><code>invalid-manifest</code>');

	const key = ["plugin-state", "broken", "state"];
	await storage.commit({ sets: [{ key, value: { status: "odd" } }] });
	const { html } = await operator.open(`${portal}${ADD_ONS}`);
	expect(html).toContain("ist nicht lesbar und bleibt unverändert im Speicher");
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
