import { expect, test, vi } from "vitest";
import { loadPlugin } from "../../../src/artifact/load-plugin.ts";
import { packArchive } from "../../../src/artifact/pack-archive.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../artifact/tiny-plugin.ts";
import { HttpVisitor } from "./http-visitor.ts";
import { API_KEY_SECRET, type OpenHelpdesk, openHelpdesk, setUpX } from "./open-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const X = `${INTEGRATIONS}/x-login`;
const SOCIAL = "/admin/settings/users/social-login/x-login";
const PASSWORD = "correct horse";
const DAY_MS = 24 * 60 * 60_000;

const PEOPLE = ["ada", "grace", "susan", "wanda"].map((name, index) => ({
	id: String(index + 1),
	screenName: `${name}_at_x`,
	name,
	email: `${name}@example.com`,
}));

async function throughX(open: OpenHelpdesk, accountId: string, page = "/login") {
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}${page}`);
	const { url } = await visitor.submit("/login/x-login/start");
	return visitor.open(await approveAtX(url, { accountId }));
}

async function onUsersPage(open: OpenHelpdesk, email: string, action: string) {
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	const row =
		open.operator.seen.html.split("<tr>").find((each) => each.includes(`<br>${email}<br>`)) ?? "";
	const [path = ""] = new RegExp(`/admin/users/[^"/]+/${action}`).exec(row) ?? [];
	return open.operator.submit(path);
}

/** Four people with X, of whom one has a password, one is suspended, and one waits for approval. */
async function openWithPeople(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	await throughX(open, "1");
	const grace = new HttpVisitor();
	await grace.open(`${open.portal}/register`);
	const fields = { name: "Grace", email: "grace@example.com", password: PASSWORD };
	await grace.submit("/register", fields);
	await grace.open(`${open.portal}/account`);
	const { url } = await grace.submit("/login/x-login/start");
	await grace.open(await approveAtX(url, { accountId: "2" }));
	await throughX(open, "3");
	await onUsersPage(open, "susan@example.com", "suspended");
	const registration = "/admin/settings/users/registration";
	await open.operator.open(`${open.portal}${registration}`);
	await open.operator.submit(registration, { "acorn-registration": "approval" });
	await throughX(open, "4");
	return open;
}

async function press(open: OpenHelpdesk, action: string) {
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	return open.operator.submit(action);
}

async function stored(storage: HostStorage, prefix: readonly string[] = []): Promise<string[]> {
	const found: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, cursor === undefined ? {} : { cursor });
		found.push(...page.entries.map((entry) => JSON.stringify(entry)));
		cursor = page.cursor;
	} while (cursor !== undefined);
	return found;
}

async function mailbox({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html;
}

const errorsIn = ({ log }: OpenHelpdesk) => log.filter((line) => line.includes('"level":"error"'));

test("Deactivate says first whom it concerns; kept, nothing is lost when X is activated again", async () => {
	const open = await openWithPeople();

	const asked = await press(open, `${X}/deactivate`);
	expect(asked).toMatchObject({ status: 200, url: `${open.portal}${X}/deactivate` });
	expect(asked.html).toContain(
		"4 people have X linked at Acorn Outdoor, 3 of them have no other way in.",
	);
	expect(asked.html).toContain(`${X}/links.csv?brand=acorn`);
	expect(asked.html).toContain("Write to the 1 person without another way in");
	expect(asked.html).toContain("2 more are suspended or wait for approval and get none.");
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");

	const before = await stored(open.storage, ["plugin-data"]);
	expect((await open.operator.submit(`${X}/deactivate`, { data: "keep" })).html).toContain(
		"X is deactivated. Its settings and links are kept.",
	);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).not.toContain("with X");
	expect(await stored(open.storage, ["plugin-data"])).toEqual(before);
	expect(await mailbox(open)).not.toContain("/reset?token=");
	await press(open, `${X}/activate`);
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain("@ada_at_x");
});

test("deleting takes a second thought, and leaves no X id and no handle in the storage", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/deactivate`);

	const unsure = await open.operator.submit(`${X}/deactivate`, { data: "purge", letters: "on" });
	expect(unsure).toMatchObject({ status: 400 });
	expect(unsure.html).toContain("Nothing has changed yet");
	expect(unsure.html).toMatch(/value="purge" checked/);
	expect(unsure.html).toMatch(/name="letters" checked/);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");

	const sure = { data: "purge", sure: "on", letters: "on" };
	const done = await open.operator.submit(`${X}/deactivate`, sure);
	expect(done.html).toContain("all links are deleted. 1 letter was written.");
	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);
	// Nobody comes in by accident: the brand is switched on anew, with the keys that are still there.
	await press(open, `${X}/activate`);
	const { html } = await new HttpVisitor().open(`${open.portal}/login`);
	expect(html).not.toContain("Log in with X");
	const manage = "/admin/settings/users/social-login/x-login";
	await open.operator.open(`${open.portal}${manage}`);
	await open.operator.submit(manage, { acorn: "on" });
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");
});

test("letters go to those whom a password helps, say why, and open the account for seven days", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/deactivate`);
	const done = await open.operator.submit(`${X}/deactivate`, { data: "keep", letters: "on" });
	expect(done.html).toContain("1 letter was written.");

	const letters = (await mailbox(open)).split("<article").filter((each) => each.includes("/reset"));
	expect(letters).toHaveLength(1);
	const [letter = ""] = letters;
	expect(letter).toContain("To ada@example.com");
	expect(letter).toContain("X will no longer open your account there");
	const [link = ""] = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(letter) ?? [];
	open.clock.advance(7 * DAY_MS - 1);
	const visitor = new HttpVisitor();
	await visitor.open(link);
	await visitor.submit("/reset", { password: PASSWORD });
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: "ada@example.com", password: PASSWORD });
	expect(visitor.seen.html).toContain("@ada_at_x");
	expect(open.log.join()).not.toContain(new URL(link).searchParams.get("token"));
});

test("a letter is in its reader's language, and a link that was asked for lasts half an hour", async () => {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	const visitor = new HttpVisitor();
	const german = { headers: { "accept-language": "de-AT" } };
	await visitor.open(`${open.portal}/login`, german);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId: "1" }), german);
	await press(open, `${X}/deactivate`);
	await open.operator.submit(`${X}/deactivate`, { data: "keep", letters: "on" });
	expect(await mailbox(open)).toContain("X öffnet Ihr Konto dort nicht mehr");

	open.clock.advance(1000);
	await visitor.open(`${open.portal}/forgot`);
	await visitor.submit("/forgot", { email: "ada@example.com" });
	const link = await vi.waitFor(async () => {
		const links = (await mailbox(open)).match(/http:\/\/127[^\s<]+\/reset\?token=[\w-]+/g) ?? [];
		expect(links).toHaveLength(2);
		return links[0] ?? "";
	});
	expect(await visitor.open(link)).toMatchObject({ status: 200 });
	open.clock.advance(30 * 60_000);
	expect(await visitor.open(link)).toMatchObject({ status: 400 });
});

test("switching a brand off asks first and loses nothing of what else was checked", async () => {
	const open = await openWithPeople();
	const { operator, portal } = open;
	const harborSettings = `${X}?brand=harbor`;
	await operator.open(`${portal}${harborSettings}`);
	await operator.submit(harborSettings, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	await operator.open(`${portal}${SOCIAL}`);

	const asked = await operator.submit(SOCIAL, { harbor: "on" });

	expect(asked.url).toBe(`${portal}${SOCIAL}/switch-off?brand=acorn`);
	expect(asked.html).toContain("4 people have X linked at Acorn Outdoor");
	const loginPages = async () => {
		const pages = await Promise.all(
			open.helpdesk.brands.map(({ baseUrl }) => new HttpVisitor().open(`${baseUrl}/login`)),
		);
		return pages.map(({ html }) => html.includes("x-login/start"));
	};
	expect(await loginPages()).toEqual([true, true]);
	const sure = { data: "purge", sure: "on" };
	const done = await operator.submit(`${SOCIAL}/switch-off?brand=acorn`, sure);
	expect(done.html).toContain("The links of the brands switched off are deleted");
	expect(await loginPages()).toEqual([false, true]);
	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);

	// Nobody uses the other one.
	await operator.submit(SOCIAL, {});
	expect(operator.seen.html).toContain("Saved.");
	expect(await loginPages()).toEqual([false, false]);
	await operator.open(`${portal}${SOCIAL}/switch-off?brand=acorn&brand=nobody&brand=harbor`);
	expect(operator.seen.url).toBe(`${portal}${SOCIAL}`);
});

test("an uninstalled plugin stays so over a restart, keeps what it had, and comes back disabled", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const open = await openHelpdesk({ clock, storage }, PEOPLE);
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId: "1" }));
	await throughX(open, "2");

	expect((await press(open, `${X}/uninstall`)).html).toContain("2 people have X linked");
	await open.operator.submit(`${X}/uninstall`, { data: "keep" });
	expect(open.operator.seen.html).toContain("Not installed");
	expect(open.operator.seen.html).not.toMatch(/>(Activate|Settings|Uninstall)</);
	for (const path of ["activate", "deactivate", "uninstall"]) {
		const proof = /name="_csrf" value="([^"]+)"/.exec(open.operator.seen.html)?.[1] ?? "";
		await open.operator.post(`${open.portal}${X}/${path}`, [["_csrf", proof]]);
		expect(open.operator.seen.html).toContain("Not installed");
	}
	await open.operator.open(`${open.portal}${X}`);
	expect(open.operator.seen.url).toBe(`${open.portal}${INTEGRATIONS}`);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).not.toContain("with X");

	// Data hooks still work: people see their link, and who is deleted leaves nothing.
	expect((await visitor.open(`${open.portal}/account`)).html).toContain("@ada_at_x");
	await onUsersPage(open, "grace@example.com", "delete");
	expect((await stored(storage)).join()).not.toContain("grace_at_x");

	await openHelpdesk({ clock, storage }, PEOPLE);
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	expect(open.operator.seen.html).toContain("Not installed");
	await open.operator.submit(`${X}/install`);
	expect(open.operator.seen.html).toContain("<td>Disabled</td>");
	await open.operator.submit(`${X}/activate`);
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain("@ada_at_x");
	expect(errorsIn(open)).toEqual([]);
});

test("uninstalling with deletion empties all that was kept for the plugin, and Install starts anew", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/uninstall`);

	await open.operator.submit(`${X}/uninstall`, { data: "purge", sure: "on" });

	expect(open.operator.seen.html).toContain("Nothing of it is stored any more");
	for (const namespace of ["plugin-data", "plugin-settings", "set-up-tests"]) {
		expect(await stored(open.storage, [namespace])).toEqual([]);
	}
	const left = (await stored(open.storage)).filter((entry) => !entry.includes('["installed"'));
	expect(left.filter((entry) => /x:\d|_at_x|api-key/.test(entry))).toEqual([]);
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	expect(open.operator.seen).toMatchObject({ status: 200 });
	expect(open.operator.seen.html).not.toContain("@ada_at_x");
	await press(open, `${X}/install`);
	await open.operator.submit(`${X}/activate`);
	expect(open.operator.seen.html).toContain("Needs set-up");
});

test("what was kept of an uninstalled plugin is deleted on demand", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/uninstall`);
	await open.operator.submit(`${X}/uninstall`, { data: "keep" });

	expect((await open.operator.submit(`${X}/delete-kept`)).html).toContain("4 people have X linked");
	expect(await open.operator.submit(`${X}/delete-kept`)).toMatchObject({ status: 400 });
	await open.operator.submit(`${X}/delete-kept`, { sure: "on" });

	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);
	expect(open.operator.seen.html).not.toContain("Delete what was kept");
});

/** A plugin that answers as told and reports each of its hooks that is called. */
async function pluginWith(hooks: Readonly<Record<string, string>>) {
	const methods = Object.entries(hooks).map(
		([hook, body]) =>
			`async ${hook}(given) { host.events.emit({ name: "called.${hook}", level: "info", message: "", fields: {} }); ${body} }`,
	);
	const manifest = {
		...TINY_MANIFEST,
		hooks: Object.keys(hooks).map((hook) => ({ hook, method: hook })),
		capabilities: { ...TINY_MANIFEST.capabilities, ports: ["storage"] },
	};
	const files = tinyPlugin({
		"plugin.json": JSON.stringify(manifest),
		"main.mjs": `export function createPlugin(host) { return { ${methods.join(", ")} }; }`,
	});
	return loadPlugin(packArchive(files));
}

const TINY = `${INTEGRATIONS}/tiny`;
const calledIn = ({ log }: OpenHelpdesk) =>
	log.flatMap((line) => /"called\.(\w+)"/.exec(line)?.[1] ?? []);

test("a plugin without these hooks is deactivated and uninstalled at once", async () => {
	const open = await openHelpdesk({ plugin: await pluginWith({ onActivate: "" }) });
	await press(open, `${TINY}/activate`);

	expect((await open.operator.submit(`${TINY}/deactivate`)).html).toContain("is deactivated");
	await open.operator.submit(`${TINY}/uninstall`);
	expect(open.operator.seen.html).toContain("Not installed");
	await open.operator.submit(`${TINY}/install`);
	expect(open.operator.seen.html).toContain("<td>Disabled</td>");
});

test("the numbers are the plugin's, whoever is behind them", async () => {
	const impact = {
		brands: [
			{
				brandId: "acorn",
				people: 142,
				strandedUserIds: Array.from({ length: 31 }, (_, i) => `${i}`),
			},
			{ brandId: "harbor", people: 2, strandedUserIds: [] },
			{ brandId: "<b>gone", people: 3, strandedUserIds: [] },
		],
	};
	const describeImpact = `return ${JSON.stringify(impact)};`;
	const open = await openHelpdesk({ plugin: await pluginWith({ describeImpact }) });
	await press(open, `${TINY}/activate`);

	const { html } = await press(open, `${TINY}/deactivate`);

	expect(html).toContain(
		"142 people have Tiny linked at Acorn Outdoor, 31 of them have no other way in.",
	);
	expect(html).toContain(
		"2 people have Tiny linked at Harbor Music, all of them have another way in.",
	);
	expect(html).not.toContain("gone");
	// It has no hook that forgets, and none of the 31 has an account.
	expect(html).not.toContain('value="purge"');
	expect(html).not.toContain('name="letters"');
});

test("a plugin that cannot say whom it concerns, or fails to go, goes all the same", async () => {
	const failing = 'throw new Error("broken");';
	const plugin = await pluginWith({ describeImpact: failing, onUninstall: failing });
	const open = await openHelpdesk({ plugin });
	await press(open, `${TINY}/activate`);

	expect((await press(open, `${TINY}/uninstall`)).html).toContain("Tiny could not say whom");
	await open.operator.submit(`${TINY}/uninstall`, { data: "purge", sure: "on" });

	expect(open.operator.seen.html).toContain("Not installed");
});

test("no hook of an uninstalled plugin is called but those for data, and none at all once that is deleted", async () => {
	const hooks = {
		onActivate: "",
		onUninstall: "",
		checkSetup: "return { checks: [] };",
		renderLoginButtons: "return [];",
		startLogin: "",
		onUserDeleted: "",
		listLinkedAccounts: "return [];",
	};
	const open = await openHelpdesk({ plugin: await pluginWith(hooks) });
	const forgedStart = async () => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/login`);
		const proof = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html)?.[1] ?? "";
		return visitor.post(`${open.portal}/login/tiny/start`, [["_csrf", proof]]);
	};
	const addUser = async () => {
		await open.operator.open(`${open.helpdesk.adminUrl}/users`);
		await open.operator.submit("/admin/users/add", { brand: "acorn", email: "a@example.com" });
	};
	await press(open, `${TINY}/uninstall`);
	const before = calledIn(open).length;
	await addUser();
	expect(await forgedStart()).toMatchObject({ status: 404 });
	await onUsersPage(open, "a@example.com", "delete");
	const kept = new Set(calledIn(open).slice(before));
	expect(kept).toEqual(new Set(["listLinkedAccounts", "onUserDeleted"]));

	await press(open, `${TINY}/delete-kept`);
	await open.operator.submit(`${TINY}/delete-kept`, { sure: "on" });
	const all = calledIn(open).length;
	await addUser();
	await forgedStart();
	await onUsersPage(open, "a@example.com", "delete");
	expect(calledIn(open).slice(all)).toEqual([]);
});
