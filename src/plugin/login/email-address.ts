const SHAPE = /^[^\s@\p{Cc}\p{Cf}]{1,64}@[^\s@\p{Cc}\p{Cf}.]+(\.[^\s@\p{Cc}\p{Cf}.]+)+$/u;
const MAX_LENGTH = 254;

/** What somebody typed as their address; undefined when no letter could go there (RFC 5321 section 4.5.3.1). */
export function typedEmail(text: string | undefined): string | undefined {
	const email = text?.trim() ?? "";
	return email.length <= MAX_LENGTH && SHAPE.test(email) ? email : undefined;
}

/** Whether an address may make an account: its domain or one above it is allowed, and none is blocked. */
export function isDomainAllowed(
	email: string,
	allowed: readonly string[],
	blocked: readonly string[],
): boolean {
	const domain = `.${email.slice(email.lastIndexOf("@") + 1).toLowerCase()}`;
	const isAmong = (domains: readonly string[]): boolean =>
		domains.some((each) => domain.endsWith(`.${each}`));
	return !isAmong(blocked) && (allowed.length === 0 || isAmong(allowed));
}
