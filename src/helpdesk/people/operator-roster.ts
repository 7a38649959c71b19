import type {
	HostStorage,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { fieldsOf, readEntry, readFields, type StoredKind } from "../../storage/stored-value.ts";
import { addressKey } from "../mail/email-key.ts";
import { isRole, type Role } from "./operator-roles.ts";

export const FIRST_OPERATOR = "operator@helpdesk.example";

/** An operator as the others see them. */
export interface ListedOperator {
	/** Names them in addresses of pages. */
	readonly id: string;
	readonly email: string;
	readonly role: Role;
	/** Whether they chose to get alerts about log-ins. Left out: they have not chosen. */
	readonly alerts?: boolean;
	/** BCP 47. The language of the page on which they logged in last. Left out: they have not since it is noted. */
	readonly locale?: string;
}

/** The address, the role and the choice of everybody, by the key of their record. */
export type Roster = { readonly operators: Readonly<Record<string, Omit<ListedOperator, "id">>> };

const ROSTER: StoredKind<Roster> = { name: "operators/roster", read: readRoster };
export const ROSTER_KEY: StorageKey = ["roster"];

/** The roster, with what a commit that changes it checks. */
interface FoundRoster extends Roster {
	readonly version: string | null;
}

/**
 * The roster; of an earlier version, its only operator.
 *
 * @param storage the namespace of operators.
 */
export async function findRoster(storage: HostStorage): Promise<FoundRoster> {
	const entry = await storage.get(ROSTER_KEY);
	if (entry !== undefined) {
		return { operators: readEntry(entry, ROSTER).operators, version: entry.version };
	}
	const id = addressKey(FIRST_OPERATOR);
	const isThere = (await storage.get([id])) !== undefined;
	const first = { [id]: { email: FIRST_OPERATOR, role: "owner" } } as const;
	return { operators: isThere ? first : {}, version: null };
}

export function rosterSet(
	operators: Roster["operators"],
): NonNullable<StorageCommit["sets"]>[number] {
	return { key: ROSTER_KEY, value: { operators } };
}

function readRoster(value: StorageValue): Roster | undefined {
	const operators = readFields(fieldsOf(value)["operators"], (operator) => {
		const { email, role, alerts, locale } = fieldsOf(operator);
		const chosen = typeof alerts === "boolean" && { alerts };
		const used = typeof locale === "string" && { locale };
		return typeof email === "string" && isRole(role)
			? { email, role, ...chosen, ...used }
			: undefined;
	});
	return operators && { operators };
}
