/** The fields in which an administrator describes a connected helpdesk. */
export type ConnectionField = "address" | "redirectUris" | LogOutField | "neverAsserted";

/** The fields about the end of a session. */
export type LogOutField = "postLogoutRedirectUris" | "backChannelLogoutUri";

/** A helpdesk cannot be connected as it was described. The message names the field and says what to change. */
export class ConnectionError extends Error {
	override readonly name = "ConnectionError";

	constructor(
		readonly field: ConnectionField,
		message: string,
	) {
		super(message);
	}
}
