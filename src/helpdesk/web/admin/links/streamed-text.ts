/** Waits for the first pieces. A file that cannot begin is then answered with an error instead of a broken file. */
export async function streamed(
	pieces: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array>> {
	const encoder = new TextEncoder();
	const start = [(await pieces.next()).value, (await pieces.next()).value].join("");
	return new ReadableStream({
		start: (stream) => {
			stream.enqueue(encoder.encode(start));
		},
		pull: async (stream) => {
			const { done, value } = await pieces.next();
			if (done) {
				stream.close();
			} else {
				stream.enqueue(encoder.encode(value));
			}
		},
		cancel: async () => {
			await pieces.return(undefined);
		},
	});
}
