/**
 * Whether an address may make an account: its domain or one above it is allowed, and none is blocked. All of them in
 * canonical form, or one domain would have several spellings.
 */
export function isDomainAllowed(
	email: string,
	allowed: readonly string[],
	blocked: readonly string[],
): boolean {
	const domain = `.${email.slice(email.lastIndexOf("@") + 1)}`;
	const isAmong = (domains: readonly string[]): boolean =>
		domains.some((each) => domain.endsWith(`.${each}`));
	return !isAmong(blocked) && (allowed.length === 0 || isAmong(allowed));
}
