import { formsIn, linkWithId, submissionOf } from "../forms-in.ts";

/**
 * Approves the app at the fake X as a visitor does, without a browser. The address is that of OAuth 1.0a or OAuth 2.0.
 *
 * @returns the callback URL that a browser would be sent to.
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
	const account = accountId === undefined ? {} : { account: accountId };
	return decide(page, authorizeUrl, { decision: "approve", ...account });
}

/** Presses Cancel at the fake X. @returns the callback URL that leads back to the app. */
export async function cancelAtX(authorizeUrl: string): Promise<string> {
	const page = await fetch(authorizeUrl, { redirect: "manual" });
	return decide(page, authorizeUrl, { decision: "cancel" });
}

async function decide(
	page: Response,
	pageUrl: string,
	filledIn: Readonly<Record<string, string>>,
): Promise<string> {
	const html = await bodyOf(page);
	const [form] = formsIn(html);
	if (form === undefined) {
		throw new Error(`the page of the fake X has no form: ${html}`);
	}
	const { action, fields } = submissionOf(form, filledIn);
	const answer = await fetch(new URL(action, pageUrl), {
		method: "POST",
		redirect: "manual",
		body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
	});
	// OAuth 2.0 has no page on the way back.
	const location = answer.headers.get("location");
	if (answer.status === 302 && location !== null) {
		return location;
	}
	const decided = await bodyOf(answer);
	const back = linkWithId(decided, "back");
	if (back === undefined) {
		throw new Error(`the page of the fake X has no link back: ${decided}`);
	}
	return back;
}

async function bodyOf(page: Response): Promise<string> {
	const text = await page.text();
	if (page.status !== 200) {
		throw new Error(`the fake X answers ${page.status} and shows no page to act on: ${text}`);
	}
	return text;
}
