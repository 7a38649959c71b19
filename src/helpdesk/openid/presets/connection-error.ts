/** The fields in which an administrator describes a connected helpdesk. */
export type ConnectionField = "address" | "redirectUris" | "neverAsserted";

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
