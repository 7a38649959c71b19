import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A vendor's own tests: a helpdesk that is the published mock host, under Node's own test runner. */
const PROGRAM = `
import { describe, test } from "node:test";
import { loadPlugin, MemoryStorage } from "x-login/host";
import { createMockHost, describeHostContract, mockBrand } from "x-login/testing";

const brands = [mockBrand("one"), mockBrand("two", { baseUrl: "http://127.0.0.1:8081" })];

async function open({ plugin, clock, origins }) {
	const storage = new MemoryStorage(clock);
	const load = async (zip) =>
		createMockHost({ plugin: await loadPlugin(zip), brands, clock, origins, storage });
	const host = await load(plugin);
	const { users, settings } = host;
	return {
		brandIds: ["one", "two"],
		activate: () => host.plugin.onActivate(),
		save: async (brandId, changes) =>
			brandId === undefined ? settings.saveForAll(changes) : settings.save(brandId, changes),
		enable: async (brandId, enabled) => settings.enable(brandId, enabled),
		addUser: async (user) => users.add(user).id,
		addStaff: async (email) => users.add({ brandId: "one", email, role: "staff" }).id,
		suspend: async (userId) => users.change(userId, { status: "suspended" }),
		delete: async (userId) => users.change(userId, undefined),
		install: load,
		letters: async () => host.mail.sent,
		log: () => host.events.map(({ subject, userId, ...event }) => JSON.stringify(event)),
		close: () => host.close(),
	};
}

describeHostContract({ name: "a vendor's helpdesk", open, describe, test });
`;

test("a vendor runs the host contract with the published kit and Node's own test runner", async () => {
	const folder = await mkdtemp(join(root, "dist", "vendor-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, "contract.test.mjs"), PROGRAM);

	const { stdout } = await promisify(execFile)(
		process.execPath,
		["--test", "--test-reporter=tap", "contract.test.mjs"],
		{ cwd: folder, env: { ...process.env, NODE_OPTIONS: "" } },
	);

	expect(stdout).toMatch(/^# fail 0$/m);
	expect(Number(/^# tests (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(90);
	expect(stdout).toContain("makes one user of 50 simultaneous calls with one key");
});
