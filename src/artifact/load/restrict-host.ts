import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpClient } from "../../contract/http.ts";
import type { Capabilities, PortCapability } from "../../contract/manifest.ts";
import { copyOfCommit, copyOfKey } from "../../contract/storage-copies.ts";
import type { EmailOwner, User, UserCreation, Users } from "../../contract/users.ts";
import { CapabilityError } from "./capability-error.ts";
import { checkedLetter, checkedNewUser, checkedUserKey } from "./checked-arguments.ts";
import { DeclaredOrigins } from "./declared-origins.ts";

type Demand = (capability: PortCapability) => void;

/**
 * The host as a plugin may see it. Ports that its manifest does not declare throw a {@link CapabilityError}. Each port has
 * the members of the contract and no others, and none can be replaced: the plugin reaches neither the objects behind a
 * port nor the helpdesk's own clock and randomness. This limits what the plugin is given. It is not a sandbox: code in the
 * same process can reach more.
 */
export function restrictHost(host: HelpdeskHost, capabilities: Capabilities): HelpdeskHost {
	const declared = new Set<PortCapability>(capabilities.ports);
	const demand: Demand = (capability) => {
		if (!declared.has(capability)) {
			throw new CapabilityError(capability);
		}
	};
	const ports = portsOf(host);
	return Object.freeze({
		get storage() {
			demand("storage");
			return ports.storage;
		},
		get secrets() {
			demand("secrets");
			return ports.secrets;
		},
		get settings() {
			demand("settings");
			return ports.settings;
		},
		get mail() {
			demand("mail");
			return ports.mail;
		},
		brands: ports.brands,
		users: restrictUsers(host, demand),
		http: restrictHttp(host, capabilities.network),
		events: ports.events,
		clock: ports.clock,
		random: ports.random,
	});
}

function portsOf(host: HelpdeskHost): Omit<HelpdeskHost, "users" | "http"> {
	return {
		storage: Object.freeze({
			// A storage that checks a key gets a copy, which the plugin cannot change after the check.
			get: async (key) => host.storage.get(copyOfKey(key)),
			commit: async (commit) => host.storage.commit(copyOfCommit(commit)),
			take: async (key) => host.storage.take(copyOfKey(key)),
			list: async (prefix, { cursor, limit } = {}) =>
				host.storage.list(copyOfKey(prefix), {
					...(cursor !== undefined && { cursor }),
					...(limit !== undefined && { limit }),
				}),
		} satisfies HelpdeskHost["storage"]),
		secrets: Object.freeze({
			get: (brandId, name) => host.secrets.get(brandId, name),
			has: (brandId, name) => host.secrets.has(brandId, name),
		} satisfies HelpdeskHost["secrets"]),
		settings: Object.freeze({
			read: async (brandId) => {
				const { enabled, values, sources, version } = await host.settings.read(brandId);
				return Object.freeze({
					enabled,
					values: Object.freeze({ ...values }),
					sources: Object.freeze({ ...sources }),
					version,
				});
			},
		} satisfies HelpdeskHost["settings"]),
		mail: Object.freeze({
			send: async (message) => host.mail.send(checkedLetter(message)),
		} satisfies HelpdeskHost["mail"]),
		brands: Object.freeze({
			find: async (brandId) => {
				const brand = await host.brands.find(brandId);
				return brand && brandOf(brand);
			},
			list: async () => Object.freeze((await host.brands.list()).map(brandOf)),
		} satisfies HelpdeskHost["brands"]),
		events: Object.freeze({
			emit: (event) => {
				host.events.emit(event);
			},
		} satisfies HelpdeskHost["events"]),
		clock: Object.freeze({ now: () => host.clock.now() }),
		random: Object.freeze({
			bytes: (length) => host.random.bytes(length),
		} satisfies HelpdeskHost["random"]),
	};
}

function restrictUsers({ users }: HelpdeskHost, demand: Demand): Users {
	return Object.freeze({
		ownerOf: async (brandId, email) => {
			demand("users:read");
			return ownerOf(await users.ownerOf(brandId, email));
		},
		find: async (userId) => {
			demand("users:read");
			const user = await users.find(userId);
			return user && userOf(user);
		},
		create: async (key, user) => {
			demand("users:create");
			return creationOf(await users.create(checkedUserKey(key), checkedNewUser(user)));
		},
		confirm: async (userId) => {
			demand("users:confirm");
			return users.confirm(userId);
		},
	} satisfies Users);
}

function restrictHttp({ http }: HelpdeskHost, network: readonly string[]): HttpClient {
	const declared = new DeclaredOrigins(http, network);
	return Object.freeze({
		originOf: (name) => {
			if (!network.includes(name)) {
				throw new CapabilityError(`network: ${name}`);
			}
			return declared.of(name);
		},
		send: async ({ method, url, headers, body, timeoutMs, maxBytes }) =>
			http.send({
				method,
				url: declared.addressOf(url),
				headers: { ...headers },
				timeoutMs,
				maxBytes,
				...(body !== undefined && { body }),
			}),
	} satisfies HttpClient);
}

function brandOf(brand: Brand): Brand {
	const { id, name, baseUrl, callbackUrl, startPath, continuePath, loginPath } = brand;
	const { locale, timeZone, registrationOpen, privacyPolicyUrl, termsUrl } = brand;
	return Object.freeze({
		id,
		name,
		baseUrl,
		callbackUrl,
		startPath,
		continuePath,
		loginPath,
		locale,
		...(timeZone !== undefined && { timeZone }),
		registrationOpen,
		privacyPolicyUrl,
		termsUrl,
	});
}

function ownerOf(owner: EmailOwner): EmailOwner {
	if (owner.kind !== "user") {
		return Object.freeze({ kind: owner.kind });
	}
	const { kind, id, confirmed, unclaimed, suspended } = owner;
	return Object.freeze({ kind, id, confirmed, unclaimed, suspended });
}

function userOf(found: User): User {
	const { id, brandId, name, email, locale, status, hasOtherWayIn, accessEpoch } = found;
	const user = { id, brandId, name, email, locale, status, hasOtherWayIn };
	return Object.freeze(accessEpoch === undefined ? user : { ...user, accessEpoch });
}

function creationOf(creation: UserCreation): UserCreation {
	return creation.kind === "created"
		? Object.freeze({ kind: "created", user: userOf(creation.user) })
		: Object.freeze({ kind: "refused" });
}
