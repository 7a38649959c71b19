/** Ids all have the same length, so that no handle is the beginning of another. */
export const FIRST_ACCOUNT = 1_000_000_000;

/** The handle of the account at X with this id; also its name. */
export function handleOf(id) {
	return `u${id}`;
}
