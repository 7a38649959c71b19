import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import manifest from "../../../plugin.json" with { type: "json" };
import type { Brands } from "../../../src/contract/brands.ts";
import type { CurrentUser } from "../../../src/contract/login-request.ts";
import type { RoutedPlugin } from "../../../src/routes/route-options.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { HttpVisitor } from "../helpdesk/http-visitor.ts";
import { NO_EMAIL, openHouse } from "../plugin/open-house.ts";

/** A vendor's helpdesk with the built X zip in it: everything but the routes. */
export interface VendorDesk {
	readonly baseUrl: string;
	readonly host: MockHost;
	readonly plugin: RoutedPlugin;
	readonly sessions: VendorSessions;
	/** Answers the requests to its address. */
	serve(listener: RequestListener): void;
	/** A page in the vendor's layout. */
	layout(title: string, html: string): string;
}

export async function openVendorDesk(): Promise<VendorDesk> {
	const server = createServer();
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	onTestFinished(async () => {
		server.closeAllConnections();
		await new Promise((closed) => server.close(closed));
	});
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const { host } = await openHouse({ brands: [mockBrand("acorn", { baseUrl })] });
	const brands: Brands = {
		find: async (brandId) => host.brands.find(({ id }) => id === brandId),
		list: async () => host.brands,
	};
	const plugin = {
		manifest: { id: manifest.id, capabilities: manifest.capabilities } as RoutedPlugin["manifest"],
		plugin: host.plugin,
		brands,
	};
	return {
		...{ baseUrl, host, plugin },
		sessions: new VendorSessions(host.clock),
		serve: (listener) => void server.on("request", listener),
		layout: (title, html) =>
			`<!doctype html><html lang="en"><title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title><body><h1>Acorn</h1>${html}</body></html>`,
	};
}

/** The sessions that a vendor's framework keeps. */
class VendorSessions {
	private readonly users = new Map<string, CurrentUser>();

	constructor(private readonly clock: MockClock) {}

	/** The user of a browser. @param cookies the `Cookie` header. */
	userOf(cookies: string | null | undefined): CurrentUser | undefined {
		const [, id = ""] = /(?:^|; )session=([^;]+)/.exec(cookies ?? "") ?? [];
		return this.users.get(id);
	}

	/** @returns the `Set-Cookie` value of a new session. */
	open(userId: string): string {
		const id = crypto.randomUUID();
		this.users.set(id, { id: userId, provenAt: this.clock.now() });
		return `session=${id}; Path=/; HttpOnly`;
	}

	/** @returns the `Set-Cookie` value of a browser without a session. */
	close(): string {
		return "session=; Path=/; Max-Age=0";
	}
}

/**
 * Signs a visitor up with X from the log-in page of a desk to its first page, which says who they are. X gives no address,
 * so that the plugin asks for one, and for the code in a letter. The log-in survives a HEAD request and a prefetch.
 */
export async function expectSignUp({ baseUrl, host }: VendorDesk): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${baseUrl}/login`);
	await visitor.submit("/login/start");
	const back = await approveAtX(visitor.seen.url, { accountId: NO_EMAIL.id });
	const head = await visitor.request(back, { method: "HEAD" });
	const early = await visitor.request(back, { headers: { "sec-purpose": "prefetch" } });
	expect([head.status, early.status]).toEqual([405, 503]);
	await visitor.open(back);
	await visitor.submit("/login/continue", { email: "ada@example.com" });
	await visitor.submit("/login/continue", { code: host.mail.codeFor("ada@example.com") });
	const [user] = host.users.all();
	expect(user).toMatchObject({ email: "ada@example.com", confirmed: true });
	expect(visitor.seen.html).toContain(`logged in as ${user?.id}`);
	return visitor;
}
