import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { clientAddress } from "../people/client-address.ts";

/** The IP address of the visitor, behind the trusted proxies. */
export function clientAddressOf(c: Context, trustedProxies: BlockList): string {
	const peer = getConnInfo(c).remote.address ?? "";
	return clientAddress(peer, c.req.header("x-forwarded-for"), trustedProxies);
}

/** The same of a request that no page answers. */
export function clientAddressIn(
	{ socket, headers }: IncomingMessage,
	trustedProxies: BlockList,
): string {
	const forwardedFor = headers["x-forwarded-for"];
	const hops = Array.isArray(forwardedFor) ? forwardedFor.join(", ") : forwardedFor;
	return clientAddress(socket.remoteAddress ?? "", hops, trustedProxies);
}
