import type { Context } from "hono";

/** Answers with a file that the browser saves. */
export function sendCsv(c: Context, fileName: string, body: string | ReadableStream): Response {
	return c.body(body, 200, {
		"content-type": "text/csv; charset=utf-8",
		"content-disposition": `attachment; filename="${fileName}"`,
		"cache-control": "no-store",
	});
}
