import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { CurrentUser, LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Secret } from "../../contract/secret.ts";
import type { EmailOwner, NewUser, User } from "../../contract/users.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable } from "../injection.ts";
import { OpenBrands } from "../links/brand-epochs.ts";
import { Links } from "../links/links.ts";
import { isDomainAllowed } from "./allowed-domain.ts";
import type { Attempt } from "./attempt.ts";
import { type Continuation, Continuations } from "./browser/continuations.ts";
import { type Choice, chooseAccount, type Situation } from "./choose-account.ts";
import type { AlreadyLinked } from "./form.ts";
import { LoginError } from "./login-error.ts";
import type { BrandLogin } from "./login-settings.ts";
import type {
	Credentials,
	Identity,
	IdentityProvider,
	Profile,
} from "./provider/identity-provider.ts";
import { ProfileRecords } from "./provider/profile-records.ts";
import { ReplacedKeys } from "./provider/replaced-keys.ts";
import { AccountMaker } from "./sign-up.ts";

/** For how long somebody who proved who they are may link an account without proving it again. */
const RECENT_PROOF_MS = 10 * 60_000;

/** What is known once X has named the visitor. */
export interface Arrival {
	readonly request: LoginRequest;
	readonly attempt: Attempt;
	readonly brand: Brand;
	readonly login: BrandLogin & { readonly credentials: Credentials };
	readonly identity: Identity;
	/** The browser that started the log-in. */
	readonly binding: Secret;
	readonly returnPath: string;
	/** Who pressed "Connect X"; undefined for a log-in. */
	readonly linkingUserId: string | undefined;
	/** Of that user when they pressed it. */
	readonly linkingEpoch: string | null;
}

type Arrived = LoginResponse | AlreadyLinked;

/** Gathers what {@link chooseAccount} decides by, and does what it decides. */
@injectable()
export class AccountFinder {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(Links) private readonly links: Links,
		@inject(Continuations) private readonly continuations: Continuations,
		@inject(AccountMaker) private readonly maker: AccountMaker,
		@inject(ProfileRecords) private readonly profiles: ProfileRecords,
		@inject(ReplacedKeys) private readonly replacedKeys: ReplacedKeys,
		@inject(OpenBrands) private readonly openBrands: OpenBrands,
	) {}

	async signIn(arrival: Arrival): Promise<Arrived> {
		const { brand, login, identity, attempt } = arrival;
		const link = await this.links.find(brand.id, identity.id);
		const user = link?.userId ? await this.host.users.find(link.userId) : undefined;
		const situation: Situation = {
			visitor: visitorOf(arrival, this.host.clock.now()),
			linked: linkedTo(user, arrival.request.currentUser),
			mode: login.mode,
			registrationOpen: brand.registrationOpen,
			email: "not-asked",
			emailProof: "asserted",
			domainAllowed: true,
			linking: login.linking,
		};
		const first = chooseAccount(situation);
		if (first.kind !== "read-profile") {
			if (first.kind === "sign-in" && link !== undefined) {
				await this.links.refresh(brand.id, identity, link);
			}
			return this.act(first, arrival, { user, profile: undefined, ownerId: undefined });
		}
		const profile = await this.readProfile(arrival);
		if (profile.problem !== undefined) {
			attempt.sawProblem(profile.problem);
		}
		await this.profiles.count(brand.id, profile);
		const owner =
			profile.email === undefined
				? undefined
				: await this.host.users.ownerOf(brand.id, profile.email);
		const asked = { ...situation, ...emailIn(owner, profile.email, login) };
		if (owner?.kind !== "user") {
			return this.act(chooseAccount(asked), arrival, { user, profile, ownerId: undefined });
		}
		return (
			(await this.catchUp(arrival, asked, profile)) ??
			this.act(chooseAccount(asked), arrival, { user, profile, ownerId: owner.id })
		);
	}

	private async readProfile({ brand, login, identity, attempt }: Arrival): Promise<Profile> {
		const { credentials } = login;
		const { calls } = attempt;
		const profile = await this.provider.readProfile(credentials, identity, calls);
		const latest =
			profile.problem === undefined
				? undefined
				: await this.replacedKeys.since(brand.id, credentials);
		return latest === undefined ? profile : this.provider.readProfile(latest, identity, calls);
	}

	/** The address is somebody's. Perhaps the visitor's own, by another request of theirs or one that crashed. */
	private async catchUp(
		arrival: Arrival,
		situation: Situation,
		profile: Profile,
	): Promise<Arrived | undefined> {
		const { brand, identity, request } = arrival;
		const link = await this.links.find(brand.id, identity.id);
		if (link?.userId === null) {
			return this.maker.resume(arrival, link, newUser(profile, request.locale));
		}
		const user = link && (await this.host.users.find(link.userId ?? ""));
		if (user === undefined) {
			return undefined;
		}
		const choice = chooseAccount({ ...situation, linked: linkedTo(user, request.currentUser) });
		return this.act(choice, arrival, { user, profile, ownerId: undefined });
	}

	private async act(choice: Choice, arrival: Arrival, known: Known): Promise<Arrived> {
		const { request, returnPath } = arrival;
		const { user, profile } = known;
		const signedIn = user?.id ?? request.currentUser?.id;
		switch (choice.kind) {
			case "go-on":
				return { kind: "already-linked", userId: given(signedIn, choice), returnPath };
			case "sign-in":
				return { kind: "signed-in", userId: given(signedIn, choice), returnPath };
			case "complete-profile":
				return { kind: "complete-profile", userId: given(signedIn, choice), returnPath };
			case "link":
				return this.link(arrival);
			case "reauthenticate": {
				const userId = arrival.linkingUserId ?? null;
				const location = await this.ask(arrival, known, { stage: "consent", userId });
				return { kind: "reauthenticate", returnPath: location };
			}
			case "sign-up":
				return this.maker.signUp(arrival, newUser(given(profile, choice), request.locale));
			case "ask-for-email":
				return this.redirect(arrival, known, { stage: "email", emailTyped: true });
			case "prove":
				return this.redirect(arrival, known, { stage: "prove" });
			case "claim":
				return this.redirect(arrival, known, { stage: "claim", proof: "letter" });
			case "consent":
				return this.redirect(arrival, known, { stage: "consent", proof: "asserted" });
			case "refuse":
				throw new LoginError(choice.code, {
					returnPath,
					linking: arrival.linkingUserId !== undefined,
					userId: user?.id,
				});
			case "read-profile":
				throw new Error("the profile was read, and is asked for again");
		}
	}

	private async link(arrival: Arrival): Promise<LoginResponse> {
		const user = await this.host.users.find(arrival.linkingUserId ?? "");
		if (user === undefined) {
			throw new LoginError("user-changed", { returnPath: arrival.returnPath, linking: true });
		}
		return this.maker.link({ ...arrival, linking: true }, user, arrival.linkingEpoch);
	}

	private async redirect(
		arrival: Arrival,
		known: Known,
		state: StateOf<"stage">,
	): Promise<LoginResponse> {
		return { kind: "redirect", location: await this.ask(arrival, known, state) };
	}

	/** @returns where the visitor goes on. */
	private async ask(arrival: Arrival, known: Known, state: StateOf<"stage">): Promise<string> {
		const { brand, identity, binding, returnPath } = arrival;
		const linking = arrival.linkingUserId !== undefined;
		const open = await this.openBrands.check(brand.id, { returnPath, linking });
		const asked = {
			brandId: brand.id,
			identityId: identity.id,
			handle: identity.handle,
			name: known.profile?.name ?? identity.handle,
			returnPath,
			email: known.profile?.email ?? null,
			emailTyped: false,
			userId: known.ownerId ?? null,
			epoch: await this.epochFor(arrival, known),
			linking,
			proof: "session",
			attempt: arrival.attempt.soFar(),
			...state,
		} as const;
		const id = await this.continuations.start(binding, asked, open);
		if (id === undefined) {
			throw new LoginError("not-available", { returnPath, linking });
		}
		return continuationPath(brand, id);
	}

	private async epochFor(arrival: Arrival, { ownerId }: Known): Promise<string | null> {
		if (arrival.linkingUserId !== undefined) {
			return arrival.linkingEpoch;
		}
		return ownerId === undefined ? null : this.links.epochOf(ownerId);
	}
}

interface Known {
	readonly user: User | undefined;
	readonly profile: Profile | undefined;
	readonly ownerId: string | undefined;
}

type StateOf<Needed extends keyof Continuation> = Partial<Continuation> &
	Pick<Continuation, Needed>;

/** Where the forms of a log-in are. */
export function continuationPath(brand: Brand, id: string): string {
	return `${brand.continuePath}?login=${id}`;
}

/** What an e-mail address says about a visitor. */
export function emailIn(
	owner: EmailOwner | undefined,
	email: string | undefined,
	{ allowedDomains, blockedDomains }: BrandLogin,
): Pick<Situation, "email" | "domainAllowed"> {
	if (owner === undefined || email === undefined) {
		return { email: "missing", domainAllowed: true };
	}
	const domainAllowed = isDomainAllowed(email, allowedDomains, blockedDomains);
	return { email: ownership(owner), domainAllowed };
}

function ownership(owner: EmailOwner): Situation["email"] {
	switch (owner.kind) {
		case "nobody":
			return "of-nobody";
		case "staff":
			return "of-staff";
		case "user":
			if (owner.suspended) {
				return "of-suspended-user";
			}
			if (owner.unclaimed) {
				return "of-unclaimed-user";
			}
			return owner.confirmed ? "of-confirmed-user" : "of-unconfirmed-user";
	}
}

function newUser({ name, email = "" }: Profile, locale: string): Omit<NewUser, "brandId"> {
	return { name, email, emailProof: "asserted", locale };
}

function visitorOf({ request, linkingUserId }: Arrival, now: number): Situation["visitor"] {
	const { currentUser } = request;
	if (linkingUserId === undefined) {
		return currentUser === undefined ? "anonymous" : "signed-in";
	}
	if (currentUser?.id !== linkingUserId) {
		return "changed";
	}
	return now - currentUser.provenAt < RECENT_PROOF_MS ? "linking" : "linking-unproven";
}

function linkedTo(
	user: User | undefined,
	currentUser: CurrentUser | undefined,
): Situation["linked"] {
	if (user === undefined) {
		return "nobody";
	}
	if (user.id === currentUser?.id) {
		return "visitor";
	}
	switch (user.status) {
		case "active":
			return "active-user";
		case "suspended":
			return "suspended-user";
		case "awaiting-approval":
			return "unapproved-user";
		case "incomplete":
			return "incomplete-user";
	}
}

function given<Value>(value: Value | undefined, { kind }: Choice): Value {
	if (value === undefined) {
		throw new Error(`the choice "${kind}" does not fit what was known`);
	}
	return value;
}
