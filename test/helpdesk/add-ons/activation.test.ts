import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HANGS, tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { impatience } from "../../kit/helpdesk/impatience.ts";
import { install } from "../../kit/helpdesk/install-add-on.ts";
import {
	logInOperator,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../kit/helpdesk/open-helpdesk.ts";
import { press, stored } from "../../kit/helpdesk/people-with-x.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";

/** A plugin whose activation fails if an entry of its storage says so. */
async function fickle() {
	const onActivate = `
		const fault = (await host.storage.get(["fault"]))?.value;
		if (fault !== undefined) { throw fault === "nothing" ? undefined : new Error(fault); }
	`;
	const files = tinyPlugin({
		"plugin.json": JSON.stringify({
			...TINY_MANIFEST,
			capabilities: { ...TINY_MANIFEST.capabilities, ports: ["storage"] },
		}),
		"main.mjs": `export function createPlugin(host) { return { onActivate: async () => { ${onActivate} } }; }`,
	});
	return loadPlugin(packArchive(files));
}

async function openFickle(shared?: { clock: MockClock; storage: MemoryStorage }) {
	const clock = shared?.clock ?? new MockClock();
	const storage = shared?.storage ?? new MemoryStorage(clock);
	const open = await openHelpdesk({ clock, storage, plugin: await fickle() });
	const fault = ["plugin-data", "tiny", "fault"];
	const breakIt = (value: string) => storage.commit({ sets: [{ key: fault, value }] });
	const mendIt = () => storage.commit({ deletes: [fault] });
	return { open, clock, storage, breakIt, mendIt };
}

async function integrations({ operator, portal }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${portal}${INTEGRATIONS}`)).html;
}

const errorsIn = ({ log }: OpenHelpdesk) => log.filter((line) => line.includes('"level":"error"'));

test("a failed activation shows its reason, its time and what to do, until one succeeds", async () => {
	const { open, clock, storage, breakIt, mendIt } = await openFickle();
	await breakIt(`<b>no licence</b> ${"x".repeat(5000)}`);
	await integrations(open);

	expect(await open.operator.submit(`${INTEGRATIONS}/tiny/activate`)).toMatchObject({
		status: 409,
	});
	clock.advance(60 * 60_000);
	await logInOperator(open);
	const page = await integrations(open);
	expect(page).toContain("Failed");
	expect(page).toContain("&lt;b&gt;no licence&lt;/b&gt;");
	expect(page).not.toContain("x".repeat(500));
	expect(page).toContain("Since 2026-01-15 12:00 UTC. Fix the problem, then press Activate again.");
	expect(open.log.join()).toContain("the hook onActivate of tiny failed");

	// On another node, and after a restart. A second failure keeps the time of the first.
	const other = await openFickle({ clock, storage });
	const { email, password } = open.helpdesk.operator;
	const operator = new HttpVisitor();
	await operator.open(`${other.open.helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await operator.open(`${other.open.portal}${INTEGRATIONS}`);
	expect(operator.seen.html).toContain("no licence");
	await breakIt("another reason");
	await operator.submit(`${INTEGRATIONS}/tiny/activate`);
	expect(operator.seen.html).toContain("another reason");
	expect(operator.seen.html).toContain("Since 2026-01-15 12:00 UTC");

	await mendIt();
	await operator.submit(`${INTEGRATIONS}/tiny/activate`);
	expect(operator.seen.html).toContain("is active");
	expect(operator.seen.html).not.toContain("Failed");
	await operator.submit(`${INTEGRATIONS}/tiny/deactivate`);
	expect(operator.seen.html).toContain("<td>Disabled</td>");
});

test("why an activation failed is in the reader's language, and what the plugin said is marked as English", async () => {
	const { open, breakIt } = await openFickle();
	const { text } = localeFor("de", "en");
	await integrations(open);
	await open.operator.submit("/admin/language", { language: "de" });
	for (const [fault, shown] of [
		["no licence", '<p class="problem"><span lang="en" dir="ltr">no licence</span></p>'],
		["nothing", `<p class="problem">${text("integrations.no-reason")}</p>`],
	] as const) {
		await breakIt(fault);
		await integrations(open);
		await open.operator.submit(`${INTEGRATIONS}/tiny/activate`);
		expect(open.operator.seen.html).toContain(shown);
	}
});

test("an add-on that fails at start-up is off, and the page says why", async () => {
	const first = await openFickle();
	await integrations(first.open);
	await first.open.operator.submit(`${INTEGRATIONS}/tiny/activate`);
	await first.breakIt("nothing");

	await openFickle(first);

	const page = await integrations(first.open);
	expect(page).toContain("Failed");
	expect(page).toContain("It gave no reason.");
	expect(page).toContain(">Activate<");
});

test("without keys each brand needs set-up, and the log has no error", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const open = await openHelpdesk({ clock, storage });
	await integrations(open);
	await open.operator.submit(`${INTEGRATIONS}/x-login/activate`);

	const page = await integrations(open);
	expect(page).toContain("<td>Needs set-up<");
	for (const { id, name } of open.helpdesk.brands) {
		expect(page).toContain(
			`Needs set-up for ${name}: “API key” and “API key secret” are missing. <a href="${INTEGRATIONS}/x-login?brand=${id}">Set up ${name}</a>`,
		);
	}
	const restarted = await openHelpdesk({ clock, storage });
	for (const each of [open, restarted]) {
		const visitor = new HttpVisitor();
		await visitor.open(`${each.portal}/login`);
		expect(visitor.seen.html).not.toContain("Log in with X");
		const proof = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html)?.[1] ?? "";
		const forged = await visitor.post(`${each.portal}/login/x-login/start`, [["_csrf", proof]]);
		expect(forged.html).toContain("X is not available here");
		await visitor.open(`${each.portal}/login/x-login/callback?oauth_token=a&oauth_verifier=b`);
		expect(errorsIn(each)).toEqual([]);
	}

	const settings = `${INTEGRATIONS}/x-login?brand=acorn`;
	await open.operator.open(`${open.portal}${settings}`);
	await open.operator.submit(settings, { apiKey: "key", apiKeySecret: "secret" });
	const half = await integrations(open);
	expect(half).toContain("<td>Active<");
	expect(half).not.toContain("Needs set-up for Acorn Outdoor");
	expect(half).toContain("Needs set-up for Harbor Music");
});

test("a plugin whose hooks never end does not keep a helpdesk from starting, and can be removed", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const shared = { clock, storage, ...impatience() };
	const first = await openHelpdesk(shared);
	const onActivate = `if ((await host.storage.get(["hang"])) !== undefined) { ${HANGS} }`;
	await install(first.operator, first.portal, tinyZip({ onActivate, onUninstall: HANGS }));
	await press(first, `${INTEGRATIONS}/tiny/activate`);
	await storage.commit({ sets: [{ key: ["plugin-data", "tiny", "hang"], value: true }] });

	const second = await openHelpdesk(shared);

	expect((await new HttpVisitor().open(`${second.portal}/login`)).status).toBe(200);
	expect((await stored(storage, ["plugin-state", "tiny"])).join()).toContain("it did not end");
	await integrations(first);
	await first.operator.submit("/admin/language", { language: "de" });
	expect(await integrations(first)).toContain(
		'<p class="problem">es war nach 7 Sekunden noch nicht fertig</p>',
	);
	await first.operator.submit("/admin/language", { language: "en" });
	await press(first, `${INTEGRATIONS}/tiny/uninstall`);
	await first.operator.submit(`${INTEGRATIONS}/tiny/uninstall`, { data: "keep" });
	expect(await integrations(first)).toContain("Not installed");
});
