import type { FormField } from "../../../src/contract/login-request.ts";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";

export interface Seen {
	readonly status: number;
	readonly url: string;
	readonly html: string;
	readonly headers: Headers;
}

/** A browser without scripts. It keeps cookies, follows redirects within the site and sends forms. */
export class HttpVisitor {
	readonly cookies = new Map<string, string>();
	seen: Seen = { status: 0, url: "", html: "", headers: new Headers() };

	async open(url: string, init: RequestInit = {}): Promise<Seen> {
		const answer = await this.request(url, init);
		const location = answer.headers.get("location");
		const target = location === null ? undefined : new URL(location, url);
		if (target?.origin === new URL(url).origin) {
			return this.open(target.href);
		}
		this.seen = {
			status: answer.status,
			url: target?.href ?? url,
			html: await answer.text(),
			headers: answer.headers,
		};
		return this.seen;
	}

	/** Sends the form of the last page that has this action: its hidden fields, then these fields. */
	async submit(action: string, fields: Readonly<Record<string, string>> = {}): Promise<Seen> {
		const form = formsIn(this.seen.html).find((each) => each.action === action);
		if (form === undefined) {
			throw new Error(`no form leads to ${action} on ${this.seen.url}: ${this.seen.html}`);
		}
		const target = new URL(action, this.seen.url).href;
		// A script fills some hidden fields in.
		const hidden = hiddenFields(form).filter(([name]) => !Object.hasOwn(fields, name));
		return this.post(target, [...hidden, ...Object.entries(fields)]);
	}

	async post(url: string, fields: readonly FormField[]): Promise<Seen> {
		const body = new URLSearchParams(
			fields.map(([name, value]): [string, string] => [name, value]),
		);
		return this.open(url, { method: "POST", body });
	}

	/** Sends one request. Redirects are not followed. */
	async request(url: string, init: RequestInit = {}): Promise<Response> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const answer = await fetch(url, {
			redirect: "manual",
			...init,
			headers: { ...Object.fromEntries(new Headers(init.headers)), ...(cookie && { cookie }) },
		});
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			this.cookies.set(name, value);
		}
		return answer;
	}
}
