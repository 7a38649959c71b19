import type { BlockList } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { clientAddress } from "../people/client-address.ts";

/** The IP address of the visitor, behind the trusted proxies. */
export function clientAddressOf(c: Context, trustedProxies: BlockList): string {
	const peer = getConnInfo(c).remote.address ?? "";
	return clientAddress(peer, c.req.header("x-forwarded-for"), trustedProxies);
}
