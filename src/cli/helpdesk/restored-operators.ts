import { NAMESPACES } from "../../helpdesk/namespaces.ts";
import { Operators } from "../../helpdesk/people/operators.ts";
import { PASSWORD_COST, PasswordHasher } from "../../helpdesk/people/password-hash.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { restoredStorage } from "./restored-storage.ts";

/** The addresses of those who can log in to the administration of a restored helpdesk, with their roles. */
export async function restoredOperators(
	database: string,
): Promise<readonly { readonly email: string; readonly role: string }[]> {
	const hasher = new PasswordHasher(PASSWORD_COST);
	try {
		const place = namespaced(restoredStorage(database), NAMESPACES.operators);
		const all = await new Operators(place, cryptoRandom, hasher).list();
		return all.map(({ email, role }) => ({ email, role }));
	} finally {
		await hasher.close();
	}
}
