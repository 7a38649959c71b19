import type { Context } from "hono";
import { MAX_ZIP_BYTES } from "../../../artifact/zip/zip-directory.ts";
import { isForm } from "../../../routes/sent-form.ts";
import { isAtLeast } from "../../people/operator-roles.ts";
import type { Operators } from "../../people/operators.ts";
import type { FileReading } from "../sent-form.ts";
import { type Place, sessionOf } from "../visit.ts";
import { accessAt } from "./access.ts";
import { ADMIN_PATHS, brandPaths, integrationPaths } from "./paths.ts";

/** The largest list of links as a file. */
export const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** The largest list of links as text. */
export const MAX_PASTED_BYTES = 5 * 1024 * 1024;

/** More than a logo may have, so that a larger file is refused with a sentence that says so. */
const MAX_LOGO_BYTES = 8 * 1024 * 1024;

const FORM_BYTES = 1024 * 1024;

interface UploadPage {
	readonly path: RegExp;
	readonly reading: FileReading;
	/** What may be sent to it with a file and the rest of its form. */
	readonly maxBytes: number;
	/** What may be sent to it without a file, or without saying its size. */
	readonly maxFormBytes: number;
}

/** The pages that read files. */
const UPLOADS: readonly UploadPage[] = [
	{
		path: exactly(ADMIN_PATHS.uploadAddOn),
		reading: "whole",
		maxBytes: MAX_ZIP_BYTES + FORM_BYTES,
		maxFormBytes: MAX_ZIP_BYTES + FORM_BYTES,
	},
	{
		path: exactly(brandPaths("[a-z][a-z0-9-]*").logo),
		reading: "whole",
		maxBytes: MAX_LOGO_BYTES,
		maxFormBytes: FORM_BYTES,
	},
	{
		path: exactly(integrationPaths("[a-z][a-z0-9-]+").links),
		reading: "streamed",
		maxBytes: MAX_LIST_BYTES + MAX_PASTED_BYTES + FORM_BYTES,
		// A form without a file writes some characters as three.
		maxFormBytes: 3 * MAX_PASTED_BYTES + FORM_BYTES,
	},
];

/** How the page at a path reads files. */
export function filesAt(path: string): FileReading {
	return pageAt(path)?.reading ?? "none";
}

/**
 * How many bytes an operator may send to a page that reads files; undefined for other people, other roles and other pages: a
 * form is read before the page says whom it is for.
 */
export function uploadLimit(
	place: Place,
	operators: Pick<Operators, "roleOf">,
): (c: Context) => Promise<number | undefined> {
	return async (c) => {
		const { method, path } = c.req;
		const page = method === "POST" ? pageAt(path) : undefined;
		const session = page && (await sessionOf(c, place));
		const role = session && (await operators.roleOf(session.subjectId));
		const access = accessAt(method, path);
		if (page === undefined || !role || !access || !isAtLeast(role, access.least)) {
			return undefined;
		}
		return isForm(c.req.header("content-type")) || !isSized(c) ? page.maxFormBytes : page.maxBytes;
	};
}

/** A body of unknown size is in memory before its page is called. Browsers send the size of their forms. */
function isSized({ req }: Context): boolean {
	return (
		req.header("content-length") !== undefined && req.header("transfer-encoding") === undefined
	);
}

function pageAt(path: string): UploadPage | undefined {
	return UPLOADS.find((upload) => upload.path.test(path));
}

function exactly(pattern: string): RegExp {
	return new RegExp(`^${pattern}$`);
}
