/** Where a database server is, out of a URL that may hold a password. */
export interface ServerUrl {
	/** For the client, without our own parameter. */
	readonly href: string;
	/** For people: the address alone. */
	readonly address: string;
	/** The value of our own parameter. */
	readonly own: string | undefined;
}

/**
 * @param own a parameter of the URL that is ours and not the client's.
 * @throws Error in a sentence that repeats nothing of the URL.
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
	// A password with "/", "?" or "#" in it ends the address too early, and what follows would be printed.
	const isCut = url === undefined || `${url.pathname}${url.search}${url.hash}`.includes("@");
	if (isCut || url.hash !== "") {
		throw new Error(
			`the storage URL is not one such as ${example} (special characters of the password are percent-encoded)`,
		);
	}
	const chosen = url.searchParams.get(own) ?? undefined;
	url.searchParams.delete(own);
	if (chosen !== undefined && !/^[a-z_][a-z0-9_]{0,47}$/.test(chosen)) {
		throw new Error(
			`the storage URL has a ${own} that is no name of lower-case letters, digits and _`,
		);
	}
	return { href: url.href, address: url.host || "its default address", own: chosen };
}
