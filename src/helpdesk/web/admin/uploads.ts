import type { Context } from "hono";
import { MAX_ZIP_BYTES } from "../../../artifact/zip/zip-directory.ts";
import { type Place, sessionOf } from "../visit.ts";
import { ADMIN_PATHS, integrationPaths } from "./paths.ts";

/** The largest list of links. */
export const MAX_LIST_BYTES = 5 * 1024 * 1024;

const FORM_BYTES = 1024 * 1024;

/** The pages that read files, and what may be sent to them with the rest of their form. */
const UPLOADS: readonly { readonly path: RegExp; readonly maxBytes: number }[] = [
	{ path: exactly(ADMIN_PATHS.uploadAddOn), maxBytes: MAX_ZIP_BYTES + FORM_BYTES },
	{
		path: exactly(integrationPaths("[a-z][a-z0-9-]+").links),
		// A file, a pasted list and the list that the page kept.
		maxBytes: 3 * MAX_LIST_BYTES + FORM_BYTES,
	},
];

/** Whether the page at a path reads files. */
export function takesFiles(path: string): boolean {
	return limitAt(path) !== undefined;
}

/** How many bytes an operator may send to a page that reads files; undefined for other people and other pages. */
export function uploadLimit(place: Place): (c: Context) => Promise<number | undefined> {
	return async (c) => {
		const { method, path } = c.req;
		const limit = method === "POST" ? limitAt(path) : undefined;
		return limit === undefined || (await sessionOf(c, place)) === undefined ? undefined : limit;
	};
}

function limitAt(path: string): number | undefined {
	return UPLOADS.find((upload) => upload.path.test(path))?.maxBytes;
}

function exactly(pattern: string): RegExp {
	return new RegExp(`^${pattern}$`);
}
