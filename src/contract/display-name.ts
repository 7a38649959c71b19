const MAX_CHARACTERS = 80;

/**
 * Makes a name that a stranger chose safe to show and log: without control, bidi-override and invisible characters, and
 * without runs of white space or of marks that would be drawn over other lines. At most 80 characters. The result is empty
 * if nothing is left.
 */
export function displayName(name: string): string {
	// Every handle that X gives, and many names.
	if (/^\w{1,80}$/.test(name)) {
		return name;
	}
	const cleaned = name
		.slice(0, 1024)
		.replace(/\s+/gu, " ")
		.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{DI}]/gu, "")
		.replace(/(\p{M}{4})\p{M}+/gu, "$1")
		.trim();
	return [...cleaned].slice(0, MAX_CHARACTERS).join("").trim();
}
