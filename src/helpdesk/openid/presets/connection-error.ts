import type { Message } from "../../locale/locale.ts";

/** The fields in which an administrator describes a connected helpdesk. */
export type ConnectionField = "address" | "redirectUris" | LogOutField | "neverAsserted";

/** The fields about the end of a session. */
export type LogOutField = "postLogoutRedirectUris" | "backChannelLogoutUri";

/** A sentence that names a field and says what is wrong and what to do. */
export function problemWith(label: Message | string, problem: Message): Message {
	return { key: "helpdesk.problem", values: { label, problem } };
}

/** A helpdesk cannot be connected as it was described. */
export class ConnectionError extends Error {
	override readonly name = "ConnectionError";
	/** Names the field and says what to change. */
	readonly problem: Message;

	constructor(
		readonly field: ConnectionField,
		label: Message | string,
		problem: Message,
	) {
		super(`${field}: ${problem.key}`);
		this.problem = problemWith(label, problem);
	}
}
