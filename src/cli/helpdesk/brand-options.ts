import {
	BrandError,
	type BrandFacts,
	brandFacts,
	refuseTogether,
	SAMPLE_BRANDS,
} from "../../helpdesk/brands/brand-rules.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import { commandLine, masked } from "../masked.ts";
import { parsedJson } from "./json-option.ts";
import { readBrandUrl } from "./origin-option.ts";
import { onePerBrand } from "./public-address.ts";
import type { Given } from "./secret-option.ts";

interface BrandFlags {
	readonly brand?: readonly string[];
	readonly "brands-file"?: string;
	readonly "base-url"?: readonly string[];
}

/** A brand as it was typed, with the place for messages. */
interface TypedBrand {
	readonly id: string;
	readonly name: string;
	readonly url: string;
	readonly locale?: string;
	readonly timeZone?: string;
	/** For example `--brand help=Help Desk,https://help.example.com`. */
	readonly place: string;
}

/** The brands of a start. */
export interface BrandsOption {
	/** Empty: the sample brands. */
	readonly configuredBrands: readonly BrandFacts[];
	/** The public addresses of sample brands, by brand. */
	readonly baseUrls: ReadonlyMap<string, string>;
}

/**
 * Reads the brands of `--brand ID=NAME,URL` or `--brands-file FILE`, and the addresses of `--base-url BRAND=URL`.
 *
 * @throws CommandError about the first brand that cannot be used, with the place and the right line.
 */
export function readBrandsOption(flags: BrandFlags, given: Given): BrandsOption {
	const file = flags["brands-file"];
	const inFlags = flags.brand ?? [];
	if (file !== undefined && inFlags.length > 0) {
		throw new CommandError(
			"--brand and --brands-file are both given; give all brands in one place",
		);
	}
	const typed =
		file === undefined
			? inFlags.map((value) => readBrandFlag(value, given))
			: readBrandsFile(file, given);
	const configuredBrands = typed.map(checked);
	try {
		refuseTogether(configuredBrands);
	} catch (cause) {
		throw commandErrorOf(cause);
	}
	const ids = (configuredBrands.length > 0 ? configuredBrands : SAMPLE_BRANDS).map(({ id }) => id);
	const baseUrls = (flags["base-url"] ?? []).map((value) =>
		readBaseUrl(value, ids, configuredBrands),
	);
	return { configuredBrands, baseUrls: onePerBrand(baseUrls) };
}

/** Reads `ID=NAME,URL`. The last comma separates, because a name may have commas and an address has none. */
export function readBrandArgument(
	flag: string,
	value: string,
	lineWith: (value: string) => string,
): TypedBrand {
	const [typedId = "", rest = ""] = value.split(/=(.*)/s);
	const id = typedId.trim();
	const comma = rest.lastIndexOf(",");
	const place = `${flag} ${masked(value)}`;
	const last = rest.slice(comma + 1).trim();
	const isAddress = comma !== -1 && last.includes("://");
	// Without an address, the last comma is one of the name.
	const name = (isAddress ? rest.slice(0, comma) : rest).trim();
	if (id !== "" && name !== "" && isAddress) {
		return { id, name, url: last, place };
	}
	const missing = id === "" ? "no id" : name === "" ? "no name" : "no address";
	const line = `${id || "help"}=${name || "Help Desk"},${isAddress ? last : "https://help.example.com"}`;
	throw new CommandError(
		`${place} has ${missing}; give ID=NAME,URL with the address that visitors see:\n\n  ${lineWith(line)}\n`,
	);
}

function readBrandFlag(value: string, { command, args }: Given): TypedBrand {
	return readBrandArgument("--brand", value, (other) =>
		commandLine(
			command,
			args.map((arg) =>
				arg === value ? other : arg === `--brand=${value}` ? `--brand=${other}` : arg,
			),
		),
	);
}

function readBrandsFile(file: string, { readText }: Given): readonly TypedBrand[] {
	const place = `--brands-file ${file}`;
	let text: string;
	try {
		text = readText(file);
	} catch (cause) {
		throw new CommandError(`${place} cannot be read (${reasonOf(cause)})`, { cause });
	}
	const brands = parsedJson(text, place);
	if (!Array.isArray(brands) || brands.length === 0) {
		throw new CommandError(
			`${place} is not a list of brands such as [{ "id": "help", "name": "Help Desk", "url": "https://help.example.com" }]`,
		);
	}
	return brands.map((brand, index) => readListed(brand, `${place}, brand ${index + 1}`));
}

function readListed(brand: unknown, place: string): TypedBrand {
	const refuse = (why: string) => new CommandError(`${place}: ${why}`);
	if (typeof brand !== "object" || brand === null || Array.isArray(brand)) {
		throw refuse('not an object with "id", "name" and "url"');
	}
	const fields = new Map<string, unknown>(Object.entries(brand));
	const unknown = [...fields.keys()].find((field) => !FIELDS.has(field));
	if (unknown !== undefined) {
		throw refuse(`${JSON.stringify(unknown)} is not a field of a brand; the fields are ${LISTED}`);
	}
	const text = (field: string): string => {
		const value = fields.get(field);
		if (typeof value !== "string" || value.trim() === "") {
			throw refuse(`"${field}" is ${value === undefined ? "missing" : "not a text"}`);
		}
		return value.trim();
	};
	return {
		...{ id: text("id"), name: text("name"), url: text("url") },
		...(fields.has("locale") && { locale: text("locale") }),
		...(fields.has("timeZone") && { timeZone: text("timeZone") }),
		place,
	};
}

const FIELDS: ReadonlySet<string> = new Set(["id", "name", "url", "locale", "timeZone"]);
const LISTED = [...FIELDS].join(", ");

function checked({ place, url, ...typed }: TypedBrand): BrandFacts {
	const origin = readBrandUrl(`${place}:`, url);
	try {
		return brandFacts({ ...typed, url: origin });
	} catch (cause) {
		throw commandErrorOf(cause, `${place}: `);
	}
}

/** What a command throws for an error: a sentence for one of the rules of brands. */
export function commandErrorOf(cause: unknown, before = ""): unknown {
	return cause instanceof BrandError
		? new CommandError(`${before}${cause.message}`, { cause })
		: cause;
}

function readBaseUrl(
	value: string,
	ids: readonly string[],
	configured: readonly BrandFacts[],
): [string, string] {
	const [brandId = "", url = ""] = value.split(/=(.*)/s);
	const fixed = configured.find(({ id }) => id === brandId);
	if (fixed !== undefined) {
		throw new CommandError(
			`--base-url ${masked(value)}: the brand ${brandId} is configured with the address ${fixed.url}; change it there and leave out --base-url`,
		);
	}
	if (!ids.includes(brandId)) {
		throw new CommandError(
			`--base-url ${masked(value)} names no brand; the brands are ${ids.join(", ")}`,
		);
	}
	return [brandId, readBrandUrl("--base-url", url)];
}
