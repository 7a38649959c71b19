/** One link that an administrator brings along from another log-in: which identity is which user. */
export interface LinkRow {
	readonly brandId: string;
	/** As {@link ExportedLink} has it or as the provider writes it; whatever stands in a file, for the plugin to judge. */
	readonly identityId: string;
	/**
	 * Of the user. Where there is an address it says who is meant, and an id beside it must not belong to somebody else:
	 * ids of another helpdesk may be anybody's here.
	 */
	readonly email?: string;
	readonly userId?: string;
	/** As the provider writes it, for display until the next log-in. */
	readonly handle?: string;
	/** Milliseconds since the epoch; now without it. */
	readonly linkedAt?: number;
	/**
	 * As the file that a helpdesk exported says it of the account then, see `EmailOwner`; absent where a file does not.
	 * False brings the link back to the very account, by id and address, while nobody else has a way into it, and keeps it
	 * from one that somebody has proven to own since.
	 */
	readonly confirmed?: boolean;
}

/** What became of a row, or would. */
export interface LinkResult {
	readonly state: "would-link" | "linked" | "already-linked" | "refused";
	/**
	 * A key of the plugin's locales, without placeholders: why, and what to do about it. Rows with the same key ended in
	 * the same way.
	 */
	readonly message: string;
}

export interface LinkImport {
	/** Says what would become of each row, and stores nothing. */
	readonly dryRun: boolean;
}

export interface ExportedLink {
	/** Permanent and never reused: `x:2244994945`. */
	readonly identityId: string;
	/** As it was at the last log-in; empty when it is not known. */
	readonly handle: string;
	readonly userId: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
}

export interface LinkPage {
	readonly links: readonly ExportedLink[];
	/** Pass it to the next `exportLinks`; absent on the last page. */
	readonly cursor?: string;
}

/** What the provider's fields are called in a file of links; what a helpdesk calls its own is its affair. */
export interface LinkFile {
	/** Names of the column with the identity's id, lower case; the first is the one that is exported. */
	readonly idColumns: readonly string[];
	/** Names of the column with the handle, likewise. */
	readonly handleColumns: readonly string[];
	/** A key of the locales: which id is meant, and where an administrator finds it. */
	readonly help: string;
}
