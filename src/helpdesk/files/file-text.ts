import { UnreadableFileError } from "./unreadable-file-error.ts";

type Decoder = InstanceType<typeof TextDecoder>;

/** So many bytes tell the encoding of a file. */
const MARK_BYTES = 2;

/**
 * The text of a file while its bytes arrive.
 *
 * @param name of the file, for people.
 * @throws UnreadableFileError for bytes that are no text.
 */
export async function* textOf(
	chunks: AsyncIterable<Uint8Array>,
	name: string,
): AsyncGenerator<string> {
	let start: Uint8Array = new Uint8Array();
	let decoder: Decoder | undefined;
	for await (const chunk of chunks) {
		const bytes = decoder === undefined ? Buffer.concat([start, chunk]) : chunk;
		if (decoder === undefined && bytes.length < MARK_BYTES) {
			start = bytes;
		} else {
			decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
			yield decoded(decoder, name, bytes);
		}
	}
	yield decoder === undefined
		? decoded(new TextDecoder("utf-8", { fatal: true }), name, start)
		: decoded(decoder, name);
}

/** @param bytes left out: the end of the file. */
function decoded(decoder: Decoder, name: string, bytes?: Uint8Array): string {
	try {
		return decoder.decode(bytes, { stream: bytes !== undefined });
	} catch (error) {
		throw new UnreadableFileError(
			{ key: "link-file.no-text", values: { file: name } },
			{ cause: error },
		);
	}
}

/** Spreadsheets call UTF-16 "Unicode text". */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
	if (first === 0xff && second === 0xfe) {
		return "utf-16le";
	}
	return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
