import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";

const HOST: StorageKey = ["host"];

/** Cookies and passkeys belong to a host name, whatever its port. */
const STORED_HOST: StoredKind<{ readonly name: string }> = {
	name: "administration/host",
	read: (value) => {
		const { name } = fieldsOf(value);
		return typeof name === "string" ? { name } : undefined;
	},
};

/**
 * Notes the host name of the administration. Of several nodes that start with a new one, the first gets the old one.
 *
 * @param storage the namespace of the administration's address.
 * @returns the host name of the start before, where it is another one; undefined for the same, or for the first start.
 */
export async function noteAdministrationHost(
	storage: HostStorage,
	address: string,
): Promise<string | undefined> {
	const { hostname: name } = new URL(address);
	return updateEntry(storage, async () => {
		const entry = await storage.get(HOST);
		// A value that another version stored says nothing here, and the start goes on.
		const before = entry && STORED_HOST.read(entry.value)?.name;
		return before === name
			? { result: undefined }
			: {
					commit: {
						checks: [{ key: HOST, version: entry?.version ?? null }],
						sets: [{ key: HOST, value: { name } }],
					},
					result: before,
				};
	});
}
