// A desk on Express 5 with everything in memory: one brand, one plugin, no installer.
import { once } from "node:events";
import {
	cryptoRandom,
	loadPlugin,
	MemoryStorage,
	namespaced,
	settingsFrom,
	UndiciHttp,
} from "x-login/host";
import { People } from "./people.mjs";
import { routesOf } from "./routes.mjs";

const BRAND_ID = "desk";

/** Opens a desk on a free port of loopback. */
export async function openDesk({ plugin: zip, clock, origins }) {
	const letters = [];
	const lines = [];
	const stored = { enabled: false, values: {}, secrets: {} };
	const people = new People(BRAND_ID);
	const brand = { id: BRAND_ID, name: "Desk", locale: "en", registrationOpen: true };
	const brands = {
		find: async (brandId) => (brandId === BRAND_ID ? { ...brand } : undefined),
		list: async () => [{ ...brand }],
	};
	const { manifest, settingsSchema, createPlugin } = await loadPlugin(zip);
	const http = new UndiciHttp(origins);
	const { settings, secrets } = settingsFrom(settingsSchema, async (brandId) =>
		brandId === BRAND_ID ? structuredClone(stored) : undefined,
	);
	const plugin = createPlugin({
		...{ brands, settings, secrets, http, clock },
		contract: "1.1.0",
		users: people,
		storage: namespaced(new MemoryStorage(clock), ["plugin", manifest.id]),
		mail: { send: async (letter) => void letters.push(letter) },
		events: { emit: ({ subject, userId, ...event }) => lines.push(JSON.stringify(event)) },
		random: cryptoRandom,
	});
	let isActive = false;
	const plugins = [{ manifest, plugin, brands, isActive: () => isActive }];
	const log = (line) => lines.push(line);
	const app = routesOf({ people, clock, plugins, log });
	const server = app.listen(0, "127.0.0.1");
	await once(server, "listening");
	const baseUrl = `http://127.0.0.1:${server.address().port}`;
	Object.assign(brand, {
		baseUrl,
		callbackUrl: `${baseUrl}/x/callback`,
		startPath: "/x/start",
		continuePath: "/x/continue",
		loginPath: "/login",
		privacyPolicyUrl: `${baseUrl}/privacy`,
		termsUrl: `${baseUrl}/terms`,
	});
	return {
		brandIds: [BRAND_ID],
		portalUrl: () => baseUrl,
		activate: async () => {
			await plugin.onActivate?.();
			isActive = true;
		},
		deactivate: async () => {
			isActive = false;
			await plugin.onDeactivate?.();
		},
		save: async (brandId, changes) => save({ plugin, settingsSchema, stored }, brandId, changes),
		enable: async (_, enabled) => {
			stored.enabled = enabled;
		},
		addUser: async (user) => people.add(user),
		addStaff: async (email) => people.add({ email, isStaff: true }),
		suspend: (userId) => people.suspend(userId),
		delete: async (userId) => {
			await people.delete(userId);
			await plugin.onUserDeleted?.(userId);
		},
		letters: async () => letters,
		log: () => lines,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await http.close();
		},
	};
}

/** Saves settings as the desk's form does, unless the plugin refuses. */
async function save({ plugin, settingsSchema, stored }, brandId, changes) {
	const isSecret = (name) => settingsSchema.properties[name].writeOnly === true;
	const named = Object.entries(changes);
	const typed = named.filter(([name]) => isSecret(name));
	const next = {
		values: { ...stored.values, ...Object.fromEntries(named.filter(([name]) => !isSecret(name))) },
		secrets: { ...stored.secrets, ...Object.fromEntries(typed) },
	};
	const check = settingsFrom(settingsSchema, () => ({ enabled: true, ...next }));
	const secrets = await Promise.all(
		typed.map(async ([name]) => [name, (await check.secrets.get(brandId, name)) ?? null]),
	);
	const problems = await plugin.onSettingsWillSave?.({
		brandId,
		values: (await check.settings.read(brandId)).values,
		secrets: Object.fromEntries(secrets),
	});
	if (problems?.length > 0) {
		throw new Error(problems.map(({ setting, message }) => `${setting}: ${message}`).join());
	}
	Object.assign(stored, next);
}
