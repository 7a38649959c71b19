/** The domains of a list as an administrator types it. */
export function domainsIn(list: string): string[] {
	return list
		.toLowerCase()
		.split(/[\s,;]+/)
		.filter((domain) => domain !== "");
}
