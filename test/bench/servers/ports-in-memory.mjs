import { readdir, readFile } from "node:fs/promises";
import {
	cryptoRandom,
	MemoryStorage,
	secret,
	systemClock,
	UndiciHttp,
} from "../../../dist/host.mjs";
import { KEYS, OAUTH2_KEYS } from "./keys.mjs";

const DIST = new URL("../../../dist/", import.meta.url);
const SECRETS = new Map(
	Object.entries({ apiKeySecret: KEYS.apiKeySecret, clientSecret: OAUTH2_KEYS.clientSecret }).map(
		([name, value]) => [name, secret(value)],
	),
);

function settingsFor(protocol) {
	const values = {
		protocol,
		apiKey: KEYS.apiKey,
		clientId: OAUTH2_KEYS.clientId,
		mode: "login-and-signup",
		allowedDomains: "",
		blockedDomains: "",
		linking: "prove",
	};
	return { enabled: true, values, sources: {}, version: "1" };
}

/** The built zip, or another one that the environment names. */
export async function readArtifact() {
	if (process.env.ARTIFACT !== undefined) {
		return readFile(process.env.ARTIFACT);
	}
	const name = (await readdir(DIST)).find((file) => /^x-login-.*\.zip$/.test(file));
	return readFile(new URL(name, DIST));
}

/** The least code for the ten ports of the contract: one brand, everything in memory. */
export function portsInMemory(
	url,
	{ protocol = "oauth1", storage = new MemoryStorage(systemClock), http } = {},
) {
	const settings = settingsFor(protocol);
	const brand = {
		id: "acorn",
		name: "Acorn",
		baseUrl: url,
		callbackUrl: `${url}/callback`,
		startPath: "/start",
		continuePath: "/continue",
		loginPath: "/login",
		locale: "en",
		registrationOpen: true,
		privacyPolicyUrl: `${url}/privacy`,
		termsUrl: `${url}/terms`,
	};
	const users = new Map();
	const idsByEmail = new Map();
	const idsByKey = new Map();
	return {
		storage,
		settings: { read: async () => settings },
		secrets: { get: async (_, name) => SECRETS.get(name), has: async () => true },
		brands: { find: async () => brand, list: async () => [brand] },
		users: {
			find: async (id) => users.get(id),
			ownerOf: async (_, email) => {
				const id = idsByEmail.get(email);
				return id === undefined
					? { kind: "nobody" }
					: { kind: "user", id, confirmed: false, unclaimed: false, suspended: false };
			},
			create: async (key, profile) => {
				const known = users.get(idsByKey.get(key));
				if (known !== undefined) {
					return { kind: "created", user: known };
				}
				const id = `user-${users.size + 1}`;
				const user = { id, status: "active", hasOtherWayIn: false, ...profile };
				users.set(id, user);
				idsByEmail.set(profile.email, id);
				idsByKey.set(key, id);
				return { kind: "created", user };
			},
			confirm: async () => {},
		},
		mail: { send: async () => {} },
		http: http ?? new UndiciHttp({ "api.x.com": process.env.X_URL }),
		events: { emit: () => {} },
		clock: systemClock,
		random: cryptoRandom,
	};
}
