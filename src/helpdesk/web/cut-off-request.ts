import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/**
 * Whether a request failed because its sender went away before all of it had arrived. That is no error of the helpdesk,
 * and nobody is there to read the answer. Any other error of such a request is one.
 */
export function isCutOff(c: Context, error: unknown): boolean {
	const { incoming } = c.env as HttpBindings;
	return error === incoming.errored;
}
