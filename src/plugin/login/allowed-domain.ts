/**
 * Tells whether an address can sign up: its domain or a parent domain is allowed, and none of them is blocked. Expects
 * all domains in canonical form, because a domain has several spellings.
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
