import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { Mail } from "../../contract/mail.ts";
import { CONTRACT_VERSION } from "../../contract/manifest.ts";
import type { Users } from "../../contract/users.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import { brandsFor, type KnownBrands } from "../brands/helpdesk-brands.ts";
import { pluginSettingsOf, setUpTestsOf } from "../namespaces.ts";
import { PluginSettings } from "../settings/plugin-settings.ts";
import type { AttemptNotes } from "../sign-ins/attempt-notes.ts";
import type { PeopleByDay } from "../sign-ins/people-by-day.ts";
import type { SignInLedger } from "../sign-ins/sign-in-ledger.ts";
import type { StrayCounts } from "../sign-ins/stray-counts.ts";
import type { AddOnVersion } from "./add-on.ts";
import type { AddOnParts } from "./add-on-parts.ts";
import type { AddOnStates } from "./add-on-states.ts";
import { HookReports } from "./hook-reports.ts";
import { copyOfEvent } from "./plugin-event.ts";
import { PluginHooks } from "./plugin-hooks.ts";
import { SetUpResults } from "./set-up-results.ts";
import { Withdrawal } from "./withdrawal.ts";

/** What is the same for every version of an add-on. */
export interface VersionlessParts {
	readonly id: string;
	readonly states: AddOnStates;
	readonly ledger: SignInLedger;
	readonly people: PeopleByDay;
	readonly attempts: AttemptNotes;
	readonly strays: StrayCounts;
	/** The users as this plugin may see and change them. */
	readonly users: Users;
	/** Deletes all that the helpdesk keeps for the add-on. */
	empty(): Promise<void>;
}

/** The ports of a version while it is only tried. */
export type TriedPorts = Pick<HelpdeskHost, "storage" | "mail" | "users"> & {
	readonly isTried: () => boolean;
};

/** Wires a version of a plugin to the helpdesk. */
export function openVersion(
	addOn: VersionlessParts,
	parts: AddOnParts,
	loaded: LoadedPlugin,
	sha256: string | undefined,
	tried?: TriedPorts,
): AddOnVersion {
	const { id, states, ledger, people, attempts, strays } = addOn;
	const { storage, letters, outbox, search, counts, vault, clock, logError, inTime } = parts;
	const brands = brandsFor(parts.brands, id);
	const settings = new PluginSettings(
		namespaced(storage, pluginSettingsOf(id)),
		loaded.settingsSchema,
		vault,
		clock,
		logError,
	);
	const host = hostFor(addOn, parts, { brands, settings, tried });
	const reports = new HookReports(id, clock, logError);
	const plugin = new PluginHooks(loaded, host, states, {
		empty: () => addOn.empty(),
		report: (hook, error) => reports.report(hook, error),
		inTime,
	});
	const results = namespaced(storage, setUpTestsOf(id));
	return {
		sha256,
		loaded,
		get brands() {
			return brands.all();
		},
		plugin,
		settings,
		ledger,
		people,
		attempts,
		strays,
		tests: new SetUpResults(results, plugin, clock, (error) =>
			logError(`a set-up test of ${id} cannot be read`, error),
		),
		withdrawal: new Withdrawal({ brands, plugin, letters, outbox, search, counts }),
	};
}

function hostFor(
	{ id, states, ledger, users }: VersionlessParts,
	{ registration, outbox, http, clock, random, log, logError }: AddOnParts,
	version: {
		readonly brands: KnownBrands;
		readonly settings: PluginSettings;
		readonly tried: TriedPorts | undefined;
	},
): HelpdeskHost {
	const { brands, settings, tried } = version;
	// Nobody signs up at a brand whose policy cannot be read. The other brands go on.
	const current = async (brand: Brand): Promise<Brand> => {
		const policy = await orUnreadable(() => registration.of(brand.id));
		if (policy instanceof UnreadableValueError) {
			logError(`nobody can sign up at ${brand.name}`, policy);
			return { ...brand, registrationOpen: false };
		}
		return { ...brand, registrationOpen: policy.registration !== "closed" };
	};
	return {
		contract: CONTRACT_VERSION,
		storage: tried?.storage ?? states.dataStorage(),
		secrets: settings,
		settings,
		brands: {
			find: async (brandId) => {
				const brand = brands.find(brandId);
				return brand && current(brand);
			},
			list: () => Promise.all(brands.all().map(current)),
		},
		...atKnownBrands(brands, tried?.users ?? users, tried?.mail ?? outbox.of(id, states.guarded())),
		http,
		events: {
			emit: (emitted) => {
				const event = copyOfEvent(emitted);
				log({ plugin: id, ...event });
				if (tried?.isTried() !== true) {
					ledger.record(event);
				}
			},
		},
		clock,
		random,
	};
}

/** Ports that store nothing for a brand that the helpdesk does not have: no page would show it, and no letter arrive. */
function atKnownBrands(
	brands: KnownBrands,
	users: Users,
	mail: Mail,
): Pick<HelpdeskHost, "users" | "mail"> {
	const demand = (brandId: string): void => {
		if (brands.find(brandId) === undefined) {
			throw new TypeError(`the helpdesk has no brand ${JSON.stringify(brandId.slice(0, 100))}`);
		}
	};
	return {
		users: {
			...users,
			create: async (key, user) => {
				demand(user.brandId);
				return users.create(key, user);
			},
		},
		mail: {
			send: async (message) => {
				demand(message.brandId);
				return mail.send(message);
			},
		},
	};
}
