import { HttpVisitor } from "./http-visitor.ts";
import { requestAt } from "./request-at.ts";

/** A browser that finds every host name at one listener, as behind a proxy that passes on `Host`. Cookies belong to a host. */
export class VisitorBehindProxy extends HttpVisitor {
	private readonly jars = new Map<string, Map<string, string>>();

	/** @param listening the address of the listener. */
	constructor(private readonly listening: string) {
		super();
	}

	cookiesOf(address: string): Map<string, string> {
		const { host } = new URL(address);
		const jar = this.jars.get(host) ?? new Map();
		this.jars.set(host, jar);
		return jar;
	}

	override async request(url: string, init: RequestInit = {}): Promise<Response> {
		const { host, origin, pathname, search } = new URL(url);
		const jar = this.cookiesOf(url);
		const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
		const { method = "GET", body } = init;
		const answer = await requestAt(this.listening, pathname + search, {
			...{ method, host },
			headers: {
				cookie,
				...(method === "POST" && { origin }),
				...Object.fromEntries(new Headers(init.headers)),
			},
			...(body instanceof URLSearchParams && { body }),
		});
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			jar.set(name, value);
		}
		return new Response(answer.body, { status: answer.status, headers: answer.headers });
	}
}
