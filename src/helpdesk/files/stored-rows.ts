import type { LinkRow } from "../../contract/link-transfer.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";
import type { FileRow } from "./link-file.ts";

/** Longer than any id, address, handle or brand. What is longer is cut: it is refused either way. */
const MAX_CELL = 500;

/** Rows of a list of links, as they are stored. */
export type StoredRow = readonly [
	line: number,
	identityId: string,
	email: string,
	userId: string,
	handle: string,
	/** Empty: the row names none. */
	brandId: string,
	linkedAt: number | null,
	confirmed: boolean | null,
];

/** A part of a staged list of links. */
export type StoredRows = {
	/** Which of the file's names it is from. */
	readonly source: number;
	readonly rows: readonly StoredRow[];
};

export const STORED_ROWS: StoredKind<StoredRows> = {
	name: "files/part",
	read: (value) => {
		const { source, rows } = fieldsOf(value);
		const known = rowsIn(rows);
		return typeof source === "number" && known !== undefined ? { source, rows: known } : undefined;
	},
};

/** @returns undefined for anything but a list of rows. */
export function rowsIn(value: StorageValue | undefined): readonly StoredRow[] | undefined {
	return Array.isArray(value) && value.every(isStoredRow) ? value : undefined;
}

export function storedRow({ line, row }: FileRow): StoredRow {
	const { identityId, email = "", userId = "", handle = "", brandId, linkedAt, confirmed } = row;
	return [
		line,
		cut(identityId),
		cut(email),
		cut(userId),
		cut(handle),
		cut(brandId),
		linkedAt ?? null,
		confirmed ?? null,
	];
}

/** @param brandId the brand of rows that name none. */
export function linkRow(stored: StoredRow, brandId: string): LinkRow {
	const [, identityId, email, userId, handle, named, linkedAt, confirmed] = stored;
	return {
		brandId: named === "" ? brandId : named,
		...{ identityId, email, userId, handle },
		...(linkedAt !== null && { linkedAt }),
		...(confirmed !== null && { confirmed }),
	};
}

function cut(cell: string): string {
	return cell.length > MAX_CELL ? cell.slice(0, MAX_CELL).toWellFormed() : cell;
}

function isStoredRow(value: StorageValue): value is StoredRow {
	if (!Array.isArray(value)) {
		return false;
	}
	const [line, id, email, userId, handle, brandId, linkedAt, confirmed] = value;
	return (
		typeof line === "number" &&
		[id, email, userId, handle, brandId].every((cell) => typeof cell === "string") &&
		(linkedAt === null || typeof linkedAt === "number") &&
		(confirmed === null || typeof confirmed === "boolean")
	);
}
