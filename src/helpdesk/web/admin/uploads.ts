import type { Context } from "hono";
import { MAX_ZIP_BYTES } from "../../../artifact/zip/zip-directory.ts";
import { type Place, sessionOf } from "../visit.ts";
import { ADMIN_PATHS } from "./admin-pages.ts";
import { MAX_FILE_BYTES } from "./links/link-file.ts";
import { linksPath } from "./links/links-routes.ts";

/** Where a zip is uploaded. */
export const UPLOAD_PATH = `${ADMIN_PATHS.addOns}/upload`;

const WITH_A_FORM = 1024 * 1024;
/** A file, a pasted list and one that was kept, with what a form adds. */
const MAX_LINKS_BYTES = 3 * MAX_FILE_BYTES + WITH_A_FORM;
const LINKS = new RegExp(`^${linksPath("[a-z][a-z0-9-]+")}$`);

/** Whether the page at a path reads files. */
export function takesFiles(path: string): boolean {
	return path === UPLOAD_PATH || LINKS.test(path);
}

/** What an operator may send to a page that reads files; undefined for everybody and everything else. */
export function uploadLimit(place: Place): (c: Context) => Promise<number | undefined> {
	return async (c) => {
		const { method, path } = c.req;
		const isUpload = method === "POST" && takesFiles(path);
		if (!isUpload || (await sessionOf(c, place)) === undefined) {
			return undefined;
		}
		return path === UPLOAD_PATH ? MAX_ZIP_BYTES + WITH_A_FORM : MAX_LINKS_BYTES;
	};
}
