import type { Operators } from "../../../src/helpdesk/people/operators.ts";

/** What a form sends, with the epoch of the operator's present session. */
export async function inSession<Form>(
	operators: Pick<Operators, "sessionEpochOf">,
	email: string,
	form: Form,
): Promise<Form & { readonly sessionEpoch: number }> {
	const sessionEpoch = await operators.sessionEpochOf(email);
	if (sessionEpoch === undefined) {
		throw new Error(`${email} is not an operator`);
	}
	return { ...form, sessionEpoch };
}
