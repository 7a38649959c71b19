import type { HttpBindings } from "@hono/node-server";
import type { AdminContext } from "../admin-pages.ts";

/**
 * Waits for the first pieces. A file that cannot begin is then answered with an error instead of a broken file. One that
 * cannot go on breaks the connection, so that the browser does not take it for a whole one.
 */
export async function streamed(
	c: AdminContext,
	pieces: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array>> {
	const encoder = new TextEncoder();
	const start = [(await pieces.next()).value, (await pieces.next()).value].join("");
	return new ReadableStream({
		start: (stream) => {
			stream.enqueue(encoder.encode(start));
		},
		pull: async (stream) => {
			const { done, value } = await pieces.next().catch((error: unknown) => {
				// By itself, the server would end the answer properly, with the error as its last line.
				bindingsOf(c).outgoing.destroy();
				throw error;
			});
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

function bindingsOf(c: AdminContext): HttpBindings {
	return c.env as HttpBindings;
}
