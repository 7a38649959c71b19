// Any bytes given as a plugin are read or refused with a code, without a crash or a long wait.
import fc from "fast-check";
import { expect, test } from "vitest";
import { PluginError } from "../../src/artifact/plugin-error.ts";
import { validateArchive, validateFiles } from "../../src/artifact/validate/validate-plugin.ts";
import { readArchive } from "../../src/artifact/zip/read-archive.ts";
import { verifyArchive } from "../../src/artifact/zip/verify-archive.ts";
import { rawZip } from "../kit/artifact/raw-zip.ts";
import { soundPlugin, soundZip } from "../kit/artifact/sound-plugin.ts";
import { processorClock } from "../kit/processor-clock.ts";

const PROPERTIES = 4;
const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 800) / PROPERTIES);
const LIMIT_MS = 600_000;
/** The processor time that a case may take. */
const CASE_SECONDS = 2;

const options = { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true };

function expectAnswer(zip: Uint8Array): void {
	const seconds = processorClock();
	try {
		expect(readArchive(zip)).toBeInstanceOf(Map);
	} catch (error) {
		expect(error).toBeInstanceOf(PluginError);
		expect(validateArchive(zip)).toHaveLength(1);
	}
	expect(Array.isArray(validateArchive(zip))).toBe(true);
	expect(verifyArchive(zip).length).toBeGreaterThan(0);
	expect(seconds()).toBeLessThan(CASE_SECONDS);
}

test(
	"any bytes",
	() => {
		const end = fc.constantFrom("", "PK\u0005\u0006", "PK\u0005\u0006".padEnd(22, "\0"));
		const property = fc.property(fc.uint8Array({ maxLength: 400 }), end, (bytes, last) => {
			expectAnswer(Buffer.concat([bytes, Buffer.from(last, "latin1")]));
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"a valid zip with bytes changed, removed and added",
	() => {
		const zip = soundZip();
		const place = fc.integer({ min: 0, max: zip.length });
		const change = fc.tuple(place, fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 40 }));
		const property = fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
			const changed = changes.reduce<Uint8Array>(
				(bytes, [at, removed, added]) =>
					Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]),
				zip,
			);
			expectAnswer(changed);
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"any headers",
	() => {
		const word = fc.oneof(fc.constantFrom(0, 1, 22, 0xffffffff, 0x7fffffff), fc.nat({ max: 500 }));
		const name = fc.oneof(
			fc.constantFrom("plugin.json", "a/", "a", "A", "../a", "__proto__", "constructor"),
			fc.string({ maxLength: 20 }),
		);
		const entry = fc.record(
			{
				name,
				content: fc.uint8Array({ maxLength: 60 }),
				method: fc.constantFrom(0, 8, 8, 9),
				flags: fc.constantFrom(0, 0, 1, 8, 0x800),
				size: word,
				packedSize: word,
				crc: word,
				localSize: word,
				mode: fc.constantFrom(0, 0o100644, 0o040755, 0o120777),
				extra: fc.uint8Array({ maxLength: 8 }),
				sharesWith: fc.nat({ max: 2 }),
				tail: fc.uint8Array({ maxLength: 16 }),
			},
			{ requiredKeys: ["name"] },
		);
		const end = fc.record({ count: word, directorySize: word }, { requiredKeys: [] });
		const property = fc.property(fc.array(entry, { maxLength: 5 }), end, (entries, last) => {
			const count = last.count === undefined ? {} : { count: last.count & 0xffff };
			expectAnswer(rawZip(entries, { ...last, ...count }));
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"any code, icons and texts",
	() => {
		const word = fc.constantFrom(
			...["globalThis", "Function", "eval", "constructor", "createPlugin", "a", "b", "1", "'x'"],
			...["const a=", "let b=", "class ", "function ", "export ", "import ", "return ", "async "],
			...[
				"(",
				")",
				"{",
				"}",
				"[",
				"]",
				"=>",
				"=",
				".",
				",",
				";",
				"?",
				":",
				"+",
				"`",
				"${",
				"...",
				"\n",
			],
			...[
				"<svg",
				"<g",
				"/>",
				">",
				"</g>",
				"<!DOCTYPE ",
				"&a;",
				"<?xml ",
				'fill="',
				"http://",
				"//",
			],
		);
		const source = fc.oneof(
			fc.array(word, { maxLength: 40 }).map((words) => words.join("")),
			fc.string({ unit: "binary", maxLength: 80 }),
		);
		const file = fc.constantFrom("main.mjs", "icon.svg", "README.md", "locales/de.json");
		const property = fc.property(file, source, (name, text) => {
			const seconds = processorClock();
			const before = "export const createPlugin = () => ({ onActivate() {} });\n";
			const findings = validateFiles(
				soundPlugin({ [name]: name === "main.mjs" ? before + text : text }),
			);
			expect(findings.every(({ fix, message }) => fix !== "" && message !== "")).toBe(true);
			expect(seconds()).toBeLessThan(CASE_SECONDS);
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);
