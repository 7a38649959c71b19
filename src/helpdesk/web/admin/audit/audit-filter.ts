import type { AuditFilter } from "../../../audit/audit-log.ts";
import { isDeedName } from "../../../audit/deeds.ts";
import { pastedText } from "../../../pasted-text.ts";
import { withQuery } from "../list-pager.ts";

const DAY_MS = 24 * 60 * 60_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The longest address there is has 254 characters (RFC 5321 section 4.5.3.1). */
const MAX_TYPED = 254;

/** The filter as it is typed. */
export interface TypedFilter {
	readonly actor: string;
	readonly deed: string;
	readonly object: string;
	/** Days in UTC, such as `2026-01-31`. */
	readonly from: string;
	readonly to: string;
}

/** @param read reads a field of the query. What cannot be read leaves nothing out. */
export function readFilter(read: (name: string) => string | undefined): TypedFilter {
	const text = (name: string) => pastedText(read(name) ?? "").slice(0, MAX_TYPED);
	const day = (name: string) => (dayIn(read(name) ?? "") === undefined ? "" : (read(name) ?? ""));
	const deed = read("deed") ?? "";
	return {
		actor: text("actor"),
		deed: isDeedName(deed) ? deed : "",
		object: text("object"),
		from: day("from"),
		to: day("to"),
	};
}

/** The entries that are meant. */
export function filterOf({ actor, deed, object, from, to }: TypedFilter): AuditFilter {
	return {
		actor: actor || undefined,
		deed: deed || undefined,
		object: object || undefined,
		from: dayIn(from),
		to: dayIn(to),
	};
}

export function filteredPath(path: string, filter: TypedFilter, after?: string): string {
	return withQuery(path, { ...filter, after });
}

/** Counted from the epoch; undefined for a text that is no day. */
function dayIn(text: string): number | undefined {
	const time = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	return Number.isNaN(time) || time < 0 ? undefined : time / DAY_MS;
}
