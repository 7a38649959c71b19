import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import type { PortCapability } from "../../../src/contract/manifest.ts";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { totalKey } from "../../../src/helpdesk/people/people-counts.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADD_ONS } from "../../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import {
	INTEGRATIONS,
	onUsersPage,
	openWithPeople,
	PEOPLE,
	press,
	stored,
	throughX,
	X,
} from "../../kit/helpdesk/people-with-x.ts";
import { submitUntilDone } from "../../kit/jobs/until-done.ts";

const SOCIAL = "/admin/settings/users/social-login/x-login";

const errorsIn = ({ log }: OpenHelpdesk) => log.filter((line) => line.includes('"level":"error"'));

test("an uninstalled add-on stays uninstalled after a restart, keeps its data, and comes back disabled", async () => {
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

	// Hooks about data still work: people see their links, and deleted users leave nothing.
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

test("uninstalling with deletion deletes all data of the add-on, and Install starts from nothing", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/uninstall`);

	await submitUntilDone(open.operator, `${X}/uninstall`, { data: "purge", sure: "on" });

	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	expect(open.operator.seen.html).toContain("None of its data is stored.");
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

test("the kept data of an uninstalled add-on can be deleted", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/uninstall`);
	await open.operator.submit(`${X}/uninstall`, { data: "keep" });

	expect((await open.operator.submit(`${X}/delete-kept`)).html).toContain("4 people have X linked");
	expect(await open.operator.submit(`${X}/delete-kept`)).toMatchObject({ status: 400 });
	await submitUntilDone(open.operator, `${X}/delete-kept`, { sure: "on" });

	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);
	expect(open.operator.seen.html).not.toContain("Delete what was kept");
});

/** A plugin with given answers, which reports each call of its hooks. */
async function pluginWith(
	hooks: Readonly<Record<string, string>>,
	ports: readonly PortCapability[] = ["storage"],
) {
	const methods = Object.entries(hooks).map(
		([hook, body]) =>
			`async ${hook}(given) { host.events.emit({ name: "called.${hook}", level: "info", message: "", fields: {} }); ${body} }`,
	);
	const manifest = {
		...TINY_MANIFEST,
		hooks: Object.keys(hooks).map((hook) => ({ hook, method: hook })),
		capabilities: { ...TINY_MANIFEST.capabilities, ports },
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

test("a plugin without these hooks is deactivated at once, and uninstalled after a question", async () => {
	const open = await openHelpdesk({ plugin: await pluginWith({ onActivate: "" }) });
	await press(open, `${TINY}/activate`);

	expect((await open.operator.submit(`${TINY}/deactivate`)).html).toContain("is deactivated");
	await open.operator.submit(`${TINY}/uninstall`);
	expect(open.operator.seen.html).toContain("Uninstall Tiny?");
	await open.operator.submit(`${TINY}/uninstall`, { data: "keep" });
	expect(open.operator.seen.html).toContain("Not installed");
	await open.operator.submit(`${TINY}/install`);
	expect(open.operator.seen.html).toContain("<td>Disabled</td>");
});

test("the page shows the numbers that the helpdesk keeps, and asks the plugin nothing", async () => {
	const plugin = await pluginWith({ describeImpact: 'throw new Error("too many people");' });
	const open = await openHelpdesk({ plugin });
	await press(open, `${TINY}/activate`);
	const counts = {
		acorn: { "linked:tiny": 142, "only:tiny": 31 },
		harbor: { "linked:tiny": 2 },
		gone: { "linked:tiny": 3 },
	};
	await open.storage.commit({
		sets: Object.entries(counts).map(([brandId, ofBrand]) => ({
			key: [...NAMESPACES.accounts, ...totalKey(brandId)],
			value: { counts: ofBrand },
		})),
	});

	const { html } = await press(open, `${TINY}/deactivate`);

	expect(html).toContain(
		"142 people have Tiny linked at Acorn Outdoor. 31 of them have no other way to log in.",
	);
	expect(html).toContain(
		"2 people have Tiny linked at Harbor Music. All of them have another way to log in.",
	);
	expect(html).not.toContain("gone");
	expect(open.log.join()).not.toContain("called.describeImpact");
	// It has no hook that deletes links, and none of the 31 users can get an e-mail.
	expect(html).not.toContain('value="purge"');
	expect(html).not.toContain('name="letters"');
	const forged = { data: "purge", sure: "on", letters: "on" };
	expect((await open.operator.submit(`${TINY}/deactivate`, forged)).html).toContain(
		"settings and links are kept. 0 e-mails were written.",
	);
});

test("a plugin whose last hook fails is uninstalled nevertheless", async () => {
	const open = await openHelpdesk({
		plugin: await pluginWith({ onUninstall: 'throw new Error("broken");' }),
	});
	await press(open, `${TINY}/activate`);

	await press(open, `${TINY}/uninstall`);
	await open.operator.submit(`${TINY}/uninstall`, { data: "keep" });

	expect(open.operator.seen.html).toContain("Not installed");
});

test("only hooks about data of an uninstalled plugin are called, and none once the data is deleted", async () => {
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
	await open.operator.submit(`${TINY}/uninstall`, { data: "keep" });
	const before = calledIn(open).length;
	await addUser();
	expect(await forgedStart()).toMatchObject({ status: 404 });
	await onUsersPage(open, "a@example.com", "delete");
	const kept = new Set(calledIn(open).slice(before));
	expect(kept).toEqual(new Set(["listLinkedAccounts", "onUserDeleted"]));

	await press(open, `${TINY}/delete-kept`);
	await submitUntilDone(open.operator, `${TINY}/delete-kept`, { sure: "on" });
	const all = calledIn(open).length;
	await addUser();
	await forgedStart();
	await onUsersPage(open, "a@example.com", "delete");
	expect(calledIn(open).slice(all)).toEqual([]);
});

/** A storage that refuses a number of writes in a namespace. */
function stubborn(
	storage: HostStorage,
	namespace: string,
): { storage: HostStorage; fail: (times: number) => void } {
	let left = 0;
	return {
		fail: (times) => {
			left = times;
		},
		storage: {
			get: (key) => storage.get(key),
			take: (key) => storage.take(key),
			list: (prefix, options) => storage.list(prefix, options),
			commit: async (commit) => {
				const { sets = [], deletes = [] } = commit;
				const keys = [...sets.map(({ key }) => key), ...deletes];
				if (left > 0 && keys.some(([first]) => first === namespace)) {
					left -= 1;
					throw new StorageError("it is away");
				}
				return storage.commit(commit);
			},
		},
	};
}

test.each(["the button", "a restart"])(
	"an interrupted deletion is shown as incomplete, and %s completes it",
	async (by) => {
		const clock = new MockClock();
		const { storage, fail } = stubborn(new MemoryStorage(clock), "plugin-settings");
		const open = await openHelpdesk({ clock, storage }, PEOPLE);
		await setUpX(open);
		await throughX(open, "1");
		await press(open, `${X}/uninstall`);
		fail(Number.POSITIVE_INFINITY);
		const away = await open.operator.submit(`${X}/uninstall`, { data: "purge", sure: "on" });
		expect(new URL(away.url).pathname).toMatch(/^\/admin\/jobs\/[\w-]+$/);
		expect(away.html).toContain("The job waits");

		await open.operator.open(`${open.portal}${INTEGRATIONS}`);
		expect(open.operator.seen.html).toContain("Its data is being deleted");
		expect(open.operator.seen.html).not.toContain("None of its data is stored");
		expect(open.operator.seen.html).not.toContain(`action="${X}/install"`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(open.operator.seen.html)?.[1] ?? "";
		const refused = await open.operator.post(`${open.portal}${X}/install`, [["_csrf", csrf]]);
		expect([refused.status, refused.html]).toEqual([
			409,
			expect.stringContaining("because its data is still being deleted"),
		]);
		expect((await stored(storage, ["plugin-settings"])).length).toBeGreaterThan(0);
		fail(0);
		if (by === "the button") {
			await open.operator.open(`${open.portal}/admin/jobs`);
			const [job = ""] = /\/admin\/jobs\/[\w-]+/.exec(open.operator.seen.html) ?? [];
			await open.operator.open(`${open.portal}${job}`);
			await open.operator.submit(`${job}/cancel`);
			await open.operator.open(`${open.portal}${INTEGRATIONS}`);
			await open.operator.submit(`${X}/delete-kept`);
			await submitUntilDone(open.operator, `${X}/delete-kept`, { sure: "on" });
		} else {
			await openHelpdesk({ clock, storage }, PEOPLE);
			await eventually(async () => expect(await stored(storage, ["plugin-settings"])).toEqual([]));
			await eventually(async () =>
				expect((await stored(storage, ["plugin-state"])).join()).not.toContain("emptying"),
			);
		}

		await open.operator.open(`${open.portal}${INTEGRATIONS}`);
		expect(open.operator.seen.html).toContain("None of its data is stored.");
		expect(open.operator.seen.html).not.toContain("Delete what was kept");
		expect(await stored(storage, ["plugin-settings"])).toEqual([]);
	},
);

test("while a job about the add-on is under way, the question names it and says what to do, and keeping works", async () => {
	const clock = new MockClock();
	const { storage, fail } = stubborn(new MemoryStorage(clock), "outbox");
	const open = await openHelpdesk({ clock, storage }, PEOPLE);
	const { operator } = open;
	await setUpX(open);
	await throughX(open, "1");
	await operator.open(`${open.portal}${SOCIAL}`);
	await operator.submit(SOCIAL, {});
	fail(Number.POSITIVE_INFINITY);
	const letters = { data: "keep", letters: "on" };
	const { url } = await operator.submit(`${SOCIAL}/switch-off?brand=acorn`, letters);
	const { pathname: job } = new URL(url);
	const names = `A job about X is under way: <a href="${job}">E-mail people who log in with X`;

	const asked = await press(open, `${X}/deactivate`);
	const refused = await operator.submit(`${X}/deactivate`, { data: "purge", sure: "on" });
	await storage.commit({
		sets: [{ key: [...NAMESPACES.accounts, ...totalKey("acorn")], value: { counts: {} } }],
	});
	const askedOfNobody = await press(open, `${X}/deactivate`);

	for (const { html } of [asked, refused, askedOfNobody]) {
		expect(html).toContain(names);
		expect(html).toContain("wait until it has ended, or cancel it on its page.");
	}
	expect([asked.status, refused.status, askedOfNobody.status]).toEqual([200, 409, 200]);
	expect(askedOfNobody.html).toContain("Nobody has X linked.");
	expect(asked.html).not.toContain("Nothing has changed yet");
	expect(refused.html).toContain("Nothing has changed yet. A job about X");
	const kept = await operator.submit(`${X}/deactivate`, { data: "keep" });
	expect(kept.html).toContain("X is deactivated. Its settings and links are kept.");
	await operator.open(url);
	await operator.submit(`${job}/cancel`);
	fail(0);
	expect((await press(open, `${X}/uninstall`)).html).not.toContain("A job about");
});

test("a deletion leaves no keyed hash of the sign-in ledger", async () => {
	const open = await openWithPeople();
	const signIns = async () => (await open.operator.open(`${open.helpdesk.adminUrl}/sign-ins`)).html;
	expect(await signIns()).toContain("Signed up");
	expect(await stored(open.storage, ["sign-ins"])).not.toEqual([]);
	await press(open, `${X}/uninstall`);
	await submitUntilDone(open.operator, `${X}/uninstall`, { data: "purge", sure: "on" });

	await signIns();

	expect(await stored(open.storage, ["sign-ins"])).toEqual([]);
});

test("a log-in under way when the add-on is deleted ends as without it, and leaves no data, e-mail or ledger entry", async () => {
	const storage = new MemoryStorage(new MockClock());
	const hooks = {
		onActivate: "",
		handleCallback: `host.events.emit({ name: "waits", level: "info", message: "", fields: {} });
			while ((await host.storage.get(["go"])) === undefined) await new Promise((resolve) => setImmediate(resolve));
			const late = [host.storage.commit({ sets: [{ key: ["late"], value: 1 }] }), host.mail.send({ brandId: "acorn", to: "a@example.com", subject: "You are @ada", text: "" })];
			const ends = await Promise.allSettled(late);
			host.events.emit({ name: "login.ended", level: "info", message: "", brandId: "acorn", fields: { outcome: "refused", code: "late", traceCode: "ABCD-1234" } });
			if (ends.every(({ status }) => status === "rejected")) throw new Error("nothing can be stored");
			return { kind: "redirect", location: "/stored" };`,
	};
	const open = await openHelpdesk({
		storage,
		plugin: await pluginWith(hooks, ["storage", "mail"]),
	});
	await press(open, `${TINY}/activate`);
	const visitor = new HttpVisitor();
	const deleteMeanwhile = async (): Promise<void> => {
		await eventually(() => expect(open.log.join()).toContain('"waits"'));
		await press(open, `${TINY}/uninstall`);
		await open.operator.submit(`${TINY}/uninstall`, { data: "keep" });
		await open.operator.open(`${open.portal}${INTEGRATIONS}`);
		await open.operator.submit(`${TINY}/delete-kept`);
		await submitUntilDone(open.operator, `${TINY}/delete-kept`, { sure: "on" });
		await storage.commit({ sets: [{ key: ["plugin-data", "tiny", "go"], value: 1 }] });
	};
	const [{ status }] = await Promise.all([
		visitor.open(`${open.portal}/login/tiny/callback`),
		deleteMeanwhile(),
	]);

	expect(status).toBe(404);
	expect(await stored(storage, ["outbox"])).toEqual([]);
	expect((await stored(storage, ["plugin-data"])).join()).not.toContain("late");
	// The deletion waits for writes that are under way.
	await open.operator.open(`${open.helpdesk.adminUrl}/sign-ins`);
	expect(await stored(storage, ["sign-ins"])).toEqual([]);
});

test("the marketplace does not call an uninstalled add-on installed", async () => {
	const open = await openHelpdesk({ pluginZip: await builtArtifact() });
	const addOns = async () => (await open.operator.open(`${open.portal}${ADD_ONS}`)).html;
	expect(await addOns()).toMatch(/x-login-[\d.]+zip<\/p><\/td><td>Installed</);
	await press(open, `${X}/uninstall`);
	await open.operator.submit(`${X}/uninstall`, { data: "keep" });
	expect(await addOns()).toMatch(/x-login-[\d.]+zip<\/p><\/td><td>Not installed</);
});
