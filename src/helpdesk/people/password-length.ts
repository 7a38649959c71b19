/** The shortest password that a user may choose, in UTF-16 code units. */
export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 256;

/** Whether a user may choose a password of this length. */
export function isPasswordLength({ length }: string): boolean {
	return length >= MIN_PASSWORD && length <= MAX_PASSWORD;
}
