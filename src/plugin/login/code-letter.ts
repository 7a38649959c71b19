import type { Users } from "../../contract/users.ts";
import type { AddressLetter, Notices } from "./notices.ts";

interface Parts {
	readonly users: Users;
	readonly notices: Notices;
	/** Keeps the access epoch of the account that the code is for. */
	readonly noteAccess: (epoch: string | undefined) => Promise<void>;
}

/**
 * Writes to the address that a visitor typed or X asserted. The code goes to the address of the account, which may be
 * spelled differently.
 */
export async function writeCode(
	{ users, notices, noteAccess }: Parts,
	letter: AddressLetter,
	code: string,
): Promise<void> {
	const owner = await users.ownerOf(letter.brandId, letter.to);
	if (owner.kind === "staff") {
		return notices.noWayIn(letter, "staff");
	}
	if (owner.kind === "nobody") {
		return notices.code(letter, code);
	}
	const user = await users.find(owner.id);
	await noteAccess(user?.accessEpoch);
	const to = user?.email ?? letter.to;
	return owner.suspended
		? notices.noWayIn({ ...letter, to }, "suspended")
		: notices.code({ ...letter, to }, code);
}
