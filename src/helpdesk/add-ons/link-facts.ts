import { displayName } from "../../contract/display-name.ts";
import type { LinkedIdentity } from "../../contract/login-response.ts";
import type { LinkedAccount } from "../../contract/plugin.ts";
import { inParallel } from "../in-parallel.ts";
import type { Duty } from "../jobs/duties.ts";
import type { AccountRecords } from "../people/account-records.ts";
import { keptLinks } from "../people/links-due.ts";
import type { Account, AccountLink } from "../people/stored-account.ts";
import type { AddOn } from "./add-on.ts";
import type { AddOns } from "./add-ons.ts";

/** How old a note is before somebody else than its deed works it off. Milliseconds. */
const PATIENCE_MS = 60_000;
const EVERY_MS = 10_000;
const NOTES_PER_ROUND = 20;
/** Background work leaves connections to visitors. */
const AT_ONCE = 3;
/** How often a user is asked about again because a deed came in between. */
const TRIES = 5;

export interface LinkFactsParts {
	readonly records: Pick<
		AccountRecords,
		"change" | "dropNote" | "knownLinks" | "linksDue" | "linksNote" | "noteLinks" | "setLinks"
	>;
	readonly addOns: Pick<AddOns, "every">;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly logError: (what: string, error: unknown) => void;
}

/**
 * Keeps in each account what is linked to it, as its add-ons say it, so that people are found and counted without asking an
 * add-on. The add-ons' own data decides who logs in.
 */
export class LinkFacts {
	/** Asks about the users of deeds that a crash or a failing add-on interrupted. */
	readonly refreshing: Duty = {
		name: "refresh-links",
		everyMs: EVERY_MS,
		run: async () => {
			const due = await this.parts.records.linksDue(
				this.parts.now() - PATIENCE_MS,
				NOTES_PER_ROUND,
			);
			await inParallel(due, AT_ONCE, ({ userId }) => this.refreshOrWait(userId));
			return due.length === 0
				? undefined
				: { key: "jobs.duty.links-refreshed", values: { count: due.length } };
		},
	};

	constructor(private readonly parts: LinkFactsParts) {}

	/**
	 * Takes what an outcome says about the account by which a user came in. Somebody who comes back as before costs no storage
	 * operation; an add-on that gives no label is asked as long as it has listed nothing of them. No log-in fails because of it.
	 *
	 * @param account as the log-in has just read it.
	 * @param linked undefined for a plugin of an earlier contract.
	 * @param isNew whether the account or the link was made by this log-in.
	 */
	async cameIn(
		addOn: AddOn,
		account: Account,
		linked: LinkedIdentity | undefined,
		isNew: boolean,
	): Promise<void> {
		const { id } = addOn.loaded.manifest;
		const ofAddOn = account.links?.filter((each) => each.addOn === id);
		if (linked === undefined) {
			return this.cameUnnamed(addOn, account, isNew);
		}
		const known = ofAddOn?.find((each) => each.id === linked.identityId);
		const isKnown = known !== undefined && isSameLabel(known.label, linked.label);
		if (isKnown || (account.links === undefined && !isNew)) {
			return;
		}
		const link = { addOn: id, id: linked.identityId, label: linked.label };
		return this.orReport(() =>
			isNew ? this.setFirst(account, link) : this.setLabels(account, [link]),
		);
	}

	/**
	 * Asks what the outcome does not say. What is linked to accounts of earlier versions is asked for when the index is built.
	 * Of somebody who comes back, only this add-on is asked, because it may list nothing each time.
	 */
	private async cameUnnamed(addOn: AddOn, account: Account, isNew: boolean): Promise<void> {
		const { loaded, plugin } = addOn;
		const { id } = loaded.manifest;
		const isUnknown = account.links?.every((link) => link.addOn !== id) === true;
		if (!plugin.can("listLinkedAccounts") || !(isNew || isUnknown)) {
			return;
		}
		return this.orReport(async () => {
			if (isNew) {
				return this.refresh(account.id);
			}
			const linked = (await plugin.linkedIfKnown(account.id)) ?? [];
			return linked.length === 0 ? undefined : this.setLabels(account, linksAt(id, linked));
		});
	}

	/** After a new link. Asks the add-ons, because the link may be gone again by now. No log-in fails because of it. */
	async linked(userId: string): Promise<void> {
		await this.orReport(() => this.refresh(userId));
	}

	/**
	 * Runs a deed that changes what is linked to users, and asks about them afterwards. After a crash a node does that later.
	 *
	 * @returns the result of the deed. @throws what the deed throws, and StorageError before it.
	 */
	async around<Result>(userIds: readonly string[], deed: () => Promise<Result>): Promise<Result> {
		await this.parts.records.noteLinks(userIds);
		try {
			return await deed();
		} finally {
			for (const userId of userIds) {
				await this.orReport(() => this.refresh(userId));
			}
		}
	}

	/**
	 * Asks every add-on what is linked to a user, and stores it. If one of them cannot tell, all stays as it was, and they are
	 * asked again later.
	 *
	 * @throws StorageError, UnreadableValueError, and Error when an add-on cannot be used.
	 */
	async refresh(userId: string): Promise<void> {
		const { records } = this.parts;
		for (let tries = 0; tries < TRIES; tries += 1) {
			// Read before the add-ons are asked: a deed that comes in between makes the answer old.
			const note = await records.linksNote(userId);
			const known = await records.knownLinks(userId);
			if (known === undefined) {
				return note === null ? undefined : records.dropNote(userId, note);
			}
			const links = await this.linksOf(userId);
			if (links === undefined) {
				break;
			}
			const isSame = JSON.stringify(known.links) === JSON.stringify(keptLinks(links));
			if (isSame && note === null) {
				return;
			}
			if ((await records.setLinks(userId, links, note, known.version)) !== undefined) {
				return;
			}
		}
		// Nobody asked for it without a note, for example after an import. A note from now on lets other users go first.
		await records.noteLinks([userId]);
	}

	/** One account that cannot be read must not keep the others waiting: its note is a new one from now on. */
	private async refreshOrWait(userId: string): Promise<void> {
		try {
			await this.refresh(userId);
		} catch (error) {
			this.reportUnknown(error);
			await this.parts.records.noteLinks([userId]);
		}
	}

	/** The first link of an account that a plugin has just made, in the commit that drops the note about it. */
	private async setFirst({ id, links = [] }: Account, link: AccountLink): Promise<void> {
		const { records } = this.parts;
		await records.setLinks(id, withLink(links, link), await records.linksNote(id));
	}

	/** Writes nothing if the sessions of the user have ended meanwhile: then the link may be gone, too. */
	private async setLabels(
		{ id, sessionEpoch }: Account,
		named: readonly AccountLink[],
	): Promise<void> {
		await this.parts.records.change(id, (stored) => {
			const links = keptLinks(named.reduce(withLink, stored.links ?? []));
			const isSame = JSON.stringify(links) === JSON.stringify(stored.links);
			return isSame || stored.links === undefined || stored.sessionEpoch !== sessionEpoch
				? undefined
				: { ...stored, links };
		});
	}

	/** @returns undefined when an add-on cannot tell. */
	private async linksOf(userId: string): Promise<readonly AccountLink[] | undefined> {
		const links: AccountLink[] = [];
		for (const { loaded, plugin } of await this.parts.addOns.every()) {
			const linked = await plugin.linkedIfKnown(userId);
			if (linked === undefined) {
				return undefined;
			}
			links.push(...linksAt(loaded.manifest.id, linked));
		}
		return links;
	}

	private async orReport(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.reportUnknown(error);
		}
	}

	private reportUnknown(error: unknown): void {
		this.parts.logError("what is linked to a user is not known yet", error);
	}
}

function linksAt(addOn: string, linked: readonly LinkedAccount[]): readonly AccountLink[] {
	return linked.map(({ identityId, label }) => ({ addOn, id: identityId, label }));
}

function withLink(links: readonly AccountLink[], link: AccountLink): readonly AccountLink[] {
	return [...links.filter(({ addOn, id }) => addOn !== link.addOn || id !== link.id), link];
}

/** Some plugins write handles with an @ and others without. */
function isSameLabel(kept: string, label: string): boolean {
	return kept.replace(/^@/, "") === displayName(label).replace(/^@/, "");
}
