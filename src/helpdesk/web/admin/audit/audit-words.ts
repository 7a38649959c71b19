import type { Brand } from "../../../../contract/brands.ts";
import type { AuditEntry, Outcome } from "../../../audit/audit-entry.ts";
import { type DeedName, isDeedName, type ObjectKind } from "../../../audit/deeds.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { ROLES } from "../../../people/operator-roles.ts";

/** How a deed stands: it is under way, or has ended somehow. */
export type Standing = Outcome | "under-way";

/** What the reason of an entry is called. The trail stores its name. */
const REASONS: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	["wrong", "audit.reason.wrong"],
	["wrong-code", "audit.reason.wrong-code"],
	["old-passkey", "audit.reason.old-passkey"],
	["passkey-old", "audit.reason.old-passkey"],
	["passkey-wrong", "audit.reason.passkey-wrong"],
	["too-many", "audit.reason.too-many"],
	["form", "audit.reason.form"],
	["address", "audit.reason.address"],
	["type", "audit.reason.type"],
	["too-large", "audit.reason.too-large"],
	["code-wrong", "audit.reason.code-wrong"],
	["code-spent", "audit.reason.code-spent"],
	["code-none", "audit.reason.code-none"],
	["code-limit", "audit.reason.code-limit"],
	["taken", "audit.reason.taken"],
	["gone", "audit.reason.gone"],
	["suspended", "audit.reason.suspended"],
	["awaiting-approval", "audit.reason.awaiting-approval"],
	...ROLES.map((role): [string, TextKey] => [role, `audit.reason.${role}`]),
]);

/** The names of what deeds are done to, as far as they are known without a look at the storage. */
export interface KnownNames {
	readonly brands: readonly Pick<Brand, "id" | "name">[];
	/** @returns the id of an add-on whose name is not known. */
	readonly nameOf: (addOnId: string) => string;
}

const OBJECTS: ReadonlyMap<string, TextKey> = new Map<ObjectKind, TextKey>([
	["user", "audit.object.user"],
	["operator", "audit.object.operator"],
	["add-on", "audit.object.add-on"],
	["package", "audit.object.package"],
	["brand", "audit.object.brand"],
	["job", "audit.object.job"],
	["letter", "audit.object.letter"],
	["connected-helpdesk", "audit.object.connected-helpdesk"],
]);

export function standingWords(standing: Standing, { text }: Locale): string {
	return text(`audit.result.${standing}`);
}

/** What a deed is called. */
export function deedName(deed: DeedName, { text }: Locale): string {
	return text(`audit.deed.${deed}`);
}

/** `POST /account/email`, `another-page` for a page without a route, and `POST another page` of earlier versions. */
const ROUTE = /^(?:[A-Z]+ (?:\/|another page$)|another-page$)/;

/** Whether a reason names only where something was refused. That says nothing to operators. */
export function isRoute(reason: string): boolean {
	return ROUTE.test(reason);
}

/** What was done, and why it was refused, without the place. A deed of a later version is called by the name that is stored. */
export function deedWords(
	entry: Pick<AuditEntry, "deed" | "reason" | "count">,
	reader: Locale,
): string {
	const { count } = entry;
	const reason = entry.reason !== null && isRoute(entry.reason) ? null : entry.reason;
	const { text } = reader;
	const deed = isDeedName(entry.deed) ? deedName(entry.deed, reader) : entry.deed;
	if (reason === "counted") {
		return text("audit.deed-counted", { deed, count });
	}
	if (reason === null) {
		return deed;
	}
	const why = REASONS.get(reason);
	return text("audit.deed-and-reason", { deed, reason: why === undefined ? reason : text(why) });
}

export function actorWords(
	{ actor, actorId }: Pick<AuditEntry, "actor" | "actorId">,
	{ text }: Locale,
): string {
	const id = String(actorId);
	switch (actor) {
		case "operator":
			return actorId ?? text("audit.actor.operator");
		case "command":
			return text("audit.actor.command", { user: id });
		case "add-on":
			return text("audit.actor.add-on", { id });
		case "user":
			return text("audit.actor.user", { id });
		case "helpdesk":
			return text("audit.actor.helpdesk");
		case "nobody":
			return text("audit.actor.nobody");
	}
}

/** Empty where a deed has no object. */
export function objectWords(
	{ object, objectId }: Pick<AuditEntry, "object" | "objectId">,
	{ text }: Locale,
	{ brands, nameOf }: KnownNames,
): string {
	if (object === null) {
		return "";
	}
	const key = OBJECTS.get(object);
	const id = String(objectId);
	const brand = object === "brand" ? brands.find((each) => each.id === id) : undefined;
	const name = object === "add-on" ? nameOf(id) : (brand?.name ?? id);
	return key === undefined
		? `${object} ${id}`
		: text(key, { id: name === id ? id : `${name} (${id})` });
}
