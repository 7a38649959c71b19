import type { Brand } from "../../contract/brands.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { derivedKeys } from "../derived-keys.ts";
import type { HelpdeskCore, HelpdeskOptions } from "../helpdesk.ts";
import { sessionsOf } from "../namespaces.ts";
import { KnownDevices } from "../people/known-devices.ts";
import { Sessions } from "../people/sessions.ts";
import type { Place } from "./visit.ts";

/** The parts that the places of all brands are made of. */
export interface PlaceParts {
	readonly core: Pick<HelpdeskCore, "accounts" | "operators" | "logOuts">;
	readonly options: Pick<HelpdeskOptions, "storage" | "clock" | "random" | "keys">;
}

/** The portal of a brand, with the sessions of its users. */
export function portalPlace(parts: PlaceParts, brand: Brand): Place {
	const { accounts, logOuts } = parts.core;
	return {
		...placeOf("portal", parts, brand),
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

/** The administration at a brand, with the sessions of operators. */
export function adminPlace(parts: PlaceParts, brand: Brand): Place {
	const { operators } = parts.core;
	return {
		...placeOf("admin", parts, brand),
		onEnd: async () => {},
		standingOf: async ({ subjectId, epoch }) =>
			(await operators.sessionEpochOf(subjectId)) === epoch ? "good" : "over",
	};
}

function placeOf(
	role: Place["role"],
	{ options: { storage, clock, random, keys } }: PlaceParts,
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
		),
		devices: new KnownDevices(clock, random, derivedKeys(keys, `device ${where}`)),
	};
}
