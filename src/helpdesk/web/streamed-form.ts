import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy } from "@fastify/busboy";
import type { FormField } from "../../contract/login-request.ts";
import { UnreadableFileError } from "../files/unreadable-file-error.ts";

/** A text field is cut after so many bytes. */
const CUT_FIELD_BYTES = 5 * 1024 * 1024 + 1;
/** A form with more is read no further: each part costs time, however little is in it. */
const MOST_PARTS = 30;

/** A file of a form while it arrives. */
export interface ArrivingFile {
	/** As the browser names it, without its path. */
	readonly name: string;
	/** @throws UnreadableFileError when the form ends within it, and the request's own error when that is cut off. */
	readonly chunks: AsyncIterable<Uint8Array>;
}

/** A form with a file, read up to the file. */
export interface StreamedForm {
	/** The fields before the file. */
	readonly fields: readonly FormField[];
	/** Undefined: none was sent. A form in which nobody chose a file sends one without a byte. */
	readonly file: ArrivingFile | undefined;
	/** The fields after the file, once the file has been read. */
	readonly rest: () => Promise<readonly FormField[]>;
	/** Reads the rest for nobody. */
	readonly drain: () => Promise<void>;
	/** Reads no more of the request. */
	readonly stop: () => void;
}

/**
 * Reads a form as `multipart/form-data` (RFC 7578) up to its first file. Other files are left out.
 *
 * @param type the `Content-Type` header.
 * @returns undefined for a body that is no such form.
 * @throws the request's own error when it is cut off.
 */
export async function streamedForm(
	type: string,
	body: ReadableStream<Uint8Array>,
): Promise<StreamedForm | undefined> {
	const reader = readerOf(type);
	if (reader === undefined) {
		return undefined;
	}
	const fields: FormField[] = [];
	const tooMany = new Error("The form has too many parts.");
	reader.on("partsLimit", () => reader.destroy(tooMany));
	reader.on("field", (name, value) => fields.push([name, value]));
	const source = Readable.fromWeb(body);
	/** Whether the request itself was cut off. What the reader fails with ends the request, too. */
	const isCutOff = (error: unknown) => error === source.errored && error !== tooMany;
	const arrives = new Promise<{ readonly stream: Readable; readonly name: string }>((resolve) => {
		reader.on("file", (_, stream, name) => {
			// The reader of the file gets the error. There may be none.
			stream.on("error", () => {});
			resolve({ stream, name: name ?? "" });
		});
	});
	const end = pipeline(source, reader).then(
		() => undefined,
		async (error: unknown) => error,
	);
	const first = await Promise.race([arrives, end.then((error) => ({ error }))]);
	if ("error" in first) {
		if (first.error !== undefined && isCutOff(first.error)) {
			throw first.error;
		}
		return first.error === undefined
			? { fields, file: undefined, rest: async () => [], drain: async () => {}, stop: () => {} }
			: undefined;
	}
	const { stream, name } = first;
	const count = fields.length;
	const failure = (error: unknown): unknown =>
		isCutOff(error)
			? error
			: new UnreadableFileError({ key: "link-file.not-whole" }, { cause: error });
	void end.then((error) => {
		if (error !== undefined) {
			stream.destroy(error as Error);
		}
	});
	const chunks = chunksOf(stream, failure);
	return {
		fields: fields.slice(0, count),
		// A reader who stops does not end the stream, so that the rest can still be read.
		file: { name, chunks: { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) } },
		rest: async () => {
			const error = await end;
			if (error !== undefined) {
				throw failure(error);
			}
			return fields.slice(count);
		},
		drain: async () => {
			for (let isOver = false; !isOver; ) {
				isOver = (await chunks.next().catch(() => undefined))?.done ?? true;
			}
			await end;
		},
		stop: () => {
			source.destroy();
		},
	};
}

/** @returns undefined for a type that is no form with files. */
function readerOf(type: string) {
	try {
		return new Busboy({
			headers: { "content-type": type },
			limits: { fieldSize: CUT_FIELD_BYTES, parts: MOST_PARTS, files: 1 },
		});
	} catch {
		return undefined;
	}
}

async function* chunksOf(
	stream: Readable,
	failure: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
	try {
		yield* stream;
	} catch (error) {
		throw failure(error);
	}
}
