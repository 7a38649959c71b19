/**
 * Presses a button of X's page without loading the page, because it lists all accounts.
 *
 * @returns the address of the link back.
 */
export async function decideAtX(
	authorizeUrl: string,
	decision:
		| { readonly decision: "approve"; readonly account: string }
		| { readonly decision: "cancel" },
): Promise<string> {
	const { origin, pathname, searchParams } = new URL(authorizeUrl);
	const token = searchParams.get("oauth_token") ?? "";
	const answer = await fetch(`${origin}${pathname}`, {
		method: "POST",
		body: new URLSearchParams({ oauth_token: token, ...decision }),
	});
	const [, back] = /<a id="back" href="([^"]*)">/.exec(await answer.text()) ?? [];
	if (back === undefined) {
		throw new Error(`the fake X answers ${answer.status}`);
	}
	return back.replaceAll("&amp;", "&");
}
