/**
 * Text as the body of an answer, made while it is sent.
 *
 * @param parts none of them is asked for before the client has taken the one before it.
 * @returns after the first part. An answer that cannot begin is then an error instead of a broken file.
 */
export async function streamedText(
	parts: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array>> {
	const encoder = new TextEncoder();
	const first = await parts.next();
	return new ReadableStream({
		start: (stream) => {
			stream.enqueue(encoder.encode(first.done ? "" : first.value));
		},
		pull: async (stream) => {
			const { done, value } = await parts.next();
			if (done) {
				stream.close();
			} else {
				stream.enqueue(encoder.encode(value));
			}
		},
		cancel: async () => {
			await parts.return(undefined);
		},
	});
}
