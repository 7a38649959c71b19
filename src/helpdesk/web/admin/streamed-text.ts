/**
 * Text as the body of an answer, made while it is sent.
 *
 * @param parts none of them is asked for before the client has taken the one before it.
 * @param breakOff breaks the connection after an error, so that the client does not take the text for a whole one. By
 * itself, a server ends the answer properly, with the error as its last line.
 * @returns after the first two parts: a heading and the first rows. An answer that cannot begin is then an error instead of
 * a broken file.
 */
export async function streamedText(
	parts: AsyncGenerator<string>,
	breakOff: () => void,
): Promise<ReadableStream<Uint8Array>> {
	const encoder = new TextEncoder();
	const first = [(await parts.next()).value, (await parts.next()).value].join("");
	return new ReadableStream({
		start: (stream) => {
			stream.enqueue(encoder.encode(first));
		},
		pull: async (stream) => {
			const { done, value } = await parts.next().catch((error: unknown) => {
				breakOff();
				throw error;
			});
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
