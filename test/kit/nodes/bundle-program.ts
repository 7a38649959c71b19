import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("../../../", import.meta.url);
/** Within the repository, because packages that are not bundled are looked up from the bundle's folder. */
const BUNDLES = new URL("node_modules/.cache/test-programs/", ROOT);

export interface BundledProgram {
	readonly file: string;
	remove(): Promise<void>;
}

/** The drivers of servers. Each of them is hundreds of files, which takes half as long as everything else of a start. */
const DRIVERS = ["@redis/client", "pg"];
/** What the drivers use if it is installed. */
const OPTIONAL = ["pg-native", "@opentelemetry/api", "@node-rs/xxhash"];

const BUNDLED = { bundle: true, platform: "node", target: "node20", logLevel: "warning" } as const;

/**
 * Bundles a program of the tests. Node starts one file in a quarter of the time that hundreds of TypeScript files take. What a
 * start of a helpdesk does not load lies in files of its own, as in the built one, because Node would read all of it.
 */
export async function bundleProgram(entry: URL): Promise<BundledProgram> {
	await mkdir(BUNDLES, { recursive: true });
	const folder = await mkdtemp(fileURLToPath(new URL("program-", BUNDLES)));
	const name = basename(entry.pathname, ".ts");
	const { peerDependencies } = JSON.parse(
		await readFile(new URL("package.json", ROOT), "utf8"),
	) as { readonly peerDependencies: Readonly<Record<string, string>> };
	await build({
		...{ ...BUNDLED, format: "esm" },
		entryPoints: { [name]: fileURLToPath(entry) },
		splitting: true,
		outExtension: { ".js": ".mjs" },
		outdir: folder,
		external: Object.keys(peerDependencies),
		banner: {
			js: `import { createRequire as requireAt } from "node:module";\nconst require = requireAt(import.meta.url);`,
		},
		plugins: [
			{
				// A source finds files beside itself, so each one keeps its own address: all but the one that finds the drivers.
				name: "addresses",
				setup: ({ onLoad }) =>
					onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, async ({ path }) =>
						path.endsWith("/load-driver.ts")
							? undefined
							: {
									contents: (await readFile(path, "utf8")).replaceAll(
										"import.meta.url",
										JSON.stringify(pathToFileURL(path).href),
									),
									loader: "ts",
								},
					),
			},
		],
	});
	await build({
		...{ ...BUNDLED, format: "cjs" },
		entryPoints: Object.fromEntries(DRIVERS.map((each) => [`${each}/index`, each])),
		outdir: join(folder, "node_modules"),
		external: OPTIONAL,
	});
	return {
		file: join(folder, `${name}.mjs`),
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}
