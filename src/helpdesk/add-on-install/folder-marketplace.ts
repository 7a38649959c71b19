import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import { MAX_ZIP_BYTES } from "../../artifact/zip/zip-directory.ts";
import type { Package } from "../add-ons/package-store.ts";

const ZIP_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.zip$/;
const MAX_ZIPS = 200;
/** Of one line, as `pack --sign` writes it. */
const MAX_SIGNATURE_BYTES = 1024;

/** Where an operator finds plugins. */
export interface Marketplace {
	/** Names of the zips that are there. */
	list(): Promise<readonly string[]>;
	/** @returns undefined for one that is not there, or too large for a plugin. */
	read(fileName: string): Promise<Package | undefined>;
}

/** The zips in a folder; a signature lies beside its zip, as `<zip>.sig`. Read anew each time. */
export function folderMarketplace(folder: string): Marketplace {
	const list = async (): Promise<readonly string[]> => {
		const names = await readdir(folder).catch(() => []);
		return names
			.filter((name) => ZIP_NAME.test(name))
			.sort()
			.slice(0, MAX_ZIPS);
	};
	return {
		list,
		read: async (fileName) => {
			const zip = ZIP_NAME.test(fileName)
				? await smallFile(join(folder, fileName), MAX_ZIP_BYTES)
				: undefined;
			return (
				zip && {
					zip,
					signature: await smallFile(join(folder, `${fileName}.sig`), MAX_SIGNATURE_BYTES),
				}
			);
		},
	};
}

/** What the helpdesk brings, and what is found elsewhere. */
export function withBundled(
	others: Marketplace | undefined,
	{ manifest }: LoadedPlugin,
	zip: Uint8Array | undefined,
): Marketplace {
	const bundled = zip === undefined ? undefined : `${manifest.id}-${manifest.version}.zip`;
	return {
		list: async () => {
			const found = (await others?.list()) ?? [];
			return bundled === undefined ? found : [...new Set([bundled, ...found])];
		},
		read: async (fileName) =>
			zip !== undefined && fileName === bundled
				? { zip, signature: undefined }
				: others?.read(fileName),
	};
}

async function smallFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
	try {
		const found = await stat(path);
		return found.isFile() && found.size <= maxBytes ? await readFile(path) : undefined;
	} catch {
		return undefined;
	}
}
