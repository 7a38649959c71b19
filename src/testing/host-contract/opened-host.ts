import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { HttpRequest } from "../../contract/http.ts";
import { MockClock } from "../mock-host/mock-clock.ts";
import type { HostPart, HostUnderTest, OpenedHost } from "./host-under-test.ts";
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
	/** All brands that the tests use: this one, and the second one of a helpdesk that has it. */
	readonly brands: readonly Brand[];
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
		const brands = await Promise.all(
			helpdesk.brandIds.map(
				async (id) => (await host.brands.find(id)) ?? assert.fail(`brandIds: no brand ${id}`),
			),
		);
		const [brand = assert.fail("brandIds names no brand")] = brands;
		return {
			helpdesk,
			probe,
			host,
			clock,
			brand,
			brands,
			newVisitor: (at = brand) => new PortalVisitor(helpdesk.portalUrl(at.id), at),
		};
	}

	/** Opens a helpdesk and activates the probe. */
	async openActive(options: OpenOptions = {}): Promise<ProbedHost> {
		const opened = await this.open(options);
		await opened.helpdesk.activate();
		return opened;
	}

	/** Opens a helpdesk, activates the probe and switches it on for all brands. */
	async openEnabled(options: OpenOptions = {}): Promise<ProbedHost> {
		const opened = await this.openActive(options);
		for (const { id } of opened.brands) {
			await opened.helpdesk.enable(id, true);
		}
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

/** A promise of the contract. `needs`: it is about something that a helpdesk may do without. */
export type Promised<Run> = Run & { readonly needs?: HostPart };

/** Promises about ports, by their titles. */
export type HostPromises = Readonly<
	Record<string, Promised<(opener: HostOpener) => Promise<void>>>
>;

/** Marks a promise that is left out where a helpdesk does without this part. */
export function needing<Run extends object>(needs: HostPart, run: Run): Promised<Run> {
	return Object.assign(run, { needs });
}

/** The second brand of a helpdesk that has one. */
export function secondBrand({ brands: [, second] }: ProbedHost): Brand {
	return (
		second ?? assert.fail('brandIds must name two brands, or without must name "second-brand"')
	);
}
