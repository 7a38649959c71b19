import type { StorageCommit } from "../../contract/storage.ts";
import { DROPPED_AT_ONCE, type FoundFile, type StagedFiles } from "./staged-files.ts";

/** What one step of a deletion does. */
interface DeletionStep {
	readonly commit: StorageCommit;
	/** Where the next step goes on; undefined: nothing is left. */
	readonly next: string | undefined;
	/** How many files it begins to delete. From then on they are gone for everybody. */
	readonly begun: number;
}

/** A place in the list of all files, and within a file whose record is gone already. */
interface Place {
	readonly cursor: string | undefined;
	readonly file: { readonly id: string; readonly part: number } | undefined;
}

const FILES_PER_STEP = 100;
const PLACE = /^(?:([0-9a-z-]+) (\d+))?\/(.*)$/;

/**
 * A step of the deletion of all files that are meant. It has no effect but its commit, which has to move the place, too: then a
 * deletion that is interrupted leaves no parts without a record.
 *
 * @param from where the last step said to go on; undefined for the first one.
 */
export async function deletionStep(
	files: StagedFiles,
	isMeant: (file: FoundFile) => boolean,
	from: string | undefined,
): Promise<DeletionStep> {
	const { cursor, file } = placeIn(from);
	if (file !== undefined) {
		return dropStep(files, cursor, file.id, file.part);
	}
	const page = await files.page(cursor, FILES_PER_STEP);
	const first = page.files.find(isMeant);
	return first === undefined
		? {
				...{ commit: {}, begun: 0 },
				next: page.next && textOf({ cursor: page.next, file: undefined }),
			}
		: dropStep(files, cursor, first.id, 0);
}

async function dropStep(
	files: StagedFiles,
	cursor: string | undefined,
	id: string,
	from: number,
): Promise<DeletionStep> {
	const part = from + DROPPED_AT_ONCE;
	const isMore = (await files.read(id, part)) !== undefined;
	// The same page once more, without this file: others on it may be meant.
	const next = { cursor, file: isMore ? { id, part } : undefined };
	return { commit: files.dropping(id, from), next: textOf(next), begun: from === 0 ? 1 : 0 };
}

function textOf({ cursor = "", file }: Place): string {
	return `${file === undefined ? "" : `${file.id} ${file.part}`}/${cursor}`;
}

function placeIn(text: string | undefined): Place {
	const [, id, part, cursor = ""] = PLACE.exec(text ?? "/") ?? [];
	return {
		cursor: cursor === "" ? undefined : cursor,
		file: id === undefined ? undefined : { id, part: Number(part) },
	};
}
