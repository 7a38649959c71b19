import type { Brand } from "../../contract/brands.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import manifestSchema from "../../contract/manifest.schema.json" with { type: "json" };
import type { Manifest } from "../../contract/manifest.ts";
import type { HookName, Plugin } from "../../contract/plugin.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { User, Users } from "../../contract/users.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { UndiciHttp } from "../../ports/undici-http.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { MockBrowser } from "./mock-browser.ts";
import { MockClock } from "./mock-clock.ts";
import { MockMail } from "./mock-mail.ts";
import { MockSettings } from "./mock-settings.ts";
import { MockUsers } from "./mock-users.ts";

export interface MockHostOptions {
	/** The plugin, as `loadPlugin` gives it. */
	readonly plugin: {
		readonly manifest: Pick<Manifest, "id">;
		readonly settingsSchema: SettingsSchema;
		createPlugin(host: HelpdeskHost): Partial<Plugin>;
	};
	/** One brand with the id `brand` by default. */
	readonly brands?: readonly Brand[];
	/** Addresses that replace the hosts that the plugin calls: `{ "api.x.com": fakeX.url }`. */
	readonly origins?: Readonly<Record<string, string>>;
	/** A clock that starts now by default, so that a fake X with the system clock accepts the signatures. */
	readonly clock?: MockClock;
	/** A storage instead of one in memory. The plugin gets a namespace of it. */
	readonly storage?: HostStorage;
	/** The version of the contract that the host keeps: the latest one by default. An older one leaves out its additions. */
	readonly contract?: "1.0" | "1.1" | "1.2" | "1.3";
}

/** A helpdesk in memory. It keeps state like a real one, and its clock moves only when a test moves it. */
export interface MockHost {
	/** The plugin's hooks. A hook that its manifest does not list rejects with an error that says so. */
	readonly plugin: Plugin;
	readonly clock: MockClock;
	/** The plugin's own storage. */
	readonly storage: HostStorage;
	readonly users: MockUsers;
	readonly mail: MockMail;
	readonly settings: MockSettings;
	readonly brands: readonly Brand[];
	/** The plugin's events, oldest first. */
	readonly events: readonly PluginEvent[];
	/** A visitor of a brand, without cookies. The first brand and English by default. */
	newBrowser(options?: { readonly brandId?: string; readonly locale?: string }): MockBrowser;
	close(): Promise<void>;
}

/** A brand of a mock host: on `127.0.0.1`, registration open, in English. */
export function mockBrand(id: string, changes: Partial<Brand> = {}): Brand {
	const baseUrl = changes.baseUrl ?? "http://127.0.0.1:8080";
	return {
		id,
		name: id,
		baseUrl,
		callbackUrl: `${baseUrl}/login/callback`,
		startPath: "/login/start",
		continuePath: "/login/continue",
		loginPath: "/login",
		locale: "en",
		registrationOpen: true,
		privacyPolicyUrl: `${baseUrl}/privacy`,
		termsUrl: `${baseUrl}/terms`,
		...changes,
	};
}

export function createMockHost(options: MockHostOptions): MockHost {
	const { brands = [mockBrand("brand")], clock = new MockClock(Date.now()) } = options;
	const storage = namespaced(options.storage ?? new MemoryStorage(clock), [
		"plugin",
		options.plugin.manifest.id,
	]);
	const { contract = "1.3" } = options;
	const isOlder = contract === "1.0";
	const users = new MockUsers();
	const mail = new MockMail();
	const settings = new MockSettings(options.plugin.settingsSchema);
	const http = new UndiciHttp(options.origins);
	const events: PluginEvent[] = [];
	const host: HelpdeskHost = {
		...(!isOlder && { contract: `${contract}.0` }),
		storage,
		secrets: settings,
		settings,
		brands: {
			find: async (brandId) => brands.find(({ id }) => id === brandId),
			list: async () => brands,
		},
		users: isOlder ? usersOfOlderHost(users) : users,
		mail,
		http,
		events: { emit: (event) => events.push(event) },
		clock,
		random: cryptoRandom,
	};
	const plugin = allHooks(options.plugin.createPlugin(host));
	return {
		plugin,
		clock,
		storage,
		users,
		mail,
		settings,
		brands,
		events,
		newBrowser: ({ brandId = brands[0]?.id ?? "", locale = "en" } = {}) =>
			new MockBrowser({ plugin, clock, users, brands, isOlder }, brandId, locale),
		close: () => http.close(),
	};
}

type Hook = (...values: unknown[]) => unknown;

const HOOKS = manifestSchema.properties.hooks.items.properties.hook.enum as readonly HookName[];

/** Each hook is looked up when it is called: a plugin under development replaces its code. */
function allHooks(plugin: Partial<Plugin>): Plugin {
	const hooks = plugin as Readonly<Record<string, Hook | undefined>>;
	const all = HOOKS.map((name): [HookName, Hook] => [
		name,
		async (...values) => {
			const hook = hooks[name];
			if (hook === undefined) {
				throw new Error(`the manifest of the plugin does not list the hook ${name}`);
			}
			return hook.apply(plugin, values);
		},
	]);
	return Object.fromEntries(all) as unknown as Plugin;
}

/** The users as a host of contract 1.0 knows them. */
function usersOfOlderHost(users: Users): Users {
	const known = ({ accessEpoch: _, ...user }: User): User => user;
	return {
		ownerOf: (brandId, email) => users.ownerOf(brandId, email),
		find: async (userId) => {
			const user = await users.find(userId);
			return user && known(user);
		},
		create: async (key, user) => {
			const creation = await users.create(key, user);
			return creation.kind === "created"
				? { ...creation, user: known(creation.user) }
				: { kind: "refused" };
		},
		confirm: (userId) => users.confirm(userId),
	};
}
