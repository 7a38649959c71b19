/**
 * Signs in at the fake X as a visitor does, without a browser.
 * Gives the callback URL that the browser would be sent to.
 */
export async function approveAtX(
	authorizeUrl: string,
	{ accountId }: { readonly accountId?: string } = {},
): Promise<string> {
	const page = await fetch(authorizeUrl, {
		redirect: "manual",
		headers: accountId === undefined ? {} : { cookie: `fake_x_account=${accountId}` },
	});
	const location = page.headers.get("location");
	if (page.status === 302 && location !== null) {
		return location;
	}
	const html = await bodyOf(page);
	const account = accountId ?? found(html, /<option value="([^"]*)" selected>/, "account");
	return submit(authorizeUrl, html, { decision: "approve", account });
}

/** Presses Cancel at the fake X and gives the URL that the link back to the app leads to. */
export async function cancelAtX(authorizeUrl: string): Promise<string> {
	const page = await fetch(authorizeUrl, { redirect: "manual" });
	return submit(authorizeUrl, await bodyOf(page), { decision: "cancel" });
}

async function submit(
	pageUrl: string,
	html: string,
	fields: Readonly<Record<string, string>>,
): Promise<string> {
	const action = found(html, /<form method="post" action="([^"]*)">/, "form");
	const token = found(html, /name="oauth_token" value="([^"]*)"/, "request token");
	const answer = await fetch(new URL(action, pageUrl), {
		method: "POST",
		redirect: "manual",
		body: new URLSearchParams({ oauth_token: token, ...fields }),
	});
	return found(await bodyOf(answer), /<a id="back" href="([^"]*)">/, "link back");
}

async function bodyOf(page: Response): Promise<string> {
	const text = await page.text();
	if (page.status !== 200) {
		throw new Error(`the fake X shows no page to act on, but answers ${page.status}: ${text}`);
	}
	return text;
}

function found(html: string, pattern: RegExp, what: string): string {
	const [, value] = pattern.exec(html) ?? [];
	if (value === undefined) {
		throw new Error(`the page of the fake X has no ${what}: ${html}`);
	}
	return value
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&amp;", "&");
}
