import { HttpVisitor } from "./http-visitor.ts";
import type { RunningHelpdesk } from "./start-helpdesk.ts";

/** The operator of a helpdesk that was just started, logged in to the administration. */
export async function operatorOf({ ready }: Pick<RunningHelpdesk, "ready">): Promise<HttpVisitor> {
	const operator = new HttpVisitor();
	await operator.open(`${ready.admin}/login`);
	const { email, password } = ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	return operator;
}
