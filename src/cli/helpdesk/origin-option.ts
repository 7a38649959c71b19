import { type Surplus, typedOrigin } from "../../helpdesk/brands/typed-origin.ts";
import { CommandError } from "../command-error.ts";
import { masked } from "../masked.ts";

const SURPLUS_WORDS: Readonly<Record<Surplus, string>> = {
	credentials: "user name and the password",
	"final-dot": "dot at the end of the host, because browsers take it for another host",
	path: "path",
	query: "query or the fragment",
};

/**
 * Reads an origin, see {@link typedOrigin}.
 *
 * @param place where it was given, such as `--base-url`.
 * @throws CommandError for a value that is not an origin with https, or with http on loopback.
 */
export function readOrigin(place: string, value: string): string {
	const typed = typedOrigin(value);
	if (typed.kind === "none") {
		const { surplus } = typed;
		const remedy = surplus === undefined ? "" : `: leave out the ${SURPLUS_WORDS[surplus]}`;
		throw new CommandError(
			`${place} ${masked(value)} is not an origin such as https://help.example.com (plain http only on loopback, no path)${remedy}`,
		);
	}
	return typed.origin;
}

/**
 * Reads the address that browsers find a brand at: an origin, as {@link readOrigin} reads it.
 *
 * @throws CommandError for a port that browsers refuse, too.
 */
export function readBrandUrl(place: string, value: string): string {
	const origin = readOrigin(place, value);
	const typed = typedOrigin(origin);
	if (typed.kind === "origin" && typed.refusedPort !== undefined) {
		throw new CommandError(
			`${place} ${masked(value)} has the port ${typed.refusedPort}, and browsers open no page there; give another port`,
		);
	}
	return origin;
}
