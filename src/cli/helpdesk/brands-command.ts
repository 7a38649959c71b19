import type { HostStorage, StorageEntry } from "../../contract/storage.ts";
import { type BrandFacts, described, SAMPLE_BRANDS } from "../../helpdesk/brands/brand-rules.ts";
import {
	type BrandChange,
	isPresent,
	presentBrands,
	type StoredBrands,
} from "../../helpdesk/brands/stored-brands.ts";
import { storedBrandsIn } from "../../helpdesk/helpdesk.ts";
import { connectedHelpdesksOf, handOffHelpdesksOf, NAMESPACES } from "../../helpdesk/namespaces.ts";
import { AccountRecords } from "../../helpdesk/people/account-records.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { CommandError } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { commandLine } from "../masked.ts";
import { commandErrorOf, readBrandArgument } from "./brand-options.ts";
import { auditedStorage, brandDeed } from "./command-deeds.ts";
import { openNamedStorage } from "./helpdesk-parts.ts";
import { readBrandUrl } from "./origin-option.ts";
import { isPublicAddress } from "./public-address.ts";
import { retireBrandByJob } from "./retire-brand-by-job.ts";

const FLAGS = {
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	name: { type: "string" },
	url: { type: "string" },
	locale: { type: "string" },
	"time-zone": { type: "string" },
	"keep-people": { type: "boolean" },
	"delete-people": { type: "boolean" },
	json: { type: "boolean" },
} as const;

/** A brand as `brands list` shows it. */
interface ListedBrand {
	readonly id: string;
	readonly name: string;
	/** Null: the address of a sample brand is known to its start alone. */
	readonly url: string | null;
	readonly locale: string;
	readonly kind:
		| "sample"
		| "configured"
		| "stored"
		/** A brand of the configuration has its id, and counts. */
		| "overridden"
		| "left-out"
		| "removed"
		| "unreadable";
}

/** What an action of the command did, for people and for programs. */
interface Done {
	readonly text: string;
	readonly json: object;
}

const ACTIONS = {
	list: listBrands,
	add: addBrand,
	change: changeBrand,
	remove: removeBrand,
} as const;

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>["values"];

interface Call {
	readonly brands: StoredBrands;
	readonly people: AccountRecords;
	readonly storage: HostStorage;
	/** The brand that is meant; undefined: the command names none. */
	readonly named: string | undefined;
	readonly flags: Flags;
	readonly args: readonly string[];
}

/** `brands list|add|change|remove`: the brands in storage, of a helpdesk that runs or does not. */
export async function brands(args: readonly string[]): Promise<void> {
	const { values: flags, positionals } = readFlags(args, FLAGS);
	const [action = "", named, ...surplus] = positionals;
	if (!isAction(action) || surplus.length > 0) {
		throw new CommandError(
			`brands takes one of ${Object.keys(ACTIONS).join(", ")}, and one brand (--help shows the lines)`,
		);
	}
	const { closeStorage, ...opened } = await openNamedStorage(flags, args);
	const { storage, trail } = auditedStorage(opened.storage);
	try {
		const people = new AccountRecords(
			namespaced(storage, NAMESPACES.accounts),
			systemClock,
			() => {},
		);
		const stored = storedBrandsIn({ storage, clock: systemClock });
		const call = { brands: stored, people, storage, named, flags, args };
		const act = () => ACTIONS[action](call);
		const { text, json } = await (action === "list"
			? act()
			: trail.during(brandDeed(action, named), act));
		console.log(flags.json ? JSON.stringify(json) : text);
	} catch (cause) {
		throw commandErrorOf(cause);
	} finally {
		await closeStorage();
	}
}

async function listBrands({ brands, named }: Call): Promise<Done> {
	if (named !== undefined) {
		throw new CommandError("brands list names no brand: it lists all of them");
	}
	const book = await brands.all();
	const stored = [...book.records].map(([id, record]): ListedBrand => {
		const { name, url, locale, source, overridden } = record;
		const gone = source === "stored" ? "removed" : "left-out";
		const there = overridden ? "overridden" : source;
		return { id, name, url, locale, kind: isPresent(record) ? there : gone };
	});
	const samples = SAMPLE_BRANDS.filter(
		({ id }) => presentBrands(book).some((brand) => brand.id === id) && !book.records.has(id),
	).map((brand): ListedBrand => ({ ...brand, url: null, kind: "sample" }));
	const unreadable = book.unreadable.map(
		(id): ListedBrand => ({ id, name: id, url: null, locale: "", kind: "unreadable" }),
	);
	const listed = [...samples, ...stored, ...unreadable];
	const lines = listed.map(
		({ id, name, url, kind }) =>
			`${KIND_TEXT[kind].padEnd(10)} ${id.padEnd(16)} ${url ?? "-"}  ${name}`,
	);
	return { text: lines.join("\n"), json: { brands: listed } };
}

const KIND_TEXT: Readonly<Record<ListedBrand["kind"], string>> = {
	sample: "sample",
	configured: "configured",
	stored: "stored",
	overridden: "overridden",
	"left-out": "left out",
	removed: "removed",
	unreadable: "unreadable",
};

async function addBrand({ brands, named, flags, args }: Call): Promise<Done> {
	if (named === undefined || flags.name !== undefined || flags.url !== undefined) {
		throw new CommandError(
			"brands add takes the brand as ID=NAME,URL, for example: brands add 'help=Help Desk,https://help.example.com'",
		);
	}
	const { place, ...typed } = readBrandArgument("brands add", named, (line) =>
		commandLine(
			"brands",
			args.map((arg) => (arg === named ? line : arg)),
		),
	);
	const url = readBrandUrl(`${place}:`, typed.url);
	const brand = await brands.add({ ...typed, url, ...placeOf(flags) });
	return {
		text: [
			`The brand ${described(brand)} is stored, at ${brand.url}.`,
			...served(brand),
			"Next, in the administration: enter its keys under Third-Party Integrations, Settings, copy its callback URL from there to X, and switch it on under Social Login.",
		].join("\n"),
		json: { brand },
	};
}

async function changeBrand({ brands, named, flags }: Call): Promise<Done> {
	const { name } = flags;
	const place = placeOf(flags);
	if (
		named === undefined ||
		((name ?? flags.url) === undefined && Object.keys(place).length === 0)
	) {
		throw new CommandError(
			"brands change takes the id of a brand and what changes: --name NAME, --url URL, --locale TAG, --time-zone ZONE",
		);
	}
	const url = flags.url === undefined ? undefined : readBrandUrl("--url", flags.url);
	const before = (await brands.all()).records.get(named);
	const brand = await brands.change(named, {
		...(name !== undefined && { name }),
		...(url !== undefined && { url }),
		...place,
	});
	const hasMoved = before !== undefined && before.url !== brand.url;
	const moved = [
		...served(brand),
		`Its callback URL changes with it: copy the new one from Settings to X, or X refuses every log-in there.`,
		"Cookies belong to a host name: people log in again at the new address. Links in letters that were sent lead to the old one.",
	];
	return {
		text: [
			`The brand ${described(brand)} is changed, at ${brand.url}.`,
			...(hasMoved ? moved : ["A helpdesk that runs shows the change within 5 seconds."]),
		].join("\n"),
		json: { brand },
	};
}

async function removeBrand(call: Call): Promise<Done> {
	const { brands, people, named, flags } = call;
	if (named === undefined) {
		throw new CommandError("brands remove takes the id of a brand");
	}
	if (flags["delete-people"]) {
		return retire(call, named);
	}
	const count = await people.countAt(named);
	const keeps = flags["keep-people"] ?? false;
	const who = count === 1 ? "1 person has an account" : `${count} people have accounts`;
	if (count > 0 && !keeps && (await brands.all()).records.get(named)?.removedAt === null) {
		throw new CommandError(
			`${who} at the brand ${named}, and could not log in any more; remove the brand with --delete-people, which deletes them, or with --keep-people, which keeps their data`,
		);
	}
	await refuseConnected(call, named);
	const brand = await brands.remove(named);
	return {
		text: [
			`The brand ${described(brand)} is removed. A helpdesk that runs stops serving it within 5 seconds.`,
			`Its id is never used again. ${count === 0 ? "Nobody has an account there." : `${who} there: their data stays.`}`,
		].join("\n"),
		json: { brand, people: count },
	};
}

/** A node of the helpdesk does it, because only that has the add-ons, which keep something about people too. */
async function retire(call: Call, named: string): Promise<Done> {
	const { brands, flags, storage } = call;
	if (flags["keep-people"]) {
		throw new CommandError("brands remove takes one of --keep-people and --delete-people");
	}
	const record = (await brands.all()).records.get(named);
	if (record?.source !== "stored") {
		throw new CommandError(`there is no brand ${named} in the storage (brands list shows all)`);
	}
	await refuseConnected(call, named);
	const { done } = await retireBrandByJob(storage, named);
	const who = done === 1 ? "1 person was" : `${done} people were`;
	return {
		text: [
			`The brand ${described({ id: named, ...record })} is removed. ${who} deleted, with everything that was stored about them and the brand.`,
			"Its id is never used again.",
		].join("\n"),
		json: { brand: { id: named, name: record.name, url: record.url }, people: done },
	};
}

/** Refuses to remove a brand that helpdesks send their users to: the log-in buttons there would lead nowhere. */
async function refuseConnected({ brands, storage }: Call, brandId: string): Promise<void> {
	if ((await brands.all()).records.get(brandId)?.removedAt !== null) {
		return;
	}
	const places = [connectedHelpdesksOf(brandId), handOffHelpdesksOf(brandId)];
	const storages = places.map((place) => namespaced(storage, place));
	const stored = await Promise.all(storages.map((each) => each.list(["helpdesk"])));
	const names = stored.flatMap(({ entries }) => entries.map(nameIn));
	if (names.length > 0) {
		throw new CommandError(
			`the brand ${brandId} is connected to ${names.join(", ")}, and nobody could log in there any more; remove ${names.length === 1 ? "it" : "them"} under Connected helpdesks first`,
		);
	}
}

/** The name of a helpdesk of either kind. One that cannot be read counts, too. */
function nameIn({ key, value }: StorageEntry): string {
	const { name } = fieldsOf(value);
	return typeof name === "string" ? name : String(key.at(-1));
}

/** Where the people of a brand are: their language and their time. */
function placeOf({
	locale,
	"time-zone": timeZone,
}: Flags): Pick<BrandChange, "locale" | "timeZone"> {
	return {
		...(locale !== undefined && { locale }),
		...(timeZone !== undefined && { timeZone }),
	};
}

function served({ url }: BrandFacts): readonly string[] {
	return [
		`A helpdesk that runs serves it within 5 seconds, on the port of its first brand: let the proxy at ${url} pass requests on there, with the Host header of the browser.`,
		...(isPublicAddress(url)
			? ["Beside the fake X it is served only if the helpdesk was started with --fake-x."]
			: []),
	];
}

function isAction(action: string): action is keyof typeof ACTIONS {
	return Object.hasOwn(ACTIONS, action);
}
