import { randomUUID } from "node:crypto";
import { packArchive } from "../../artifact/zip/pack-archive.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginButton, LoginPage } from "../../contract/login-button.ts";
import type { Capabilities } from "../../contract/manifest.ts";
import type { HookName, Plugin } from "../../contract/plugin.ts";

export interface ProbeOptions {
	readonly id?: string;
	/** All by default. */
	readonly capabilities?: Capabilities;
	/** All by default. */
	readonly hooks?: readonly HookName[];
	/** The range under `engines.contract`: 1.0 and later by default. */
	readonly contract?: string;
	/** Whether a setting is required that is of use only with another one. False by default. */
	readonly conditional?: boolean;
}

/** A call of a hook, with its arguments. */
export interface HookCall<Name extends HookName = HookName> {
	readonly hook: Name;
	readonly values: Parameters<Plugin[Name]>;
}

/** The code in the probe's zip finds its probe here. The suite runs in the helpdesk's process. */
const REGISTRY = Symbol.for("describeHostContract");
const registry = globalThis as typeof globalThis & { [REGISTRY]?: Map<string, Probe> };
/** A process that loads this file twice, as two test files do, has one map: each copy finds the probes that it made. */
const probes = registry[REGISTRY] ?? new Map<string, Probe>();
registry[REGISTRY] = probes;

export const PROBE_NAVIGATION = "https://identity.example";

const ALL_CAPABILITIES: Capabilities = {
	network: ["declared.example", "second.example"],
	navigation: [PROBE_NAVIGATION],
	ports: ["storage", "secrets", "settings", "users:read", "users:create", "users:confirm", "mail"],
};

const DEFAULT_ANSWERS: Omit<Plugin, "renderLoginButtons"> = {
	onActivate: async () => ({ state: "ready" }),
	onDeactivate: async () => {},
	onUpgrade: async () => {},
	onUninstall: async () => {},
	onSettingsWillSave: async () => [],
	checkSetup: async () => ({ checks: [] }),
	simulate: async () => undefined,
	explain: async () => undefined,
	startLogin: async () => SEEN,
	handleCallback: async () => SEEN,
	continueLogin: async () => SEEN,
	listLinkedAccounts: async () => [],
	unlinkAccount: async () => ({ kind: "not-linked" }),
	onUserClaimed: async () => {},
	onUsersMerged: async () => {},
	exportUserData: async () => null,
	importLinks: async () => [],
	exportLinks: async () => ({ links: [] }),
	onUserDeleted: async () => {},
	describeImpact: async () => ({ brands: [] }),
	purgeLinks: async () => {},
};

const SEEN = {
	kind: "page",
	page: { status: 200, title: "Probe", html: "<p>the probe was asked</p>" },
} as const;

/** A plugin whose hooks answer as a test says. It keeps what the helpdesk gave it. */
export class Probe {
	readonly id: string;
	readonly zip: Uint8Array;
	readonly calls: HookCall[] = [];
	private readonly token = randomUUID();
	private readonly answers: Plugin = {
		...DEFAULT_ANSWERS,
		renderLoginButtons: async (page) => [await this.buttonFor(page)],
	};
	private given: HelpdeskHost | undefined;

	constructor(options: ProbeOptions = {}) {
		const { id = "probe", capabilities = ALL_CAPABILITIES, contract = "^1.0.0" } = options;
		const { conditional = false } = options;
		const { hooks = Object.keys(this.answers) as HookName[] } = options;
		this.id = id;
		this.zip = packArchive(filesOf({ id, capabilities, hooks, contract, conditional }, this.token));
		probes.set(this.token, this);
	}

	/** The ports that the helpdesk gave to `createPlugin`. */
	get host(): HelpdeskHost {
		if (this.given === undefined) {
			throw new Error(
				"the plugin was not loaded: open() must load its zip and call createPlugin in the process that runs the suite",
			);
		}
		return this.given;
	}

	/** Replaces a hook. */
	answer<Name extends HookName>(hook: Name, answer: Plugin[Name]): void {
		Object.assign(this.answers, { [hook]: answer });
	}

	/** The arguments of each call of a hook. */
	callsOf<Name extends HookName>(hook: Name): readonly Parameters<Plugin[Name]>[] {
		return this.calls.flatMap((call) =>
			call.hook === hook ? [call.values as Parameters<Plugin[Name]>] : [],
		);
	}

	/** A button of the probe. */
	async buttonFor({ brandId }: LoginPage, name = "probe", order = 0): Promise<LoginButton> {
		const action = (await this.host.brands.find(brandId))?.startPath ?? "";
		const fields = { button: name };
		const label = `Log in with ${name}`;
		return {
			id: name,
			label,
			intent: "log-in",
			action,
			method: "post",
			fields,
			order,
			icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
			html: `<form method="post" action="${action}"><input type="hidden" name="button" value="${name}"><button type="submit">${label}</button></form>`,
		};
	}

	/** The code in the zip calls it. */
	createPlugin(host: HelpdeskHost): object {
		this.given = host;
		const hooks = Object.keys(this.answers) as HookName[];
		return Object.fromEntries(
			hooks.map((hook) => [
				methodOf(hook),
				(...values: Parameters<Plugin[HookName]>) => {
					this.calls.push({ hook, values });
					const answer = this.answers[hook] as (...values: unknown[]) => unknown;
					return answer(...values);
				},
			]),
		);
	}

	/** Makes the zip useless. */
	forget(): void {
		probes.delete(this.token);
	}
}

/** The name differs from the hook's, so that a host must read the manifest. */
function methodOf(hook: HookName): string {
	return `probe${hook.charAt(0).toUpperCase()}${hook.slice(1)}`;
}

function filesOf(
	{ id, capabilities, hooks, contract, conditional }: Required<ProbeOptions>,
	token: string,
): Map<string, Uint8Array> {
	const manifest = {
		manifestVersion: 1,
		id,
		name: "Probe",
		version: "1.0.0",
		license: "MIT",
		links: {},
		author: { name: "describeHostContract" },
		engines: { contract, node: ">=20" },
		icon: "icon.svg",
		main: "plugin.mjs",
		settingsSchema: "settings-schema.json",
		locales: { directory: "locales", default: "en" },
		texts: { description: "about", prerequisites: [], steps: [], privacy: "about" },
		hooks: hooks.map((hook) => ({ hook, method: methodOf(hook) })),
		lifecycle: {
			activation: "manual",
			onDeactivate: "keep-data",
			onUpgrade: "reversible",
			onUninstall: "keep-or-purge",
		},
		linkFile: { idColumns: ["probe_id"], handleColumns: ["probe_handle"], help: "about" },
		capabilities,
	};
	const code = `const probes = globalThis[Symbol.for(${JSON.stringify(REGISTRY.description)})];
export const createPlugin = (host) => probes.get(${JSON.stringify(token)}).createPlugin(host);
export const startIntents = ["try"];
`;
	const files = {
		"plugin.json": JSON.stringify(manifest),
		"plugin.mjs": code,
		"settings-schema.json": JSON.stringify(conditional ? CONDITIONAL_SCHEMA : SETTINGS_SCHEMA),
		"locales/en.json": JSON.stringify(TEXTS),
		"icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
	};
	return new Map(
		Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]),
	);
}

const SETTINGS_SCHEMA = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	properties: {
		motto: { type: "string", default: "none" },
		greeting: { type: "string" },
		rooms: { type: "integer" },
		quiet: { type: "boolean" },
		key: { type: "string", writeOnly: true },
		spare: { type: "string", writeOnly: true },
	},
};

const CONDITIONAL_SCHEMA = {
	...SETTINGS_SCHEMA,
	properties: {
		...SETTINGS_SCHEMA.properties,
		tone: { type: "string", enum: ["plain", "formal"], default: "plain" },
		title: { type: "string", onlyWith: { setting: "tone", values: ["formal"] } },
	},
	required: ["title"],
};

const TEXTS = Object.fromEntries([
	["about", "Tests what the contract promises"],
	["refused", "The probe refuses it"],
	["settings.tone.option.plain", "plain"],
	["settings.tone.option.formal", "formal"],
	...Object.keys(CONDITIONAL_SCHEMA.properties).flatMap((name) => [
		[`settings.${name}.label`, name],
		[`settings.${name}.help`, name],
	]),
]);
