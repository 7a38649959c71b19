// Plants a forbidden import behind each wall, in every folder and one deeper than any. The linter must report each of
// them, and no import that a room may have.
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { ROOMS, type Room } from "./rooms.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const WALLS = ["lint/style/noRestrictedImports", "lint/style/noCommonJs", "plugin"];

/** A line of code, and its file as a path from the top of the repository. */
type Plant = readonly [file: string, line: string];

interface Report {
	readonly category: string;
	readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** Lints a folder that holds the configuration and the plants alone. @returns the plants that a wall reports. */
async function reported(plants: readonly Plant[]): Promise<ReadonlySet<Plant>> {
	const files = new Map<string, string[]>();
	for (const [file, line] of plants) {
		files.set(file, [...(files.get(file) ?? []), line]);
	}
	const folder = await mkdtemp(join(tmpdir(), "walls-"));
	try {
		await cp(join(root, "biome.json"), join(folder, "biome.json"));
		await cp(join(root, "test/walls"), join(folder, "test/walls"), { recursive: true });
		for (const [file, lines] of files) {
			await mkdir(dirname(join(folder, file)), { recursive: true });
			await writeFile(join(folder, file), `${lines.join("\n")}\n`);
		}
		const { stdout, stderr } = spawnSync(
			join(root, "node_modules/.bin/biome"),
			["lint", "--reporter=json", "--max-diagnostics=none", ...files.keys()],
			{ cwd: folder, encoding: "utf8", maxBuffer: 1e9 },
		);
		expect(stdout, stderr).toMatch(/^\{/);
		const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Report[] };
		const found = new Set(
			diagnostics
				.filter(({ category }) => WALLS.includes(category))
				.map(({ location }) => `${location.path}:${location.start.line}`),
		);
		const isFound = ([file, line]: Plant): boolean => {
			const number = (files.get(file) ?? []).indexOf(line) + 1;
			return found.has(`${file}:${number}`);
		};
		return new Set(plants.filter(isFound));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** A file in each folder of a room and in a folder deeper than any, or the file that the room is. */
async function placesIn({ in: place, named = "planted.ts" }: Room): Promise<string[]> {
	if (place.endsWith(".ts")) {
		return [place];
	}
	const entries = await readdir(join(root, place), { recursive: true, withFileTypes: true });
	const folders = entries
		.filter((entry) => entry.isDirectory())
		.map((entry) => relative(root, join(entry.parentPath, entry.name)));
	return [place, ...folders, `${place}/one/still/deeper`].map((folder) => `${folder}/${named}`);
}

/**
 * The specifier of an import of a room, a file or a package. The file exists, so that no wall stands before a room that
 * moved away.
 */
async function specifier(from: string, target: string): Promise<string> {
	if (!target.startsWith("src/")) {
		return target;
	}
	const names = target.endsWith(".ts")
		? [target]
		: (await readdir(join(root, target), { recursive: true }))
				.filter((name) => name.endsWith(".ts"))
				.sort()
				.map((name) => `${target}/${name}`);
	const [file = ""] = names;
	expect(file, `${target} is empty`).toMatch(/\.ts$/);
	const path = relative(dirname(from), file);
	return path.startsWith(".") ? path : `./${path}`;
}

async function plantsOf(
	room: Room,
	places: readonly string[],
	targets: readonly string[],
	importsOf: (path: string, name: string) => readonly string[],
): Promise<Plant[]> {
	const plants: Plant[] = [];
	for (const file of places) {
		for (const [index, target] of targets.entries()) {
			const path = await specifier(file, target);
			// Rooms within a room have files in common. No name stands in a file twice.
			const name = `i${ROOMS.indexOf(room)}_${index}`;
			plants.push(...importsOf(path, name).map((line) => [file, line] as const));
		}
	}
	return plants;
}

const everyImport = (path: string, name: string): readonly string[] => [
	`import { a as ${name}a } from "${path}";`,
	`import type { B as ${name}b } from "${path}";`,
	`export { c as ${name}c } from "${path}";`,
	`export type { D as ${name}d } from "${path}";`,
	`export * from "${path}";`,
	`import "${path}";`,
	`export const ${name}e = await import("${path}");`,
	`export const ${name}f = require("${path}");`,
	`export type ${name}g = import("${path}").G;`,
];

interface PlantsOfRoom {
	readonly forbidden: readonly Plant[];
	readonly allowed: readonly Plant[];
}

const KEYS: readonly (readonly [plant: Plant, isReported: boolean])[] = [
	[["src/plugin/login/one/planted.ts", 'export const a = ["link", "brand"];'], true],
	[["src/plugin/planted.ts", 'export const a = (id: string) => ["links-of-user", id];'], true],
	[["src/plugin/links/one/planted.ts", 'export const a = ["link", "brand"];'], false],
	[["src/helpdesk/add-ons/one/planted.ts", 'namespaced(storage, ["accounts"]);'], true],
	[["src/cli/one/planted.ts", "namespaced(storage, [name, id]);"], true],
	[["src/helpdesk/add-ons/one/planted.ts", "namespaced(storage, NAMESPACES.accounts);"], false],
	[["src/helpdesk/hand-off/planted.ts", 'import { SignJWT } from "jose";'], true],
	[["src/plugin/x/planted.ts", 'export const a = await import("jose");'], true],
	[["src/helpdesk/hand-off/hand-off-tokens.ts", 'import { SignJWT } from "jose";'], false],
];

const planted = new Map<Room, PlantsOfRoom>();
let found: ReadonlySet<Plant>;

// The linter takes nearly all of its time to start, so it runs once for all rooms.
beforeAll(async () => {
	for (const room of ROOMS) {
		const places = await placesIn(room);
		// The rooms within a room may have walls of their own.
		const own = [...new Set([places[0] ?? "", places.at(-1) ?? ""])];
		planted.set(room, {
			forbidden: await plantsOf(room, places, room.forbids, everyImport),
			allowed: await plantsOf(room, own, room.allows, (path, name) => [
				`import { a as ${name}h } from "${path}";`,
			]),
		});
	}
	const all = [...planted.values()].flatMap(({ forbidden, allowed }) => [...forbidden, ...allowed]);
	found = await reported([...all, ...KEYS.map(([plant]) => plant)]);
});

test.each(ROOMS)(
	"an import that $in must not have is reported, and one that it may have is not",
	(room) => {
		const { forbidden, allowed } = planted.get(room) ?? expect.fail("nothing is planted");
		expect(forbidden.length).toBeGreaterThan(0);
		expect(forbidden.filter((plant) => !found.has(plant))).toEqual([]);
		expect(allowed.filter((plant) => found.has(plant))).toEqual([]);
	},
);

test("each floor and each room of plugin and helpdesk stands in the table", async () => {
	const named = new Set(ROOMS.map(({ in: place }) => place));
	const folders = await Promise.all(
		["src", "src/plugin", "src/helpdesk"].map(async (folder) =>
			(await readdir(join(root, folder), { withFileTypes: true }))
				.filter((entry) => entry.isDirectory())
				.map(({ name }) => `${folder}/${name}`),
		),
	);
	// Pages stand at the top of the plugin, and the web at the top of the helpdesk: they may know every room below. Documents,
	// drawings and pictures import nothing.
	const free = [
		...["src/plugin/pages", "src/plugin/guide"],
		...["src/helpdesk/coming-from", "src/helpdesk/pictures"],
	];
	expect(folders.flat().filter((folder) => !named.has(folder) && !free.includes(folder))).toEqual(
		[],
	);
});

test.each(KEYS)("each key has one home: in %s, it is reported: %s", (plant, isReported) => {
	expect(found.has(plant)).toBe(isReported);
});
