import { gte, minVersion, satisfies, valid } from "semver";

/** The version that added `contract` to the host, and the answers that plugins for 1.0 do not know. */
const FIRST_ADDITIONS = "1.1.0";

/**
 * Tells whether a plugin knows the answers that version 1.1 added: one of the alternatives in its range begins at 1.1 or
 * later. `^1.0 || ^1.1` does, and `^1.0` does not, although it lets the plugin run in both.
 *
 * @param range `engines.contract` of its manifest.
 */
export function knowsAdditions(range: string): boolean {
	return range.split("||").some((alternative) => {
		const least = minVersion(alternative);
		return least !== null && satisfies(least, `^${FIRST_ADDITIONS}`);
	});
}

/** The version that a helpdesk says it keeps, for a plugin to read. Undefined for 1.0, and for what is no version. */
export function keptVersion(contract: string | undefined): string | undefined {
	const version = valid(contract);
	return version !== null && gte(version, FIRST_ADDITIONS) ? version : undefined;
}
