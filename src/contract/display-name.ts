const MAX_CHARACTERS = 80;

/**
 * Makes a name from X safe to show and log: without control, bidi-override or invisible formatting characters and runs of
 * white space, at most 80 characters. The result is empty if nothing is left.
 */
export function displayName(name: string): string {
	const cleaned = name
		.slice(0, 1024)
		.replace(/\s+/gu, " ")
		.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu, "")
		.trim();
	return [...cleaned].slice(0, MAX_CHARACTERS).join("").trim();
}
