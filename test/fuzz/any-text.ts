import fc from "fast-check";

/** The number of properties that share the cases of a run, here and in the plugin's own fuzz test. */
const PROPERTIES = 17;
const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 2_600) / PROPERTIES);
export const LIMIT_MS = 600_000;

export const options = {
	numRuns: RUNS,
	interruptAfterTimeLimit: LIMIT_MS,
	markInterruptAsFailure: true,
};

export const anyText = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.string({ unit: "grapheme" }),
	fc.constantFrom("", "__proto__", "constructor", "\u0000", "\ud800", "%00", "'\"<svg onload=1>"),
	fc.string({ maxLength: 3 }).map((part) => part.repeat(400)),
);
