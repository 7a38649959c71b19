import assert from "node:assert/strict";
import type { Brand } from "../../contract/brands.ts";
import type { FormField } from "../../contract/login-request.ts";
import { formsIn, type HtmlForm, submissionOf } from "../forms-in.ts";

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly html: string;
	/** The path and query of the request. */
	readonly path: string;
	/** The target of a redirect: a path of the portal, or another address. */
	readonly location: string | undefined;
}

/** A browser without scripts. It keeps cookies and sends forms. */
export class PortalVisitor {
	readonly cookies = new Map<string, string>();

	constructor(
		readonly portalUrl: string,
		private readonly brand: Brand,
	) {}

	/** Sends one request. Redirects are not followed. */
	async request(path: string, init: RequestInit = {}): Promise<Answer> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const answer = await fetch(new URL(path, this.portalUrl), {
			redirect: "manual",
			...init,
			headers: { ...Object.fromEntries(new Headers(init.headers)), ...(cookie && { cookie }) },
		});
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			this.cookies.set(name, value);
			if (/;\s*max-age=0(;|$)/i.test(line)) {
				this.cookies.delete(name);
			}
		}
		const { status, headers } = answer;
		const location = this.placeOf(headers.get("location"), path);
		return { status, headers, html: await answer.text(), path, location };
	}

	/** Opens a page and follows redirects within the portal. */
	async open(path: string): Promise<Answer> {
		return this.follow(await this.request(path));
	}

	async post(path: string, fields: readonly FormField[], init: RequestInit = {}): Promise<Answer> {
		const body = new URLSearchParams(
			fields.map(([name, value]): [string, string] => [name, value]),
		);
		return this.request(path, { ...init, method: "POST", body });
	}

	/** Follows redirects within the portal. */
	async follow(answer: Answer): Promise<Answer> {
		let seen = answer;
		for (let step = 0; seen.location?.startsWith("/"); step += 1) {
			assert.ok(step < 10, `the redirects of ${answer.path} do not end`);
			seen = await this.request(seen.location);
		}
		return seen;
	}

	/** Presses the probe's button on the log-in page. */
	async pressButton(more: readonly FormField[] = [], init: RequestInit = {}): Promise<Answer> {
		const page = await this.open(this.brand.loginPath);
		const { action, fields } = submissionOf(formWith(page, "button"));
		return this.post(this.targetOf(action, page), [...fields, ...more], init);
	}

	/** Fills in the form that has a field with this name, and sends it. */
	async submit(
		page: Answer,
		fieldName: string,
		filledIn: Readonly<Record<string, string>>,
	): Promise<Answer> {
		const { action, fields } = submissionOf(formWith(page, fieldName), filledIn);
		return this.post(this.targetOf(action, page), fields);
	}

	/** Opens the route that calls continueLogin. */
	async openContinue(query = ""): Promise<Answer> {
		return this.request(`${this.brand.continuePath}${query}`);
	}

	private targetOf(action: string, page: Answer): string {
		return this.placeOf(action, page.path) ?? page.path;
	}

	private placeOf(location: string | null, path: string): string | undefined {
		if (location === null) {
			return undefined;
		}
		const here = new URL(path, this.brand.baseUrl);
		const { origin, pathname, search, href } = new URL(location, here);
		const isHere = [here.origin, new URL(this.portalUrl).origin].includes(origin);
		return isHere ? `${pathname}${search}` : href;
	}
}

/** The first form of a page that has a field with this name. */
export function formWith(page: Answer, fieldName: string): HtmlForm {
	const form = formsIn(page.html).find(({ controls }) =>
		controls.some(({ name }) => name === fieldName),
	);
	assert.ok(form, `${page.path} has no form with the field ${fieldName} (status ${page.status})`);
	return form;
}
