/**
 * Presses a button of X's page without loading the page, because it lists all accounts.
 *
 * @returns the address of the way back.
 */
export async function decideAtX(
	authorizeUrl: string,
	decision:
		| { readonly decision: "approve"; readonly account: string }
		| { readonly decision: "cancel" },
): Promise<string> {
	const { origin, pathname, searchParams } = new URL(authorizeUrl);
	const answer = await fetch(`${origin}${pathname}`, {
		method: "POST",
		redirect: "manual",
		body: new URLSearchParams([...searchParams, ...Object.entries(decision)]),
	});
	const location = answer.headers.get("location");
	if (location !== null) {
		return location;
	}
	const [, back] = /<a id="back" href="([^"]*)">/.exec(await answer.text()) ?? [];
	if (back === undefined) {
		throw new Error(`the fake X answers ${answer.status}`);
	}
	return back.replaceAll("&amp;", "&");
}
