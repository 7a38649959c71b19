let common: Promise<ReadonlySet<string>> | undefined;

/**
 * The 49,000 most common passwords, in lower case (ASVS 6.2.4 asks for 3,000). They come with the helpdesk and are read when
 * the first password is set, so that a start costs nothing.
 */
export function commonPasswords(): Promise<ReadonlySet<string>> {
	common ??= import("@zxcvbn-ts/language-common").then(
		({ dictionary }) => new Set(dictionary["passwords-common"]),
	);
	return common;
}
