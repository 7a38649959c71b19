/** A link that an administrator imports from another log-in: which identity is which user. */
export interface LinkRow {
	readonly brandId: string;
	/**
	 * The id as in {@link ExportedLink}, or as the provider writes it. It may be any text of a file; the plugin checks
	 * it.
	 */
	readonly identityId: string;
	/**
	 * The user's address. It decides which user is meant. If there is also a `userId`, it must not belong to another
	 * user, because an id from another helpdesk may be anybody's here.
	 */
	readonly email?: string;
	readonly userId?: string;
	/** The handle as the provider writes it. Shown until the next log-in. */
	readonly handle?: string;
	/** Milliseconds since the epoch; now if left out. */
	readonly linkedAt?: number;
	/**
	 * Whether the account was confirmed when a helpdesk exported the file, see `EmailOwner`. Absent if the file does not
	 * say. A row with `false` links only the same account, by id and address, and only while nobody else has a way into
	 * it. An account that somebody has proven to own since gets no link.
	 */
	readonly confirmed?: boolean;
}

/** The result of a row, or the result it would have. */
export interface LinkResult {
	readonly state: "would-link" | "linked" | "already-linked" | "refused";
	/**
	 * A key of the plugin's locales, without placeholders. The text says why, and what to do. Hosts show rows with the
	 * same message together.
	 */
	readonly message: string;
	/**
	 * The user to whom the identity is linked now, for `linked` and `already-linked` of an import that is no dry run. A host
	 * that keeps what is linked to its users asks again about this one. Since version 1.2.
	 */
	readonly userId?: string;
}

/** @deprecated The name of {@link LinkResult} in 0.1.0. @public */
export type LinkFate = LinkResult;

export interface LinkImport {
	/** Says what would happen to each row, and stores nothing. */
	readonly dryRun: boolean;
	/**
	 * Rows of the same file that are not in this call but help to judge its rows: those that name an id or a user of them,
	 * and some that show whether the ids of the file were rounded. They get no result. Since version 1.2; left out: none.
	 */
	readonly others?: readonly LinkRow[];
}

export interface ExportedLink {
	/** Such as `x:2244994945`. Permanent and never reused. */
	readonly identityId: string;
	/** The handle at the last log-in; empty if it is not known. */
	readonly handle: string;
	readonly userId: string;
	/** Milliseconds since the epoch. */
	readonly linkedAt: number;
}

export interface LinkPage {
	readonly links: readonly ExportedLink[];
	/** The cursor for the next call of `exportLinks`; absent on the last page. */
	readonly cursor?: string;
}

/** The names of the provider's columns in a file of links. A helpdesk chooses the names of its own columns. */
export interface LinkFile {
	/** Names of the column with the identity's id, in lower case. Exports use the first one. */
	readonly idColumns: readonly string[];
	/** Names of the column with the handle, in lower case. Exports use the first one. */
	readonly handleColumns: readonly string[];
	/** A key of the locales: what this id is, and where an administrator finds it. */
	readonly help: string;
}
