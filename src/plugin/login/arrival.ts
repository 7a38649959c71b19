import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Secret } from "../../contract/secret.ts";
import type { User } from "../../contract/users.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable } from "../injection.ts";
import { Links } from "../links/links.ts";
import type { Attempt } from "./attempt.ts";
import type { Continuation } from "./browser/continuation.ts";
import { Continuations } from "./browser/continuations.ts";
import type { PendingLogin } from "./browser/pending-logins.ts";
import { type Choice, chooseAccount, type Situation } from "./choose-account.ts";
import type { AlreadyLinked, Trial } from "./form.ts";
import { LoginError } from "./login-error.ts";
import type { BrandLogin } from "./login-settings.ts";
import { LoginSwitch } from "./login-switch.ts";
import type {
	Credentials,
	Identity,
	IdentityProvider,
	Profile,
} from "./provider/identity-provider.ts";
import { ProfileRecords } from "./provider/profile-records.ts";
import { ReplacedKeys } from "./provider/replaced-keys.ts";
import { cameIn, type NewProfile, SignUp } from "./sign-up.ts";
import { emailIn, linkedTo, visitorOf } from "./situation.ts";

/** A visitor whom X has named. */
interface ArrivedVisitor {
	readonly request: LoginRequest;
	readonly attempt: Attempt;
	readonly brand: Brand;
	/** With the keys that named the visitor. */
	readonly login: BrandLogin & { readonly used: Credentials };
	readonly identity: Identity;
	/** The browser that started the log-in. */
	readonly binding: Secret;
	readonly pending: Pick<PendingLogin, "linkingUserId" | "begun">;
}

const END_OF_CHOICE = {
	"go-on": "already-linked",
	"sign-in": "signed-in",
	"complete-profile": "complete-profile",
} as const;

type Arrived = LoginResponse | AlreadyLinked;

/** Collects the situation for {@link chooseAccount}, and carries out its choice. */
@injectable()
export class Arrival {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(Links) private readonly links: Links,
		@inject(Continuations) private readonly continuations: Continuations,
		@inject(SignUp) private readonly signUp: SignUp,
		@inject(ProfileRecords) private readonly profiles: ProfileRecords,
		@inject(ReplacedKeys) private readonly replacedKeys: ReplacedKeys,
		@inject(LoginSwitch) private readonly loginSwitch: LoginSwitch,
	) {}

	async signIn(visitor: ArrivedVisitor): Promise<Arrived> {
		const { brand, identity, attempt } = visitor;
		const { link, user, situation } = await this.meet(visitor);
		const first = chooseAccount(situation);
		if (first.kind !== "read-profile") {
			if (first.kind === "sign-in" && link !== undefined) {
				await this.links.refresh(brand.id, identity, link);
			}
			return this.act(first, visitor, { user, profile: undefined, ownerId: undefined });
		}
		const profile = await this.readProfile(visitor);
		if (profile.problem !== undefined) {
			attempt.sawProblem(profile.problem);
		}
		await this.profiles.count(brand.id, profile);
		const { owner, asked } = await this.askOwner(visitor, situation, profile);
		if (owner?.kind !== "user") {
			return this.act(chooseAccount(asked), visitor, { user, profile, ownerId: undefined });
		}
		return (
			(await this.catchUp(visitor, asked, profile)) ??
			this.act(chooseAccount(asked), visitor, { user, profile, ownerId: owner.id })
		);
	}

	/** Finds out how a visitor's log-in would go on. Stores nothing and sends nothing. */
	async try(visitor: ArrivedVisitor): Promise<Trial> {
		const { identity } = visitor;
		// Of nobody: an operator may be logged in to the portal, too.
		const { situation } = await this.meet({
			...visitor,
			request: { ...visitor.request, currentUser: undefined },
		});
		const profile = await this.readProfile(visitor);
		const { asked } =
			chooseAccount(situation).kind === "read-profile"
				? await this.askOwner(visitor, situation, profile)
				: { asked: situation };
		return { kind: "trial", identity, profile, situation: asked };
	}

	/** What is known about the visitor before X is asked for the profile. */
	private async meet({ brand, login, identity, request, pending }: ArrivedVisitor) {
		const { currentUser } = request;
		const now = this.host.clock.now();
		const { link, user } = await this.links.findOwned(brand.id, identity.id);
		const situation: Situation = {
			visitor: visitorOf(currentUser, pending.linkingUserId, now),
			linked: linkedTo(user, currentUser),
			mode: login.mode,
			registrationOpen: brand.registrationOpen,
			email: "not-asked",
			emailProof: "asserted",
			domainAllowed: true,
			linking: login.linking,
		};
		return { link, user, situation };
	}

	private async askOwner(
		{ brand, login }: ArrivedVisitor,
		situation: Situation,
		{ email }: Profile,
	) {
		const { users } = this.host;
		const owner = email === undefined ? undefined : await users.ownerOf(brand.id, email);
		const ofUser = owner?.kind === "user" ? await users.find(owner.id) : undefined;
		return { owner, asked: { ...situation, ...emailIn(owner, email, login, ofUser) } };
	}

	private async readProfile({ brand, login, identity, attempt }: ArrivedVisitor): Promise<Profile> {
		const { used } = login;
		const { calls } = attempt;
		const profile = await this.provider.readProfile(used, identity, calls);
		const latest =
			profile.problem === undefined ? undefined : await this.replacedKeys.since(brand.id, used);
		return latest === undefined ? profile : this.provider.readProfile(latest, identity, calls);
	}

	/** Handles an address that is the visitor's already, through another request of theirs or one that crashed. */
	private async catchUp(
		visitor: ArrivedVisitor,
		situation: Situation,
		profile: Profile,
	): Promise<Arrived | undefined> {
		const { brand, identity, request } = visitor;
		const { link, user } = await this.links.findOwned(brand.id, identity.id);
		if (link?.userId === null) {
			const made = await this.signUp.resume(visitor, link, newProfile(profile));
			return typeof made === "string" ? undefined : made;
		}
		if (user === undefined) {
			return undefined;
		}
		const choice = chooseAccount({ ...situation, linked: linkedTo(user, request.currentUser) });
		return this.act(choice, visitor, { user, profile, ownerId: undefined });
	}

	private async act(choice: Choice, visitor: ArrivedVisitor, known: Known): Promise<Arrived> {
		const { returnPath } = visitor.attempt;
		const { user, profile } = known;
		switch (choice.kind) {
			case "link":
				return this.link(visitor);
			case "reauthenticate": {
				const userId = visitor.pending.linkingUserId ?? null;
				const location = await this.ask(visitor, known, { stage: "consent", userId });
				return { kind: "reauthenticate", returnPath: location };
			}
			case "sign-up":
				return this.signUp.create(visitor, newProfile(given(profile, choice)));
			case "ask-for-email":
				return this.redirect(visitor, known, { stage: "email", emailTyped: true });
			case "prove":
				return this.redirect(visitor, known, { stage: "prove" });
			case "claim":
				return this.redirect(visitor, known, { stage: "claim", proof: "letter" });
			case "consent":
				return this.redirect(visitor, known, { stage: "consent", proof: "asserted" });
			case "refuse":
				throw new LoginError(choice.code, { userId: user?.id });
			case "read-profile":
				throw new Error("the rules ask for a profile that was read already");
			default:
				return { kind: END_OF_CHOICE[choice.kind], ...cameIn(given(user, choice), returnPath) };
		}
	}

	private async link(visitor: ArrivedVisitor): Promise<LoginResponse> {
		const user = await this.host.users.find(visitor.pending.linkingUserId ?? "");
		if (user === undefined) {
			throw new LoginError("user-changed");
		}
		return this.signUp.link(visitor, user, visitor.pending.begun);
	}

	private async redirect(
		visitor: ArrivedVisitor,
		known: Known,
		state: StateOf<"stage">,
	): Promise<LoginResponse> {
		return { kind: "redirect", location: await this.ask(visitor, known, state) };
	}

	/** @returns the path of the form. */
	private async ask(
		visitor: ArrivedVisitor,
		known: Known,
		state: StateOf<"stage">,
	): Promise<string> {
		const { brand, identity, binding, attempt } = visitor;
		const { returnPath, linking } = attempt;
		const open = await this.loginSwitch.check(brand.id);
		const asked = {
			brandId: brand.id,
			identityId: identity.id,
			handle: identity.handle,
			name: known.profile?.name ?? identity.handle,
			returnPath,
			email: known.profile?.email ?? null,
			emailTyped: false,
			userId: known.ownerId ?? null,
			...(attempt.linking ? visitor.pending.begun : await this.links.begin(known.ownerId)),
			linking,
			proof: "session",
			attempt: attempt.soFar(),
			...state,
		} as const;
		const id = await this.continuations.start(binding, asked, open);
		if (id === undefined) {
			throw new LoginError("not-available");
		}
		return continuationPath(brand, id);
	}
}

interface Known {
	readonly user: User | undefined;
	readonly profile: Profile | undefined;
	readonly ownerId: string | undefined;
}

type StateOf<Needed extends keyof Continuation> = Partial<Continuation> &
	Pick<Continuation, Needed>;

/** The path of the forms of a log-in. */
export function continuationPath(brand: Brand, id: string): string {
	return `${brand.continuePath}?login=${id}`;
}

function newProfile({ name, email = "" }: Profile): NewProfile {
	return { name, email, emailProof: "asserted" };
}

function given<Value>(value: Value | undefined, { kind }: Choice): Value {
	if (value === undefined) {
		throw new Error(`the choice "${kind}" does not fit what was known`);
	}
	return value;
}
