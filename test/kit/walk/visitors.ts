import { setTimeout } from "node:timers/promises";
import { formsIn, submissionOf } from "../../../src/testing/forms-in.ts";
import { decideAtX } from "../browser/decide-at-x.ts";
import { HttpVisitor } from "../helpdesk/http-visitor.ts";
import type { Ready } from "../helpdesk/start-helpdesk.ts";
import type { Answer, Cookies } from "./camera.ts";

/** A browser without scripts that asks for pages in a language. */
export class Reader extends HttpVisitor {
	constructor(readonly language: string) {
		super();
	}

	override async request(url: string, init: RequestInit = {}): Promise<Response> {
		const headers = { ...Object.fromEntries(new Headers(init.headers)) };
		return super.request(url, {
			...init,
			headers: { ...headers, "accept-language": this.language },
		});
	}

	/** The same person, who reads another language. */
	readingIn(language: string): Reader {
		const other = new Reader(language);
		for (const [name, value] of this.cookies) {
			other.cookies.set(name, value);
		}
		return other;
	}

	/** The page that was seen last. */
	get answer(): Answer {
		const { url, html } = this.seen;
		return { url, html, language: this.language };
	}

	/** The cookies, for a page that another browser opens with them. */
	readonly cookiesAt = (url: string): Cookies => {
		const { hostname } = new URL(url);
		return [...this.cookies].map(([name, value]) => ({
			...{ name, value, domain: hostname, path: "/", expires: -1 },
			...{ httpOnly: true, secure: false, sameSite: "Lax" as const },
		}));
	};

	/** Sends the first form of the page that has a field with this name and value. */
	async send(
		name: string,
		value: string,
		fields: Readonly<Record<string, string>> = {},
	): Promise<void> {
		const form = formsIn(this.seen.html).find((each) =>
			each.controls.some((control) => control.name === name && control.values.includes(value)),
		);
		if (form === undefined) {
			throw new Error(`no form on ${this.seen.url} has ${name}=${value}: ${this.seen.html}`);
		}
		const { action, fields: sent } = submissionOf(form, { [name]: value, ...fields });
		await this.post(new URL(action, this.seen.url).href, sent);
	}

	/** Presses the button of X on a page of the portal. @returns the address at X. */
	async goToX(page: string): Promise<string> {
		await this.open(page);
		return (await this.submit("/login/x-login/start")).url;
	}

	/** Goes to X as one of its people, approves, and comes back. */
	async comeFromX(page: string, account: string): Promise<void> {
		const there = await this.goToX(page);
		await this.open(await decideAtX(there, { decision: "approve", account }));
	}
}

/** The newest link of a kind in a letter to an address. @param operator who is logged in. */
export async function linkInLetter(
	operator: HttpVisitor,
	{ admin }: Pick<Ready, "admin">,
	email: string,
	path: string,
): Promise<string> {
	// The answer to a form does not wait for its letter.
	for (let looks = 0; looks < 200; looks += 1) {
		const { html } = await operator.open(`${admin}/mailbox`);
		const letters = html.split("<article").filter((each) => each.includes(`To ${email},`));
		const [link] = new RegExp(`http[^\\s<]+${path}\\?token=[\\w-]+`).exec(letters.join("")) ?? [];
		if (link !== undefined) {
			return link;
		}
		await setTimeout(50);
	}
	throw new Error(`no letter to ${email} has a link to ${path}`);
}
