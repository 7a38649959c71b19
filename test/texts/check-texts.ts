// Part of `npm run check`: what people read stands in the files of texts, in each language, and says the same there.
import { readdir, readFile } from "node:fs/promises";
import { LANGUAGES } from "../../src/helpdesk/locale/locale.ts";
import { compareTexts, type Texts } from "./compare-texts.ts";
import { shownStrings } from "./find-shown-strings.ts";
import { READ_BY_OTHERS } from "./read-by-others.ts";

const ROOT = new URL("../../", import.meta.url);
const ROOMS = "src/helpdesk/locale/texts";
const LOCALES = "locales";
const HELPDESK = "src/helpdesk";
/** The folders whose code makes what people read. */
const PAGES = ["src/helpdesk/web", "src/plugin"];
const DEFAULT = "en";

async function texts(path: string): Promise<Texts | undefined> {
	const file = await readFile(new URL(path, ROOT), "utf8").catch(() => undefined);
	return file === undefined ? undefined : JSON.parse(file);
}

async function problemsOfRoom(room: string): Promise<readonly string[]> {
	const english = (await texts(`${room}/${DEFAULT}.json`)) ?? {};
	const files = await readdir(new URL(`${room}/`, ROOT));
	const strangers = files.filter((name) => !LANGUAGES.has(name.replace(/\.json$/, "")));
	const problems = strangers.map((name) => `${room}/${name}: no page is in this language`);
	for (const tag of LANGUAGES.keys()) {
		const file = `${room}/${tag}.json`;
		const own = await texts(file);
		const found = own === undefined ? ["there is no such file"] : compareTexts(tag, own, english);
		problems.push(...found.map((problem) => `${file}: ${problem}`));
	}
	return problems;
}

async function problemsOfCode(folder: string): Promise<readonly string[]> {
	const names = await readdir(new URL(`${folder}/`, ROOT), { recursive: true });
	const problems: string[] = [];
	for (const name of names.filter((each) => /(?<!\.d)\.ts$/.test(each))) {
		const file = `${folder}/${name}`;
		const others = READ_BY_OTHERS.get(file);
		if (others?.texts === "all") {
			continue;
		}
		const known = others?.texts ?? [];
		const found = await shownStrings(await readFile(new URL(file, ROOT), "utf8"));
		problems.push(
			...found
				.filter((text) => !known.includes(text))
				.map((text) => `${file}: “${text}” belongs in a file of texts`),
			...known
				.filter((text) => !found.includes(text))
				.map(
					(text) =>
						`${file}: “${text}” is not there any more, so test/texts/read-by-others.ts lies`,
				),
		);
	}
	return problems;
}

/** A key that is put together from parts and values: `users.status.${status}`. */
const TEMPLATE = /`((?:[\w.-]|\$\{[^{}`]+\})+)`/g;
const VALUE = /\$\{[^{}]+\}/;

/** Texts that no page and no letter names. */
async function unusedTexts(): Promise<readonly string[]> {
	const names = await readdir(new URL(`${HELPDESK}/`, ROOT), { recursive: true });
	const sources = await Promise.all(
		names
			.filter((name) => name.endsWith(".ts"))
			.map((name) => readFile(new URL(`${HELPDESK}/${name}`, ROOT), "utf8")),
	);
	const code = sources.join("\n");
	const templates = new Set(
		[...code.matchAll(TEMPLATE)]
			.map(([, text = ""]) => text)
			.filter((text) => VALUE.test(text) && /\w/.test(text.replaceAll(new RegExp(VALUE, "g"), ""))),
	);
	const begun = [...templates].filter((text) => !text.startsWith("$")).map(patternOf);
	const ends = [...templates].filter((text) => text.startsWith("$")).map(patternOf);
	const isNamed = (key: string): boolean =>
		code.includes(`"${key}"`) ||
		begun.some((pattern) => pattern.test(key)) ||
		ends.some((pattern) => {
			const before = pattern.exec(key)?.[1];
			return before !== undefined && isNamed(before);
		});
	const problems: string[] = [];
	for (const room of rooms) {
		const unused = Object.keys((await texts(`${room}/${DEFAULT}.json`)) ?? {}).filter(
			(key) => !isNamed(key),
		);
		problems.push(...unused.map((key) => `${room}: nothing shows ${key}`));
	}
	return problems;
}

/**
 * Its first group is what stands for the first value. A value has no dot where little stands before it: `users.${end}` is not
 * each text of the room.
 */
function patternOf(template: string): RegExp {
	const [before = "", ...others] = template.split(VALUE).map(escaped);
	const isLong = before === "" || before.split("\\.").length > 2;
	const value = isLong ? "(.+)" : "([^.]+)";
	return new RegExp(`^${[before, ...others].join(value)}$`);
}

function escaped(text: string): string {
	return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const rooms = (await readdir(new URL(`${ROOMS}/`, ROOT))).map((room) => `${ROOMS}/${room}`);
const problems = [
	...(await Promise.all([...rooms, LOCALES].map(problemsOfRoom))),
	...(await Promise.all(PAGES.map(problemsOfCode))),
	await unusedTexts(),
].flat();
if (problems.length > 0) {
	console.error(problems.join("\n"));
	process.exitCode = 1;
}
