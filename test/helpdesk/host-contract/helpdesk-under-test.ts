import { type LoadedPlugin, loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { derivedKey } from "../../../src/helpdesk/derived-keys.ts";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { Accounts } from "../../../src/helpdesk/people/accounts.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { Registration } from "../../../src/helpdesk/people/registration.ts";
import { OPERATOR_LIFETIMES, Sessions } from "../../../src/helpdesk/people/sessions.ts";
import { ALL_BRANDS, PluginSettings } from "../../../src/helpdesk/settings/plugin-settings.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { type Helpdesk, startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import type {
	HostSetUp,
	OpenedHost,
	PortalUnderTest,
	TestUser,
} from "../../../src/testing/host-contract/host-under-test.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

export const STANDALONE_PORTAL: PortalUnderTest = {
	registerPath: "/register",
	accountPath: "/account",
	emailField: "email",
	passwordField: "password",
	missingFields: { phone: "+49 30 1234567" },
};

/**
 * The standalone helpdesk for `describeHostContract`. An administrator's actions go through the pages of the
 * administration. All others go to the helpdesk's storage, as from another node.
 */
export async function openStandalone(
	{ plugin, clock, origins }: HostSetUp,
	options: Partial<HelpdeskOptions> = {},
	load: (zip: Uint8Array) => Promise<LoadedPlugin> = (zip) => loadPlugin(zip),
): Promise<OpenedHost> {
	const { storage = new MemoryStorage(clock) } = options;
	const key = cryptoRandom.bytes(32);
	const lines: string[] = [];
	const loaded = await load(plugin);
	await addOperator(storage, FIRST_OPERATOR);
	const start = async (zip: HelpdeskOptions["plugin"]) =>
		startHelpdesk(
			await helpdeskOptions({
				...options,
				storage,
				plugin: zip,
				clock,
				keys: [key],
				origins,
				log: (line) => lines.push(line),
			}),
		);
	const helpdesk = await start(loaded);
	const helpdesks = [helpdesk];
	const parts = partsAt(storage, clock, key, loaded);
	const { registration, accounts, settings } = parts;
	const administer = administration(helpdesk, parts);
	const integration = `/settings/general/integrations/${loaded.manifest.id}`;
	return {
		brandIds: ["acorn", "harbor"],
		portalUrl: (brandId) => portalUrl(helpdesk, brandId),
		activate: () => administer(`${integration}/activate`),
		deactivate: () => administer(`${integration}/deactivate`),
		uninstall: (data) =>
			administer(`${integration}/uninstall`, { confirmed: "yes", data, sure: "on" }),
		save: async (brandId = ALL_BRANDS, changes) => {
			const fields = await formOf(settings, loaded, brandId, changes);
			await administer(`${integration}?brand=${encodeURIComponent(brandId)}`, fields);
		},
		enable: async (brandId, enabled) => {
			// The page switches on only brands that have what the plugin requires.
			const shown = { _brands: brandId, [brandId]: "on" };
			await (enabled
				? administer(`/settings/users/social-login/${loaded.manifest.id}`, shown)
				: settings.enable(brandId, false));
		},
		addUser: (user) => addUser(storage, accounts, registration, user),
		addStaff: async (email) => {
			await addOperator(storage, email);
			return email;
		},
		suspend: async (userId) => {
			await accounts.setStatus(userId, "suspended");
		},
		delete: (userId) => administer(`/users/${userId}/delete`, { confirmed: "yes" }),
		install: async (zip) => {
			helpdesks.push(await start(await load(zip)));
		},
		letters: () => keptLetters(outboxIn(storage, clock, undefined, () => {})),
		log: () => lines,
		close: async () => {
			await Promise.all(helpdesks.map((each) => each.close()));
		},
	};
}

/** Parts of the helpdesk, as another node of it would have them. */
function partsAt(storage: HostStorage, clock: Clock, key: Uint8Array, loaded: LoadedPlugin) {
	const registration = new Registration(namespaced(storage, ["registration"]));
	const operators = new Operators(namespaced(storage, ["operators"]), cryptoRandom, CHEAP_HASHER);
	const accounts = new Accounts(
		namespaced(storage, ["accounts"]),
		registration,
		(email) => operators.has(email),
		() => {},
		CHEAP_HASHER,
		clock,
	);
	const settings = new PluginSettings(
		namespaced(storage, ["plugin-settings", loaded.manifest.id]),
		loaded.settingsSchema,
		new Vault([derivedKey(key, "vault")]),
		clock,
		() => {},
	);
	const sessions = new Sessions(
		namespaced(storage, ["sessions", "admin", "acorn"]),
		clock,
		cryptoRandom,
		[derivedKey(key, "csrf admin acorn")],
		OPERATOR_LIFETIMES,
	);
	return { operators, registration, accounts, settings, sessions };
}

function portalUrl({ brands, listening }: Helpdesk, brandId: string): string {
	return listening[brands.findIndex((brand) => brand.id === brandId)] ?? "";
}

/** Submits a form of the administration, and throws when the answer does not say that it is done. */
function administration(
	helpdesk: Helpdesk,
	{ operators, sessions }: Pick<ReturnType<typeof partsAt>, "operators" | "sessions">,
) {
	return async (path: string, fields: Readonly<Record<string, string>> = {}): Promise<void> => {
		const epoch = await operators.sessionEpochOf(FIRST_OPERATOR);
		const token = await sessions.open(undefined, FIRST_OPERATOR, epoch);
		const secure = helpdesk.brands[0]?.baseUrl.startsWith("https:");
		const answer = await fetch(`${portalUrl(helpdesk, "acorn")}/admin${path}`, {
			method: "POST",
			redirect: "manual",
			headers: { cookie: `${secure ? "__Host-" : ""}admin-acorn=${token}` },
			body: new URLSearchParams({ ...fields, _csrf: sessions.csrfOf(token) }),
		});
		const text = await answer.text();
		if (!answer.headers.get("location")?.includes("done=")) {
			throw new Error(`${path} answers ${answer.status}: ${text}`);
		}
	};
}

/** The fields of the settings form: the values that are stored, with changes. */
async function formOf(
	settings: PluginSettings,
	{ settingsSchema }: LoadedPlugin,
	brandId: string,
	changes: Parameters<OpenedHost["save"]>[1],
): Promise<Readonly<Record<string, string>>> {
	const { values, sources } = await settings.read(brandId);
	const own = brandId === ALL_BRANDS ? "default" : "brand";
	const fields = Object.entries(values).filter(([name]) => sources[name] === own);
	for (const [name, value] of Object.entries(changes)) {
		const isSecret = settingsSchema.properties[name]?.writeOnly;
		fields.push(value === null && isSecret ? [`${name}-remove`, "on"] : [name, value ?? ""]);
	}
	return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/** Adds an operator without a password: hashing takes time, and nobody logs in as this operator. */
async function addOperator(storage: HostStorage, email: string): Promise<void> {
	await namespaced(storage, ["operators"]).commit({
		sets: [{ key: [addressKey(email)], value: { password: "", sessionEpoch: 0 } }],
	});
}

async function addUser(
	storage: HostStorage,
	accounts: Accounts,
	registration: Registration,
	{ brandId, email, password, confirmed, unclaimed, incomplete = false }: TestUser,
): Promise<string> {
	const user = { brandId, email, name: email, locale: "en" };
	if (unclaimed) {
		return (await accounts.addFromTicket(user))?.id ?? "";
	}
	if (password !== undefined && !confirmed) {
		return addUnconfirmed(storage, { ...user, password }, brandId);
	}
	const policy = await registration.of(brandId);
	await registration.set(brandId, { ...policy, phoneRequired: incomplete });
	const emailProof = confirmed ? "code" : "asserted";
	const creation = await accounts.create(email, { ...user, emailProof });
	await registration.set(brandId, policy);
	const id = creation.kind === "created" ? creation.user.id : "";
	if (password !== undefined) {
		await accounts.setPassword(id, password);
	}
	return id;
}
