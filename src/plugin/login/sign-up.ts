import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { NewUser, User } from "../../contract/users.ts";
import { HOST, inject, injectable, NOTICES } from "../injection.ts";
import { type BegunLink, type KnownIdentity, type Link, Links } from "../links/links.ts";
import { UserLinks } from "../links/user-links.ts";
import type { Attempt } from "./attempt.ts";
import { LoginError } from "./login-error.ts";
import { LoginSwitch } from "./login-switch.ts";
import type { Notices } from "./notices.ts";
import { choiceFor } from "./situation.ts";

/** An X account at a brand that is about to be linked to a user. */
export interface Newcomer {
	readonly brand: Brand;
	readonly identity: KnownIdentity;
	readonly attempt: Attempt;
}

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
	 * identity, and confirms the link. After a crash in between, the next attempt resumes.
	 */
	async create(newcomer: Newcomer, profile: Omit<NewUser, "brandId">): Promise<LoginResponse> {
		const { brand, identity } = newcomer;
		const found = await this.links.find(brand.id, identity.id);
		// Another tab may have linked it meanwhile. A link is never taken from an existing user.
		const owner = found?.userId ? await this.host.users.find(found.userId) : undefined;
		const open = await this.loginSwitch.check(brand.id);
		const reserved =
			owner === undefined ? await this.links.reserve(brand.id, identity, found, open) : undefined;
		if (reserved === undefined) {
			return this.signInToWinner(newcomer);
		}
		const made = await this.resume(newcomer, reserved, profile);
		if (made === undefined) {
			throw new LoginError("sign-up-refused");
		}
		return made;
	}

	/**
	 * Goes on with a sign-up of the identity that another request began, or that a crash interrupted. The address may
	 * belong to the visitor's own new account by then.
	 *
	 * @returns undefined when the address belongs to another person, or its owner has claimed the account that the sign-up
	 * made. The reservation is removed then.
	 */
	async resume(
		newcomer: Newcomer,
		reserved: Link,
		profile: Omit<NewUser, "brandId">,
	): Promise<LoginResponse | undefined> {
		const { brand, identity, attempt } = newcomer;
		const key = `${brand.id}:${identity.id}:${reserved.creationKey}`;
		const creation = await this.host.users.create(key, { brandId: brand.id, ...profile });
		const user = creation.kind === "created" ? creation.user : undefined;
		const epoch = user ? await this.links.epochOf(user.id) : null;
		const owner = await this.host.users.ownerOf(brand.id, profile.email ?? "");
		// A crash may have left the account without a link, and its owner may have claimed it since.
		const isProven = owner.kind === "user" && owner.confirmed;
		if (user === undefined || (profile.emailProof === "asserted" && isProven)) {
			await this.links.release(brand.id, identity.id, reserved);
			return undefined;
		}
		if (!(await this.links.confirm(brand.id, identity, reserved, user.id, { epoch }))) {
			return this.signInToWinner(newcomer);
		}
		const afterwards = () => this.notices.tell(user, "signed-up", `@${identity.handle}`);
		const kind = wayIn(user, "signed-up", afterwards);
		return { kind, ...cameIn(user, attempt.returnPath), afterwards };
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
		const link = await this.links.find(brand.id, identity.id);
		const user = link?.userId ? await this.host.users.find(link.userId) : undefined;
		if (user === undefined) {
			throw new LoginError("sign-up-refused");
		}
		return { kind: wayIn(user, "signed-in"), ...cameIn(user, attempt.returnPath) };
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
