import { canonicalDomain } from "../../contract/email-address.ts";

/**
 * The domains of a list as an administrator types it, in the form in which addresses are compared. An invalid domain
 * stays in the list: a list of only invalid ones lets nobody in, whereas an empty list lets in everybody.
 */
export function domainsIn(list: string): string[] {
	return list
		.split(/[\s,;،؛]+/)
		.filter((domain) => domain !== "")
		.map((domain) => canonicalDomain(domain) ?? domain);
}
