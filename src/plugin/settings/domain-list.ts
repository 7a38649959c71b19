import { canonicalDomain } from "../../contract/email-address.ts";

/**
 * The domains of a list as an administrator types it, in the form in which addresses are compared. What is no domain
 * stays as it is: a list of such alone lets nobody in, where an empty one lets in everybody.
 */
export function domainsIn(list: string): string[] {
	return list
		.split(/[\s,;]+/)
		.filter((domain) => domain !== "")
		.map((domain) => canonicalDomain(domain) ?? domain);
}
