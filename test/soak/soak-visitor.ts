import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
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
		const form = formsIn(html).find((each) => {
			const values = new Map(hiddenFields(each));
			const isWanted = Object.entries(hidden).every(([name, value]) => values.get(name) === value);
			return each.action === action && isWanted;
		});
		if (form === undefined) {
			throw new Error(`a page with the status ${status} has no form for ${action}`);
		}
		const fields = [...hiddenFields(form), ...Object.entries(filled)];
		await this.post(new URL(action, url).href, fields);
	}
}
