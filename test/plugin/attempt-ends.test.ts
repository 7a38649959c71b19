// Every way in which an attempt can end has an event with its figures.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../src/contract/storage.ts";
import { GOOD_ENDS } from "../../src/plugin/pages/explain.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { AT_X, endsIn } from "../kit/plugin/attempts.ts";
import { ADA } from "../kit/plugin/open-house.ts";
import { housesUnder, PROTOCOLS } from "../kit/plugin/protocols.ts";
import { scenariosUnder } from "./attempt-scenarios.ts";

/** The error of a storage that breaks in the middle of an attempt. */
const BREAKS: Readonly<Record<string, Error>> = {
	"helpdesk-unavailable": new StorageError("the database is away"),
	unexpected: new Error("the disk is gone"),
};

/** A storage that breaks at the first read of a link. */
function brokenStorage(clock: MockClock, error: Error): HostStorage {
	const inner = new MemoryStorage(clock);
	return {
		get: (key) => (key.includes("link") ? Promise.reject(error) : inner.get(key)),
		list: (prefix, options) => inner.list(prefix, options),
		take: (key) => inner.take(key),
		commit: (write) => inner.commit(write),
	};
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	const openHouse = housesUnder(x);

	test.each(scenariosUnder(x))(
		"an attempt that ends in %s is reported once, with its calls and times",
		async (code, scenario) => {
			const {
				play,
				before = 0,
				calls,
				wanted = "log-in",
				awayMs = AT_X,
				problem = null,
			} = scenario;
			const clock = new MockClock();
			const house = await openHouse({
				clock,
				brands: [mockBrand("brand", scenario.brand)],
				...(BREAKS[code] && { storage: brokenStorage(clock, BREAKS[code]) }),
			});

			await play(house);

			const ends = endsIn(house.host);
			expect(ends.map(({ fields }) => fields.code)).toHaveLength(before + 1);
			const end = ends.at(-1);
			expect(end).toMatchObject({
				brandId: "brand",
				fields: {
					code,
					outcome: (GOOD_ENDS as readonly string[]).includes(code)
						? "came-in"
						: ["cancelled", "stopped"].includes(code)
							? "cancelled"
							: "refused",
					traceCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
					wanted,
					protocol: wanted === null || code === "not-available" ? null : x.protocol,
					calls,
					awayMs,
					durationMs: wanted === null ? null : (awayMs ?? 0),
					problem,
				},
			});
			expect(end?.subject !== undefined).toBe(scenario.named ?? true);
			expect(end?.userId !== undefined).toBe(scenario.known ?? false);
			expect(new Set(ends.map(({ fields }) => fields.traceCode)).size).toBe(ends.length);
			expect(inspect(ends, { depth: 9 })).not.toContain(ADA.id);
			const words = await house.host.plugin.explain({ code, problem }, "de-AT", "brand");
			expect(words?.title).toMatch(/^[^{}]{3,40}$/);
			expect(words?.text).toMatch(/^[^{}]{20,}\.$/);
		},
	);
});
