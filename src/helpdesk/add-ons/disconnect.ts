import type { Accounts } from "../people/accounts.ts";
import type { Account } from "../people/stored-account.ts";
import type { AddOns } from "./add-ons.ts";

/** An account at a provider, as a form names it. */
export interface NamedLink {
	readonly addOnId: string;
	/** See `LinkedAccount`. */
	readonly identityId: string;
}

/** The parts that disconnecting works with. */
export interface DisconnectParts {
	readonly accounts: Pick<Accounts, "endSessions" | "find">;
	readonly addOns: Pick<AddOns, "find" | "linkFacts">;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/**
 * How it ended. `not-linked`: the account is not linked to the user, and nothing has changed. `failed`: the add-on cannot
 * be used, so nobody knows whether the account is still linked.
 */
type Disconnection = "disconnected" | "not-linked" | "last-way-in" | "failed";

interface Disconnecting {
	readonly ends: readonly Disconnection[];
	readonly account: Account | undefined;
}

/**
 * Disconnects accounts at providers from a user, and logs out everybody who may have used them: all sessions of the user
 * end, with every log-in that began before. None ends if none of the accounts is linked to the user, or if they are the only
 * way in and stay.
 *
 * @param user as the request found them. A session that somebody ended since then gets no new one, so that a stranger
 * who is put out cannot stay by a request that was under way.
 * @returns how it ended for each link, and the account with which the user's own browser gets a new session; undefined
 * when the user was deleted meanwhile, or when others ended its sessions.
 * @throws StorageError
 */
export async function disconnect(
	parts: DisconnectParts,
	user: Pick<Account, "id" | "sessionEpoch">,
	links: readonly NamedLink[],
): Promise<Disconnecting> {
	const { accounts, addOns } = parts;
	if (await isNoneLinked(addOns, user.id, links)) {
		const account = inSession(await accounts.find(user.id), user.sessionEpoch);
		return { ends: links.map(() => "not-linked"), account };
	}
	return addOns.linkFacts.around([user.id], () => disconnectLinked(parts, user, links));
}

async function disconnectLinked(
	{ accounts, addOns, now }: DisconnectParts,
	{ id: userId, sessionEpoch }: Pick<Account, "id" | "sessionEpoch">,
	links: readonly NamedLink[],
): Promise<Disconnecting> {
	if (await isOnlyWayIn({ accounts, addOns }, userId, links)) {
		const ends = await unlinkAll(addOns, userId, links);
		if (ends.every((end) => end === "last-way-in")) {
			return { ends, account: inSession(await accounts.find(userId), sessionEpoch) };
		}
	}
	// Sessions end first: nobody else can connect anything while the accounts are disconnected.
	const before = inSession(await accounts.endSessions(userId), sessionEpoch + 1);
	const ends = await unlinkAll(addOns, userId, links);
	// And once more: until now a log-in could read the links.
	const after = await accounts.endSessions(userId, now());
	return { ends, account: before && inSession(after, before.sessionEpoch + 1) };
}

async function unlinkAll(
	addOns: Pick<AddOns, "find">,
	userId: string,
	links: readonly NamedLink[],
): Promise<readonly Disconnection[]> {
	const ends: Disconnection[] = [];
	for (const { addOnId, identityId } of links) {
		const addOn = await addOns.find(addOnId);
		const unlinking = await addOn?.plugin.unlink(userId, identityId);
		const isGone = unlinking?.kind === "unlinked" || unlinking?.kind === "not-linked";
		ends.push(isGone ? "disconnected" : (unlinking?.kind ?? "failed"));
	}
	return ends;
}

/** Whether each add-on is likely to refuse, because nothing but these accounts lets the user in. */
async function isOnlyWayIn(
	{ accounts, addOns }: Pick<DisconnectParts, "accounts" | "addOns">,
	userId: string,
	links: readonly NamedLink[],
): Promise<boolean> {
	const account = await accounts.find(userId);
	if (account === undefined || account.hasOtherWayIn) {
		return false;
	}
	for (const { addOnId, identityId } of links) {
		const addOn = await addOns.find(addOnId);
		const linked = (await addOn?.plugin.linkedAccounts(userId)) ?? [];
		if (linked.length !== 1 || linked[0]?.identityId !== identityId) {
			return false;
		}
	}
	return true;
}

/** The account, if nobody else has ended its sessions. */
function inSession(account: Account | undefined, sessionEpoch: number): Account | undefined {
	return account?.sessionEpoch === sessionEpoch ? account : undefined;
}

/** An add-on that cannot tell may have linked it. */
async function isNoneLinked(
	addOns: Pick<AddOns, "find">,
	userId: string,
	links: readonly NamedLink[],
): Promise<boolean> {
	for (const { addOnId, identityId } of links) {
		const addOn = await addOns.find(addOnId);
		if ((await addOn?.plugin.isLinked(userId, identityId)) !== false) {
			return false;
		}
	}
	return true;
}
