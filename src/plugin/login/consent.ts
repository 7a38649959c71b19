import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { EmailOwner, User } from "../../contract/users.ts";
import { HOST, inject, injectable } from "../injection.ts";
import { type BegunLink, Links } from "../links/links.ts";
import { UserLinks } from "../links/user-links.ts";
import type { Continuation } from "./browser/continuation.ts";
import { LoginError } from "./login-error.ts";
import { type Newcomer, SignUp } from "./sign-up.ts";
import { choiceFor } from "./situation.ts";

type OwningUser = EmailOwner & { readonly kind: "user" };

/** Links an X account to an account, after the visitor has proven that it is theirs and has agreed. */
@injectable()
export class Consent {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(SignUp) private readonly signUp: SignUp,
		@inject(Links) private readonly links: Links,
		@inject(UserLinks) private readonly userLinks: UserLinks,
	) {}

	/** Tells whether nobody had proven to own the account before the visitor read the code. */
	async takesOver(brand: Brand, state: Continuation, user: User): Promise<boolean> {
		const owner = state.proof === "code" ? await this.ownerFor(brand, state, user) : undefined;
		return owner !== undefined && isUnproven(owner);
	}

	/** @param taken the log-in that ends here. */
	async link(newcomer: Newcomer, user: User, taken: Continuation): Promise<LoginResponse> {
		const choice = choiceFor(user);
		if (choice.kind === "refuse") {
			throw new LoginError(choice.code, { userId: user.id });
		}
		if (taken.proof === "code") {
			const owner = await this.ownerFor(newcomer.brand, taken, user);
			if (owner === undefined) {
				throw new LoginError("sign-up-refused", { returnPath: "/" });
			}
			if (isUnproven(owner)) {
				return this.signUp.link(newcomer, user, await this.claim(user), "claimed");
			}
		}
		return this.signUp.link(newcomer, user, taken);
	}

	/** The user as owner of the address that the visitor reads; undefined if the address is no longer theirs. */
	private async ownerFor(
		brand: Brand,
		{ email }: Continuation,
		user: User,
	): Promise<OwningUser | undefined> {
		const owner = await this.host.users.ownerOf(brand.id, email ?? "");
		return owner.kind === "user" && owner.id === user.id ? owner : undefined;
	}

	/**
	 * Hands an unconfirmed account to the visitor. Somebody else may have created it and may watch it, so whatever they
	 * tied to it is dropped first. They cannot keep the owner out by ending sessions, so the state of the account at the
	 * start of the log-in does not count.
	 *
	 * @returns the state for the link that follows.
	 */
	private async claim({ id }: User): Promise<BegunLink> {
		await this.userLinks.dropAllOf(id);
		await this.host.users.confirm(id);
		// Others could still link until `confirm` ended their sessions. Nobody can after this.
		await this.userLinks.dropAllOf(id);
		return this.links.begin(id);
	}
}

function isUnproven({ unclaimed, confirmed }: OwningUser): boolean {
	return unclaimed || !confirmed;
}
