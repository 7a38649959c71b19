import { afterAll, expect, test, vi } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import type { Probe } from "../../../src/testing/host-contract/probe.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { createMockHost, mockBrand } from "../../../src/testing/mock-host/mock-host.ts";

const PROBE = "../../../src/testing/host-contract/probe.ts";

afterAll(() => vi.resetModules());

async function newProbe() {
	vi.resetModules();
	const copy: { readonly Probe: typeof Probe } = await import(PROBE);
	return new copy.Probe();
}

test("two copies of the suite in one process each find their own probes", async () => {
	const probes = [await newProbe(), await newProbe()];
	expect(probes[0]?.constructor).not.toBe(probes[1]?.constructor);

	for (const probe of probes) {
		const plugin = await loadPlugin(probe.zip);
		createMockHost({ plugin, brands: [mockBrand("first")], clock: new MockClock() });
		expect(probe.host).toBeDefined();
	}
});
