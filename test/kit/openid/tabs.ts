import type { HttpVisitor } from "../helpdesk/http-visitor.ts";

/** The cookies that a visitor, which knows no paths, may have of an earlier request. */
const OF_ONE_REQUEST = /-re(?:quest|sume)$/;

/** Several tabs of one browser. Each request of a helpdesk has cookies of its own, for the path of its page. */
export class Tabs {
	private readonly cookies = new Map<string, { name: string; value: string; path: string }>();

	constructor({ cookies }: Pick<HttpVisitor, "cookies">) {
		for (const [name, value] of cookies) {
			if (!OF_ONE_REQUEST.test(name)) {
				this.keep({ name, value, path: "/" });
			}
		}
	}

	/** @returns the address that the answer leads on to. */
	async step(url: string): Promise<string> {
		const { pathname } = new URL(url);
		const cookie = [...this.cookies.values()]
			.filter(({ path }) => pathname.startsWith(path))
			.map(({ name, value }) => `${name}=${value}`)
			.join("; ");
		const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			const [, path = "/"] = /path=([^;]+)/i.exec(line) ?? [];
			this.keep({ name, value, path });
		}
		const location = answer.headers.get("location");
		if (location === null) {
			throw new Error(`${url} leads nowhere: ${answer.status} ${await answer.text()}`);
		}
		return new URL(location, url).href;
	}

	/** Follows a request until it leads to an address that begins so. @returns that address. */
	async follow(url: string, end: string): Promise<string> {
		let at = url;
		for (let steps = 0; !at.startsWith(end); steps += 1) {
			if (steps > 10) {
				throw new Error(`${url} does not lead to ${end}`);
			}
			at = await this.step(at);
		}
		return at;
	}

	/** Gives the cookies of the whole site to a visitor. */
	giveTo({ cookies }: Pick<HttpVisitor, "cookies">): void {
		for (const { name, value, path } of this.cookies.values()) {
			if (path === "/") {
				cookies.set(name, value);
			}
		}
	}

	private keep(cookie: { name: string; value: string; path: string }): void {
		this.cookies.set(`${cookie.name} ${cookie.path}`, cookie);
	}
}
