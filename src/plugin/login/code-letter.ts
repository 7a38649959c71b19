import type { Users } from "../../contract/users.ts";
import type { AddressLetter, Notices } from "./notices.ts";

/**
 * Writes to the address that a visitor typed or X asserted. The code goes to the address of the account, which may be
 * spelled differently.
 */
export async function writeCode(
	{ users, notices }: { readonly users: Users; readonly notices: Notices },
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
	const to = (await users.find(owner.id))?.email ?? letter.to;
	return owner.suspended
		? notices.noWayIn({ ...letter, to }, "suspended")
		: notices.code({ ...letter, to }, code);
}
