import type { Brand } from "../../contract/brands.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { User } from "../../contract/users.ts";
import { HOST, IDENTITY_PROVIDER, inject, injectable } from "../injection.ts";
import { chooseAccount, type Situation } from "./choose-account.ts";
import type { Credentials, Identity, IdentityProvider, Profile } from "./identity-provider.ts";
import { type Link, Links } from "./links.ts";
import { LoginError, type LoginErrorCode } from "./login-error.ts";
import type { BrandLogin } from "./login-settings.ts";

/** What is known once X has named the visitor. */
export interface Arrival {
	readonly request: LoginRequest;
	readonly brand: Brand;
	readonly login: BrandLogin & { readonly credentials: Credentials };
	readonly identity: Identity;
	readonly path: string;
}

/** Gathers what {@link chooseAccount} decides by, and does what it decides. */
@injectable()
export class AccountFinder {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider,
		@inject(Links) private readonly links: Links,
	) {}

	async signIn(arrival: Arrival): Promise<LoginResponse> {
		const link = await this.links.find(arrival.brand.id, arrival.identity.id);
		const user = link?.userId ? await this.host.users.find(link.userId) : undefined;
		const situation = situationOf(arrival, user);
		let choice = chooseAccount(situation);
		let profile: Profile | undefined;
		if (choice.kind === "ask-for-email") {
			profile = await this.provider.readProfile(arrival.login.credentials, arrival.identity);
			const email = await this.emailOwner(arrival.brand.id, profile.email);
			choice = chooseAccount({ ...situation, email });
		}
		if (choice.kind === "refuse") {
			throw new LoginError(choice.code, { returnPath: arrival.path });
		}
		if (choice.kind === "sign-in" && user !== undefined) {
			return { kind: "signed-in", userId: user.id, returnPath: arrival.path };
		}
		if (choice.kind === "sign-up" && profile?.email !== undefined) {
			return this.signUp(arrival, { name: profile.name, email: profile.email }, link);
		}
		throw new Error(`the choice "${choice.kind}" does not fit what was known`);
	}

	private async emailOwner(
		brandId: string,
		email: string | undefined,
	): Promise<Situation["email"]> {
		if (email === undefined) {
			return "missing";
		}
		switch ((await this.host.users.ownerOf(brandId, email)).kind) {
			case "nobody":
				return "of-nobody";
			case "staff":
				return "of-staff";
			case "user":
				return "of-a-user";
		}
	}

	/**
	 * One user per identity across two stores: the link is reserved, the user made by a key of brand and
	 * identity, the link confirmed. A crash in between is resumed by the next attempt.
	 */
	private async signUp(
		{ brand, identity, path, request }: Arrival,
		profile: { readonly name: string; readonly email: string },
		found: Link | undefined,
	): Promise<LoginResponse> {
		const reserved = await this.links.reserve(brand.id, identity, found);
		if (reserved === undefined) {
			return this.signInToWinner(brand, identity, path);
		}
		const creation = await this.host.users.create(`${brand.id}:${identity.id}`, {
			brandId: brand.id,
			name: profile.name,
			email: profile.email,
			locale: request.locale,
		});
		if (creation.kind !== "created") {
			await this.links.release(brand.id, identity.id, reserved);
			const code: LoginErrorCode =
				creation.kind === "queued" ? "approval-pending" : "sign-up-refused";
			throw new LoginError(code, { returnPath: path });
		}
		if (!(await this.links.confirm(brand.id, identity, reserved, creation.userId))) {
			return this.signInToWinner(brand, identity, path);
		}
		return { kind: "signed-up", userId: creation.userId, returnPath: path };
	}

	/** Another request of the same visitor was quicker. */
	private async signInToWinner(
		brand: Brand,
		identity: Identity,
		path: string,
	): Promise<LoginResponse> {
		const link = await this.links.find(brand.id, identity.id);
		if (!link?.userId) {
			throw new LoginError("sign-up-refused", { returnPath: path });
		}
		return { kind: "signed-in", userId: link.userId, returnPath: path };
	}
}

function situationOf(arrival: Arrival, user: User | undefined): Situation {
	const { currentUserId } = arrival.request;
	return {
		linked: user === undefined ? "none" : user.suspended ? "suspended" : "living",
		signedIn:
			currentUserId === undefined
				? "nobody"
				: currentUserId === user?.id
					? "linked-user"
					: "somebody-else",
		mode: arrival.login.mode,
		registrationOpen: arrival.brand.registrationOpen,
		email: "not-asked",
	};
}
