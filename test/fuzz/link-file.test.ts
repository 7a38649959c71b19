// Any text that an administrator pastes or uploads as a list of links gives rows or a sentence.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { readLinkFile } from "../kit/files/read-link-file.ts";
import { FuzzedHost } from "./fuzzed-host.ts";

const PROPERTIES_OF_ALL = 13;
const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 2_600) / PROPERTIES_OF_ALL);
const LIMIT_MS = 600_000;

const PARTS = {
	linkFile: { idColumns: ["x_id"], handleColumns: ["handle"], help: "help" },
	brands: [mockBrand("brand")],
	brandId: "brand",
};
const options = { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true };
const cell = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.constantFrom("", "1", "x:7", "@ada", "1e9", "ada@example.com", "brand", "2020-01-01"),
	fc.constantFrom("__proto__", "constructor", "\u0000", "\ud800", "'=1", '"', "'\"<svg onload=1>"),
	fc.string({ maxLength: 3 }).map((part) => part.repeat(400)),
);
const name = fc.oneof(
	fc.constantFrom("x_id", "uid", "email", "user_id", "handle", "brand", "linked_at", "__proto__"),
	cell,
);
const file = fc.oneof(
	fc.string({ unit: "binary" }),
	fc
		.tuple(
			fc.constantFrom(",", ";", "\t"),
			fc.constantFrom("\n", "\r\n", "\r"),
			fc.array(name, { maxLength: 6 }).map((names) => ["x_id", "email", ...names]),
			fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 6 }),
		)
		.map(([separator, end, names, rows]) =>
			[names, ...rows].map((fields) => fields.join(separator)).join(end),
		),
);

test(
	"lists of links: results with sentences, or a problem",
	async () => {
		const host = new FuzzedHost();
		host.users.add({ brandId: "brand", email: "ada@example.com" });
		const property = fc.asyncProperty(file, fc.boolean(), async (text, dryRun) => {
			const reading = readLinkFile(text, PARTS);
			if (reading.kind === "problem") {
				expect(reading.problem).toMatch(/[.”]$/);
				return;
			}
			const rows = reading.rows.map(({ row }) => row);
			const fates = await host.plugin.importLinks(rows, { dryRun });
			expect(fates).toHaveLength(rows.length);
			for (const { message } of fates) {
				expect(message).toMatch(/^import\.[a-z-]+$/);
			}
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"any rows: a result for each",
	async () => {
		const host = new FuzzedHost();
		const row = fc.record(
			{
				brandId: fc.oneof(fc.constant("brand"), cell),
				identityId: cell,
				email: cell,
				userId: cell,
				handle: cell,
				linkedAt: fc.double(),
				confirmed: fc.boolean(),
			},
			{ requiredKeys: ["brandId", "identityId"] },
		);
		const property = fc.asyncProperty(fc.array(row), async (rows) => {
			expect(await host.plugin.importLinks(rows, { dryRun: false })).toHaveLength(rows.length);
		});
		await fc.assert(property, options);
	},
	LIMIT_MS,
);
