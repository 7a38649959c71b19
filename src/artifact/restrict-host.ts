import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { Capabilities, PortCapability } from "../contract/manifest.ts";
import { CapabilityError } from "./capability-error.ts";

/**
 * The host as a plugin may see it: what its manifest does not declare throws a {@link CapabilityError}. This bounds
 * what is handed over; code in the same process is not sandboxed.
 */
export function restrictHost(host: HelpdeskHost, capabilities: Capabilities): HelpdeskHost {
	const demand = (capability: PortCapability): void => {
		if (!capabilities.ports.includes(capability)) {
			throw new CapabilityError(capability);
		}
	};
	const { brands, users, http, events, clock, random } = host;
	return {
		get storage() {
			demand("storage");
			return host.storage;
		},
		get secrets() {
			demand("secrets");
			return host.secrets;
		},
		get settings() {
			demand("settings");
			return host.settings;
		},
		get mail() {
			demand("mail");
			return host.mail;
		},
		brands,
		users: {
			ownerOf: async (brandId, email) => {
				demand("users:read");
				return users.ownerOf(brandId, email);
			},
			find: async (userId) => {
				demand("users:read");
				return users.find(userId);
			},
			create: async (key, user) => {
				demand("users:create");
				return users.create(key, user);
			},
			confirm: async (userId) => {
				demand("users:confirm");
				return users.confirm(userId);
			},
		},
		http: {
			originOf: (name) => {
				if (!capabilities.network.includes(name)) {
					throw new CapabilityError(`network: ${name}`);
				}
				return http.originOf(name);
			},
			send: async (request) => {
				const { origin, host: name } = new URL(request.url);
				const declared = capabilities.network.map((each) => new URL(http.originOf(each)).origin);
				if (!declared.includes(origin)) {
					throw new CapabilityError(`network: ${name}`);
				}
				return http.send(request);
			},
		},
		events,
		clock,
		random,
	};
}
