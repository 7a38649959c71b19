// Every regular expression over text from outside takes time in proportion to the text (ReDoS).
import { readdir, readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, type Token } from "acorn";
import { transform } from "esbuild";
import { analyse } from "scslre";
import { describe, expect, test, vi } from "vitest";

const SOURCE = fileURLToPath(new URL("../../src", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Pattern {
	readonly source: string;
	readonly flags: string;
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && entry.name.endsWith(ending))
		.map(({ parentPath, name }) => `${parentPath}${sep}${name}`)
		.sort();
}

/** Acorn's types leave out the value. */
type ReadToken = Token & { readonly value?: unknown };

/** The tokens of a module, without its types. */
async function tokensOf(file: string): Promise<ReadToken[]> {
	const { code } = await transform(await readFile(file, "utf8"), {
		loader: "ts",
		tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
	});
	const tokens: ReadToken[] = [];
	parse(code, { ecmaVersion: "latest", sourceType: "module", onToken: tokens });
	return tokens;
}

function literalsIn(tokens: readonly ReadToken[]): Pattern[] {
	return tokens.flatMap(({ value }) => {
		const { pattern, flags } = (value ?? {}) as { pattern?: string; flags?: string };
		return pattern === undefined || flags === undefined ? [] : [{ source: pattern, flags }];
	});
}

function composesPatterns(tokens: readonly ReadToken[]): boolean {
	return tokens.some(
		({ type, value }, index) =>
			type.keyword === "new" && value === "new" && tokens[index + 1]?.value === "RegExp",
	);
}

/** The expressions that a module composes from text while it loads. */
async function composedIn(file: string): Promise<Pattern[]> {
	const composed: Pattern[] = [];
	vi.resetModules();
	vi.stubGlobal(
		"RegExp",
		new Proxy(RegExp, {
			construct: (made, [source, flags]) => {
				const expression = new made(source, flags);
				// Libraries that load meanwhile compose theirs, too.
				if (new Error().stack?.includes(file)) {
					composed.push({ source: expression.source, flags: expression.flags });
				}
				return expression;
			},
		}),
	);
	try {
		await import(file);
	} finally {
		vi.unstubAllGlobals();
	}
	return composed;
}

/** The values of `pattern` in a JSON Schema. */
async function schemaPatternsIn(file: string): Promise<Pattern[]> {
	const patterns: Pattern[] = [];
	JSON.parse(await readFile(file, "utf8"), (name, value) => {
		if (name === "pattern" && typeof value === "string") {
			// Ajv compiles patterns with this flag.
			patterns.push({ source: value, flags: "u" });
		}
		return value;
	});
	return patterns;
}

/** How an expression can take longer than in proportion to the text; empty if it cannot. */
function slowWaysOf(pattern: Pattern): string[] {
	return analyse(pattern).reports.map(({ type, exponential }) =>
		exponential ? `${type}, exponential` : type,
	);
}

function slowOnes(patterns: readonly Pattern[]): string[] {
	return patterns.flatMap((pattern) => {
		const ways = slowWaysOf(pattern);
		return ways.length === 0 ? [] : [`/${pattern.source}/${pattern.flags}: ${ways.join("; ")}`];
	});
}

describe("the check", () => {
	test.each([
		["a trim", { source: "\\s+$", flags: "" }],
		["the trim of 0.2.0", { source: "^[\\s\\p{Cf}]+|[\\s\\p{Cf}]+$", flags: "gu" }],
		["two loops over the same characters", { source: "^\\s*,?\\s*$", flags: "" }],
		["a loop in a loop", { source: "^(a+)+$", flags: "" }],
	])("finds %s", (_, pattern) => {
		expect(slowWaysOf(pattern)).not.toEqual([]);
	});
});

test("no regular expression of the product, its plugin and its schemas takes more than linear time", async () => {
	const slow: Record<string, string[]> = {};
	let seen = 0;
	const look = (file: string, patterns: readonly Pattern[]) => {
		seen += patterns.length;
		const found = slowOnes(patterns);
		if (found.length > 0) {
			slow[relative(ROOT, file)] = found;
		}
	};
	for (const file of (await filesIn(SOURCE, ".ts")).filter((name) => !name.endsWith(".d.ts"))) {
		const tokens = await tokensOf(file);
		look(file, literalsIn(tokens));
		if (composesPatterns(tokens)) {
			const composed = await composedIn(file);
			expect(composed, `${file} composes an expression after it was loaded`).not.toEqual([]);
			look(file, composed);
		}
	}
	for (const file of [...(await filesIn(SOURCE, ".json")), `${ROOT}settings-schema.json`]) {
		look(file, await schemaPatternsIn(file));
	}

	expect(slow).toEqual({});
	expect(seen).toBeGreaterThan(150);
});
