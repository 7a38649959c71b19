import { parseUrl } from "../../contract/parse-url.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandOffPreset } from "./presets/hand-off-preset.ts";

/** The origins that a helpdesk answers at: where its token goes, and where a visitor may go on to. */
export function originsOf({
	address,
	otherSites,
}: Pick<HandOffHelpdesk, "address" | "otherSites">): readonly string[] {
	return [address, ...otherSites].map((each) => new URL(each).origin);
}

/**
 * Where a visitor goes on to after a hand-off, as the helpdesk writes it. A wish that leads to any other host than the
 * helpdesk's own is dropped, and the helpdesk chooses (open redirect, RFC 9700, section 4.11). So is one with a control
 * character, because URLs are read without them.
 *
 * @param asked as the request has it; undefined for nothing.
 */
export function returnAddress(
	helpdesk: Pick<HandOffHelpdesk, "address" | "otherSites">,
	{ returnsTo }: Pick<HandOffPreset, "returnsTo">,
	asked: string | undefined,
): string | undefined {
	if (asked === undefined || asked === "" || /\p{Cc}/u.test(asked)) {
		return undefined;
	}
	const base = returnsTo === "path" ? new URL(helpdesk.address).origin : undefined;
	const url = parseUrl(asked, base);
	if (url === undefined) {
		return undefined;
	}
	const path = `${url.pathname}${url.search}${url.hash}`;
	if (returnsTo === "path") {
		// `/.//evil` has the path `//evil`, which a redirect would read as a host.
		return url.origin === base && asked.startsWith("/") && !path.startsWith("//")
			? path
			: undefined;
	}
	const hasUser = url.username !== "" || url.password !== "";
	return originsOf(helpdesk).includes(url.origin) && !hasUser ? url.href : undefined;
}
