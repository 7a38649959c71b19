import type { Brand } from "../../contract/brands.ts";
import { canonicalEmail } from "../../contract/email-address.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { NewUser, User, UserCreation } from "../../contract/users.ts";
import { HOST, inject, injectable, NOTICES } from "../injection.ts";
import { type BegunLink, type KnownIdentity, type Link, Links } from "../links/links.ts";
import { UserLinks } from "../links/user-links.ts";
import type { Attempt } from "./attempt.ts";
import { LoginError, type LoginErrorCode } from "./login-error.ts";
import { LoginSwitch } from "./login-switch.ts";
import type { Notices } from "./notices.ts";
import { choiceFor } from "./situation.ts";

/** An X account at a brand that is about to be linked to a user. */
export interface Newcomer {
	readonly request: LoginRequest;
	readonly brand: Brand;
	readonly identity: KnownIdentity;
	readonly attempt: Attempt;
}

/** Facts about a newcomer that the helpdesk gets. */
export type NewProfile = Pick<NewUser, "name" | "email" | "emailProof">;

/** Creates users and links, each once despite simultaneous requests and crashes. */
@injectable()
export class SignUp {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(Links) private readonly links: Links,
		@inject(UserLinks) private readonly userLinks: UserLinks,
		@inject(LoginSwitch) private readonly loginSwitch: LoginSwitch,
		@inject(NOTICES) private readonly notices: Notices,
	) {}

	/**
	 * Creates one user per identity across two stores: reserves the link, creates the user with a key of brand and
	 * identity, and confirms the link. After a crash in between, the next attempt resumes, as it does while the helpdesk has
	 * not approved the user yet.
	 */
	async create(newcomer: Newcomer, profile: NewProfile): Promise<LoginResponse> {
		const { brand, identity } = newcomer;
		// Another tab may have linked it meanwhile. A link is never taken from an existing user.
		const { link: found, user: owner } = await this.links.findOwned(brand.id, identity.id);
		const open = await this.loginSwitch.check(brand.id);
		const reserved =
			owner === undefined ? await this.links.reserve(brand.id, identity, found, open) : undefined;
		if (reserved === undefined) {
			return this.signInToWinner(newcomer);
		}
		const made = await this.resume(newcomer, reserved, profile);
		if (typeof made === "string") {
			throw new LoginError(made);
		}
		return made;
	}

	/**
	 * Goes on with a sign-up of the identity that another request began, or that a crash interrupted. The address may
	 * belong to the visitor's own new account by then.
	 *
	 * @returns why there is no user: the helpdesk has not approved them yet or refuses them, or the address belongs to another
	 * person, or its owner has claimed the account that the sign-up made. The reservation is removed, unless the helpdesk may
	 * still approve.
	 */
	async resume(
		newcomer: Newcomer,
		reserved: Link,
		profile: NewProfile,
	): Promise<LoginResponse | LoginErrorCode> {
		const { brand, identity, attempt, request } = newcomer;
		const key = `${brand.id}:${identity.id}:${reserved.creationKey}`;
		const { locale, clientAddress } = request;
		const { contract, users } = this.host;
		const creation = await users.create(key, {
			brandId: brand.id,
			locale,
			...profile,
			...(contract && { suggestedName: identity.handle, clientAddress }),
		});
		if (creation.kind === "pending") {
			return "sign-up-pending";
		}
		const user = creation.kind === "created" ? creation.user : undefined;
		const epoch = user ? await this.links.epochOf(user.id) : null;
		// A crash or a wait may have left the account without a link, and the owner of its address may have claimed it since.
		if (user === undefined || (await this.isOfAnother(user, profile))) {
			await this.links.release(brand.id, identity.id, reserved);
			return codeOf(creation);
		}
		if (!(await this.links.confirm(brand.id, identity, reserved, user.id, { epoch }))) {
			return this.signInToWinner(newcomer);
		}
		const afterwards = () => this.notices.tell(user, "signed-up", `@${identity.handle}`);
		const kind = wayIn(user, "signed-up", afterwards);
		return { kind, ...cameIn(user, attempt.returnPath), afterwards };
	}

	/** Tells whether somebody has proven to own the user's address, and the newcomer has not. */
	private async isOfAnother(
		{ brandId, email }: User,
		{ emailProof, email: proven }: NewProfile,
	): Promise<boolean> {
		const address = email ?? "";
		const owner = await this.host.users.ownerOf(brandId, address);
		const isTheirs = emailProof === "code" && canonicalEmail(address) === proven;
		return owner.kind === "user" && owner.confirmed && !isTheirs;
	}

	/**
	 * Links the identity to a user who has proven who they are and has agreed. What they proved counts only as long as the
	 * helpdesk has not ended their sessions. It may do so while the link is stored, so that is checked before and after.
	 *
	 * @param what the letter says. `claimed`: nobody had proven to own the account before.
	 */
	async link(
		newcomer: Newcomer,
		user: User,
		begun: BegunLink,
		what: "linked" | "claimed" = "linked",
	): Promise<LoginResponse> {
		const { brand, identity, attempt } = newcomer;
		const open = await this.loginSwitch.check(brand.id);
		const findUnchanged = async (): Promise<User | undefined> => {
			const found = await this.host.users.find(user.id);
			return (found?.accessEpoch ?? null) === (begun.accessEpoch ?? null) ? found : undefined;
		};
		const conditions = { user: begun.epoch, brand: open };
		const linked =
			(await findUnchanged()) && (await this.links.link(brand.id, identity, user.id, conditions));
		if (linked === "elsewhere") {
			throw new LoginError("linked-elsewhere");
		}
		const now = linked && (await findUnchanged().catch(() => undefined));
		if (now === undefined) {
			if (linked === "linked") {
				await this.userLinks.detach(user.id, { brandId: brand.id, identityId: identity.id });
			}
			throw new LoginError("account-changed", { userId: user.id });
		}
		const afterwards = () => this.notices.tell(now, what, `@${identity.handle}`);
		const kind = choiceFor(now).kind === "complete-profile" ? "complete-profile" : "linked";
		return { kind, ...cameIn(now, attempt.returnPath), afterwards };
	}

	/** Logs the visitor in as the user whom a faster request of theirs has linked. */
	private async signInToWinner({ brand, identity, attempt }: Newcomer): Promise<LoginResponse> {
		const { user } = await this.links.findOwned(brand.id, identity.id);
		if (user === undefined) {
			throw new LoginError("sign-up-refused");
		}
		return { kind: wayIn(user, "signed-in"), ...cameIn(user, attempt.returnPath) };
	}
}

function codeOf(creation: UserCreation): LoginErrorCode {
	switch (creation.kind === "refused" && creation.reason) {
		case "address-refused":
			return "domain-refused";
		case "registration-closed":
			return "sign-up-closed";
		default:
			return "sign-up-refused";
	}
}

/** The parts of an outcome that logs a user in. */
export function cameIn({ id, accessEpoch }: User, returnPath: string) {
	return { userId: id, accessEpoch, returnPath };
}

/**
 * Applies the rules to a user to whom the X account belongs.
 *
 * @param kind the result for a user who can log in at once.
 * @throws LoginError for a user whom the rules refuse.
 */
function wayIn<Kind extends "signed-in" | "signed-up">(
	user: User,
	kind: Kind,
	afterwards?: () => Promise<void>,
): Kind | "complete-profile" {
	const choice = choiceFor(user);
	if (choice.kind === "refuse") {
		throw new LoginError(choice.code, { userId: user.id, ...(afterwards && { afterwards }) });
	}
	return choice.kind === "complete-profile" ? choice.kind : kind;
}
