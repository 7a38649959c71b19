/** The path on this portal that an untrusted value leads to; `/` where the value leads elsewhere. */
export function portalPath(value: string | undefined, baseUrl: string): string {
	if (!value?.startsWith("/") || value.length > 512 || !URL.canParse(value, baseUrl)) {
		return "/";
	}
	const url = new URL(value, baseUrl);
	const path = url.pathname + url.search;
	return url.origin === new URL(baseUrl).origin && !path.startsWith("//") ? path : "/";
}
