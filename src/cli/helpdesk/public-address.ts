import { isLoopback } from "../../contract/loopback.ts";

/** Names that belong to nobody on the internet (RFC 2606, RFC 6761), with all names below them. */
const RESERVED = [
	"localhost",
	"test",
	"example",
	"invalid",
	"example.com",
	"example.net",
	"example.org",
];

/** Whether strangers may reach an origin: it is neither on loopback nor below a reserved name. */
export function isPublicAddress(origin: string): boolean {
	const { hostname } = new URL(origin);
	const name = hostname.replace(/\.$/, "");
	return !isLoopback(name) && !RESERVED.some((each) => name === each || name.endsWith(`.${each}`));
}
