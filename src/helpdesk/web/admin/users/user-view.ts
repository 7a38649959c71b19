import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import type { Audit } from "../../../audit/open-audit.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import { type Agreement, agreementsOf } from "../../../openid/agreements.ts";
import type { OpenIdProviders } from "../../../openid/open-openid.ts";
import { subjectOf } from "../../../openid/subject.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Session } from "../../../people/stored-session.ts";
import type { UserSessions } from "../../../people/user-sessions.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import type { Markup } from "../../layout.ts";
import { mayOpen } from "../admin-layout.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { type ShownEntry, shownEntries } from "../audit/shown-entries.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { titlesOf } from "../sign-ins/sign-ins-of-plugins.ts";
import { type UserBrand, userPage } from "./user-page.ts";
import {
	auditSection,
	helpdeskSection,
	linkedSection,
	sessionSection,
	signInSection,
} from "./user-sections.ts";
import { calledBy } from "./user-words.ts";

/** How many rows of each list the page of a user shows. */
const MOST_ROWS = 5;
/** How many sessions are read to find so many that are good. The others are over. */
const SESSIONS_READ = 8;

export interface UserViewParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
	readonly userSessions: UserSessions;
	readonly audit: Audit;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

/** What pages show of a user's brand, also of one that is no longer served. */
export function brandOf(
	{ brands }: Pick<UserViewParts, "brands">,
	{ brandId }: Account,
): UserBrand {
	return brands.find(({ id }) => id === brandId) ?? { name: brandId };
}

/** Shows the page of a user: each list that can be long is the beginning of one. */
export async function showUser(
	c: AdminContext,
	parts: UserViewParts,
	user: Account,
	message: Markup,
	status = 200,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const about = { user, brand: brandOf(parts, user), locale };
	const addOns = await parts.addOns.all();
	const read = await parts.userSessions.of(user.brandId, user.id, SESSIONS_READ);
	const good = goodOf(user, read);
	const sessions = good.slice(0, MOST_ROWS);
	const agreed = await helpdesksOf(parts, user, MOST_ROWS + 1);
	const sections = [
		linkedSection(about, await linkedAccountsOf(addOns, user.id)),
		signInSection(about, await lastSignIns(addOns, user.id, locale.tag)),
		sessionSection({
			...{ ...about, sessions, csrf },
			hasMore: read.length === SESSIONS_READ || good.length > sessions.length,
		}),
		helpdeskSection(about, agreed.slice(0, MOST_ROWS), agreed.length > MOST_ROWS),
		...(mayOpen(c, ADMIN_PATHS.audit)
			? [auditSection(about, await lastEntries(parts, user.id))]
			: []),
	];
	const page = userPage({ ...about, sections, csrf, message });
	return parts.show(c, calledBy(user), page, status);
}

/** The sessions of another session epoch are over. */
export function goodOf(
	{ sessionEpoch }: Account,
	sessions: readonly Session[],
): readonly Session[] {
	return sessions.filter(({ epoch }) => epoch === sessionEpoch);
}

/** The connected helpdesks that a user has agreed to, the newest agreement first. */
export async function helpdesksOf(
	{ openid, handOffs }: Pick<UserViewParts, "openid" | "handOffs">,
	user: Account,
	most?: number,
): Promise<readonly Agreement[]> {
	const { helpdesks, consents } = openid.storedAt(user.brandId);
	const signed = handOffs.of(user.brandId).helpdesks;
	const agreed = await agreementsOf(
		{ helpdesks: [helpdesks, signed], consents },
		subjectOf(user),
		most,
	);
	return agreed.toReversed();
}

async function lastSignIns(
	addOns: readonly AddOn[],
	userId: string,
	tag: string,
): Promise<readonly { readonly entry: SignInEntry; readonly title: string }[]> {
	const plugins = new Map<SignInEntry, AddOn["plugin"]>();
	for (const { ledger, plugin } of addOns) {
		for (const entry of await ledger.entriesOfUser(userId, MOST_ROWS)) {
			plugins.set(entry, plugin);
		}
	}
	const newest = [...plugins.keys()].sort((a, b) => b.at - a.at).slice(0, MOST_ROWS);
	const titleOf = await titlesOf((entry) => plugins.get(entry), newest, tag);
	return newest.map((entry) => ({ entry, title: titleOf(entry) }));
}

/** What was last done to a user, or by them. */
async function lastEntries(parts: UserViewParts, userId: string): Promise<readonly ShownEntry[]> {
	const pages = await Promise.all(
		[{ object: userId }, { actor: userId }].map((filter) =>
			parts.audit.log.page(filter, undefined, MOST_ROWS),
		),
	);
	const found = new Map(pages.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry])));
	const newest = [...found.values()].sort((one, other) => other.at - one.at).slice(0, MOST_ROWS);
	return shownEntries(newest, parts);
}
