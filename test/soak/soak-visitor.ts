import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";

/** A browser that is quick enough to be there a thousand times, from an address of its own. */
export class SoakVisitor extends HttpVisitor {
	constructor(private readonly address: string) {
		super();
	}

	override async request(url: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		headers.set("x-forwarded-for", this.address);
		return super.request(url, { ...init, headers });
	}

	/** Sends the form on the page seen last with this address and these hidden fields, others filled in. */
	async send(
		action: string,
		hidden: Readonly<Record<string, string>> = {},
		filled: Readonly<Record<string, string>> = {},
	): Promise<void> {
		const { html, url, status } = this.seen;
		const form = formsIn(html).find(
			(each) =>
				each.action === action &&
				Object.entries(hidden).every(([name, value]) => each.fields.get(name) === value),
		);
		if (form === undefined) {
			throw new Error(`a page with the status ${status} has no form for ${action}`);
		}
		const fields = [...form.fields, ...Object.entries(filled)];
		await this.post(new URL(action, url).href, fields as [string, string][]);
	}
}

/** Without a parser of HTML, which would cost more than the answer that it reads. */
function formsIn(html: string): { action: string; fields: Map<string, string> }[] {
	return [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
		([, action = "", content = ""]) => {
			const inputs = content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
			const fields = [...inputs].map(([, name = "", value = ""]) => [name, plain(value)] as const);
			return { action: plain(action), fields: new Map(fields) };
		},
	);
}

/** What an attribute holds. */
function plain(value: string): string {
	return value
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&amp;", "&");
}
