import type { Brand } from "../../contract/brands.ts";
import { isLoopback } from "../../contract/loopback.ts";
import { shownNetwork } from "../../routes/client-network.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { administrationAddress } from "../brands/administration-address.ts";
import { derivedKeys } from "../derived-keys.ts";
import type { HelpdeskCore, HelpdeskOptions } from "../helpdesk.ts";
import { sessionsOf } from "../namespaces.ts";
import { KnownDevices } from "../people/known-devices.ts";
import {
	OPERATOR_LIFETIMES,
	PORTAL_LIFETIMES,
	type SessionLifetimes,
	Sessions,
} from "../people/sessions.ts";
import { clientAddressOf } from "./client-address-of.ts";
import type { Place } from "./visit.ts";

/** The parts that the places of all brands are made of. */
export interface PlaceParts {
	readonly core: Pick<HelpdeskCore, "accounts" | "operators" | "logOuts">;
	readonly options: Pick<
		HelpdeskOptions,
		"storage" | "clock" | "random" | "keys" | "trustedProxies" | "adminBaseUrl"
	>;
}

/** The portal of a brand, with the sessions of its users. */
export function portalPlace(parts: PlaceParts, brand: Brand): Place {
	const { accounts, logOuts } = parts.core;
	return {
		...placeOf("portal", PORTAL_LIFETIMES, parts, brand),
		onEnd: (sessionId) => logOuts.portalSessionEnds(brand, sessionId),
		standingOf: async ({ subjectId, epoch }) => {
			const account = await accounts.find(subjectId);
			if (account?.brandId !== brand.id || account.sessionEpoch !== epoch) {
				return "over";
			}
			const { status } = account;
			return status === "active" ? "good" : status === "incomplete" ? "incomplete" : "over";
		},
	};
}

/**
 * The administration, with the sessions of operators. Off loopback an operator whose password somebody else knows does
 * nothing before it is changed. On loopback programs log in with the first password.
 *
 * @param first the first brand. Cookies and sessions bear its id wherever the administration is.
 */
export function adminPlace(parts: PlaceParts, first: Brand): Place {
	const { operators } = parts.core;
	const baseUrl = administrationAddress(parts.options, [first]);
	// Beside a public portal, a tunnel to loopback is one way in and the proxy of the portal may be another.
	const isLocal = [baseUrl, first.baseUrl].every((each) => isLoopback(new URL(each).hostname));
	const known = isLocal ? "password-known" : "password-due";
	return {
		...placeOf("admin", OPERATOR_LIFETIMES, parts, { ...first, baseUrl }),
		onEnd: async () => {},
		standingOf: async ({ subjectId, epoch }) => {
			const operator = await operators.stateOf(subjectId);
			if (operator?.sessionEpoch !== epoch) {
				return "over";
			}
			return operator.mustChange ? known : "good";
		},
	};
}

function placeOf(
	role: Place["role"],
	lifetimes: SessionLifetimes,
	{ options: { storage, clock, random, keys, trustedProxies } }: PlaceParts,
	brand: Brand,
): Omit<Place, "standingOf" | "onEnd"> {
	const where = `${role} ${brand.id}`;
	return {
		role,
		brandId: brand.id,
		baseUrl: brand.baseUrl,
		locale: brand.locale,
		sessions: new Sessions(
			namespaced(storage, sessionsOf(role, brand.id)),
			clock,
			random,
			derivedKeys(keys, `csrf ${where}`),
			lifetimes,
		),
		devices: new KnownDevices(clock, random, derivedKeys(keys, `device ${where}`)),
		networkOf: (c) => shownNetwork(clientAddressOf(c, trustedProxies)),
	};
}
