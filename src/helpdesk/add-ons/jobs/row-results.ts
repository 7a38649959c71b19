import type { LoadedPlugin } from "../../../artifact/load/load-plugin.ts";
import type { RowResult } from "../../files/import-results.ts";
import { looksRounded } from "../../files/link-file-facts.ts";
import type { StoredRow } from "../../files/stored-rows.ts";

const MAX_MESSAGE = 200;

/** Whether an operator has to look at a row: it was refused, or its id may be rounded. */
export function isToLookAt(row: StoredRow | undefined, result: RowResult | undefined): boolean {
	const isLink = result?.state === "would-link" || result?.state === "linked";
	return result?.state === "refused" || (isLink && row !== undefined && looksRounded(row[1]));
}

/** A result in the form in which it is stored. */
export function resultOf({ state, message }: RowResult): RowResult {
	return { state, message: message.slice(0, MAX_MESSAGE) };
}

/**
 * The result of a row. A row that was to be linked and is linked already has been linked by this very step, before its node was
 * gone. It is told what it would have been told then.
 */
export function settled(
	{
		loaded: { locales, manifest },
	}: { readonly loaded: Pick<LoadedPlugin, "locales" | "manifest"> },
	before: RowResult | undefined,
	now: RowResult,
): RowResult {
	if (before?.state !== "would-link" || now.state !== "already-linked") {
		return resultOf(now);
	}
	const message = before.message.replace("would-link", "linked");
	const isKnown = Object.hasOwn(locales.get(manifest.locales.default) ?? {}, message);
	return { state: "linked", message: isKnown ? message : before.message };
}
