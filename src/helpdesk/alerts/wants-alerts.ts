import { FIRST_OPERATOR, type ListedOperator } from "../people/operator-roster.ts";

/** Whether an operator has chosen alerts. Those who can repair log-ins have, unless they chose otherwise. */
export function hasChosenAlerts({ role, alerts }: Omit<ListedOperator, "id">): boolean {
	return alerts ?? role !== "support";
}

/** Whether an operator gets alerts. Nobody reads the address of an operator who was made by the first start. */
export function wantsAlerts(operator: Omit<ListedOperator, "id">): boolean {
	return operator.email !== FIRST_OPERATOR && hasChosenAlerts(operator);
}
