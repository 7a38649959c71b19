// Lets Node run the tests' TypeScript as it is: `node --import ./test/run-typescript.mjs FILE.ts`.
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { transform } from "esbuild";

if (isMainThread) {
	register(import.meta.url);
}

export async function load(url, context, nextLoad) {
	if (!url.endsWith(".ts")) {
		return nextLoad(url, context);
	}
	const source = await readFile(fileURLToPath(url), "utf8");
	const { code } = await transform(source, {
		loader: "ts",
		target: "node20",
		supported: { "import-attributes": true },
		sourcefile: fileURLToPath(url),
		sourcemap: "inline",
	});
	return { format: "module", source: code, shortCircuit: true };
}
