import type { HostStorage } from "../../contract/storage.ts";
import type { NewDeed } from "../../helpdesk/audit/audit-entry.ts";
import { presentBrands } from "../../helpdesk/brands/stored-brands.ts";
import { derivedKeys } from "../../helpdesk/derived-keys.ts";
import { HandOffHelpdesks } from "../../helpdesk/hand-off/hand-off-helpdesks.ts";
import { storedBrandsIn } from "../../helpdesk/helpdesk.ts";
import {
	connectedHelpdesksOf,
	handOffHelpdesksOf,
	openidKeysOf,
} from "../../helpdesk/namespaces.ts";
import { ConnectedHelpdesks } from "../../helpdesk/openid/connected-helpdesks.ts";
import { SealedKeysError, SigningKeys } from "../../helpdesk/openid/signing-keys.ts";
import { Vault } from "../../helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import { CommandError } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { auditedStorage, commandDeed } from "./command-deeds.ts";
import { readExistingKeyFile } from "./data-folder.ts";
import { readHelpdesksFile } from "./hand-off-option.ts";
import { openNamedStorage } from "./helpdesk-parts.ts";
import { warn } from "./log-line.ts";
import { SURROUNDINGS } from "./secret-option.ts";

const FLAGS = {
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	"key-file": { type: "string" },
	brand: { type: "string" },
	"connected-helpdesks-file": { type: "string" },
	json: { type: "boolean" },
} as const;

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>["values"];

interface Call {
	readonly storage: HostStorage;
	/** The ids of the brands that are meant. */
	readonly brandIds: readonly string[];
	readonly flags: Flags;
}

/** What an action of the command did, for people and for programs. */
interface Done {
	readonly text: string;
	readonly json: object;
}

const ACTIONS = { list: listHelpdesks, "rotate-keys": rotateKeys } as const;

/** `openid list|rotate-keys`: the OpenID Providers of the brands, of a helpdesk that runs or does not. */
export async function openid(args: readonly string[]): Promise<void> {
	const { values: flags, positionals } = readFlags(args, FLAGS);
	const [action = "", ...surplus] = positionals;
	if (!isAction(action) || surplus.length > 0) {
		throw new CommandError(
			`openid takes one of ${Object.keys(ACTIONS).join(", ")} (--help shows the lines)`,
		);
	}
	const { closeStorage, ...opened } = await openNamedStorage(flags, args);
	const { storage, trail } = auditedStorage(opened.storage);
	try {
		const brandIds = await meantBrands(storage, flags.brand);
		const act = () => ACTIONS[action]({ storage, brandIds, flags });
		const { text, json } = await (action === "list"
			? act()
			: trail.during(commandDeed("command.rotate-keys", brandIn(flags)), act));
		console.log(flags.json ? JSON.stringify(json) : text);
	} finally {
		await closeStorage();
	}
}

function brandIn({ brand }: Flags): NewDeed["object"] {
	return brand === undefined ? undefined : { kind: "brand", id: brand };
}

async function meantBrands(
	storage: HostStorage,
	named: string | undefined,
): Promise<readonly string[]> {
	const book = await storedBrandsIn({ storage, clock: systemClock }).all();
	const ids = presentBrands(book).map(({ id }) => id);
	if (named !== undefined && !ids.includes(named)) {
		throw new CommandError(
			`--brand ${JSON.stringify(named)} names no brand; the brands are ${ids.join(", ")}`,
		);
	}
	return named === undefined ? ids : [named];
}

async function listHelpdesks({ storage, brandIds, flags }: Call): Promise<Done> {
	const file = flags["connected-helpdesks-file"];
	const configured = file === undefined ? undefined : readHelpdesksFile(file, SURROUNDINGS);
	const keys = await readExistingKeyFile(keyFileOf(flags));
	const vault = new Vault(derivedKeys(keys, "vault"));
	const listed = [];
	for (const brand of brandIds) {
		const helpdesks = new ConnectedHelpdesks(
			brand,
			namespaced(storage, connectedHelpdesksOf(brand)),
			...([vault, systemClock, cryptoRandom] as const),
			(what, error) => leftOut(`${what} of ${brand}`, error),
			configured?.connectedHelpdesks,
		);
		for (const { id, preset, name, address, redirectUris } of await helpdesks.all()) {
			const lastUsed = await lastUsedOf(helpdesks, id, brand);
			const isConfigured = helpdesks.isConfigured(id);
			listed.push({ brand, id, preset, name, address, redirectUris, lastUsed, isConfigured });
		}
		const handOffs = new HandOffHelpdesks(
			brand,
			namespaced(storage, handOffHelpdesksOf(brand)),
			...([vault, systemClock, cryptoRandom] as const),
			(what, error) => warn("openid.left-out", `${what} of ${brand}: ${error}`),
			configured?.handOffs,
		);
		for (const { id, preset, name, address } of await handOffs.all()) {
			const lastUsed = await lastUsedOf(handOffs, id, brand);
			const isConfigured = handOffs.isConfigured(id);
			listed.push({ brand, id, preset, name, address, redirectUris: [], lastUsed, isConfigured });
		}
	}
	const lines = listed.map(({ brand, id, name, address, lastUsed }) =>
		[brand.padEnd(16), id.padEnd(32), address, "", name, "", lastUsed ?? "never used"].join(" "),
	);
	const none = "No helpdesk is connected.";
	return { text: lines.join("\n") || none, json: { helpdesks: listed } };
}

/** One that cannot be read keeps no helpdesk from being listed. */
async function lastUsedOf(
	helpdesks: Pick<ConnectedHelpdesks, "lastUsed">,
	id: string,
	brand: string,
): Promise<string | null> {
	const at = await orUnreadable(() => helpdesks.lastUsed(id));
	if (at instanceof UnreadableValueError) {
		leftOut(`when ${id} of ${brand} was last used`, at);
		return null;
	}
	return at === undefined ? null : new Date(at).toISOString();
}

async function rotateKeys({ storage, brandIds, flags }: Call): Promise<Done> {
	const keys = await readExistingKeyFile(keyFileOf(flags));
	const vault = new Vault(derivedKeys(keys, "vault"));
	const rotated = [];
	const lines = [];
	for (const brand of brandIds) {
		const place = namespaced(storage, openidKeysOf(brand));
		const signing = new SigningKeys(brand, place, vault, systemClock, leftOut);
		const at = await signing.rotate().catch(refuseOtherKeyFile);
		if (at === undefined) {
			lines.push(
				`The brand ${brand} has no keys yet. They are made when a helpdesk asks for them.`,
			);
			continue;
		}
		const signsFrom = new Date(at).toISOString();
		rotated.push({ brand, signsFrom });
		lines.push(`The new keys of the brand ${brand} sign from ${signsFrom} on.`);
	}
	if (rotated.length > 0) {
		lines.push(
			"Until then the old keys sign. They stay published, so nobody who logs in meanwhile is turned away.",
		);
	}
	return { text: lines.join("\n"), json: { rotated } };
}

function refuseOtherKeyFile(error: unknown): never {
	throw error instanceof SealedKeysError ? new CommandError(error.message) : error;
}

function leftOut(what: string, error: unknown): void {
	warn("openid.left-out", `${what}: ${error}`);
}

function keyFileOf(flags: Flags): string {
	return flags["key-file"] ?? `${flags.data ?? ".helpdesk"}/key`;
}

function isAction(action: string): action is keyof typeof ACTIONS {
	return Object.hasOwn(ACTIONS, action);
}
