import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpRequest } from "../../contract/http.ts";
import { MockClock } from "../mock-host/mock-clock.ts";
import type { HostUnderTest, OpenedHost } from "./host-under-test.ts";
import { type ListeningServer, listen } from "./listening-server.ts";
import { PortalVisitor } from "./portal-visitor.ts";
import { Probe, type ProbeOptions } from "./probe.ts";

/** What a test is given: a helpdesk with the probe in it, and all it takes to ask it. */
export interface ProbedHost {
	readonly helpdesk: OpenedHost;
	readonly probe: Probe;
	/** As the probe got it. */
	readonly host: HelpdeskHost;
	readonly clock: MockClock;
	readonly brand: Brand;
	readonly otherBrand: Brand;
	/** A visitor with an empty cookie jar, at the first brand unless told otherwise. */
	newVisitor(brand?: Brand): PortalVisitor;
}

export interface OpenOptions extends ProbeOptions {
	readonly origins?: Readonly<Record<string, string>>;
}

/** Opens what a test needs, and closes it when the test has ended. */
export class HostOpener {
	private readonly closing: (() => Promise<void> | void)[] = [];

	constructor(private readonly hostUnderTest: Pick<HostUnderTest, "open">) {}

	/** A helpdesk of its own, the probe in it not yet activated. */
	async open({ origins = {}, ...options }: OpenOptions = {}): Promise<ProbedHost> {
		const clock = new MockClock();
		const probe = this.newProbe(options);
		const helpdesk = await this.hostUnderTest.open({ plugin: probe.zip, clock, origins });
		this.closing.push(() => helpdesk.close());
		const { host } = probe;
		const [brand, otherBrand] = await Promise.all(
			helpdesk.brandIds.map((id) => host.brands.find(id)),
		);
		assert.ok(brand !== undefined && otherBrand !== undefined, "a helpdesk has two brands");
		return {
			helpdesk,
			probe,
			host,
			clock,
			brand,
			otherBrand,
			newVisitor: (at = brand) => new PortalVisitor(helpdesk.portalUrl(at.id), at),
		};
	}

	/** The same, activated. */
	async openActive(options: OpenOptions = {}): Promise<ProbedHost> {
		const opened = await this.open(options);
		await opened.helpdesk.activate();
		return opened;
	}

	/** The same, activated and switched on for both brands. */
	async openEnabled(options: OpenOptions = {}): Promise<ProbedHost> {
		const opened = await this.openActive(options);
		const { helpdesk, brand, otherBrand } = opened;
		await helpdesk.enable(brand.id, true);
		await helpdesk.enable(otherBrand.id, true);
		return opened;
	}

	newProbe(options: ProbeOptions = {}): Probe {
		const probe = new Probe(options);
		this.closing.push(() => probe.forget());
		return probe;
	}

	/** A server in the place of a declared host, and the probe that may call it. */
	async openWithServer(
		answer: RequestListener,
	): Promise<ProbedHost & { readonly server: ListeningServer; get(path?: string): HttpRequest }> {
		const server = await this.listen(answer);
		const opened = await this.open({ origins: { "declared.example": server.origin } });
		const get = (path = "/"): HttpRequest => ({
			method: "GET",
			url: `${server.origin}${path}`,
			headers: {},
			timeoutMs: 30_000,
			maxBytes: 100_000,
		});
		return { ...opened, server, get };
	}

	async listen(answer: RequestListener): Promise<ListeningServer> {
		const server = await listen(answer);
		this.closing.push(() => server.close());
		return server;
	}

	async close(): Promise<void> {
		for (const close of this.closing.reverse()) {
			await close();
		}
	}
}

/** Promises of the contract, each by its name. */
export type HostPromises = Readonly<Record<string, (opener: HostOpener) => Promise<void>>>;
