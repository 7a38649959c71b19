import { BlockList } from "node:net";
import { onTestFinished } from "vitest";
import { readPlugin } from "../../../src/artifact/load/read-plugin.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import type { SettingSchema } from "../../../src/contract/settings-schema.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { AddOn } from "../../../src/helpdesk/add-ons/add-on.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import type { Account } from "../../../src/helpdesk/people/stored-account.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { tinyPlugin } from "../artifact/tiny-plugin.ts";
import { keysInTurn } from "../openid/keys-in-turn.ts";
import { CHEAP_HASHER } from "./cheap-hasher.ts";

/** The hooks of a plugin, given the host that it was created with. */
type Hooks = (host: HelpdeskHost) => Partial<Plugin>;

export interface OpenCore extends HelpdeskCore {
	readonly addOn: AddOn;
	readonly storage: MemoryStorage;
	readonly clock: MockClock;
	/** Adds an account whose address nobody has proven. */
	addUser(email: string, brandId?: string): Promise<Account>;
}

/**
 * The helpdesk without its pages, in memory, with a tiny plugin that has these hooks. Its settings are `word` and
 * these.
 *
 * @param seen what the helpdesk uses in place of the storage.
 */
export async function openCore(
	hooks: Hooks = () => ({}),
	settings: Readonly<Record<string, SettingSchema>> = {},
	seen: (storage: HostStorage) => HostStorage = (storage) => storage,
): Promise<OpenCore> {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const plugin = readPlugin(tinyPlugin(), process.versions.node);
	const { settingsSchema } = plugin;
	const options = {
		port: 0,
		storage: seen(storage),
		plugin: {
			...plugin,
			settingsSchema: {
				...settingsSchema,
				properties: { ...settingsSchema.properties, ...settings },
			},
			createPlugin: (host: HelpdeskHost) => hooks(host) as Plugin,
		},
		clock,
		random: cryptoRandom,
		keys: [cryptoRandom.bytes(32)],
		origins: {},
		baseUrls: new Map<string, string>(),
		deliver: undefined,
		startLimit: 0,
		trustedProxies: new BlockList(),
		hasher: CHEAP_HASHER,
		makeSigningKey: keysInTurn,
		log: () => {},
	};
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));
	onTestFinished(() => core.close());
	const addOn = await core.addOns.find("tiny");
	if (addOn === undefined) {
		throw new Error("the tiny plugin cannot be used");
	}
	return {
		...core,
		addOn,
		storage,
		clock,
		addUser: async (email, brandId = "acorn") => {
			const user = { brandId, name: email, email, locale: "en" };
			const creation = await core.accounts.create(email, { ...user, emailProof: "asserted" });
			if (creation.kind !== "created") {
				throw new Error(`there is no account for ${email}`);
			}
			const account = await core.accounts.find(creation.user.id);
			return account ?? Promise.reject(new Error(`the account of ${email} is gone`));
		},
	};
}
