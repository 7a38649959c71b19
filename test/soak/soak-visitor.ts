import { formsIn, hiddenFields } from "../../src/testing/forms-in.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";

/** A visitor with its own address. */
export class SoakVisitor extends HttpVisitor {
	constructor(private readonly address: string) {
		super();
	}

	override async request(url: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		headers.set("x-forwarded-for", this.address);
		return super.request(url, { ...init, headers });
	}

	/** Fills in and sends the form of the last page that has this address and these hidden fields. */
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
