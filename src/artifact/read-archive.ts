import { unzipSync } from "fflate";
import { PluginError } from "./plugin-error.ts";

const MAX_FILES = 200;
const MAX_BYTES = 5 * 1024 * 1024;
const NAME = /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._/-]{1,200}$/;

/** The files of a plugin's zip by name. @throws PluginError for anything that is not a sane archive. */
export function readArchive(zip: Uint8Array): Map<string, Uint8Array> {
	const names = new Set<string>();
	let total = 0;
	const refuse = (problem: string): never => {
		throw new PluginError("unreadable-archive", { problems: [problem] });
	};
	let entries: Record<string, Uint8Array>;
	try {
		entries = unzipSync(zip, {
			filter: ({ name, originalSize }) => {
				total += originalSize;
				if (!NAME.test(name)) {
					refuse(`the file name ${JSON.stringify(name)} is not a plain relative path`);
				}
				if (names.has(name)) {
					refuse(`the file ${name} is in the archive twice`);
				}
				names.add(name);
				if (names.size > MAX_FILES || total > MAX_BYTES) {
					refuse(`it unpacks to more than ${MAX_FILES} files or ${MAX_BYTES} bytes`);
				}
				return !name.endsWith("/");
			},
		});
	} catch (cause) {
		if (cause instanceof PluginError) {
			throw cause;
		}
		throw new PluginError("unreadable-archive", {
			problems: ["it is not a zip file, or a damaged one"],
			cause,
		});
	}
	return new Map(Object.entries(entries));
}
