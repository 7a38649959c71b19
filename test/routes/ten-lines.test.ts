import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** What a vendor writes for the routes: the options, and the line that puts the handler where the framework has it. */
const VENDORS_LINES = /^\t(const routes = to\w+[\s\S]*?^\t\}\);\n.*)$/m;

test.each(["express", "fastify", "hono", "next"])(
	"a %s desk needs ten lines at most for the routes",
	async (framework) => {
		const code = await readFile(new URL(`${framework}.test.ts`, import.meta.url), "utf8");
		const [, lines = ""] = VENDORS_LINES.exec(code) ?? [];

		expect(lines).toContain("currentUser:");
		expect(lines.split("\n").length).toBeLessThanOrEqual(10);
	},
);
