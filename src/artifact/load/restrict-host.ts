import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpClient } from "../../contract/http.ts";
import type { Manifest, PortCapability } from "../../contract/manifest.ts";
import { copyOfCommit, copyOfKey } from "../../contract/storage-copies.ts";
import type {
	CreationRefusal,
	EmailOwner,
	User,
	UserCreation,
	Users,
} from "../../contract/users.ts";
import { CapabilityError } from "./capability-error.ts";
import { checkedLetter, checkedNewUser, checkedUserKey } from "./checked-arguments.ts";
import { keptVersion, knowsAdditions } from "./contract-versions.ts";
import { DeclaredOrigins } from "./declared-origins.ts";

type Demand = (capability: PortCapability) => void;

const REFUSALS: readonly CreationRefusal[] = [
	"address-taken",
	"address-refused",
	"registration-closed",
];

/**
 * The host as a plugin may see it. Ports that its manifest does not declare throw a {@link CapabilityError}. Each port has
 * the members of the contract and no others, and none can be replaced: the plugin reaches neither the objects behind a
 * port nor the helpdesk's own clock and randomness. This limits what the plugin is given. It is not a sandbox: code in the
 * same process can reach more.
 *
 * An answer that version 1.1 of the contract added is given only to a plugin that names this version.
 */
export function restrictHost(
	host: HelpdeskHost,
	{ capabilities, engines }: Pick<Manifest, "capabilities" | "engines">,
): HelpdeskHost {
	const declared = new Set<PortCapability>(capabilities.ports);
	const demand: Demand = (capability) => {
		if (!declared.has(capability)) {
			throw new CapabilityError(capability);
		}
	};
	const ports = portsOf(host);
	const contract = keptVersion(host.contract);
	return Object.freeze({
		...(contract !== undefined && { contract }),
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
		users: restrictUsers(host, demand, knowsAdditions(engines.contract)),
		http: restrictHttp(host, capabilities.network),
		events: ports.events,
		clock: ports.clock,
		random: ports.random,
	});
}

function portsOf(host: HelpdeskHost): Omit<HelpdeskHost, "contract" | "users" | "http"> {
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

function restrictUsers({ users }: HelpdeskHost, demand: Demand, knowsMore: boolean): Users {
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
			const creation = await users.create(checkedUserKey(key), checkedNewUser(user));
			return creationOf(creation, knowsMore);
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
	const { kind, id, confirmed, unclaimed = false, suspended } = owner;
	return Object.freeze({ kind, id, confirmed, unclaimed, suspended });
}

function userOf(found: User): User {
	const { id, brandId, name, email, locale, status, hasOtherWayIn, accessEpoch } = found;
	const user = { id, brandId, name, email, locale, status, hasOtherWayIn };
	return Object.freeze(accessEpoch === undefined ? user : { ...user, accessEpoch });
}

/** @param knowsMore whether the plugin knows the answers that version 1.1 added. */
function creationOf(creation: UserCreation, knowsMore: boolean): UserCreation {
	if (creation.kind === "created") {
		return Object.freeze({ kind: "created", user: userOf(creation.user) });
	}
	if (creation.kind === "pending" && knowsMore) {
		return Object.freeze({ kind: "pending" });
	}
	const given = creation.kind === "refused" && knowsMore ? creation.reason : undefined;
	const reason = REFUSALS.find((each) => each === given);
	return Object.freeze({ kind: "refused", ...(reason !== undefined && { reason }) });
}
