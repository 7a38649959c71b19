import type { Context } from "hono";

/** What a visitor is told who tries too often. The page says it in words. */
export type TooMany = "too-many";

/** Makes the answer, whose page follows, say when to try again. @param seconds a whole number. */
export function askToWait(c: Context, seconds: number): TooMany {
	c.header("retry-after", String(seconds));
	return "too-many";
}
