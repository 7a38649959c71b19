import { gte, minVersion, satisfies, valid } from "semver";

/** The version that added `contract` to the host, and the answers that plugins for 1.0 do not know. */
const FIRST_ADDITIONS = "1.1.0";

/**
 * Tells whether a plugin knows what a version of the contract added: one of the alternatives in its range begins at this
 * version or later. `^1.0 || ^1.1` knows 1.1, and `^1.0` does not, although it lets the plugin run in both.
 *
 * @param range `engines.contract` of its manifest.
 * @param version 1.1.0 if left out.
 */
export function knowsAdditions(range: string, version = FIRST_ADDITIONS): boolean {
	return range.split("||").some((alternative) => {
		const least = minVersion(alternative);
		return least !== null && satisfies(least, `^${version}`);
	});
}

/** The version that a helpdesk says it keeps, for a plugin to read. Undefined for 1.0, and for what is no version. */
export function keptVersion(contract: string | undefined): string | undefined {
	const version = valid(contract);
	return version !== null && gte(version, FIRST_ADDITIONS) ? version : undefined;
}
