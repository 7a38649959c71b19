/** The address of a database server, read from a URL that may hold a password. */
export interface ServerUrl {
	/** The URL for the client, without our own parameter. */
	readonly href: string;
	/** Host and port, for messages. */
	readonly address: string;
	/** The value of our own parameter. */
	readonly own: string | undefined;
}

/**
 * @param own the name of a parameter of the URL that is ours and not the client's.
 * @throws Error with a message that repeats nothing of the URL.
 */
export function readServerUrl(
	value: string,
	{
		schemes,
		example,
		own,
	}: { readonly schemes: RegExp; readonly example: string; readonly own: string },
): ServerUrl {
	const url = schemes.test(value) && URL.canParse(value) ? new URL(value) : undefined;
	// A "/", "?" or "#" in the password would end the address too early, and the rest of the password would be printed.
	const isCut = url === undefined || `${url.pathname}${url.search}${url.hash}`.includes("@");
	if (isCut || url.hash !== "") {
		throw new Error(
			`the storage URL has the wrong form; give one such as ${example} (with the password's special characters percent-encoded)`,
		);
	}
	const chosen = url.searchParams.get(own) ?? undefined;
	url.searchParams.delete(own);
	if (chosen !== undefined && !/^[a-z_][a-z0-9_]{0,47}$/.test(chosen)) {
		throw new Error(
			`the ${own} in the storage URL is not allowed; use lower-case letters, digits and _`,
		);
	}
	return { href: url.href, address: url.host || "its default address", own: chosen };
}
