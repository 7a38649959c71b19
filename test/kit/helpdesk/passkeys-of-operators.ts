import type { HttpVisitor, Seen } from "./http-visitor.ts";
import { SET_UP } from "./second-factor.ts";
import { passkeyOptionsIn, type SoftAuthenticator } from "./soft-authenticator.ts";

export const ADD_PASSKEY = "/admin/profile/second-factor/passkeys/add";
export const REMOVE_PASSKEY = "/admin/profile/second-factor/passkeys/remove";

/** Adds a passkey for the operator who is logged in, by the page. */
export async function addPasskey(
	operator: HttpVisitor,
	origin: string,
	authenticator: SoftAuthenticator,
): Promise<Seen> {
	const { html } = await operator.open(`${origin}${SET_UP}`);
	return operator.submit(ADD_PASSKEY, { passkey: authenticator.create(passkeyOptionsIn(html)) });
}
