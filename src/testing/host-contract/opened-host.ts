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

/** A helpdesk that has loaded the probe. */
export interface ProbedHost {
	readonly helpdesk: OpenedHost;
	readonly probe: Probe;
	/** The ports that the probe got. */
	readonly host: HelpdeskHost;
	readonly clock: MockClock;
	readonly brand: Brand;
	readonly otherBrand: Brand;
	/** A visitor without cookies, at the first brand by default. */
	newVisitor(brand?: Brand): PortalVisitor;
}

export interface OpenOptions extends ProbeOptions {
	readonly origins?: Readonly<Record<string, string>>;
}

/** Opens helpdesks and servers for one test, and closes them at its end. */
export class HostOpener {
	private readonly closing: (() => Promise<void> | void)[] = [];

	constructor(private readonly hostUnderTest: Pick<HostUnderTest, "open">) {}

	/** Opens a helpdesk. The probe in it is not activated. */
	async open({ origins = {}, ...options }: OpenOptions = {}): Promise<ProbedHost> {
		const clock = new MockClock();
		const probe = this.newProbe(options);
		const helpdesk = await this.hostUnderTest.open({ plugin: probe.zip, clock, origins });
		this.closing.push(() => helpdesk.close());
		const { host } = probe;
		const [brand, otherBrand] = await Promise.all(
			helpdesk.brandIds.map((id) => host.brands.find(id)),
		);
		assert.ok(
			brand !== undefined && otherBrand !== undefined,
			"brandIds must name two brands of the helpdesk",
		);
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

	/** Opens a helpdesk and activates the probe. */
	async openActive(options: OpenOptions = {}): Promise<ProbedHost> {
		const opened = await this.open(options);
		await opened.helpdesk.activate();
		return opened;
	}

	/** Opens a helpdesk, activates the probe and switches it on for both brands. */
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

	/** Opens a server in the place of a declared host, and a helpdesk whose probe may call it. */
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

/** Promises about ports, by their titles. */
export type HostPromises = Readonly<Record<string, (opener: HostOpener) => Promise<void>>>;
