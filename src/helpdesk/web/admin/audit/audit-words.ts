import type { AuditEntry, Outcome } from "../../../audit/audit-entry.ts";
import { isDeedName, kindOf, type ObjectKind } from "../../../audit/deeds.ts";
import { ROLE_WORDS } from "../operators/role-words.ts";

/** How a deed stands: it is under way, or has ended somehow. */
export type Standing = Outcome | "under-way";

export const STANDING_WORDS = {
	done: "Done",
	refused: "Refused",
	failed: "Failed",
	cancelled: "Cancelled",
	"broken-off": "Broken off",
	interrupted: "Interrupted",
	"under-way": "Under way",
} as const satisfies Record<Standing, string>;

const REASONS: ReadonlyMap<string, string> = new Map([
	["wrong", "wrong password or address"],
	["wrong-code", "wrong code of the second factor"],
	["old-passkey", "a passkey on a page that was open for too long, or used before"],
	["too-many", "too many attempts"],
	["form", "it came from another site, or from a page that was too old"],
	["address", "it came from a page at another address"],
	["type", "it was no form"],
	["too-large", "it had too many fields"],
	["code-wrong", "wrong code"],
	["code-spent", "the code no longer worked"],
	["code-none", "no code was sent in that browser"],
	["code-limit", "too many codes"],
	["taken", "somebody else has the address"],
	["gone", "it was used, withdrawn or too old"],
	["suspended", "the user is suspended"],
	["awaiting-approval", "the user waits for approval"],
	...Object.entries(ROLE_WORDS),
]);

const OBJECTS: ReadonlyMap<string, string> = new Map<ObjectKind, string>([
	["user", "User"],
	["operator", "Operator"],
	["add-on", "Add-on"],
	["package", "Package"],
	["brand", "Brand"],
	["job", "Job"],
	["letter", "E-mail"],
	["connected-helpdesk", "Connected helpdesk"],
]);

/** What was done. A deed of a later version is called by its name. */
export function deedWords({
	deed,
	reason,
	count,
}: Pick<AuditEntry, "deed" | "reason" | "count">): string {
	const words = isDeedName(deed) ? kindOf(deed).words : deed;
	if (reason === "counted") {
		return `${words}: ${count.toLocaleString("en")} more times within an hour, only counted`;
	}
	const why = reason === null ? undefined : (REASONS.get(reason) ?? reason);
	return why === undefined ? words : `${words}: ${why}`;
}

export function actorWords({ actor, actorId }: Pick<AuditEntry, "actor" | "actorId">): string {
	switch (actor) {
		case "operator":
			return actorId ?? "An operator";
		case "command":
			return `Command line (${actorId})`;
		case "add-on":
			return `Add-on ${actorId}`;
		case "user":
			return `User ${actorId}`;
		case "helpdesk":
			return "The helpdesk";
		case "nobody":
			return "Nobody logged in";
	}
}

/** Empty where a deed has no object. */
export function objectWords({ object, objectId }: Pick<AuditEntry, "object" | "objectId">): string {
	return object === null ? "" : `${OBJECTS.get(object) ?? object} ${objectId}`;
}
