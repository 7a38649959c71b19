import type { HttpBindings } from "@hono/node-server";
import { onTestFinished } from "vitest";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import {
	auditedOptions,
	type HelpdeskCore,
	type HelpdeskOptions,
	openHelpdesk,
} from "../../../src/helpdesk/helpdesk.ts";
import { brandSites, type Site } from "../../../src/helpdesk/web/brand-site.ts";
import { HttpVisitor } from "./http-visitor.ts";

/** The sites of a helpdesk that are asked without a network. Nothing is started: only what is asked of them happens. */
export interface OpenSites {
	readonly core: HelpdeskCore;
	/** The address of the first brand, which has the administration. */
	readonly url: string;
	visitor(): HttpVisitor;
}

/** The network that visitors of {@link openSites} come from. */
export const VISITORS_NETWORK = "192.0.2.77";

export function openSites(given: HelpdeskOptions): OpenSites {
	const options = auditedOptions(given);
	const [first, ...others] = brandsAt(options, [8080, 8081]);
	if (first === undefined) {
		throw new Error("the helpdesk has no brand");
	}
	const core = openHelpdesk(options, [first, ...others]);
	onTestFinished(() => core.close());
	const site = brandSites(core, options, new Map())(first);
	return { core, url: first.baseUrl, visitor: () => new VisitorOf(site) };
}

/** A browser whose requests go to a site in this process. */
class VisitorOf extends HttpVisitor {
	constructor(private readonly site: Site) {
		super();
	}

	override async request(url: string, init: RequestInit = {}): Promise<Response> {
		const { host } = new URL(url);
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const headers = { ...Object.fromEntries(new Headers(init.headers)), host, cookie };
		const request = new Request(url, { redirect: "manual", ...init, headers });
		const socket = { remoteAddress: VISITORS_NETWORK };
		const incoming = { url: url.slice(new URL(url).origin.length), headers, socket };
		const env = {
			incoming,
			outgoing: { destroy: () => {}, setHeader: () => {} },
		} as unknown as HttpBindings;
		const answer = await this.site.fetch(request, env);
		for (const line of answer.headers.getSetCookie()) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			this.cookies.set(name, value);
		}
		return answer;
	}
}
