import type { Brand } from "../../contract/brands.ts";
import type { Accounts } from "../people/accounts.ts";
import { commonPasswords } from "../people/common-passwords.ts";
import { isSettled, type PasswordRegistrations } from "../people/password-registrations.ts";
import { type PasswordProblem, problemWithPassword } from "../people/password-rules.ts";
import { browserOf, type PendingRegistration } from "../people/pending-registrations.ts";
import type { Registration } from "../people/registration.ts";
import type { Account } from "../people/stored-account.ts";
import type { AddOns } from "./add-ons.ts";
import { type DisconnectParts, disconnect, type NamedLink } from "./disconnect.ts";
import { type LinkedByAddOn, linkedAccountsOf } from "./linked-accounts.ts";

/** The parts that finishing a registration works with. */
export interface FinishRegistrationParts {
	readonly accounts: Pick<Accounts, "byEmail" | "claim" | "endSessions" | "find" | "register">;
	readonly registration: Pick<Registration, "of">;
	readonly registrations: Pick<PasswordRegistrations, "find" | "end" | "hash">;
	readonly addOns: Pick<AddOns, "all" | "claiming" | "find" | "linkFacts">;
	readonly now: DisconnectParts["now"];
}

type OpenParts = Pick<
	FinishRegistrationParts,
	"accounts" | "addOns" | "registration" | "registrations"
>;

/** A visitor who opened the link in a letter. */
export interface LinkOpened {
	readonly brand: Pick<Brand, "id" | "name">;
	/** From the link. */
	readonly token: string;
	/** The token that the browser has in its session cookie. */
	readonly browserToken: string;
	/** The user who is logged in in this browser; undefined for nobody. */
	readonly signedInAs: string | undefined;
}

/** What a visitor enters in a browser that did not register. */
export interface EnteredAgain {
	readonly name: string;
	readonly password: string;
}

/**
 * What a visitor can do with a link. `confirm`: finish, because this browser registered; `enter`: choose a name and a
 * password, because somebody else may have registered with the address; `gone`: the link is no longer good; `closed`:
 * nobody may register any more.
 */
export type RegistrationLink = GoodLink | { readonly kind: "gone" | "closed" };

interface GoodLink {
	readonly kind: "confirm" | "enter";
	readonly pending: PendingRegistration;
	/**
	 * What stays linked unless the visitor disconnects it, because its user is logged in in this browser. Strangers may
	 * have linked some of it while nobody had proven the address.
	 */
	readonly linked: readonly LinkedByAddOn[];
}

/**
 * How a registration ended. `taken`: the address belongs to somebody meanwhile; `refused`: the password is not good
 * enough. `isStillLinked`: an account that the user wanted to disconnect may still be linked.
 */
export type RegistrationEnd =
	| {
			readonly kind: "registered";
			readonly account: Account;
			readonly returnPath?: string;
			readonly isStillLinked: boolean;
	  }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| { readonly kind: "taken" }
	| RegistrationLink;

/** Reads a link in a letter, and changes nothing: programs that look at mail open links as well. */
export async function openRegistration(
	{ accounts, addOns, registration, registrations }: OpenParts,
	{ brand, token, browserToken, signedInAs }: LinkOpened,
): Promise<RegistrationLink> {
	const pending = await registrations.find(brand.id, token);
	if (pending === undefined) {
		return { kind: "gone" };
	}
	if ((await registration.of(brand.id)).registration === "closed") {
		return { kind: "closed" };
	}
	const owner = await accounts.byEmail(brand.id, pending.email);
	const isOwn = owner !== undefined && owner.id === signedInAs && !isSettled(owner);
	const linked = isOwn ? await linkedAccountsOf(await addOns.all(), owner.id) : [];
	const kind = pending.browser === browserOf(browserToken) ? "confirm" : "enter";
	return { kind, pending, linked };
}

/**
 * Makes the account, whose owner has proven to read mail at its address. An account that nobody had proven to own becomes
 * theirs: its password, its sessions and, unless its user is logged in in this browser, its links end.
 *
 * @param entered undefined: the name and the password of the registration, which only its own browser may confirm.
 * @param disconnected the linked accounts that a user who is logged in in this browser wants to disconnect.
 * @throws StorageError, or Error when an add-on cannot be used or refuses. Then the link stays good.
 */
export async function finishRegistration(
	parts: FinishRegistrationParts,
	opened: LinkOpened,
	entered: EnteredAgain | undefined,
	disconnected: readonly NamedLink[],
): Promise<RegistrationEnd> {
	const { registrations } = parts;
	const link = await openRegistration(parts, opened);
	if (!("pending" in link)) {
		return link;
	}
	const { pending, linked } = link;
	if (entered === undefined) {
		return link.kind === "enter" ? link : settle(parts, opened, pending, disconnected);
	}
	const problem = problemWithPassword(entered.password, {
		known: [pending.email, entered.name, opened.brand.name, ...linked.map(({ label }) => label)],
		common: await commonPasswords(),
	});
	if (problem !== undefined) {
		return { kind: "refused", problem };
	}
	const owner = await parts.accounts.byEmail(pending.brandId, pending.email);
	if (owner !== undefined && isSettled(owner)) {
		// The link stays good, so hashing comes after this.
		return { kind: "taken" };
	}
	const password = await registrations.hash(entered.password);
	return settle(parts, opened, { ...pending, name: entered.name, password }, disconnected);
}

async function settle(
	parts: FinishRegistrationParts,
	{ token, signedInAs }: LinkOpened,
	{ brandId, name, email, locale, password, returnPath }: PendingRegistration,
	disconnected: readonly NamedLink[],
): Promise<RegistrationEnd> {
	const { accounts, registrations, addOns } = parts;
	const owner = await accounts.byEmail(brandId, email);
	if (owner !== undefined && isSettled(owner)) {
		return { kind: "taken" };
	}
	const claim = async (id: string): Promise<Account | undefined> => {
		const isHolder = signedInAs === id;
		const prove = () => accounts.claim(id, { name, password, isHolder });
		const claimed = await (isHolder ? prove() : addOns.claiming(id, prove));
		// Claiming has ended the sessions once more.
		return claimed && accounts.find(id);
	};
	const account = await (owner === undefined
		? accounts.register({ brandId, name, email, locale }, password)
		: claim(owner.id));
	if (account === undefined) {
		return { kind: "taken" };
	}
	// Only now: after a crash in between, the link leads to the account that was made.
	await registrations.end(token);
	const ends = disconnected.length > 0 ? (await disconnect(parts, account, disconnected)).ends : [];
	return {
		kind: "registered",
		account: (await accounts.find(account.id)) ?? account,
		isStillLinked: ends.some((end) => end === "last-way-in" || end === "failed"),
		...(returnPath !== undefined && { returnPath }),
	};
}
