import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamedText } from "./streamed-text.ts";

/** Answers with a file that the browser saves. It is made while it is sent, and breaks off when it cannot go on. */
export async function sendCsv(
	c: Context,
	fileName: string,
	parts: AsyncGenerator<string>,
): Promise<Response> {
	const body = await streamedText(parts, () => (c.env as HttpBindings).outgoing.destroy());
	return c.body(body, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${fileName}"`,
		"cache-control": "no-store",
	});
}
