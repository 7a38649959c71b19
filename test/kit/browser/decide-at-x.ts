export type Decision =
	| { readonly decision: "approve"; readonly account: string }
	| { readonly decision: "cancel" };

/**
 * Presses a button of X's page, of either protocol, without loading the page, because it lists all accounts.
 *
 * @returns the address that leads back.
 */
export async function decideAtX(authorizeUrl: string, decision: Decision): Promise<string> {
	const { origin, pathname, searchParams } = new URL(authorizeUrl);
	const answer = await fetch(`${origin}${pathname}`, {
		method: "POST",
		redirect: "manual",
		body: new URLSearchParams({ ...Object.fromEntries(searchParams), ...decision }),
	});
	const [, link] = /<a id="back" href="([^"]*)">/.exec(await answer.text()) ?? [];
	const back = answer.headers.get("location") ?? link?.replaceAll("&amp;", "&");
	if (back === undefined) {
		throw new Error(`the fake X answers ${answer.status}`);
	}
	return back;
}
