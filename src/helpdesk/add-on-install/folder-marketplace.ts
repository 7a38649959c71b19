import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import { MAX_ZIP_BYTES } from "../../artifact/zip/zip-directory.ts";
import type { Package } from "../add-ons/package-store.ts";

const ZIP_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.zip$/;
const MAX_ZIPS = 200;
/** The limit of a signature file, which is one line as `pack --sign` writes it. */
const MAX_SIGNATURE_BYTES = 1024;

/** A place where operators find packages. */
export interface Marketplace {
	/** The file names of the packages. */
	list(): Promise<readonly string[]>;
	/** @returns undefined where there is no such file, or it is too large. */
	read(fileName: string): Promise<Package | undefined>;
}

/** The packages in a folder. The signature of a zip is next to it, as `<zip>.sig`. The folder is read each time. */
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

/** A marketplace with the bundled package and the packages of another marketplace. */
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
