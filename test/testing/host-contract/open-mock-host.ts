import { type LoadedPlugin, loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import type {
	ContractVersion,
	HostSetUp,
	OpenedHost,
} from "../../../src/testing/host-contract/host-under-test.ts";
import { createMockHost, mockBrand } from "../../../src/testing/mock-host/mock-host.ts";

const BRANDS = [
	mockBrand("first"),
	mockBrand("second", { baseUrl: "http://127.0.0.1:8081" }),
] as const;

/** The mock host as it was before version 1.1 of the contract. */
export function openOlderMockHost(setUp: HostSetUp): Promise<OpenedHost> {
	return openMockHost(setUp, undefined, "1.0");
}

/** The mock host for `describeHostContract`: it has ports and no pages. */
export async function openMockHost(
	{ plugin, clock, origins }: HostSetUp,
	load: (zip: Uint8Array, storage: HostStorage) => Promise<LoadedPlugin> = (zip) => loadPlugin(zip),
	contract: ContractVersion = "1.3",
): Promise<OpenedHost> {
	const storage = new MemoryStorage(clock);
	const open = async (zip: Uint8Array) =>
		createMockHost({
			plugin: await load(zip, storage),
			brands: BRANDS,
			clock,
			origins,
			storage,
			contract,
		});
	const hosts = [await open(plugin)];
	const [host] = hosts;
	if (host === undefined) {
		throw new Error("the mock host did not open");
	}
	const { users, settings } = host;
	return {
		brandIds: ["first", "second"],
		portalUrl: (brandId) => BRANDS.find(({ id }) => id === brandId)?.baseUrl ?? "",
		activate: async () => {
			await host.plugin.onActivate();
		},
		deactivate: () => host.plugin.onDeactivate(),
		uninstall: (data) => host.plugin.onUninstall(data),
		save: async (brandId, changes) =>
			brandId === undefined ? settings.saveForAll(changes) : settings.save(brandId, changes),
		enable: async (brandId, enabled) => settings.enable(brandId, enabled),
		addUser: async ({ incomplete = false, ...user }) =>
			users.add({ ...user, status: incomplete ? "incomplete" : "active" }).id,
		addStaff: async (email) => users.add({ brandId: "first", email, role: "staff" }).id,
		suspend: async (userId) => users.change(userId, { status: "suspended" }),
		delete: async (userId) => users.change(userId, undefined),
		approvals: {
			require: async () => {
				users.nextCreation = "pending";
			},
			approveAll: async () => users.approve(),
		},
		install: async (zip) => {
			hosts.push(await open(zip));
		},
		letters: async () => host.mail.sent,
		log: () => host.events.map(({ subject, userId, ...event }) => JSON.stringify(event)),
		close: async () => {
			await Promise.all(hosts.map((each) => each.close()));
		},
	};
}
