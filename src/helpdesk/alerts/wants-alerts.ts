import { FIRST_OPERATOR, type ListedOperator } from "../people/operator-roster.ts";

/**
 * Whether an operator gets alerts. Those who can repair log-ins get them unless they have chosen otherwise. Nobody reads the
 * address of an operator who was made by the first start.
 */
export function wantsAlerts({ email, role, alerts }: Omit<ListedOperator, "id">): boolean {
	return email !== FIRST_OPERATOR && (alerts ?? role !== "support");
}
