import type { FormField } from "../../../../contract/login-request.ts";
import type { StorageCheck } from "../../../../contract/storage.ts";
import { textOf } from "../../../files/file-text.ts";
import type { LinkFileReader } from "../../../files/link-file.ts";
import { PASTED_LIST } from "../../../files/list-name.ts";
import type { FoundFile } from "../../../files/staged-files.ts";
import { isFileId } from "../../../files/staged-files.ts";
import type { StagedLinks } from "../../../files/staged-links.ts";
import { UnreadableFileError } from "../../../files/unreadable-file-error.ts";
import type { ArrivingFile } from "../../streamed-form.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { MAX_LIST_BYTES, MAX_PASTED_BYTES } from "../uploads.ts";

/** A list in the storage, and the fields of the form that it came with. */
export interface SentList {
	readonly file: FoundFile;
	readonly form: readonly FormField[];
}

/** Why a list was not taken. */
export interface RefusedList {
	/** The id of the field that it came from. */
	readonly field: "links" | "file";
	readonly sentence: string;
}

/**
 * Stores the list that a form sends. A chosen file comes before a pasted list, and a pasted list before the one that the page
 * kept.
 *
 * @param unchanged what must not change while the list arrives.
 */
export async function sentList(
	c: AdminContext,
	links: StagedLinks,
	reader: LinkFileReader,
	unchanged: StorageCheck,
): Promise<SentList | RefusedList> {
	let source: RefusedList["field"] = "file";
	try {
		const { arriving } = c.var.visit;
		const file = arriving?.file && (await chosen(arriving.file));
		source = file === undefined ? "links" : "file";
		return await storedList(c, file, links, reader, unchanged);
	} catch (error) {
		if (error instanceof UnreadableFileError) {
			return { field: source, sentence: c.var.visit.locale.say(error.said) };
		}
		throw error;
	}
}

/** @throws UnreadableFileError for a list that cannot be read. */
async function storedList(
	c: AdminContext,
	file: ArrivingFile | undefined,
	links: StagedLinks,
	reader: LinkFileReader,
	unchanged: StorageCheck,
): Promise<SentList> {
	const { form, arriving } = c.var.visit;
	const pasted = field(form, "links") ?? "";
	const kept = keptIn(form);
	const addTo = field(form, "add") === "on" ? kept : undefined;
	const texts = file === undefined ? pastedText(pasted) : textOf(file.chunks, file.name);
	const name = file === undefined ? PASTED_LIST : file.name;
	const sent = { name, texts, reader, addTo, addOn: c.var.addOn.loaded.manifest.id };
	const isKept = file === undefined && pasted.trim() === "" && kept !== undefined;
	const found = isKept
		? await links.found(kept)
		: await links.stage({ ...sent, checks: [unchanged] }).catch(async (error: unknown) => {
				// A browser shows the answer only once it has sent the whole file.
				await arriving?.drain();
				throw error;
			});
	return { file: found, form: [...form, ...((await arriving?.rest()) ?? [])] };
}

/** The id of the list that a page kept. */
export function keptIn(form: readonly FormField[]): string | undefined {
	const kept = field(form, "kept") ?? "";
	return isFileId(kept) ? kept : undefined;
}

/** @returns undefined where nobody chose a file: the browser sends one without a byte then. */
async function chosen({ name, chunks }: ArrivingFile): Promise<ArrivingFile | undefined> {
	const rest = chunks[Symbol.asyncIterator]();
	const first = await rest.next();
	return first.done ? undefined : { name, chunks: bounded(first.value, rest) };
}

/** @throws UnreadableFileError for a file that is too large. */
async function* bounded(
	first: Uint8Array,
	rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	let size = 0;
	for (let next = first as Uint8Array | undefined; next !== undefined; ) {
		size += next.length;
		if (size > MAX_LIST_BYTES) {
			throw new UnreadableFileError({ key: "link-file.too-large" });
		}
		yield next;
		const more = await rest.next();
		next = more.done ? undefined : more.value;
	}
}

async function* pastedText(text: string): AsyncGenerator<string> {
	if (Buffer.byteLength(text) > MAX_PASTED_BYTES) {
		throw new UnreadableFileError({ key: "link-file.pasted-too-large" });
	}
	yield text;
}
