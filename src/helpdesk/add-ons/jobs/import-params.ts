import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";

export type ImportParams = {
	readonly addOn: string;
	/** The staged list, and how much of it there was when the import was started. */
	readonly fileId: string;
	readonly fileName: string;
	readonly parts: number;
	readonly rows: number;
	/** The brand of rows that name none. */
	readonly brandId: string;
	/** `try` changes nothing. */
	readonly mode: "try" | "import";
};

export type ImportPosition = {
	readonly part: number;
	/** The rows of the part that are done. Undefined: the results of the part are not foreseen yet. */
	readonly row?: number;
	readonly done: number;
};

export const IMPORT_PARAMS: StoredKind<ImportParams> = {
	name: "jobs/import-links parameters",
	read: (value) => {
		const { addOn, fileId, fileName, parts, rows, brandId, mode } = fieldsOf(value);
		return typeof addOn === "string" &&
			typeof fileId === "string" &&
			typeof fileName === "string" &&
			typeof parts === "number" &&
			typeof rows === "number" &&
			typeof brandId === "string" &&
			(mode === "try" || mode === "import")
			? { addOn, fileId, fileName, parts, rows, brandId, mode }
			: undefined;
	},
};

export const IMPORT_POSITION: StoredKind<ImportPosition> = {
	name: "jobs/import-links position",
	read: (value) => {
		const { part, row, done } = fieldsOf(value);
		return typeof part === "number" &&
			typeof done === "number" &&
			(row === undefined || typeof row === "number")
			? { part, done, ...(row !== undefined && { row }) }
			: undefined;
	},
};
