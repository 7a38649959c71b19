import type { HostStorage } from "../../contract/storage.ts";
import { NAMESPACES } from "../../helpdesk/namespaces.ts";
import { Operators } from "../../helpdesk/people/operators.ts";
import { PASSWORD_COST, PasswordHasher } from "../../helpdesk/people/password-hash.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { readFromSnapshot } from "../../storage/sqlite-snapshot.ts";

/** The addresses of those who can log in to the administration of a restored helpdesk, with their roles. */
export async function restoredOperators(
	database: string,
): Promise<readonly { readonly email: string; readonly role: string }[]> {
	const hasher = new PasswordHasher(PASSWORD_COST);
	try {
		const place = namespaced(readOnly(database), NAMESPACES.operators);
		const all = await new Operators(place, cryptoRandom, hasher).list();
		return all.map(({ email, role }) => ({ email, role }));
	} finally {
		await hasher.close();
	}
}

/** A storage in WAL mode would leave files beside the database. */
function readOnly(database: string): HostStorage {
	return {
		get: async (key) => {
			const value = readFromSnapshot(database, key);
			return value === undefined ? undefined : { key, value, version: "restored" };
		},
		take: async () => undefined,
		list: async () => ({ entries: [] }),
		commit: async () => false,
	};
}
